// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Used in assembly, which the linter does not read.
// solhint-disable-next-line no-unused-import
import {CDF_CELL, CDF_CONSTANT, CDF_FRACTION, CDF_LANE, CDF_LANE_SQUARED, CDF_SPAN} from "./Cdf.sol";

/// @title The hot loop
/// @notice One option under all shocks of one state of volatility. With w fixed, d1 = (ln(F / K) + ln f) / w + w / 2 for a price
/// factor f, d2 = d1 - w, and the option is worth f A cdf(d1) + B cdf(d2) with A = size * D F and B = -size * D K. Every scenario
/// has a word of two signed lanes, 128 bits each, to which the loop adds A cdf(d1) above and B cdf(d2) below. The factor is taken in
/// once per scenario, when all options of the underlying have been added.
/// @dev Lanes: amounts of 1e-12 USD times cdf's 2^36. The caller keeps |A| and |B| of a leg below 2^84, so that 64 legs stay below
/// 2^127; as integers, A 2^128 + B adds up whatever the signs, and the lower lane is read back by its sign.
/// The table's memory address, a multiple of 32, is added to the arguments where cells are counted: a cell's address is then the
/// argument itself, shifted, and its fraction stays what it is. Next to the table lie a word that gives 0 and one that gives 1.
/// Shocks of one state ascend, so that the ends of a row tell whether all of it lies inside the table. Logarithms may miss their
/// factor by Grid.LN_TOLERANCE_E18, which is less than a cell at the least w: what lies between such ends is at most in the words
/// next to the table.
library Row {
    /// @param table Memory address of the table of cdf.
    /// @param pair Memory address of the first pair of words: ln f with 18 decimals, ascending, then the scenario's lanes.
    /// @param end Memory address after the last pair; there is one pair at least.
    /// @param centre Argument of cdf for d1 at f = 1, in cells.
    /// @param slope Cells per unit of ln f: 2^125 / w, w with 18 decimals.
    /// @param width w in cells.
    /// @param upper A 2^128.
    /// @param lower B.
    function add(
        uint256 table,
        uint256 pair,
        uint256 end,
        int256 centre,
        uint256 slope,
        uint256 width,
        uint256 upper,
        int256 lower
    ) internal pure {
        bool inside;
        assembly ("memory-safe") {
            // As numbers without a sign, arguments below the table are far above its end.
            let least := sub(add(centre, sar(96, mul(mload(pair), slope))), width)
            let greatest := add(centre, sar(96, mul(mload(sub(end, 0x40)), slope)))
            inside := and(lt(least, CDF_SPAN), lt(greatest, CDF_SPAN))
            centre := add(centre, shl(19, table))
        }
        if (inside) _within(pair, end, centre, slope, width, upper, lower);
        else _across(table, pair, end, centre, slope, width, upper, lower);
    }

    /// @dev Every argument lies inside the table. Three shocks to a turn: turning costs as much as a tenth of a shock.
    function _within(
        uint256 pair,
        uint256 end,
        int256 centre,
        uint256 slope,
        uint256 width,
        uint256 upper,
        int256 lower
    ) private pure {
        unchecked {
            // Memory addresses.
            for (; end > pair + 0x80; pair += 0xc0) _three(pair, centre, slope, width, upper, lower);
            for (; pair < end; pair += 0x40) _one(pair, centre, slope, width, upper, lower);
        }
    }

    /// @dev Three shocks, side by side, whose arguments lie inside the table.
    function _three(
        uint256 pair,
        int256 centre,
        uint256 slope,
        uint256 width,
        uint256 upper,
        int256 lower
    ) private pure {
        assembly ("memory-safe") {
            {
                let x := add(centre, sar(96, mul(mload(pair), slope)))
                let y := sub(x, width)
                let word := mload(and(shr(19, x), CDF_CELL))
                x := and(x, CDF_FRACTION)
                let secant := sar(183, mul(word, add(mul(x, add(x, CDF_LANE)), CDF_LANE_SQUARED)))
                let sum := mul(add(and(word, CDF_CONSTANT), sar(66, mul(x, secant))), upper)
                word := mload(and(shr(19, y), CDF_CELL))
                y := and(y, CDF_FRACTION)
                secant := sar(183, mul(word, add(mul(y, add(y, CDF_LANE)), CDF_LANE_SQUARED)))
                sum := add(sum, mul(add(and(word, CDF_CONSTANT), sar(66, mul(y, secant))), lower))
                let lanes := add(pair, 0x20)
                mstore(lanes, add(mload(lanes), sum))
            }
            {
                let x := add(centre, sar(96, mul(mload(add(pair, 0x40)), slope)))
                let y := sub(x, width)
                let word := mload(and(shr(19, x), CDF_CELL))
                x := and(x, CDF_FRACTION)
                let secant := sar(183, mul(word, add(mul(x, add(x, CDF_LANE)), CDF_LANE_SQUARED)))
                let sum := mul(add(and(word, CDF_CONSTANT), sar(66, mul(x, secant))), upper)
                word := mload(and(shr(19, y), CDF_CELL))
                y := and(y, CDF_FRACTION)
                secant := sar(183, mul(word, add(mul(y, add(y, CDF_LANE)), CDF_LANE_SQUARED)))
                sum := add(sum, mul(add(and(word, CDF_CONSTANT), sar(66, mul(y, secant))), lower))
                let lanes := add(pair, 0x60)
                mstore(lanes, add(mload(lanes), sum))
            }
            {
                let x := add(centre, sar(96, mul(mload(add(pair, 0x80)), slope)))
                let y := sub(x, width)
                let word := mload(and(shr(19, x), CDF_CELL))
                x := and(x, CDF_FRACTION)
                let secant := sar(183, mul(word, add(mul(x, add(x, CDF_LANE)), CDF_LANE_SQUARED)))
                let sum := mul(add(and(word, CDF_CONSTANT), sar(66, mul(x, secant))), upper)
                word := mload(and(shr(19, y), CDF_CELL))
                y := and(y, CDF_FRACTION)
                secant := sar(183, mul(word, add(mul(y, add(y, CDF_LANE)), CDF_LANE_SQUARED)))
                sum := add(sum, mul(add(and(word, CDF_CONSTANT), sar(66, mul(y, secant))), lower))
                let lanes := add(pair, 0xa0)
                mstore(lanes, add(mload(lanes), sum))
            }
        }
    }

    /// @dev One shock whose arguments lie inside the table.
    function _one(uint256 pair, int256 centre, uint256 slope, uint256 width, uint256 upper, int256 lower) private pure {
        assembly ("memory-safe") {
            let x := add(centre, sar(96, mul(mload(pair), slope)))
            let y := sub(x, width)
            let word := mload(and(shr(19, x), CDF_CELL))
            x := and(x, CDF_FRACTION)
            let secant := sar(183, mul(word, add(mul(x, add(x, CDF_LANE)), CDF_LANE_SQUARED)))
            let sum := mul(add(and(word, CDF_CONSTANT), sar(66, mul(x, secant))), upper)
            word := mload(and(shr(19, y), CDF_CELL))
            y := and(y, CDF_FRACTION)
            secant := sar(183, mul(word, add(mul(y, add(y, CDF_LANE)), CDF_LANE_SQUARED)))
            sum := add(sum, mul(add(and(word, CDF_CONSTANT), sar(66, mul(y, secant))), lower))
            let lanes := add(pair, 0x20)
            mstore(lanes, add(mload(lanes), sum))
        }
    }

    /// @dev Some arguments lie beside the table.
    function _across(
        uint256 table,
        uint256 pair,
        uint256 end,
        int256 centre,
        uint256 slope,
        uint256 width,
        uint256 upper,
        int256 lower
    ) private pure {
        assembly ("memory-safe") {
            let zero := shl(19, table)
            let one := add(zero, CDF_SPAN)
            for {} lt(pair, end) {
                pair := add(pair, 0x40)
            } {
                let x := add(centre, sar(96, mul(mload(pair), slope)))
                let y := sub(x, width)
                // d2 is below d1: below the table both give 0.
                if slt(x, zero) {
                    continue
                }
                if sgt(x, one) {
                    x := one
                }
                if sgt(y, one) {
                    y := one
                }
                if slt(y, zero) {
                    y := sub(zero, 1)
                }
                let word := mload(and(shr(19, x), CDF_CELL))
                x := and(x, CDF_FRACTION)
                let secant := sar(183, mul(word, add(mul(x, add(x, CDF_LANE)), CDF_LANE_SQUARED)))
                let sum := mul(add(and(word, CDF_CONSTANT), sar(66, mul(x, secant))), upper)
                word := mload(and(shr(19, y), CDF_CELL))
                y := and(y, CDF_FRACTION)
                secant := sar(183, mul(word, add(mul(y, add(y, CDF_LANE)), CDF_LANE_SQUARED)))
                sum := add(sum, mul(add(and(word, CDF_CONSTANT), sar(66, mul(y, secant))), lower))
                let lanes := add(pair, 0x20)
                mstore(lanes, add(mload(lanes), sum))
            }
        }
    }
}
