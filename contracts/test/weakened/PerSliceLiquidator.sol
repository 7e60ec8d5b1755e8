// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBackstop} from "../../interfaces/IBackstop.sol";
import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {Liquidator} from "../../liquidation/Liquidator.sol";
import {AccountId} from "../../types/AccountId.sol";

/// @title Liquidator that pays the fixed pay for every slice
/// @notice Missing: the rule that only who finishes gets the fixed pay. R16, confiscation: a book is worn down by many small slices.
contract PerSliceLiquidator is Liquidator {
    constructor(
        IMarginVault vault,
        IClearinghouse clearinghouse,
        IBackstop backstop,
        IPriceOracle oracle,
        address authority,
        Curve memory curve_,
        KeeperPay memory pay
    ) Liquidator(vault, clearinghouse, backstop, oracle, authority, curve_, pay) {}

    function _terms(
        AccountId account,
        uint256 maxFractionE18,
        Snapshot memory seen
    ) internal view override returns (SliceTerms memory terms, bool finishes) {
        (terms, finishes) = super._terms(account, maxFractionE18, seen);
        uint256 payE18 = _takePayE18(seen.positions);
        if (terms.fractionE18 == 0 || terms.discountE18 >= payE18) return (terms, finishes);
        terms.priceE18 -= int256(payE18 - terms.discountE18);
        terms.discountE18 = payE18;
    }
}
