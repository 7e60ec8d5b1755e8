// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";

/// @title Oracle that passes on what the real one says
/// @notice Base of the weakened oracles: each changes one answer.
abstract contract OracleInFront {
    IPriceOracle internal immutable REAL;

    constructor(IPriceOracle real) {
        REAL = real;
    }

    /// @dev Whatever else is asked is asked of the real oracle.
    fallback(bytes calldata question) external returns (bytes memory) {
        return Address.functionStaticCall(address(REAL), question);
    }

    function halts(uint16[] calldata feedIds, uint40 since) external view virtual returns (uint256, uint40) {
        return REAL.halts(feedIds, since);
    }

    function priceAt(
        uint16 feedId,
        uint40 atSeconds,
        uint80 roundId,
        uint80 nextRoundId
    ) external view virtual returns (uint256) {
        return REAL.priceAt(feedId, atSeconds, roundId, nextRoundId);
    }

    function price(uint16 feedId) public view virtual returns (uint256) {
        return REAL.price(feedId);
    }

    /// @dev Answer of a feed of eight decimals, in 18.
    function _scaled(int256 answer) internal pure returns (uint256) {
        return uint256(answer) * 1e10;
    }

    function _aggregator(uint16 feedId) internal view returns (AggregatorV3Interface) {
        return AggregatorV3Interface(REAL.feed(feedId).aggregator);
    }
}
