// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Ground
/// @notice Proves that the tool chain works; goes when the first real library arrives.
contract Ground {
    error Ground_ZeroDenominator(uint256 x);

    /// @notice Quotient rounded up.
    function ceilDiv(uint256 x, uint256 y) external pure returns (uint256) {
        if (y == 0) revert Ground_ZeroDenominator(x);
        return Math.ceilDiv(x, y);
    }
}
