// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MarginVault} from "../../core/MarginVault.sol";

/// @title Vault that believes what it is told
/// @notice Missing: the measurement of what a transfer brought. R25, claims above the balance: a token with a fee on transfer is
/// credited in full.
contract TrustingVault is MarginVault {
    using SafeERC20 for IERC20;

    constructor(
        address authority,
        address settlementToken_,
        RateCurve memory curve,
        uint256 settlementCapE18_
    ) MarginVault(authority, settlementToken_, curve, settlementCapE18_) {}

    function _pull(address token, address from, uint256 amountNative) internal override {
        IERC20(token).safeTransferFrom(from, address(this), amountNative);
    }
}
