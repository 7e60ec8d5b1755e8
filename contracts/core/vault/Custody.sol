// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {Decimals} from "../../libraries/math/Decimals.sol";

/// @title The only file of the core that calls tokens
/// @notice Every movement is measured by the change of the vault's own balance and must equal the amount, so a fee on
/// transfer, or a balance that moves by itself during the call, reverts instead of being booked.
/// @dev Safety assumption on listed tokens: nothing but a transfer by the vault lowers the vault's balance. A rebasing token
/// breaks it between calls, where no measurement can help, and must not be listed.
/// Liveness assumption: the token lets the vault send and receive.
abstract contract Custody {
    using SafeERC20 for IERC20;

    /// @dev Takes exactly `amountNative` from `from`, who has approved the vault.
    function _pull(address token, address from, uint256 amountNative) internal virtual {
        uint256 beforeNative = _held(token);
        IERC20(token).safeTransferFrom(from, address(this), amountNative);
        uint256 afterNative = _held(token);
        uint256 receivedNative = afterNative > beforeNative ? afterNative - beforeNative : 0;
        if (receivedNative != amountNative) {
            revert IMarginVault.MarginVault_UnexpectedBalance(token, amountNative, receivedNative);
        }
    }

    /// @dev Sends exactly `amountNative` to `to`; a token that takes a fee from the sender on top would spend what belongs to
    /// others, so the balance must fall by the amount and no more.
    function _push(address token, address to, uint256 amountNative) internal {
        uint256 beforeNative = _held(token);
        if (beforeNative < amountNative) {
            revert IMarginVault.MarginVault_InsufficientLiquidity(token, beforeNative, amountNative);
        }
        IERC20(token).safeTransfer(to, amountNative);
        uint256 afterNative = _held(token);
        uint256 sentNative = beforeNative > afterNative ? beforeNative - afterNative : 0;
        if (sentNative != amountNative) {
            revert IMarginVault.MarginVault_UnexpectedBalance(token, amountNative, sentNative);
        }
    }

    /// @dev Uses an EIP-2612 permit of the caller. Anyone may have sent the same permit before, so its failure matters only if
    /// the allowance is missing.
    function _usePermit(address token, uint256 amountNative, uint256 deadline, uint8 v, bytes32 r, bytes32 s) internal {
        try IERC20Permit(token).permit(msg.sender, address(this), amountNative, deadline, v, r, s) {
            return;
        } catch {
            uint256 allowanceNative = IERC20(token).allowance(msg.sender, address(this));
            if (allowanceNative < amountNative) {
                revert IMarginVault.MarginVault_PermitFailed(token, msg.sender, allowanceNative, amountNative);
            }
        }
    }

    /// @dev Decimals of a token fit to be held: it has code, at most 18 decimals, and tells balances.
    function _probe(address token) internal view returns (uint8 decimals) {
        if (token.code.length == 0) revert IMarginVault.MarginVault_CannotList(token);
        try IERC20Metadata(token).decimals() returns (uint8 decimals_) {
            decimals = decimals_;
        } catch {
            revert IMarginVault.MarginVault_CannotList(token);
        }
        if (decimals > Decimals.MAX_DECIMALS) revert IMarginVault.MarginVault_CannotList(token);
        try IERC20(token).balanceOf(address(this)) returns (uint256) {
            return decimals;
        } catch {
            revert IMarginVault.MarginVault_CannotList(token);
        }
    }

    /// @dev Tokens the vault holds, donations included. Token units.
    function _held(address token) internal view returns (uint256) {
        return IERC20(token).balanceOf(address(this));
    }
}
