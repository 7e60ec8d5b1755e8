// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Used in assembly, which the linter does not read.
// solhint-disable-next-line no-unused-import
import {CDF_CONSTANT, CDF_FRACTION, CDF_LANE, CDF_LANE_SQUARED, CDF_ONE, CDF_SPAN} from "./Cdf.sol";

/// @title The hot loop
/// @notice One option under all shocks of one state of volatility. With w fixed, d1 = (ln(F / K) + ln f) / w + w / 2 for a price
/// factor f, d2 = d1 - w, and the option is worth f A cdf(d1) + B cdf(d2) with A = size * D F and B = -size * D K. Every scenario
/// has a word of two signed lanes, 128 bits each, to which the loop adds A cdf(d1) above and B cdf(d2) below. The factor is taken in
/// once per scenario, when all options of the underlying have been added.
/// @dev Lanes: amounts of 1e-12 USD times cdf's 2^36. The caller keeps |A| and |B| of a leg below 2^84, so that 64 legs stay below
/// 2^127; as integers, A 2^128 + B adds up whatever the signs, and the lower lane is read back by its sign.
library Row {
    /// @param table Memory address of the table of cdf.
    /// @param pair Memory address of the first pair of words: ln f with 18 decimals, then the scenario's lanes.
    /// @param end Memory address after the last pair.
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
        assembly ("memory-safe") {
            function inside(words, x) -> p {
                let t := and(x, CDF_FRACTION)
                let word := mload(add(words, and(shr(19, x), not(31))))
                let secant := sar(183, mul(word, add(mul(t, add(t, CDF_LANE)), CDF_LANE_SQUARED)))
                p := add(and(word, CDF_CONSTANT), sar(66, mul(t, secant)))
            }
            function anywhere(words, x) -> p {
                if sgt(x, sub(0, 1)) {
                    p := CDF_ONE
                    if slt(x, CDF_SPAN) {
                        p := inside(words, x)
                    }
                }
            }

            for {} lt(pair, end) {
                pair := add(pair, 0x40)
            } {
                let x := add(centre, sar(96, mul(mload(pair), slope)))
                let y := sub(x, width)
                let lane := add(pair, 0x20)
                // As y <= x, both are inside the table if neither y nor span - 1 - x is negative.
                switch slt(or(y, sub(sub(CDF_SPAN, 1), x)), 0)
                case 0 {
                    mstore(lane, add(mload(lane), add(mul(inside(table, x), upper), mul(inside(table, y), lower))))
                }
                default {
                    // Below the table nothing is added.
                    if sgt(x, sub(0, 1)) {
                        mstore(
                            lane,
                            add(mload(lane), add(mul(anywhere(table, x), upper), mul(anywhere(table, y), lower)))
                        )
                    }
                }
            }
        }
    }
}
