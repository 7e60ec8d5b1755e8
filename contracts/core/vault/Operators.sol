// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {AccountId} from "../../types/AccountId.sol";
import {ALL_RIGHTS} from "../../types/Rights.sol";
import {Lock} from "../Lock.sol";

/// @title Rights that owners give to others
/// @notice An operator acts within rights and time, for one account. No right lets money leave to anyone but the owner.
abstract contract Operators is IMarginVault, Lock {
    mapping(AccountId account => mapping(address operator => OperatorGrant grant)) private _grants;

    /// @inheritdoc IMarginVault
    function setOperator(
        AccountId account,
        address operator,
        uint32 rights,
        uint40 expiresAt
    ) external override whenUnlocked {
        _requireOwner(account);
        if (rights > ALL_RIGHTS) revert MarginVault_ParameterOutOfBounds("rights", rights, 0, ALL_RIGHTS);
        _grants[account][operator] = OperatorGrant({rights: rights, expiresAt: expiresAt});
        emit OperatorSet(account, operator, rights, expiresAt);
    }

    /// @inheritdoc IMarginVault
    function isAuthorised(AccountId account, address caller, uint32 right) public view override returns (bool) {
        if (caller == account.owner()) return true;
        OperatorGrant memory grant = _grants[account][caller];
        return right != 0 && (grant.rights & right) == right && block.timestamp <= grant.expiresAt;
    }

    /// @inheritdoc IMarginVault
    function operatorGrant(AccountId account, address operator) external view override returns (OperatorGrant memory) {
        return _grants[account][operator];
    }

    function _requireOwner(AccountId account) internal view {
        if (msg.sender != account.owner()) revert MarginVault_NotAuthorised(account, msg.sender, 0);
    }

    /// @dev The owner may do anything; an operator needs the right, and the destination must be the owner's.
    function _requireAuthorised(AccountId account, uint32 right, address destination) internal view virtual {
        if (msg.sender == account.owner()) return;
        if (destination != account.owner() || !isAuthorised(account, msg.sender, right)) {
            revert MarginVault_NotAuthorised(account, msg.sender, right);
        }
    }
}
