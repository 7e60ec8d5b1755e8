// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Sizes to try
library SizeLadder {
    /// @notice The greatest size, 3/4 of it, and the same again from its half on, with one more size in its place.
    /// @param most Greatest size, lots, > 0.
    /// @param halvings How often to halve, at most 255; ends at one lot.
    /// @param special One more size, lots; left out unless between the last and the greatest.
    /// @return rungs Lots, strictly descending, at most `2 * halvings + 3`.
    function from(uint256 most, uint256 halvings, uint256 special) internal pure returns (uint256[] memory rungs) {
        rungs = new uint256[](2 * halvings + 3);
        uint256 count = 0;
        for (uint256 k = 0; k <= halvings && most >> k != 0; ++k) {
            uint256 half = most >> k;
            count = _put(rungs, count, half, special);
            count = _put(rungs, count, half - (half >> 2), special);
        }
        // Shortens the array to what was filled; the rest stays unused memory.
        assembly ("memory-safe") {
            mstore(rungs, count)
        }
    }

    /// @dev Adds a size, the special one first if it comes before, and neither twice.
    function _put(uint256[] memory rungs, uint256 count, uint256 size, uint256 special) private pure returns (uint256) {
        if (count != 0 && special < rungs[count - 1] && special > size) rungs[count++] = special;
        if (count == 0 || size < rungs[count - 1]) rungs[count++] = size;
        return count;
    }
}
