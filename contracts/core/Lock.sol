// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../interfaces/IMarginVault.sol";

/// @title Transient lock of the whole core
/// @notice One lock for all rooms that hold money or positions. It remembers who took it, so that only the taker can give
/// it back, and it is gone at the end of the transaction whatever happens.
abstract contract Lock {
    address private transient _holder;

    /// @dev Takes the lock for one entry point of this contract.
    modifier whenUnlocked() {
        _takeLock(address(this));
        _;
        _holder = address(0);
    }

    function _takeLock(address holder) internal {
        if (_holder != address(0)) revert IMarginVault.MarginVault_Locked();
        _holder = holder;
    }

    function _giveLock(address holder) internal {
        if (_holder != holder) revert IMarginVault.MarginVault_NotLocked(holder);
        _holder = address(0);
    }

    function _requireLocked() internal view {
        if (_holder == address(0)) revert IMarginVault.MarginVault_NotLocked(msg.sender);
    }

    function _lockTaken() internal view virtual returns (bool) {
        return _holder != address(0);
    }
}
