// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskEngine} from "../../interfaces/IRiskEngine.sol";
import {cellsOf, cutE24, cutE36, reciprocalCells} from "../../libraries/math/FixedPoint.sol";
import {Logarithm} from "../../libraries/math/Logarithm.sol";
import {Svi} from "../../libraries/Svi.sol";
import {PositionWord} from "../../types/PositionWord.sol";
import {ExpiryMarket, LegTerms, Shocks} from "../../types/Valuation.sol";
import {CDF_EDGE, CDF_ONE, Cdf} from "./Cdf.sol";
import {Row} from "./Row.sol";

/// @title European options on a forward, fast
/// @notice Black 1976 with the tabulated normal distribution: call = D (F cdf(d1) - K cdf(d2)), put by parity,
/// d1 = ln(F / K) / w + w / 2, d2 = d1 - w. Black76 is the plain reading of the same formula.
/// @dev Error of a price against the formula: at most 2e-9 of the forward for |ln(F / K)| <= 3 and w from 1e-4 to 6, swept by a
/// test. F e(d1) and K e(d2) with e = 2.0e-10 at most make up most of it near the money; K is up to 20 F where |d2| > 2.4, and there
/// e is below 7e-11. The rest: w in cells is off by at most 2^-30, which moves the price by vega, .4 F 2^-30 = 3.7e-10 F; ln(F / K)
/// is off by 1e-12, which moves it in second order only, because F pdf(d1) = K pdf(d2). Beyond the table's ends the price is
/// intrinsic value, F or K. Scenario values are not held at zero; their error may take them that far below.
library Options {
    /// @notice Least and greatest w: below, the option is worth its intrinsic value; above, F or K.
    uint256 internal constant MIN_W_E18 = 1e9;
    uint256 internal constant MAX_W_E18 = 24e18;

    /// @notice Greatest size * price of one leg: 1.9e13 USD in units of 1e-12, so that lanes cannot overflow.
    int256 internal constant MAX_LANE = 1 << 84;

    /// @notice Values one option of a live expiry and collects what its repricing needs.
    /// @param table Memory address of the table of cdf.
    /// @param terms Leg and expiry stand; the rest is filled in for `reprice`, and the expiry's guesses become the option's.
    /// @return markE18 Discounted value of one unit, USD, 18 decimals, rounded down; at least intrinsic value.
    /// @return deltaE18 Change of it per unit of forward, 18 decimals, rounded down.
    function open(uint256 table, LegTerms memory terms) internal pure returns (uint256 markE18, int256 deltaE18) {
        ExpiryMarket memory expiry = terms.expiry;
        uint256 strikeE18 = terms.leg.strikeE18();
        int256 lnMoneynessE18;
        uint256 wE18;
        unchecked {
            // Logarithms are below 2^67.
            (lnMoneynessE18, expiry.strikeBits) = Logarithm.lnNear(strikeE18, expiry.strikeBits);
            lnMoneynessE18 = expiry.lnPriceE18 - lnMoneynessE18;
            wE18 = Svi.totalVol(expiry, -lnMoneynessE18);
        }
        (terms.lnMoneynessE18, terms.wE18) = (lnMoneynessE18, wE18);
        (uint256 p, uint256 q) = _probabilities(table, lnMoneynessE18, wE18);
        (markE18, deltaE18) = _value(expiry, strikeE18, terms.leg.isCall(), p, q);
        _lanes(terms, expiry, strikeE18, markE18);
    }

    /// @dev cdf(d1) and cdf(d2).
    function _probabilities(
        uint256 table,
        int256 lnMoneynessE18,
        uint256 wE18
    ) private pure returns (uint256 p, uint256 q) {
        (int256 x, , uint256 width) = _shape(lnMoneynessE18, wE18);
        p = Cdf.probability(table, x);
        unchecked {
            // A centre is below 2^164.
            q = Cdf.probability(table, x - int256(width));
        }
    }

    /// @dev Discounted value and delta of one unit.
    function _value(
        ExpiryMarket memory expiry,
        uint256 strikeE18,
        bool call,
        uint256 p,
        uint256 q
    ) private pure returns (uint256 markE18, int256 deltaE18) {
        markE18 = _call(expiry.priceE18, strikeE18, p, q);
        deltaE18 = int256(p);
        unchecked {
            // A probability times a discount factor of 64 bits stays below 2^101, values below 2^104 times it below 2^168.
            if (!call) {
                // A call is worth at least forward - strike, so the put is never negative.
                markE18 = markE18 + strikeE18 - expiry.priceE18;
                deltaE18 -= int256(CDF_ONE);
            }
            deltaE18 = (deltaE18 * int256(expiry.discountE18)) >> 36;
            markE18 = cutE36(markE18 * expiry.discountE18);
        }
    }

    /// @notice Adds the option to the lanes of all scenarios.
    function reprice(uint256 table, Shocks memory shocks, LegTerms memory terms) internal pure {
        ExpiryMarket memory expiry = terms.expiry;
        uint256 wE18 = terms.wE18;
        (uint256 from, uint256 to) = (shocks.up, shocks.down);
        if (from != to) _row(table, from, to, terms, shocked(wE18, expiry.volUpE18, expiry.floorUpE18));
        (from, to) = (to, shocks.flat);
        if (from != to) _row(table, from, to, terms, shocked(wE18, expiry.volDownE18, expiry.floorDownE18));
        (from, to) = (to, shocks.end);
        if (from != to) _row(table, from, to, terms, wE18);
    }

    /// @notice w in a state of volatility.
    /// @param factorE18 Factor on implied volatility, 18 decimals, below 2^128.
    /// @param floorE18 Least w in the state, 18 decimals.
    /// @custom:rounding floor
    function shocked(uint256 wE18, uint256 factorE18, uint256 floorE18) internal pure returns (uint256 shockedE18) {
        unchecked {
            // w is below 2^100.
            shockedE18 = cutE36(wE18 * factorE18);
        }
        if (shockedE18 < floorE18) shockedE18 = floorE18;
    }

    function _row(uint256 table, uint256 from, uint256 end, LegTerms memory terms, uint256 wE18) private pure {
        (int256 centre, uint256 slope, uint256 width) = _shape(terms.lnMoneynessE18, wE18);
        Row.add(table, from, end, centre, slope, width, uint256(terms.forwardLane) << 128, terms.strikeLane);
    }

    /// @dev Argument of cdf for d1, cells per unit of a logarithm of 18 decimals (96 more fractional bits), and w in cells.
    function _shape(
        int256 lnMoneynessE18,
        uint256 wE18
    ) private pure returns (int256 centre, uint256 slope, uint256 width) {
        if (wE18 < MIN_W_E18) wE18 = MIN_W_E18;
        if (wE18 > MAX_W_E18) wE18 = MAX_W_E18;
        unchecked {
            // A logarithm below 2^67 times a slope below 2^96 stays below 2^163.
            slope = reciprocalCells(wE18);
            width = cellsOf(wE18);
            centre = CDF_EDGE + int256(width >> 1) + ((lnMoneynessE18 * int256(slope)) >> 96);
        }
    }

    /// @dev Undiscounted call between intrinsic value and forward.
    function _call(
        uint256 forwardE18,
        uint256 strikeE18,
        uint256 p,
        uint256 q
    ) private pure returns (uint256 valueE18) {
        unchecked {
            // Forward and strike are below 2^104, a probability is at most 2^36.
            (uint256 gain, uint256 cost) = (forwardE18 * p, strikeE18 * q);
            if (gain > cost) valueE18 = (gain - cost) >> 36;
            if (forwardE18 > strikeE18 && forwardE18 - strikeE18 > valueE18) valueE18 = forwardE18 - strikeE18;
        }
    }

    /// @dev A put is a call, less the discounted forward, more the discounted strike.
    function _lanes(
        LegTerms memory terms,
        ExpiryMarket memory expiry,
        uint256 strikeE18,
        uint256 markE18
    ) private pure {
        PositionWord leg = terms.leg;
        int256 size = leg.sizeE18();
        unchecked {
            // A size of 128 bits times a price below 2^104 stays below 2^231.
            int256 forwardE36 = size * int256(expiry.discountedE18);
            int256 strikeE36 = size * int256(cutE36(strikeE18 * expiry.discountE18));
            (int256 linearE36, int256 baseE36) = (0, -size * int256(markE18));
            (int256 forwardLane, int256 strikeLane) = (cutE24(forwardE36), -cutE24(strikeE36));
            if (_tooGreat(forwardLane) || _tooGreat(strikeLane)) {
                revert IRiskEngine.RiskEngine_LegTooGreat(leg.instrument(), size);
            }
            (terms.forwardLane, terms.strikeLane) = (forwardLane, strikeLane);
            if (!leg.isCall()) {
                baseE36 += strikeE36;
                linearE36 = -forwardE36;
            }
            (terms.linearE36, terms.baseE36) = (linearE36, baseE36);
        }
    }

    /// @dev Not between -MAX_LANE and MAX_LANE, the two left out.
    function _tooGreat(int256 lane) private pure returns (bool) {
        unchecked {
            return uint256(lane + (MAX_LANE - 1)) > uint256(2 * (MAX_LANE - 1));
        }
    }
}
