// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {AccountId} from "../../types/AccountId.sol";

/// @notice Calls the doors that are open to the liquidator only, with and without the core lock.
contract MockLiquidator {
    IMarginVault private immutable VAULT;
    IClearinghouse private immutable CLEARINGHOUSE;

    modifier withLock() {
        VAULT.lock();
        _;
        VAULT.unlock();
    }

    constructor(IMarginVault vault, IClearinghouse clearinghouse) {
        VAULT = vault;
        CLEARINGHOUSE = clearinghouse;
    }

    function move(AccountId from, AccountId to, uint256 fractionE18) external withLock {
        CLEARINGHOUSE.moveFraction(from, to, fractionE18);
    }

    function moveUnlocked(AccountId from, AccountId to, uint256 fractionE18) external {
        CLEARINGHOUSE.moveFraction(from, to, fractionE18);
    }

    function settle(AccountId account) external withLock {
        CLEARINGHOUSE.settleAccountLocked(account);
    }

    function settleUnlocked(AccountId account) external {
        CLEARINGHOUSE.settleAccountLocked(account);
    }

    /// @notice Calls the clearinghouse while the lock is held.
    function callLocked(bytes calldata data) external withLock {
        (bool ok, bytes memory answer) = address(CLEARINGHOUSE).call(data);
        if (!ok) {
            assembly {
                revert(add(answer, 32), mload(answer))
            }
        }
    }
}
