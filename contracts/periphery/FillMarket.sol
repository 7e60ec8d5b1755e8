// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {mulDivDown, mulDivFloor, mulDown} from "../libraries/math/FixedPoint.sol";
import {PerpState} from "../types/Market.sol";

/// @notice One underlying in memory, as far as fills change it.
struct FillState {
    uint16 underlying;
    uint256 indexE18; // 0 = not read yet
    bool hasPerp; // the perpetual was read
    int256 fundingE18; // cumulative, to now
    int256 premiumE18;
    uint256 sampledAt; // Unix time, seconds
    int256 longDeltaE18; // change of open interest
}

/// @title Changes of one underlying in memory
/// @notice The premium's moving average of the clearinghouse, on a copy.
library FillMarket {
    int256 private constant ONE_E18 = 1e18;

    /// @dev Reads the index once.
    function indexOf(FillState memory state, IPriceOracle oracle) internal view returns (uint256) {
        if (state.indexE18 == 0) state.indexE18 = oracle.price(state.underlying);
        return state.indexE18;
    }

    /// @dev Reads the perpetual once, with funding to now. The first touch of all starts the clock of the average.
    function openPerp(FillState memory state, IClearinghouse clearinghouse, IPriceOracle oracle) internal view {
        if (state.hasPerp) return;
        PerpState memory perp = clearinghouse.perpState(state.underlying);
        (, state.fundingE18) = clearinghouse.perpMark(state.underlying, indexOf(state, oracle));
        state.premiumE18 = perp.premiumE18;
        state.sampledAt = perp.sampledAt == 0 ? block.timestamp : perp.sampledAt;
        state.hasPerp = true;
    }

    /// @dev Moves the average by one fill.
    function sample(
        FillState memory state,
        IClearinghouse.FundingParams memory params,
        uint256 sizeE18,
        uint256 priceE18
    ) internal view {
        uint256 unseen = block.timestamp - state.sampledAt;
        uint256 weight = unseen * Math.min(mulDown(sizeE18, state.indexE18), params.sampleNotionalE18);
        if (weight == 0) return;
        int256 index = int256(state.indexE18);
        int256 sampleE18 = _clamp(mulDivFloor(int256(priceE18) - index, ONE_E18, index), params.maxPremiumE18);
        int256 premiumE18 = _clamp(state.premiumE18, params.maxPremiumE18);
        uint256 whole = (unseen + params.averageSeconds) * params.sampleNotionalE18;
        state.premiumE18 = premiumE18 + mulDivFloor(sampleE18 - premiumE18, int256(weight), int256(whole));
        state.sampledAt += mulDivDown(weight, 1, params.sampleNotionalE18);
    }

    /// @dev Mark price with the average as it is now.
    function markOf(FillState memory state, uint256 maxPremiumE18) internal pure returns (uint256) {
        return mulDown(state.indexE18, uint256(ONE_E18 + _clamp(state.premiumE18, maxPremiumE18)));
    }

    function _clamp(int256 x, uint256 limit) private pure returns (int256) {
        return SignedMath.max(SignedMath.min(x, int256(limit)), -int256(limit));
    }
}
