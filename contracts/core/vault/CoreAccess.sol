// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {AccountId, toAccountId} from "../../types/AccountId.sol";
import {Lock} from "../Lock.sol";

/// @title Who the other rooms of the core are
/// @notice Names the contracts that may move balances, and lends them the lock.
abstract contract CoreAccess is IMarginVault, Lock, AccessManaged {
    address private _riskEngine;
    address private _clearinghouse;
    address private _liquidator;
    address private _backstop;

    /// @dev Lets one core contract in, and only while the lock is held.
    modifier onlyCore(address allowed) {
        if (msg.sender != allowed) revert MarginVault_NotCore(msg.sender);
        _requireLocked();
        _;
    }

    /// @inheritdoc IMarginVault
    function lock() external override {
        _requireCore();
        _takeLock(msg.sender);
    }

    /// @inheritdoc IMarginVault
    function unlock() external override {
        _requireCore();
        _giveLock(msg.sender);
    }

    /// @inheritdoc IMarginVault
    function setCore(
        address riskEngine,
        address clearinghouse,
        address liquidator,
        address backstop
    ) external override restricted whenUnlocked {
        bool empty =
            riskEngine.code.length == 0 ||
                clearinghouse.code.length == 0 ||
                liquidator.code.length == 0 ||
                backstop.code.length == 0;
        bool moved = _clearinghouse != address(0) && (clearinghouse != _clearinghouse || backstop != _backstop);
        if (empty || moved) revert MarginVault_InvalidCore();
        _riskEngine = riskEngine;
        _clearinghouse = clearinghouse;
        _liquidator = liquidator;
        _backstop = backstop;
        emit CoreSet(riskEngine, clearinghouse, liquidator, backstop);
    }

    /// @inheritdoc IMarginVault
    function isLocked() external view override returns (bool) {
        return _lockTaken();
    }

    /// @inheritdoc IMarginVault
    function currentEngine() external view override returns (address) {
        return _riskEngine;
    }

    /// @inheritdoc IMarginVault
    function core()
        external
        view
        override
        returns (address riskEngine, address clearinghouse, address liquidator, address backstop)
    {
        return (_riskEngine, _clearinghouse, _liquidator, _backstop);
    }

    /// @inheritdoc IMarginVault
    function protocolAccount() public view override returns (AccountId) {
        return toAccountId(_backstop, 0);
    }

    function _requireCore() internal view {
        if (msg.sender != _clearinghouse && msg.sender != _liquidator && msg.sender != _backstop) {
            revert MarginVault_NotCore(msg.sender);
        }
    }

    function _riskEngineAddress() internal view returns (address) {
        return _riskEngine;
    }

    function _clearinghouseAddress() internal view returns (address) {
        return _clearinghouse;
    }

    function _liquidatorAddress() internal view returns (address) {
        return _liquidator;
    }

    function _backstopAddress() internal view returns (address) {
        return _backstop;
    }
}
