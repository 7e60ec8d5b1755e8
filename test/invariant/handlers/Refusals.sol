// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IBackstop} from "../../../contracts/interfaces/IBackstop.sol";
import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {ICloseOut} from "../../../contracts/interfaces/ICloseOut.sol";
import {ILastKnownRisk} from "../../../contracts/interfaces/ILastKnownRisk.sol";
import {ILiquidator} from "../../../contracts/interfaces/ILiquidator.sol";
import {IMarginVault} from "../../../contracts/interfaces/IMarginVault.sol";
import {IRiskEngine} from "../../../contracts/interfaces/IRiskEngine.sol";

/// @notice With which errors the protocol may refuse an action, as packed selectors: one list per action, each in this file only.
/// @dev What depends on the moment (a pause, a grace, the rights of an operator) is expected by the action itself.
library Refusals {
    /// @notice Money goes in.
    function deposits() internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                IMarginVault.MarginVault_CapExceeded.selector,
                IMarginVault.MarginVault_AssetNotOpen.selector
            );
    }

    /// @notice Money leaves an account: `withdraw` and `transfer`.
    function payments() internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                IRiskEngine.RiskEngine_BelowInitial.selector,
                IMarginVault.MarginVault_InsufficientLiquidity.selector,
                IMarginVault.MarginVault_InsufficientCollateral.selector,
                IMarginVault.MarginVault_BorrowingPaused.selector,
                IMarginVault.MarginVault_Halted.selector
            );
    }

    /// @notice `setModel` to a model that governs.
    function models() internal pure returns (bytes memory) {
        return abi.encodePacked(IMarginVault.MarginVault_ModelNotSatisfied.selector);
    }

    /// @notice `fill` and `fillMany` of good quotes.
    function fills() internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                IClearinghouse.Clearinghouse_InsufficientMargin.selector,
                IClearinghouse.Clearinghouse_Insolvent.selector,
                IClearinghouse.Clearinghouse_TooManyPositions.selector,
                IClearinghouse.Clearinghouse_OpenInterestCap.selector,
                IClearinghouse.Clearinghouse_PriceOutsideBand.selector
            );
    }

    /// @notice `fillReducing` of quotes that bring both sides closer to zero.
    function reductions() internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                ILastKnownRisk.LastKnownRisk_NotReduced.selector,
                IClearinghouse.Clearinghouse_PriceOutsideBand.selector,
                IClearinghouse.Clearinghouse_NotTradable.selector
            );
    }

    /// @notice `take` of a running auction.
    /// @param whole As much as may be taken is asked for.
    function takes(bool whole) internal pure returns (bytes memory) {
        bytes memory always = abi.encodePacked(
            IRiskEngine.RiskEngine_BelowInitial.selector,
            IClearinghouse.Clearinghouse_TooManyPositions.selector
        );
        if (whole) return always;
        return
            abi.encodePacked(
                always,
                ILiquidator.Liquidator_DustLeft.selector,
                ILiquidator.Liquidator_NoImprovement.selector
            );
    }

    /// @notice `take` with a callback that does more of the same, and `closeOut`.
    function callbacks() internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                takes(false),
                payments(),
                ILiquidator.Liquidator_NoAuction.selector,
                ILiquidator.Liquidator_StillShort.selector,
                ILiquidator.Liquidator_StillBelowMaintenance.selector
            );
    }

    /// @notice `closeOut` at quotes of honest makers.
    function closeOuts() internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                takes(false),
                fills(),
                IClearinghouse.Clearinghouse_InexactSize.selector,
                IClearinghouse.Clearinghouse_NotTradable.selector,
                IClearinghouse.Clearinghouse_OpeningPaused.selector,
                ICloseOut.CloseOut_PositionsLeft.selector,
                ICloseOut.CloseOut_GainBelowLimit.selector
            );
    }

    /// @notice `withdraw` and `redeem` of the backstop.
    function exits() internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                IBackstop.Backstop_ExitNotOpen.selector,
                IBackstop.Backstop_ExitTooLarge.selector,
                IBackstop.Backstop_DeficitOpen.selector,
                ERC4626.ERC4626ExceededMaxRedeem.selector,
                ERC4626.ERC4626ExceededMaxWithdraw.selector
            );
    }

    /// @notice Shares of the backstop that somebody else was to move.
    function allowances() internal pure returns (bytes memory) {
        return abi.encodePacked(IERC20Errors.ERC20InsufficientAllowance.selector);
    }
}
