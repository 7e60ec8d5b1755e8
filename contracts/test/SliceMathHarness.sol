// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILiquidator} from "../interfaces/ILiquidator.sol";
import {ShortBook, SliceMath} from "../liquidation/SliceMath.sol";

/// @notice Opens the auction's arithmetic to tests.
contract SliceMathHarness {
    function limitE18(ShortBook memory book, uint256 targetE18, uint256 dustE18) external pure returns (uint256) {
        return SliceMath.limitE18(book, targetE18, dustE18);
    }

    function priceE18(
        ShortBook memory book,
        uint256 fractionE18,
        bool finishes
    ) external pure returns (int256 price, uint256 costE18) {
        return SliceMath.priceE18(book, fractionE18, finishes);
    }

    function discountE18(
        ILiquidator.Curve memory curve,
        ILiquidator.Auction memory auction,
        int256 equityE18,
        uint256 maintenanceE18,
        uint256 nowSeconds
    ) external pure returns (uint256) {
        return SliceMath.discountE18(curve, auction, equityE18, maintenanceE18, nowSeconds);
    }
}
