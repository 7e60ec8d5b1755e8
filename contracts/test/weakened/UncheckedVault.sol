// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginVault} from "../../core/MarginVault.sol";
import {AccountId} from "../../types/AccountId.sol";

/// @title Vault that lets money leave unchecked
/// @notice Missing: the margin check after withdrawals and transfers. R24, one path without a health check: Euler, March 2023,
/// where a donation could leave its giver short, as a transfer to another account of one's own can here.
contract UncheckedVault is MarginVault {
    constructor(
        address authority,
        address settlementToken_,
        RateCurve memory curve,
        uint256 settlementCapE18_
    ) MarginVault(authority, settlementToken_, curve, settlementCapE18_) {}

    /// @dev Notes the block, as after a check.
    function _requireCovered(AccountId account) internal override {
        _writeChecked(account);
    }
}
