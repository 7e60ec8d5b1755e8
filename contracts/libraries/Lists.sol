// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Places of lists in memory without a check of the place, for loops whose bounds come from the list itself: a checked access costs
// three times as much, and a margin check makes hundreds of them.

/// @notice Word at a place.
/// @param place Less than the length; the caller sees to it.
function wordAt(uint256[] memory list, uint256 place) pure returns (uint256 word) {
    assembly ("memory-safe") {
        word := mload(add(add(list, 0x20), shl(5, place)))
    }
}

/// @notice Signed figure at a place.
/// @param place Less than the length; the caller sees to it.
function figureAt(int256[] memory list, uint256 place) pure returns (int256 figure) {
    assembly ("memory-safe") {
        figure := mload(add(add(list, 0x20), shl(5, place)))
    }
}

/// @notice Puts a signed figure at a place.
/// @param place Less than the length; the caller sees to it.
function putFigure(int256[] memory list, uint256 place, int256 figure) pure {
    assembly ("memory-safe") {
        mstore(add(add(list, 0x20), shl(5, place)), figure)
    }
}
