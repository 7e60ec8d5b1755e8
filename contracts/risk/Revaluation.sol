// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {putFigure, wordAt} from "../libraries/Lists.sol";
import {cutE18, mulDivUp, mulDown, weightedCeil} from "../libraries/math/FixedPoint.sol";
import {PositionWord, legAt} from "../types/PositionWord.sol";
import {ExpiryMarket, Exposure, LegTerms, Phase, Shocks, UnderlyingMarket} from "../types/Valuation.sol";
import {AddOns} from "./AddOns.sol";
import {BookIndex} from "./BookIndex.sol";
import {Grid} from "./Grid.sol";
import {Options} from "./kernel/Options.sol";
import {MarketReader} from "./MarketReader.sol";

/// @title Value of a book's legs now and under every scenario
/// @notice The only place that prices. First `open` values every leg now; then, where that is not enough, `pnl` reprices them. Under
/// a price factor f the legs of an underlying gain lanes(f) + linear * f + base: the lanes hold the live options as calls, `linear`
/// all that moves with the price, the forwards that puts are short included, and `base` the rest less the value now. Sums keep the
/// exact products of size and price (36 decimals), so that the order of legs changes nothing.
/// @dev A size has 128 bits and a price is below 2^104 (RiskEngine sees to it), so that a product stays below 2^231 and 64 of them
/// below 2^237; options are bounded far below by Options.MAX_LANE.
library Revaluation {
    uint256 private constant ONE_E18 = 1e18;

    /// @dev What one pass over the legs of an underlying works with.
    struct Pass {
        MarketReader.Sources sources;
        UnderlyingMarket market;
        PositionWord[] legs;
        uint256 table;
        Exposure exposure;
        uint256 count; // terms so far
        int256 deltaE36; // of the legs of the expiry
        int256 valueE36; // the same, at the price now, funding aside
    }

    /// @notice Values the legs [from, to), all of the market's underlying.
    /// @param table Memory address of the table of cdf.
    function open(
        MarketReader.Sources memory sources,
        UnderlyingMarket memory market,
        PositionWord[] memory legs,
        uint256 from,
        uint256 to,
        uint256 table
    ) internal view returns (Exposure memory exposure) {
        LegTerms[] memory terms = _room(to - from);
        exposure.terms = terms;
        Pass memory pass = Pass(sources, market, legs, table, exposure, 0, 0, 0);
        while (from < to) {
            uint40 expiry = legAt(legs, from).expiryOf();
            uint256 next = BookIndex.endOfExpiry(legs, from, to, expiry);
            _openExpiry(pass, expiry, from, next);
            from = next;
        }
        uint256 count = pass.count;
        assembly ("memory-safe") {
            // Shortens the list to the terms that were put in.
            mstore(terms, count)
        }
    }

    /// @notice Change of the legs' value under every shock, 36 decimals, not weighted, in the order of the shocks.
    function pnl(
        uint256 table,
        Exposure memory exposure,
        Shocks memory shocks
    ) internal pure returns (int256[] memory pnlE36) {
        LegTerms[] memory terms = exposure.terms;
        uint256 count = terms.length;
        for (uint256 i = 0; i < count; ++i) {
            LegTerms memory leg = terms[i];
            // Without lanes a leg is not a live option, or too small to move them.
            if (leg.forwardLane | leg.strikeLane != 0) Options.reprice(table, shocks, leg);
        }
        pnlE36 = _read(shocks, exposure.linearE36, exposure.baseE36);
        if (!exposure.hasExpired) return pnlE36;
        for (uint256 i = 0; i < terms.length; ++i) {
            if (terms[i].expiry.phase == Phase.EXPIRED) _addPayoffs(terms[i], shocks, pnlE36);
        }
    }

    /// @notice Sum of each leg's own greatest weighted loss, if it is a loss: the isolated model.
    function isolated(
        uint256 table,
        Exposure memory exposure,
        uint256[] memory grid
    ) internal pure returns (uint256 sumE18) {
        for (uint256 i = 0; i < exposure.terms.length; ++i) {
            LegTerms memory terms = exposure.terms[i];
            Shocks memory own = Grid.all(grid);
            bool live = terms.expiry.phase == Phase.LIVE;
            if (live && !terms.leg.isLinearLeg()) Options.reprice(table, own, terms);
            int256[] memory pnlE36 = _read(own, terms.linearE36, terms.baseE36);
            if (!live) _addPayoffs(terms, own, pnlE36);
            sumE18 += _greatestLoss(own, pnlE36);
        }
    }

    // --- now

    /// @notice Value and delta of one unit of a leg that has not settled, funding aside; fills in the leg's terms.
    /// @param table Memory address of the table of cdf.
    /// @param terms Leg and expiry stand.
    /// @return markE18 USD, 18 decimals, rounded down.
    /// @return deltaE18 18 decimals, rounded down.
    function unitOf(uint256 table, LegTerms memory terms) internal pure returns (uint256 markE18, int256 deltaE18) {
        if (terms.leg.isLinearLeg()) return _linear(terms);
        if (terms.expiry.phase == Phase.LIVE) return Options.open(table, terms);
        return _expired(terms);
    }

    function _openExpiry(Pass memory pass, uint40 time, uint256 from, uint256 to) private view {
        ExpiryMarket memory expiry =
            time == 0
                ? MarketReader.perpetual(pass.sources, pass.market)
                : MarketReader.dated(pass.sources, pass.market, time);
        // Linear legs come first: an expiry has some if its first leg is one, and options if its last is.
        if (legAt(pass.legs, from).isLinearLeg()) pass.exposure.hasLinear = true;
        if (expiry.phase == Phase.SETTLED) return _addSettled(pass, expiry, from, to);
        if (!legAt(pass.legs, to - 1).isLinearLeg()) {
            if (expiry.phase == Phase.LIVE) MarketReader.prepareOptions(expiry, pass.market.params);
            else pass.exposure.hasExpired = true;
        }
        (pass.deltaE36, pass.valueE36) = (0, 0);
        for (uint256 i = from; i < to; ++i) {
            _openLeg(pass, expiry, legAt(pass.legs, i));
        }
        pass.exposure.deltaE36 += pass.deltaE36;
        pass.exposure.worstE18 += AddOns.worstLoss(
            expiry,
            pass.legs,
            from,
            to,
            pass.valueE36,
            pass.market.farFactorE18
        );
        uint256 deltaE18 = mulDivUp(_abs(pass.deltaE36), 1, ONE_E18);
        pass.exposure.rollE18 += AddOns.roll(pass.market.params, deltaE18, pass.market.spotE18, expiry.yearsE18);
    }

    /// @dev Value and delta of one leg, and its terms.
    function _openLeg(Pass memory pass, ExpiryMarket memory expiry, PositionWord leg) private pure {
        Exposure memory exposure = pass.exposure;
        int256 size = leg.sizeE18();
        LegTerms memory terms = exposure.terms[pass.count];
        (terms.leg, terms.expiry) = (leg, expiry);
        (uint256 markE18, int256 unitDeltaE18) = unitOf(pass.table, terms);
        // Only a perpetual has funding; it takes nothing from what a move of the price does.
        int256 paidE18 = expiry.expiry == 0 ? pass.market.fundingE18 : int256(0);
        unchecked {
            ++pass.count;
            // Sizes of 128 bits, prices and funding below 2^112, deltas at most 2^61.
            int256 valueE18 = cutE18(size * (int256(markE18) - paidE18));
            exposure.valueE18 += valueE18;
            if (leg.isLinearLeg()) exposure.profitE18 += valueE18;
            int256 deltaE36 = size * unitDeltaE18;
            pass.deltaE36 += deltaE36;
            pass.valueE36 += size * int256(markE18);
            exposure.grossDeltaE36 += _abs(deltaE36);
            if (size < 0 && !leg.isLinearLeg()) exposure.shortE18 += uint256(-size);
            exposure.linearE36 += terms.linearE36;
            exposure.baseE36 += terms.baseE36;
        }
    }

    function _linear(LegTerms memory terms) private pure returns (uint256 markE18, int256 unitDeltaE18) {
        markE18 = terms.expiry.priceE18;
        unitDeltaE18 = 1e18;
        unchecked {
            // A size of 128 bits, a price below 2^104.
            int256 linearE36 = terms.leg.sizeE18() * int256(markE18);
            (terms.linearE36, terms.baseE36) = (linearE36, -linearE36);
        }
        (terms.forwardLane, terms.strikeLane) = (0, 0);
    }

    /// @dev An option past its time is worth what it would pay at the index.
    function _expired(LegTerms memory terms) private pure returns (uint256 markE18, int256 unitDeltaE18) {
        markE18 = _payoff(terms.leg, terms.expiry.priceE18);
        (terms.linearE36, terms.baseE36) = (0, -terms.leg.sizeE18() * int256(markE18));
        (terms.forwardLane, terms.strikeLane) = (0, 0);
        if (markE18 != 0) unitDeltaE18 = terms.leg.isCall() ? int256(1e18) : -1e18;
    }

    /// @dev A settled leg is a sum of money: no scenario moves it.
    function _addSettled(Pass memory pass, ExpiryMarket memory expiry, uint256 from, uint256 to) private pure {
        for (uint256 i = from; i < to; ++i) {
            PositionWord leg = pass.legs[i];
            bool isLinear = leg.isLinearLeg();
            uint256 payoffE18 = isLinear ? expiry.priceE18 : _payoff(leg, expiry.priceE18);
            int256 valueE18 = cutE18(leg.sizeE18() * int256(payoffE18));
            pass.exposure.valueE18 += valueE18;
            if (isLinear) pass.exposure.profitE18 += valueE18;
        }
    }

    // --- under the shocks

    /// @dev lanes(f) + linear * f + base per shock. Lanes are 2^-36 of 1e-12 USD.
    /// @custom:rounding floor, once for the lanes and once for the linear part
    function _read(
        Shocks memory shocks,
        int256 linearE36,
        int256 baseE36
    ) private pure returns (int256[] memory pnlE36) {
        uint256 count = shocks.words.length;
        pnlE36 = new int256[](count);
        for (uint256 i = 0; i < count; ++i) {
            int256 factorE18 = int256(Grid.factorE18(wordAt(shocks.words, i)));
            (int256 upper, int256 lower) = _lanesAt(shocks.up, i);
            unchecked {
                // Lanes below 2^127, factors at most 2^70: the product times 10^6 stays below 2^218. Linear values stay below 2^180
                // for every book that MAX_LANE and the caps on open interest allow; RiskEngine bounds them at 2^184.
                int256 optionsE36 = ((upper * factorE18 + lower * 1e18) * 1e6) >> 36;
                putFigure(pnlE36, i, optionsE36 + cutE18(linearE36 * factorE18) + baseE36);
            }
        }
    }

    /// @dev The two lanes of a pair: what the factor is still to be taken into, and what it is not.
    function _lanesAt(uint256 pairs, uint256 place) private pure returns (int256 upper, int256 lower) {
        assembly ("memory-safe") {
            let word := mload(add(add(pairs, 0x20), shl(6, place)))
            lower := signextend(15, word)
            upper := sar(128, sub(word, lower))
        }
    }

    /// @dev Adds what an expired option pays under each shock; its base takes off what it pays now.
    function _addPayoffs(LegTerms memory terms, Shocks memory shocks, int256[] memory pnlE36) private pure {
        if (terms.leg.isLinearLeg()) return;
        for (uint256 i = 0; i < pnlE36.length; ++i) {
            uint256 priceE18 = mulDown(terms.expiry.priceE18, Grid.factorE18(shocks.words[i]));
            pnlE36[i] += terms.leg.sizeE18() * int256(_payoff(terms.leg, priceE18));
        }
    }

    function _greatestLoss(Shocks memory shocks, int256[] memory pnlE36) private pure returns (uint256 greatestE18) {
        for (uint256 i = 0; i < pnlE36.length; ++i) {
            int256 lossE18 = weightedLoss(pnlE36[i], Grid.weightE18(shocks.words[i]));
            if (lossE18 > int256(greatestE18)) greatestE18 = uint256(lossE18);
        }
    }

    /// @notice Loss of a scenario, positive = loss.
    /// @custom:rounding ceil
    function weightedLoss(int256 pnlE36, uint256 weightE18) internal pure returns (int256) {
        unchecked {
            // Not the least number: a sum of products below 2^240.
            return weightedCeil(-pnlE36, weightE18);
        }
    }

    // --- inner

    /// @dev What an option pays at a price.
    function _payoff(PositionWord leg, uint256 priceE18) private pure returns (uint256) {
        (uint256 plus, uint256 minus) = leg.isCall() ? (priceE18, leg.strikeE18()) : (leg.strikeE18(), priceE18);
        return plus > minus ? plus - minus : 0;
    }

    /// @dev Room for the terms of so many legs, which are to be filled in: new ones would be set to zero first.
    function _room(uint256 length) private pure returns (LegTerms[] memory list) {
        assembly ("memory-safe") {
            list := mload(0x40)
            mstore(list, length)
            let at := add(list, 0x20)
            let terms := add(at, shl(5, length))
            for {
                let end := terms
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                mstore(at, terms)
                // The eight words of LegTerms.
                terms := add(terms, 0x100)
            }
            mstore(0x40, terms)
        }
    }

    function _abs(int256 x) private pure returns (uint256) {
        unchecked {
            // Sums of products below 2^240.
            return uint256(x < 0 ? -x : x);
        }
    }
}
