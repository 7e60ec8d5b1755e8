// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice One pool of collateral and the positions that draw on it: the owner's address (20 bytes), then a sub-account
/// number (12 bytes). Nothing registers an account; it exists once it is used.
type AccountId is bytes32;

using {owner, equals as ==, differs as !=} for AccountId global;

/// @notice Packs an owner and a sub-account number.
/// @param owner_ Address that controls the account.
/// @param subAccount_ Number the owner chooses; another number is another, isolated pool.
function toAccountId(address owner_, uint96 subAccount_) pure returns (AccountId) {
    return AccountId.wrap(bytes32((uint256(uint160(owner_)) << 96) | subAccount_));
}

/// @notice Address that controls the account.
function owner(AccountId account) pure returns (address) {
    return address(uint160(uint256(AccountId.unwrap(account)) >> 96));
}

function equals(AccountId a, AccountId b) pure returns (bool) {
    return AccountId.unwrap(a) == AccountId.unwrap(b);
}

function differs(AccountId a, AccountId b) pure returns (bool) {
    return AccountId.unwrap(a) != AccountId.unwrap(b);
}
