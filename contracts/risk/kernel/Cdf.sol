// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

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
    /// @notice Bytes of the table.
    uint256 internal constant TABLE_BYTES = 416 * 32;
    /// @notice d = -6.5 is argument 0; the table ends at d = 6.5.
    int256 internal constant EDGE = 3489660928; // 6.5 * 2^29
    int256 internal constant SPAN = 6979321856; // 13 * 2^29
    /// @notice A probability of one.
    uint256 internal constant ONE = 1 << 36;

    uint256 internal constant LANE = 1 << 73;
    uint256 internal constant LANE_SQUARED = 1 << 146;
    uint256 internal constant FRACTION_MASK = (1 << 24) - 1;
    uint256 internal constant CONSTANT_MASK = (1 << 37) - 1;
    /// @notice Byte offset of a cell: shifted right by 19 bits, the lowest five cleared.
    uint256 internal constant OFFSET_MASK = ~uint256(31);

    /// @notice Copies the table into memory.
    /// @param source Contract whose code is the table; its hash is the caller's to check.
    /// @return table Memory address of the first word.
    function load(address source) internal view returns (uint256 table) {
        assembly ("memory-safe") {
            table := mload(0x40)
            extcodecopy(source, table, 1, TABLE_BYTES)
            mstore(0x40, add(table, TABLE_BYTES))
        }
    }

    /// @notice Probability that a standard normal variable is at most d.
    /// @param table Memory address of the table.
    /// @param x Argument in cells, of any size.
    /// @return p 36 fractional bits.
    function at(uint256 table, int256 x) internal pure returns (uint256 p) {
        if (x < 0) return 0;
        if (x >= SPAN) return ONE;
        assembly ("memory-safe") {
            let t := and(x, FRACTION_MASK)
            let word := mload(add(table, and(shr(19, x), OFFSET_MASK)))
            let slope := sar(183, mul(word, add(mul(t, add(t, LANE)), LANE_SQUARED)))
            p := add(and(word, CONSTANT_MASK), sar(66, mul(t, slope)))
        }
    }
}
