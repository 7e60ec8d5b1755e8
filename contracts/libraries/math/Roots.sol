// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Square roots near a guess
library Roots {
    /// @notice Greatest integer whose square is at most x. A guess near the root saves steps and never changes the result.
    /// @dev Newton's step from any positive guess lands at or above the floor of the root, because (g + x / g) / 2 >= sqrt(x), and
    /// from above falls until it has reached it. The first steps are taken unseen, which costs half: one that was too many leaves the
    /// floor by 1 at most, and the next one brings it back.
    /// @param x Any unit squared, below 2^254.
    /// @param guess About sqrt(x), from 1 to 2^128.
    /// @return root Unit of the guess.
    /// @custom:rounding floor
    function sqrtNear(uint256 x, uint256 guess) internal pure returns (uint256 root) {
        if (x == 0) return 0;
        assembly ("memory-safe") {
            // The guess is not zero, and neither is any step while x is not: x < 2^254, so that no sum overflows.
            root := shr(1, add(guess, div(x, guess)))
            root := shr(1, add(root, div(x, root)))
            root := shr(1, add(root, div(x, root)))
            root := shr(1, add(root, div(x, root)))
            for {
                let next := shr(1, add(root, div(x, root)))
            } lt(next, root) {
                next := shr(1, add(root, div(x, root)))
            } {
                root := next
            }
        }
    }
}
