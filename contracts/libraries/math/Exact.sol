// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Division without a remainder
/// @notice Narrows settings to the unit in which they are stored. What does not come out exact is for the caller to refuse.
library Exact {
    /// @notice Value in whole units.
    /// @param value Any value.
    /// @param unit Unit of storage, in the decimals of the value, > 0.
    /// @param most Greatest count that the field of storage holds.
    /// @return fits Whether the value is a whole number of units and not above the greatest.
    /// @return count Units, meaningful only if it fits.
    /// @custom:rounding exact
    function units(uint256 value, uint256 unit, uint256 most) internal pure returns (bool fits, uint256 count) {
        count = value / unit;
        fits = count * unit == value && count <= most;
    }
}
