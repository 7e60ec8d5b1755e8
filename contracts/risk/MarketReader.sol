// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskKernel} from "../interfaces/IRiskKernel.sol";
import {divDown, mulDivDown, mulDown, mulUp} from "../libraries/math/FixedPoint.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {Position} from "../types/Book.sol";
import {UnderlyingParams} from "../types/Risk.sol";
import {ExpiryMarket, Phase, UnderlyingMarket} from "../types/Valuation.sol";

/// @title Market data of a book
/// @notice Asks oracles and clearinghouse for what the positions of one underlying need and nothing more. Whatever a feed
/// refuses ends the call with the feed's own error.
library MarketReader {
    uint256 private constant DAY_SECONDS = 1 days;
    uint256 private constant YEAR_SECONDS = 365 days;
    uint256 private constant ONE_E18 = 1e18;

    /// @notice Shocks to volatility are stated for this time to expiry.
    uint256 private constant REFERENCE_DAYS_E18 = 30e18;

    /// @notice Fills in spot and the expiries of the part's positions; parameters stand already.
    function load(
        IRiskKernel.Request memory request,
        IRiskKernel.Part memory part,
        UnderlyingMarket memory market
    ) internal view {
        market.spotE18 = part.spotE18 == 0 ? request.priceOracle.price(part.underlying) : part.spotE18;
        Position[] memory positions = part.positions;
        uint256 count = 0;
        for (uint256 i = 0; i < positions.length; ++i) {
            if (_startsExpiry(positions, i)) ++count;
        }
        market.expiries = new ExpiryMarket[](count);
        count = 0;
        for (uint256 i = 0; i < positions.length; ++i) {
            if (!_startsExpiry(positions, i)) continue;
            uint40 expiry = positions[i].instrument.expiry();
            market.expiries[count++] = expiry == 0 ? _perp(request, part, market) : _dated(request, market, expiry);
        }
    }

    /// @dev A perpetual follows spot with its basis: asked about another spot, its mark moves in proportion.
    function _perp(
        IRiskKernel.Request memory request,
        IRiskKernel.Part memory part,
        UnderlyingMarket memory market
    ) private view returns (ExpiryMarket memory perp) {
        uint256 indexE18 = part.spotE18 == 0 ? market.spotE18 : request.priceOracle.price(part.underlying);
        uint256 markE18;
        (markE18, market.fundingE18) = request.clearinghouse.perpMark(market.underlying, indexE18);
        perp.priceE18 = part.spotE18 == 0 ? markE18 : mulDivDown(markE18, market.spotE18, indexE18);
        perp.discountE18 = ONE_E18;
    }

    function _dated(
        IRiskKernel.Request memory request,
        UnderlyingMarket memory market,
        uint40 expiry
    ) private view returns (ExpiryMarket memory dated) {
        dated.expiry = expiry;
        if (block.timestamp >= expiry) {
            uint256 settlementE18 = request.clearinghouse.settlementPriceE18(market.underlying, expiry);
            dated.phase = settlementE18 == 0 ? Phase.EXPIRED : Phase.SETTLED;
            dated.priceE18 = settlementE18 == 0 ? market.spotE18 : settlementE18;
            dated.discountE18 = ONE_E18;
            return dated;
        }
        dated.surface = request.surfaceOracle.surface(market.underlying, expiry);
        dated.priceE18 = mulDown(market.spotE18, dated.surface.forwardRatioE18);
        dated.discountE18 = dated.surface.discountE18;
        dated.yearsE18 = mulDivDown(expiry - block.timestamp, ONE_E18, YEAR_SECONDS);
        dated.rootYearsE18 = Transcendental.sqrtE18(dated.yearsE18);
        dated.reportYearsE18 = mulDivDown(expiry - dated.surface.publishedAt, ONE_E18, YEAR_SECONDS);
        (dated.volUpE18, dated.volDownE18) = volFactors(
            market.params,
            mulDivDown(expiry - block.timestamp, ONE_E18, DAY_SECONDS)
        );
    }

    /// @notice Factors on volatility: 1 + rise * (30 / DTE)^p and 1 - fall * (30 / DTE)^p, not below 0.
    /// @param daysE18 Days to expiry, 18 decimals; counts as one day when shorter.
    function volFactors(
        UnderlyingParams memory params,
        uint256 daysE18
    ) internal pure returns (uint256 upE18, uint256 downE18) {
        uint256 power = daysE18 < REFERENCE_DAYS_E18 ? params.powerShortE18 : params.powerLongE18;
        uint256 ratioE18 = divDown(REFERENCE_DAYS_E18, daysE18 < ONE_E18 ? ONE_E18 : daysE18);
        uint256 scaleE18 = Transcendental.powE18(ratioE18, int256(power));
        upE18 = ONE_E18 + mulUp(params.volUpE18, scaleE18);
        uint256 fallE18 = mulUp(params.volDownE18, scaleE18);
        downE18 = fallE18 < ONE_E18 ? ONE_E18 - fallE18 : 0;
    }

    function _startsExpiry(Position[] memory positions, uint256 i) private pure returns (bool) {
        return i == 0 || positions[i].instrument.expiry() != positions[i - 1].instrument.expiry();
    }
}
