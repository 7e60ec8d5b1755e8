// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBackstop} from "../../interfaces/IBackstop.sol";
import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {Liquidator} from "../../liquidation/Liquidator.sol";
import {AccountId} from "../../types/AccountId.sol";

/// @title Liquidator that needs a full backstop
/// @notice Missing: the write-down of what the backstop lacks. R15, unliquidatable by revert: with an empty insurance fund nobody can
/// close what is under water, and the hole grows with the market.
contract AllOrNothingLiquidator is Liquidator {
    constructor(
        IMarginVault vault,
        IClearinghouse clearinghouse,
        IBackstop backstop,
        IPriceOracle oracle,
        address authority,
        Curve memory curve_,
        KeeperPay memory pay
    ) Liquidator(vault, clearinghouse, backstop, oracle, authority, curve_, pay) {}

    function _cover(
        AccountId account,
        AccountId keeper,
        uint256 dueE18,
        IBackstop.LossShare[] memory shares
    ) internal override returns (uint256 backstopPaidE18, uint256 socialisedE18) {
        backstopPaidE18 = _payFromBackstop(keeper, shares);
        if (backstopPaidE18 < dueE18) revert Liquidator_LossNotCovered(account, dueE18 - backstopPaidE18);
        return (backstopPaidE18, 0);
    }
}
