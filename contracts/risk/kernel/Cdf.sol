// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// d = -6.5 is argument 0, d = 6.5 where the table ends: 6.5 * 2^29 and 13 * 2^29.
int256 constant CDF_EDGE = 3489660928;
int256 constant CDF_SPAN = 6979321856;
// 416 words.
uint256 constant CDF_TABLE_BYTES = 13312;
// X = 2^73 and X^2.
uint256 constant CDF_LANE = 0x2000000000000000000;
uint256 constant CDF_LANE_SQUARED = 0x4000000000000000000000000000000000000;
// A probability of one: 2^36.
uint256 constant CDF_ONE = 0x1000000000;
// The lowest 24 bits of an argument, the lowest 37 of a word.
uint256 constant CDF_FRACTION = 0xffffff;
uint256 constant CDF_CONSTANT = 0x1fffffffff;
// Addresses of words in the first 4 GiB of memory.
uint256 constant CDF_CELL = 0xffffffe0;

/// @title The normal distribution by table
/// @notice Arguments are cells: x = (d + 6.5) * 32 with 24 fractional bits. Cell i holds a cubic p(t) = c0 + t (q0 + q1 t + q2 t^2)
/// for t in [0, 1). Probabilities have 36 fractional bits. Below the table cdf is 0, above it 1.
/// @dev One word: c0 in the lowest 37 bits, then q0, q1 and q2 73 bits apart, with 78, 54 and 30 fractional bits. With t an integer
/// of 24 bits and X = 2^73, the product of the word and t^2 + t X + X^2 modulo 2^256 has q0 + q1 t + q2 t^2, 78 fractional bits,
/// in its highest 73 bits: what would lie beyond X^2 leaves the word, what lies below disturbs it by less than 2^-54.
/// Error, measured over a dense sweep by a test: at most 2.0e-10. It is made of the best cubic's (h^4 / 3072 max |cdf''''| = 1.7e-10
/// with h = 1 / 32), of the rounding of q2 (half a unit of 2^-30, of which the fit of the lower coefficients leaves a 32nd part,
/// 1.5e-11), of c0 and of the final cut (half of 2^-36 each, 1.5e-11 together). At the ends the table leaves cdf(-6.5) = 4.1e-11.
library Cdf {
    /// @notice Code hash of the contract with the table.
    bytes32 internal constant TABLE_HASH = 0xd4ac56e89eb4c4a0d5c4f02955bae664e09bac7ccf3c1a1ea5923edacfd135d1;
    /// @notice Copies the table into memory, with a word before it that gives 0 and one after it that gives 1.
    /// @param source Contract whose code is the table; its hash is the caller's to check.
    /// @return table Memory address of the first word, a multiple of 32.
    function load(address source) internal view returns (uint256 table) {
        assembly ("memory-safe") {
            let before := and(add(mload(0x40), 31), not(31))
            table := add(before, 0x20)
            let last := add(table, CDF_TABLE_BYTES)
            mstore(before, 0)
            extcodecopy(source, table, 1, CDF_TABLE_BYTES)
            mstore(last, CDF_ONE)
            mstore(0x40, add(last, 0x20))
        }
    }

    /// @notice Probability that a standard normal variable is at most d.
    /// @param table Memory address of the table.
    /// @param x Argument in cells, of any size.
    /// @return p 36 fractional bits.
    function probability(uint256 table, int256 x) internal pure returns (uint256 p) {
        if (x < 0) return 0;
        if (x >= CDF_SPAN) return CDF_ONE;
        assembly ("memory-safe") {
            let t := and(x, CDF_FRACTION)
            // Byte offset of the cell: its number times 32.
            let word := mload(add(table, and(shr(19, x), not(31))))
            let secant := sar(183, mul(word, add(mul(t, add(t, CDF_LANE)), CDF_LANE_SQUARED)))
            p := add(and(word, CDF_CONSTANT), sar(66, mul(t, secant)))
        }
    }
}
