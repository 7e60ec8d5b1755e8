// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {cutE18, mulDivDown, mulDivUp, mulUp} from "../libraries/math/FixedPoint.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {PositionWord, legAt} from "../types/PositionWord.sol";
import {UnderlyingParams} from "../types/Risk.sol";
import {ExpiryMarket, LegTerms, UnderlyingRisk} from "../types/Valuation.sol";

/// @title Charges beside the grid
/// @notice What a grid of parallel moves cannot see: basis between expiries, wings of short options, size against the market.
/// All rounded up. Deltas are magnitudes in units of the underlying, 18 decimals; values USD, 18 decimals.
library AddOns {
    uint256 private constant ONE_E18 = 1e18;
    uint256 private constant ONE_E36 = 1e36;
    uint256 private constant ONE_E54 = 1e54;
    uint256 private constant NO_STRIKE = type(uint256).max;

    /// @notice Basis of one expiry: |delta| * S * max(least, per year * T).
    /// @custom:rounding ceil
    function roll(
        UnderlyingParams memory params,
        uint256 deltaE18,
        uint256 spotE18,
        uint256 yearsE18
    ) internal pure returns (uint256) {
        uint256 rateE18 = mulUp(params.rollYearE18, yearsE18);
        if (rateE18 < params.rollMinE18) rateE18 = params.rollMinE18;
        return mulDivUp(deltaE18 * spotE18, rateE18, ONE_E36);
    }

    /// @notice Net delta times one price move: the delta model. |net| * S * range.
    /// @custom:rounding ceil
    function deltaMove(UnderlyingRisk memory part) internal pure returns (uint256) {
        uint256 netE18 = uint256(part.deltaE18 < 0 ? -part.deltaE18 : part.deltaE18);
        return mulDivUp(netE18 * part.market.params.rangeE18, part.market.spotE18, ONE_E36);
    }

    /// @notice (f_net * |net| + f_hedged * (gross - |net|) / 2) * S.
    /// @param grossE18 Sum of the legs' absolute deltas, at least the net.
    /// @custom:rounding ceil
    function hedgedDelta(
        UnderlyingParams memory params,
        uint256 netE18,
        uint256 grossE18,
        uint256 spotE18
    ) internal pure returns (uint256) {
        uint256 twiceE36 = 2 * netE18 * params.floorNetE18 + (grossE18 - netE18) * params.floorHedgedE18;
        return mulDivUp(twiceE36, spotE18, 2 * ONE_E36);
    }

    /// @notice f_short * S * units of short options, strike by strike.
    /// @custom:rounding ceil
    function shortOptions(
        UnderlyingParams memory params,
        uint256 shortE18,
        uint256 spotE18
    ) internal pure returns (uint256) {
        return mulDivUp(shortE18 * params.floorShortE18, spotE18, ONE_E36);
    }

    /// @notice Cost of trading the net delta out: spread / 2 * X + Y * sigma * X * sqrt(X / ADV), X = |net| * S.
    /// @custom:rounding ceil
    function concentration(
        UnderlyingParams memory params,
        uint256 netE18,
        uint256 spotE18
    ) internal pure returns (uint256) {
        uint256 valueE18 = mulUp(netE18, spotE18);
        uint256 shareE18 = mulDivUp(valueE18, ONE_E18, params.advE18);
        uint256 rootE18 = Transcendental.sqrtE18(shareE18);
        if (rootE18 * rootE18 < shareE18 * ONE_E18) ++rootE18;
        uint256 impactE36 = uint256(params.impactE18) * params.sigmaDayE18;
        return mulDivUp(valueE18, params.spreadE18, 2 * ONE_E18) + mulDivUp(valueE18 * rootE18, impactE36, ONE_E54);
    }

    /// @notice Rise of the initial requirement while open interest is crowded: scale * max(0, X - own requirement), with X the
    /// value of the traded net delta and scale rising from 0 to 1 between the two bounds of open interest.
    /// @param openInterestE18 Units long over all instruments of the underlying.
    /// @param ownInitialE18 Initial requirement of the underlying by itself.
    /// @custom:rounding ceil
    function crowding(
        UnderlyingRisk memory part,
        uint256 openInterestE18,
        uint256 ownInitialE18
    ) internal pure returns (uint256) {
        uint256 valueE18 = mulUp(part.tradedDeltaE18, part.market.spotE18);
        if (valueE18 <= ownInitialE18) return 0;
        (uint256 aboveE18, uint256 spanE18) = _crowd(part, openInterestE18);
        return mulDivUp(valueE18 - ownInitialE18, aboveE18, spanE18);
    }

    /// @notice Profit of the linear legs that does not count for opening and withdrawing: all but profit * (1 - share) *
    /// (1 - scale), with share the larger side of the account's linear units over the market's open interest, at most one, and
    /// scale that of crowding. A profit that nobody else could pay for, or that the market is too small for, is no money yet.
    /// @custom:rounding ceil
    function withheld(UnderlyingRisk memory part, uint256 openInterestE18) internal pure returns (uint256) {
        if (part.exposure.profitE18 <= 0) return 0;
        uint256 profitE18 = uint256(part.exposure.profitE18);
        uint256 unitsE18 = _largerSide(part.exposure.terms);
        if (unitsE18 >= openInterestE18 && unitsE18 != 0) return profitE18;
        (uint256 aboveE18, uint256 spanE18) = _crowd(part, openInterestE18);
        uint256 creditedE18 = mulDivDown(profitE18, spanE18 - aboveE18, spanE18);
        if (unitsE18 != 0) creditedE18 = mulDivDown(creditedE18, openInterestE18 - unitsE18, openInterestE18);
        return profitE18 - creditedE18;
    }

    /// @dev How far the value of open interest stands above its lower bound, at most up to the upper, and how far that is.
    function _crowd(
        UnderlyingRisk memory part,
        uint256 openInterestE18
    ) private pure returns (uint256 aboveE18, uint256 spanE18) {
        UnderlyingParams memory params = part.market.params;
        uint256 openE18 = mulUp(openInterestE18, part.market.spotE18);
        spanE18 = params.oiUpperE18 - params.oiLowerE18;
        if (openE18 > params.oiLowerE18) aboveE18 = openE18 - params.oiLowerE18;
        if (aboveE18 > spanE18) aboveE18 = spanE18;
    }

    /// @dev Linear units long or short, whichever are more.
    function _largerSide(LegTerms[] memory terms) private pure returns (uint256) {
        int256 longE18;
        int256 shortE18;
        unchecked {
            // A size has 128 bits, and a book 64 legs.
            for (uint256 i = 0; i < terms.length; ++i) {
                if (!terms[i].leg.isLinearLeg()) continue;
                int256 sizeE18 = terms[i].leg.sizeE18();
                if (sizeE18 > 0) longE18 += sizeE18;
                else shortE18 -= sizeE18;
            }
        }
        return uint256(longE18 > shortE18 ? longE18 : shortE18);
    }

    /// @notice Most that the legs of one expiry can lose under the grid by their terms alone.
    /// @dev A model value under a scenario is D times the mean of the options' payoffs plus the mean price for linear legs. With
    /// G(x) = linear * x + D * options(x), straight between strikes, and s its slope beyond the last strike, G(x) is nowhere below
    /// min(G(0), G(strikes)) + min(s, 0) * x. The mean price is at most the grid's greatest factor times the forward. Hence the
    /// value is never below min(G(0), G(strikes)) + min(s, 0) * factor * F: a true bound for every book, the greatest loss at
    /// expiry where that is bounded, and continuous in sizes.
    /// @param legs Legs `[from, to)` are of the expiry: linear, then calls, then puts, each by strike.
    /// @param valueE36 Value of the legs now, funding aside; USD, 36 decimals.
    /// @param farFactorE18 Greatest price factor of the grid.
    /// @custom:rounding ceil
    function worstLoss(
        ExpiryMarket memory expiry,
        PositionWord[] memory legs,
        uint256 from,
        uint256 to,
        int256 valueE36,
        uint256 farFactorE18
    ) internal pure returns (uint256) {
        Payoff memory payoff = Payoff(legs, from, to, to, 0, 0, 0, int256(expiry.discountE18));
        unchecked {
            // A size has 128 bits and a strike is below 2^98, so that sums over a book's legs stay below 2^240.
            for (; from < to && legAt(legs, from).isLinearLeg(); ++from) {
                payoff.linearE18 += legAt(legs, from).sizeE18();
            }
            payoff.call = from;
            for (; to > from && !legAt(legs, to - 1).isCall(); --to) {
                PositionWord leg = legAt(legs, to - 1);
                payoff.slopeE18 -= leg.sizeE18();
                payoff.optionsE36 += leg.sizeE18() * int256(leg.strikeE18());
            }
            payoff.put = to;
        }
        int256 leastE36 = _least(payoff, int256(mulUp(expiry.priceE18, farFactorE18)));
        return valueE36 > leastE36 ? mulDivUp(uint256(valueE36 - leastE36), 1, ONE_E18) : 0;
    }

    /// @dev Payoff of an expiry at a price of 0.
    struct Payoff {
        PositionWord[] legs;
        uint256 call; // first call
        uint256 put; // first put
        uint256 end; // place after the last put
        int256 linearE18; // units of linear legs
        int256 optionsE36; // undiscounted payoff of the options
        int256 slopeE18; // its slope from there on
        int256 discount; // 18 decimals
    }

    /// @dev Walks the strikes from 0 upwards. Calls and puts are two ascending lists; each strike turns the slope up by the size
    /// that stands on it.
    function _least(Payoff memory payoff, int256 farE18) private pure returns (int256 leastE36) {
        (uint256 call, uint256 put) = (payoff.call, payoff.put);
        uint256 callE18 = _strikeE18(payoff.legs, call, put);
        uint256 putE18 = _strikeE18(payoff.legs, put, payoff.end);
        (int256 optionsE36, int256 slopeE18, uint256 lastE18) = (payoff.optionsE36, payoff.slopeE18, 0);
        leastE36 = cutE18(optionsE36 * payoff.discount);
        while (callE18 & putE18 != NO_STRIKE) {
            bool isCall = callE18 < putE18;
            uint256 strikeE18 = isCall ? callE18 : putE18;
            int256 hereE36;
            unchecked {
                // As above; one place is taken from the list that the strike is in.
                optionsE36 += slopeE18 * int256(strikeE18 - lastE18);
                lastE18 = strikeE18;
                hereE36 = payoff.linearE18 * int256(strikeE18);
                if (isCall) {
                    slopeE18 += legAt(payoff.legs, call).sizeE18();
                    callE18 = _strikeE18(payoff.legs, ++call, payoff.put);
                } else {
                    slopeE18 += legAt(payoff.legs, put).sizeE18();
                    putE18 = _strikeE18(payoff.legs, ++put, payoff.end);
                }
            }
            hereE36 += cutE18(optionsE36 * payoff.discount);
            if (hereE36 < leastE36) leastE36 = hereE36;
        }
        int256 lastSlopeE36 = payoff.linearE18 * int256(ONE_E18) + payoff.discount * slopeE18;
        if (lastSlopeE36 < 0) leastE36 += cutE18(lastSlopeE36 * farE18);
    }

    /// @dev Strike of a leg, or NO_STRIKE, which is above every strike, after the last.
    function _strikeE18(PositionWord[] memory legs, uint256 place, uint256 end) private pure returns (uint256) {
        return place == end ? NO_STRIKE : legAt(legs, place).strikeE18();
    }
}
