// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {cutE18, mulDivDown, mulDown} from "../libraries/math/FixedPoint.sol";
import {Normal} from "../libraries/math/Normal.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {Svi} from "../libraries/Svi.sol";
import {ExpiryGreeks, LegGreeks, Sensitivities, UnderlyingGreeks} from "../types/Greeks.sol";
import {VolState} from "../types/Risk.sol";
import {ExpiryMarket, LegTerms, Phase, UnderlyingRisk} from "../types/Valuation.sol";
import {Black76} from "./Black76.sol";
import {Grid} from "./Grid.sol";
import {Options} from "./kernel/Options.sol";
import {Revaluation} from "./Revaluation.sol";

/// @title Sensitivities, and what a book loses by them
/// @notice Per unit of a live option, from the engine's w (volatility times root of time) and ln(F / K), T in years:
///     w'      = w held between Black76.MIN_W_E18 and MAX_W_E18
///     density = D pdf(d1), d1 = ln(F / K) / w' + w' / 2
///     perW    = F density                 change of the value per 1.00 of w
///     gamma   = density / (F w'),  vega = perW sqrt(T),  theta = -perW w / (730 T), 0 where no time is left
/// Price and delta are the check's own. The Greeks model takes a book's profit under a scenario by these alone, to second order in
/// price and first in volatility: with f the factor and w(s) what the grid makes of w, floors included,
///     pnl = sum over expiries of [ delta m + gamma m^2 / 2 ] + sum over legs of size perW (w(s) - w) + collateral, m = F (f - 1)
/// and its scan is the greatest loss over the regular scenarios, those of weight 1. Far from where it stands an option is not its
/// tangent, so this governs no account.
/// @custom:rounding sensitivities and profits down, the scan up
library Greeks {
    uint256 private constant ONE_E18 = 1e18;
    uint256 private constant ONE_E36 = 1e36;
    uint256 private constant DAYS_OF_TWO_YEARS = 730;
    uint256 private constant YEAR_SECONDS = 365 days;

    /// @dev One unit of a leg.
    struct Unit {
        uint256 priceE18;
        Sensitivities one;
        uint256 wE18;
        uint256 perWE18; // change of the value per 1.00 of w
    }

    /// @dev Sensitivities of an underlying and what its legs gain when volatility alone moves, 36 decimals.
    struct Sheet {
        UnderlyingGreeks greeks;
        int256 upE36;
        int256 downE36;
    }

    /// @notice Sensitivities of one underlying. Settled legs have none and are left out.
    /// @param table Memory address of the table of cdf.
    function sensitivities(UnderlyingRisk memory part, uint256 table) internal pure returns (UnderlyingGreeks memory) {
        return _sheet(part, table).greeks;
    }

    /// @notice Fills in an underlying's losses by sensitivities alone, and the scan: the greatest of them, 0 where every one is a gain.
    /// Scenarios that are not regular show no loss.
    /// @custom:rounding ceil
    function scan(UnderlyingRisk memory part, uint256 table) internal pure {
        Sheet memory sheet = _sheet(part, table);
        uint256[] memory grid = part.market.grid;
        part.lossE18 = new int256[](grid.length);
        for (uint256 i = 0; i < grid.length; ++i) {
            if (Grid.weightE18(grid[i]) != ONE_E18) continue;
            int256 lossE18 = -cutE18(_profit(part, sheet, grid[i]));
            part.lossE18[Grid.numberOf(grid[i])] = lossE18;
            if (lossE18 > int256(part.scanE18)) part.scanE18 = uint256(lossE18);
        }
    }

    /// @dev Under one scenario, 36 decimals.
    function _profit(
        UnderlyingRisk memory part,
        Sheet memory sheet,
        uint256 word
    ) private pure returns (int256 sumE36) {
        uint256 factorE18 = Grid.factorE18(word);
        VolState vol = Grid.volOf(word);
        if (vol == VolState.UP) sumE36 = sheet.upE36;
        if (vol == VolState.DOWN) sumE36 = sheet.downE36;
        ExpiryGreeks[] memory expiries = sheet.greeks.expiries;
        for (uint256 i = 0; i < expiries.length; ++i) {
            Sensitivities memory sum = expiries[i].sum;
            int256 moveE18 = cutE18(int256(expiries[i].priceE18) * (int256(factorE18) - int256(ONE_E18)));
            sumE36 += sum.deltaE18 * moveE18 + (cutE18(sum.gammaE18 * moveE18 * moveE18) >> 1);
        }
        uint256 spotE18 = part.market.spotE18;
        sumE36 += int256(part.creditedE18) * (int256(mulDown(spotE18, factorE18)) - int256(spotE18));
    }

    function _sheet(UnderlyingRisk memory part, uint256 table) private pure returns (Sheet memory sheet) {
        LegTerms[] memory terms = part.exposure.terms;
        sheet.greeks.underlying = part.market.underlying;
        ExpiryGreeks[] memory expiries = new ExpiryGreeks[](terms.length);
        uint256 count = 0;
        for (uint256 from = 0; from < terms.length;) {
            uint256 to = from + 1;
            while (to < terms.length && terms[to].expiry.expiry == terms[from].expiry.expiry) ++to;
            expiries[count] = _expiry(sheet, terms, from, to, table);
            _add(sheet.greeks.sum, expiries[count].sum);
            ++count;
            from = to;
        }
        assembly ("memory-safe") {
            // Shortens the list to the expiries that there are.
            mstore(expiries, count)
        }
        sheet.greeks.expiries = expiries;
        sheet.greeks.sum.deltaE18 += int256(part.creditedE18);
    }

    /// @dev The legs [from, to), all of one expiry.
    function _expiry(
        Sheet memory sheet,
        LegTerms[] memory terms,
        uint256 from,
        uint256 to,
        uint256 table
    ) private pure returns (ExpiryGreeks memory result) {
        ExpiryMarket memory expiry = terms[from].expiry;
        (result.expiry, result.priceE18) = (expiry.expiry, expiry.priceE18);
        result.legs = new LegGreeks[](to - from);
        for (uint256 i = from; i < to; ++i) {
            Unit memory unit = _unit(table, terms[i]);
            int256 size = terms[i].leg.sizeE18();
            LegGreeks memory leg = LegGreeks(terms[i].leg.instrument(), size, unit.priceE18, 0, _times(size, unit.one));
            result.legs[i - from] = leg;
            _add(result.sum, leg.whole);
            if (expiry.phase != Phase.LIVE || terms[i].leg.isLinearLeg()) continue;
            leg.volE18 = _volatility(expiry, terms[i].lnMoneynessE18);
            sheet.upE36 += _rise(size, unit, Options.shocked(unit.wE18, expiry.volUpE18, expiry.floorUpE18));
            sheet.downE36 += _rise(size, unit, Options.shocked(unit.wE18, expiry.volDownE18, expiry.floorDownE18));
        }
    }

    /// @dev What a leg gains when w alone moves, 36 decimals.
    function _rise(int256 size, Unit memory unit, uint256 toE18) private pure returns (int256) {
        return size * cutE18(int256(unit.perWE18) * (int256(toE18) - int256(unit.wE18)));
    }

    function _unit(uint256 table, LegTerms memory terms) private pure returns (Unit memory unit) {
        (unit.priceE18, unit.one.deltaE18) = Revaluation.unitOf(table, terms);
        ExpiryMarket memory expiry = terms.expiry;
        if (expiry.phase != Phase.LIVE || terms.leg.isLinearLeg()) return unit;
        unit.wE18 = terms.wE18;
        uint256 boundE18 = Black76.boundW(terms.wE18);
        (int256 d1E18, ) = Black76.distances(terms.lnMoneynessE18, boundE18);
        uint256 densityE18 = mulDown(expiry.discountE18, Normal.pdfE18(d1E18));
        unit.perWE18 = mulDown(expiry.priceE18, densityE18);
        unit.one.gammaE18 = int256(mulDivDown(densityE18, ONE_E36, expiry.priceE18 * boundE18));
        unit.one.vegaE18 = int256(mulDown(unit.perWE18, Transcendental.sqrtE18(expiry.yearsE18)));
        if (expiry.yearsE18 == 0) return unit;
        unit.one.thetaE18 = -int256(Math.ceilDiv(unit.perWE18 * unit.wE18, DAYS_OF_TWO_YEARS * expiry.yearsE18));
    }

    /// @dev Annual implied volatility of a strike as the surface reports it.
    function _volatility(ExpiryMarket memory expiry, int256 lnMoneynessE18) private pure returns (uint256) {
        uint256 secondsReported = expiry.expiry - expiry.surface.publishedAt;
        return Svi.volatility(expiry.surface, -lnMoneynessE18, mulDivDown(secondsReported, ONE_E18, YEAR_SECONDS));
    }

    function _times(int256 size, Sensitivities memory unit) private pure returns (Sensitivities memory) {
        return
            Sensitivities(
                cutE18(size * unit.deltaE18),
                cutE18(size * unit.gammaE18),
                cutE18(size * unit.vegaE18),
                cutE18(size * unit.thetaE18)
            );
    }

    function _add(Sensitivities memory sum, Sensitivities memory one) private pure {
        sum.deltaE18 += one.deltaE18;
        sum.gammaE18 += one.gammaE18;
        sum.vegaE18 += one.vegaE18;
        sum.thetaE18 += one.thetaE18;
    }
}
