// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";

/// @notice Prices now and at past moments that a test sets; whatever was not set fails as the real oracle would.
contract MockSpot {
    mapping(uint16 feedId => uint256 priceE18) private _prices;
    mapping(uint16 feedId => mapping(uint40 atSeconds => uint256 priceE18)) private _past;

    function setPrice(uint16 feedId, uint256 priceE18) external {
        _prices[feedId] = priceE18;
    }

    function setPriceAt(uint16 feedId, uint40 atSeconds, uint256 priceE18) external {
        _past[feedId][atSeconds] = priceE18;
    }

    function price(uint16 feedId) external view returns (uint256 priceE18) {
        priceE18 = _prices[feedId];
        if (priceE18 == 0) revert IPriceOracle.PriceOracle_UnknownFeed(feedId);
    }

    function priceAt(
        uint16 feedId,
        uint40 atSeconds,
        uint80 roundId,
        uint80 nextRoundId
    ) external view returns (uint256 priceE18) {
        priceE18 = _past[feedId][atSeconds];
        if (priceE18 == 0) {
            revert IPriceOracle.PriceOracle_RoundsDoNotStraddle(feedId, roundId, nextRoundId, atSeconds);
        }
    }
}
