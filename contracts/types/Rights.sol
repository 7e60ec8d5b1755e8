// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// What an owner can let an operator do for an account, as bits.

/// @dev Sign quotes and take them.
uint32 constant RIGHT_TRADE = 1;
/// @dev Withdraw to the owner's address.
uint32 constant RIGHT_WITHDRAW = 2;
/// @dev Move between accounts of the same owner.
uint32 constant RIGHT_TRANSFER = 4;
/// @dev Take liquidation slices into the account.
uint32 constant RIGHT_LIQUIDATE = 8;
uint32 constant ALL_RIGHTS = RIGHT_TRADE | RIGHT_WITHDRAW | RIGHT_TRANSFER | RIGHT_LIQUIDATE;
