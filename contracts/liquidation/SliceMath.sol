// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILiquidator} from "../interfaces/ILiquidator.sol";
import {GlobalParams} from "../types/Risk.sol";
import {ONE_E18, mulCeil, mulDivDown, mulDivUp, mulDown} from "../libraries/math/FixedPoint.sol";

/// @notice A short book as the auction sees it. USD, 18 decimals.
/// @param equityE18 Equity E.
/// @param maintenanceE18 Maintenance MM, reserve included.
/// @param reserveE18 Keeper reserve R within MM: the part that does not shrink with the book.
/// @param discountE18 Discount D on the whole book now.
/// @param payE18 Fixed keeper pay g.
struct ShortBook {
    int256 equityE18;
    uint256 maintenanceE18;
    uint256 reserveE18;
    uint256 discountE18;
    uint256 payE18;
}

/// @title Arithmetic of an auction
/// @notice Who sells a fraction x of a book with equity E for `x * E - c` is left with equity `E - c` and maintenance
/// `(1 - x) * (MM - R) + R`; health is back at the target k when the two meet: `E - c = k * ((1 - x) * (MM - R) + R)`.
/// The cost c is `max(x * D, g)`, so the fraction asked for is the larger of the two that solve it for `x * D` and for g.
library SliceMath {
    /// @notice Seconds from the start until the whole equity is on offer.
    function solventSeconds(ILiquidator.Curve memory curve) internal pure returns (uint256) {
        return uint256(curve.fastSeconds) + curve.slowSeconds;
    }

    /// @notice Discount on the whole book: d(t) of a positive equity, plus k(t) of the maintenance.
    /// @param curve Shape of the auction.
    /// @param auction The running auction.
    /// @param equityE18 USD, 18 decimals.
    /// @param maintenanceE18 USD, 18 decimals.
    /// @param nowSeconds Unix time, seconds, not before the start.
    /// @return USD, 18 decimals.
    /// @custom:rounding floor, the keeper bears it
    function discountE18(
        ILiquidator.Curve memory curve,
        ILiquidator.Auction memory auction,
        int256 equityE18,
        uint256 maintenanceE18,
        uint256 nowSeconds
    ) internal pure returns (uint256) {
        uint256 extra = mulDown(maintenanceE18, _insolventE18(curve, auction, equityE18 < 0, nowSeconds));
        if (equityE18 <= 0) return extra;
        return mulDown(uint256(equityE18), _solventE18(curve, nowSeconds - auction.startedAt)) + extra;
    }

    /// @notice Fixed pay that a book can bear: at most its equity or its maintenance, whichever is greater.
    /// @dev What equity does not cover comes from the backstop. Were that part as large as the gas price makes it, books of a
    /// few dollars could be opened by the thousand to be closed at the backstop's cost when gas is dear.
    /// @return USD, 18 decimals.
    function affordableE18(uint256 payE18, int256 equityE18, uint256 maintenanceE18) internal pure returns (uint256) {
        uint256 mostE18 = maintenanceE18;
        if (equityE18 > 0 && uint256(equityE18) > mostE18) mostE18 = uint256(equityE18);
        return payE18 < mostE18 ? payE18 : mostE18;
    }

    /// @notice Largest fraction that may be taken: up to the target health, or all.
    /// All of it goes when less would not do, when the rest would be dust, and when nothing is left for the owner.
    /// @custom:rounding ceil, so that the target is met
    function limitE18(ShortBook memory book, uint256 targetHealthE18, uint256 dustE18) internal pure returns (uint256) {
        if (book.equityE18 < 0) return ONE_E18;
        uint256 equity = uint256(book.equityE18);
        uint256 target = mulDivUp(book.maintenanceE18, targetHealthE18, ONE_E18);
        if (equity >= target) return 0;
        if (book.discountE18 >= equity || book.payE18 >= equity) return ONE_E18;
        uint256 shrinking = mulDivUp(book.maintenanceE18 - book.reserveE18, targetHealthE18, ONE_E18);
        uint256 byDiscount = _quotient(target - equity, shrinking, book.discountE18);
        uint256 byPay = _quotient(target - equity + book.payE18, shrinking, 0);
        uint256 fraction = byDiscount > byPay ? byDiscount : byPay;
        if (fraction >= ONE_E18 || restE18(book.maintenanceE18, book.reserveE18, fraction) < dustE18) return ONE_E18;
        return fraction;
    }

    /// @notice Maintenance left after a fraction is gone, if it falls in proportion: it falls by no less, see RSK-16.
    /// @param maintenanceE18 Of the whole book, USD, 18 decimals.
    /// @param keptE18 Reserve within it, see `reserveE18`.
    /// @return USD, 18 decimals.
    /// @custom:rounding floor
    function restE18(uint256 maintenanceE18, uint256 keptE18, uint256 fractionE18) internal pure returns (uint256) {
        if (fractionE18 == ONE_E18) return 0;
        return mulDown(maintenanceE18 - keptE18, ONE_E18 - fractionE18) + keptE18;
    }

    /// @notice The part of the maintenance that stays while a single position stays. USD, 18 decimals.
    function reserveE18(
        GlobalParams memory params,
        uint256 positions,
        uint256 maintenanceE18
    ) internal pure returns (uint256 reserve) {
        if (positions == 0) return 0;
        reserve = params.reserveBaseE18 + params.reservePerPositionE18 * positions;
        return reserve < maintenanceE18 ? reserve : maintenanceE18;
    }

    /// @notice Value of a slice and what the keeper pays for it. The fixed pay goes to who finishes: a smaller slice than
    /// the limit earns the discount only, or a book could be worn down by fixed pays of many small slices.
    /// @return priceE18 Settlement coin, 18 decimals; negative = is paid.
    /// @return costE18 Value minus price, USD, 18 decimals.
    /// @custom:rounding price ceil, the keeper bears it
    function priceE18(
        ShortBook memory book,
        uint256 fractionE18,
        bool finishes
    ) internal pure returns (int256, uint256 costE18) {
        costE18 = mulDown(book.discountE18, fractionE18);
        if (finishes && costE18 < book.payE18) costE18 = book.payE18;
        // The fraction is at most one, so the cost is at most the larger of two figures that are far below 2^255.
        return (mulCeil(book.equityE18, int256(fractionE18)) - int256(costE18), costE18);
    }

    /// @dev gap / (shrinking - discount), at most one.
    function _quotient(uint256 gap, uint256 shrinking, uint256 discount) private pure returns (uint256) {
        if (shrinking <= discount || gap >= shrinking - discount) return ONE_E18;
        return mulDivUp(gap, ONE_E18, shrinking - discount);
    }

    /// @dev d(t): two straight lines, from the start to the fast end to one.
    function _solventE18(ILiquidator.Curve memory curve, uint256 elapsed) private pure returns (uint256) {
        if (elapsed >= solventSeconds(curve)) return ONE_E18;
        if (elapsed < curve.fastSeconds) {
            uint256 rise = curve.discountFastE18 - curve.discountStartE18;
            return curve.discountStartE18 + mulDivDown(rise, elapsed, curve.fastSeconds);
        }
        uint256 slow = elapsed - curve.fastSeconds;
        return curve.discountFastE18 + mulDivDown(ONE_E18 - curve.discountFastE18, slow, curve.slowSeconds);
    }

    /// @dev k(t): from the end of the solvent phase, or, while equity is negative, from when that was first recorded.
    function _insolventE18(
        ILiquidator.Curve memory curve,
        ILiquidator.Auction memory auction,
        bool isInsolvent,
        uint256 nowSeconds
    ) private pure returns (uint256) {
        uint256 from = auction.startedAt + solventSeconds(curve);
        if (isInsolvent) {
            uint256 recorded = auction.insolventAt == 0 ? nowSeconds : auction.insolventAt;
            if (recorded < from) from = recorded;
        }
        if (nowSeconds <= from) return 0;
        uint256 elapsed = nowSeconds - from;
        if (elapsed >= curve.insolventSeconds) return curve.insolventCapE18;
        return mulDivDown(curve.insolventCapE18, elapsed, curve.insolventSeconds);
    }
}
