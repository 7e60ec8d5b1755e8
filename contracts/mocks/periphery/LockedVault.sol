// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Vault that is always in the middle of a transaction
contract LockedVault {
    /// @notice True, always.
    function isLocked() external pure returns (bool) {
        return true;
    }
}
