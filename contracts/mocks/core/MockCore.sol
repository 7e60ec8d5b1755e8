// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../../interfaces/IMarginVault.sol";

/// @notice A contract of the core that does what tests say, with or without the lock.
contract MockCore {
    event Answered(bytes result);

    /// @notice Calls anything, without the lock.
    function forward(address target, bytes calldata data) external {
        _call(target, data);
    }

    /// @notice Calls the vault several times in one hold of the lock.
    function underLock(IMarginVault vault, bytes[] calldata calls) external {
        vault.lock();
        for (uint256 i = 0; i < calls.length; ++i) _call(address(vault), calls[i]);
        vault.unlock();
    }

    /// @notice Takes the lock, lets another contract of the core call the vault, gives it back.
    function underLockBy(IMarginVault vault, MockCore caller, bytes calldata data) external {
        vault.lock();
        caller.forward(address(vault), data);
        vault.unlock();
    }

    function _call(address target, bytes calldata data) internal {
        (bool success, bytes memory result) = target.call(data);
        if (!success) {
            assembly {
                revert(add(result, 32), mload(result))
            }
        }
        emit Answered(result);
    }
}
