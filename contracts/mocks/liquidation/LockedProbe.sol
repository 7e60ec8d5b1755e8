// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../../interfaces/IMarginVault.sol";

/// @notice A core contract that calls whatever it is told while it holds the lock, and has no auctions.
contract LockedProbe {
    function insolventAuctions() external pure returns (uint256) {
        return 0;
    }

    function callLocked(
        IMarginVault vault,
        address target,
        bytes calldata data
    ) external returns (bytes memory result) {
        vault.lock();
        bool success;
        (success, result) = target.call(data);
        if (!success) {
            assembly {
                revert(add(result, 32), mload(result))
            }
        }
        vault.unlock();
    }
}
