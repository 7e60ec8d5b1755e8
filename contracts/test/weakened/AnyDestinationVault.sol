// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginVault} from "../../core/MarginVault.sol";
import {AccountId} from "../../types/AccountId.sol";

/// @title Vault whose operators send money where they like
/// @notice Missing: the rule that an operator can only send to the owner. R30, session keys that spend.
contract AnyDestinationVault is MarginVault {
    constructor(
        address authority,
        address settlementToken_,
        RateCurve memory curve,
        uint256 settlementCapE18_
    ) MarginVault(authority, settlementToken_, curve, settlementCapE18_) {}

    function _requireAuthorised(AccountId account, uint32 right, address) internal view override {
        if (!isAuthorised(account, msg.sender, right)) revert MarginVault_NotAuthorised(account, msg.sender, right);
    }
}
