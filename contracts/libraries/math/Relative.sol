// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Relative distance
library Relative {
    /// @notice Whether x is within a relative distance of a reference: |x - reference| <= distance * reference, exactly.
    /// Assumes all three are below 2^128, so that the products fit.
    /// @param x Any unit.
    /// @param ref Unit of x.
    /// @param distanceE18 Fraction of the reference, 18 decimals.
    /// @return True at the distance itself.
    function within(uint256 x, uint256 ref, uint256 distanceE18) internal pure returns (bool) {
        // Of 128 + 60 and 128 + 128 bits.
        unchecked {
            uint256 gap = x > ref ? x - ref : ref - x;
            return gap * 1e18 <= ref * distanceE18;
        }
    }
}
