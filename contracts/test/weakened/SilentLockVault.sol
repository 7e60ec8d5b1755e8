// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginVault} from "../../core/MarginVault.sol";

/// @title Vault whose lock nobody outside can see
/// @notice Missing: the lock as others read it; `isLocked` says no in the middle of a call. R26, re-entrancy across contracts: GMX,
/// July 2025, and every price that was read half-way.
contract SilentLockVault is MarginVault {
    constructor(
        address authority,
        address settlementToken_,
        RateCurve memory curve,
        uint256 settlementCapE18_
    ) MarginVault(authority, settlementToken_, curve, settlementCapE18_) {}

    function _lockTaken() internal pure override returns (bool) {
        return false;
    }
}
