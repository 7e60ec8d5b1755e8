// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBackstop} from "../interfaces/IBackstop.sol";
import {mulDivDown} from "../libraries/math/FixedPoint.sol";

/// @title What the backstop may lose on one underlying
/// @notice A bucket that holds half of the limit and drains by as much within a window: whatever the order of losses, those of any
/// window add up to at most the half that the bucket holds and the half that drains, which is the limit.
/// @custom:invariant LIQ-8
library LossBudgets {
    /// @notice What may be lost now, USD, 18 decimals. Nothing where no budget was set.
    /// @param nowSeconds Unix time, seconds, not before the last loss.
    /// @custom:rounding floor
    function roomE18(IBackstop.LossBudget memory budget, uint256 nowSeconds) internal pure returns (uint256) {
        if (budget.windowSeconds == 0) return 0;
        uint256 heldE18 = budget.limitE18 >> 1;
        uint256 filledE18 = _filledE18(budget, nowSeconds);
        return filledE18 < heldE18 ? heldE18 - filledE18 : 0;
    }

    /// @notice The budget after a loss of at most the amount asked for and of no more than there is room for.
    /// @param amountE18 USD, 18 decimals.
    /// @return lostE18 What counts as lost, USD, 18 decimals.
    function spend(
        IBackstop.LossBudget memory budget,
        uint256 amountE18,
        uint256 nowSeconds
    ) internal pure returns (uint256 lostE18) {
        uint256 room = roomE18(budget, nowSeconds);
        lostE18 = amountE18 < room ? amountE18 : room;
        // Both parts together are at most half of the limit, which has 96 bits; or nothing is lost, and the bucket only drains.
        budget.filledE18 = uint96(_filledE18(budget, nowSeconds) + lostE18);
        budget.filledAt = uint40(nowSeconds);
    }

    /// @dev What earlier losses still take up.
    function _filledE18(IBackstop.LossBudget memory budget, uint256 nowSeconds) private pure returns (uint256) {
        if (budget.windowSeconds == 0) return budget.filledE18;
        uint256 drainedE18 = mulDivDown(budget.limitE18 >> 1, nowSeconds - budget.filledAt, budget.windowSeconds);
        return budget.filledE18 > drainedE18 ? budget.filledE18 - drainedE18 : 0;
    }
}
