// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How far the solvency gate is closed. Deposits, reductions, liquidations and the leaving of those who owe nothing and hold
/// nothing are open at every level.
enum GateLevel {
    NORMAL,
    THROTTLE, // nobody opens, nobody borrows
    HALT // nor does anybody withdraw who owes or holds positions
}
