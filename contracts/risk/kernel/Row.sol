// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Cdf} from "./Cdf.sol";

/// @title The hot loop
/// @notice One option under all shocks of one state of volatility. With w fixed, d1 = (ln(F / K) + ln f) / w + w / 2 for a price
/// factor f, d2 = d1 - w, and the option is worth f A cdf(d1) + B cdf(d2) with A = size * D F and B = -size * D K. Every scenario
/// has a word of two signed lanes, 128 bits each, to which the loop adds A cdf(d1) above and B cdf(d2) below. The factor is taken in
/// once per scenario, when all options of the underlying have been added.
/// @dev Lanes: amounts of 1e-12 USD times cdf's 2^36. The caller keeps |A| and |B| of a leg below 2^84, so that 64 legs stay below
/// 2^127; as integers, A 2^128 + B adds up whatever the signs, and the lower lane is read back by its sign.
library Row {
    /// @param table Memory address of the table of cdf.
    /// @param shock Memory address of the first ln f, 18 decimals, one word each.
    /// @param count Number of shocks.
    /// @param toLane Distance from a shock to its scenario's lanes, bytes.
    /// @param centre Argument of cdf for d1 at f = 1, in cells.
    /// @param slope Cells per unit of ln f: 2^125 / w, w with 18 decimals.
    /// @param width w in cells.
    /// @param upper A 2^128.
    /// @param lower B.
    function add(
        uint256 table,
        uint256 shock,
        uint256 count,
        uint256 toLane,
        int256 centre,
        uint256 slope,
        uint256 width,
        uint256 upper,
        int256 lower
    ) internal pure {
        uint256 span = uint256(Cdf.SPAN);
        uint256 one = Cdf.ONE;
        assembly ("memory-safe") {
            function cdf(words, x) -> p {
                let t := and(x, 0xffffff)
                let word := mload(add(words, and(shr(19, x), not(31))))
                p := add(
                    and(word, 0x1fffffffff),
                    sar(66, mul(t, sar(183, mul(word, add(mul(t, add(t, shl(73, 1))), shl(146, 1))))))
                )
            }

            for {
                let end := add(shock, shl(5, count))
            } lt(shock, end) {
                shock := add(shock, 0x20)
            } {
                let x := add(centre, sar(96, mul(mload(shock), slope)))
                let y := sub(x, width)
                let lane := add(shock, toLane)
                // Both inside the table, as y <= x: neither y nor span - 1 - x is negative.
                switch slt(or(y, sub(sub(span, 1), x)), 0)
                case 0 {
                    mstore(lane, add(mload(lane), add(mul(cdf(table, x), upper), mul(cdf(table, y), lower))))
                }
                default {
                    // Below the table nothing is added.
                    if sgt(x, sub(0, 1)) {
                        let p := one
                        if slt(x, span) {
                            p := cdf(table, x)
                        }
                        let q := 0
                        if sgt(y, sub(0, 1)) {
                            q := one
                            if slt(y, span) {
                                q := cdf(table, y)
                            }
                        }
                        mstore(lane, add(mload(lane), add(mul(p, upper), mul(q, lower))))
                    }
                }
            }
        }
    }
}
