// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBackstop} from "../interfaces/IBackstop.sol";
import {LossBudgets} from "../liquidation/LossBudgets.sol";
import {LossShares} from "../liquidation/LossShares.sol";
import {Assessment} from "../types/Book.sol";
import {UnderlyingReport} from "../types/Risk.sol";
import {Zone, zoneOf} from "../types/Zone.sol";

/// @notice Opens what decides who pays to tests.
contract LossHarness {
    function roomE18(IBackstop.LossBudget memory budget, uint256 nowSeconds) external pure returns (uint256) {
        return LossBudgets.roomE18(budget, nowSeconds);
    }

    function spend(
        IBackstop.LossBudget memory budget,
        uint256 amountE18,
        uint256 nowSeconds
    ) external pure returns (uint256 lostE18, IBackstop.LossBudget memory left) {
        lostE18 = LossBudgets.spend(budget, amountE18, nowSeconds);
        left = budget;
    }

    function byCharge(
        UnderlyingReport[] memory parts,
        uint256 lossE18
    ) external pure returns (IBackstop.LossShare[] memory) {
        return LossShares.byCharge(parts, lossE18);
    }

    function zone(Assessment memory assessment) external pure returns (Zone) {
        return zoneOf(assessment);
    }
}
