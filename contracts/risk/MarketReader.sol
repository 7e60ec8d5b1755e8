// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {cutE18, divDown, mulDivDown, mulDown, mulUp} from "../libraries/math/FixedPoint.sol";
import {Logarithm} from "../libraries/math/Logarithm.sol";
import {SurfaceWords} from "../libraries/SurfaceWords.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {UnderlyingParams} from "../types/Risk.sol";
import {ExpiryMarket, Phase, UnderlyingMarket} from "../types/Valuation.sol";

/// @title Market data of a book
/// @notice Asks oracles and clearinghouse for what the positions of one underlying need and nothing more. Whatever a feed
/// refuses ends the call with the feed's own error.
library MarketReader {
    /// @dev Whom to ask, and another spot price of one underlying to assume; underlying 0 = none.
    struct Sources {
        IPriceOracle priceOracle;
        ISurfaceOracle surfaceOracle;
        IClearinghouse clearinghouse;
        uint16 assumed;
        uint256 assumedSpotE18;
    }

    uint256 private constant DAY_SECONDS = 1 days;
    uint256 private constant YEAR_SECONDS = 365 days;
    uint256 private constant ONE_E18 = 1e18;

    /// @notice Shocks to volatility are stated for this time to expiry.
    uint256 private constant REFERENCE_DAYS_E18 = 30e18;

    /// @notice Guesses for the roots of the first strike; see Svi.
    uint256 private constant FIRST_ROOT_E18 = 0.2e18;

    /// @notice Spot price of an underlying, USD, 18 decimals.
    function spotE18(Sources memory sources, uint16 underlying) internal view returns (uint256) {
        return
            sources.assumed == underlying && underlying != 0
                ? sources.assumedSpotE18
                : sources.priceOracle.price(underlying);
    }

    /// @notice The perpetual, and its cumulative funding in `market`. It follows spot with its basis: asked about another spot,
    /// its mark moves in proportion.
    function perpetual(
        Sources memory sources,
        UnderlyingMarket memory market
    ) internal view returns (ExpiryMarket memory perp) {
        bool assumed = sources.assumed == market.underlying;
        uint256 indexE18 = assumed ? sources.priceOracle.price(market.underlying) : market.spotE18;
        uint256 markE18;
        (markE18, market.fundingE18) = sources.clearinghouse.perpMark(market.underlying, indexE18);
        perp.priceE18 = assumed ? mulDivDown(markE18, market.spotE18, indexE18) : markE18;
        perp.discountE18 = ONE_E18;
    }

    /// @notice A dated expiry.
    function dated(
        Sources memory sources,
        UnderlyingMarket memory market,
        uint40 expiry
    ) internal view returns (ExpiryMarket memory result) {
        result.expiry = expiry;
        if (block.timestamp >= expiry) {
            uint256 settlementE18 = sources.clearinghouse.settlementPriceE18(market.underlying, expiry);
            result.phase = settlementE18 == 0 ? Phase.EXPIRED : Phase.SETTLED;
            result.priceE18 = settlementE18 == 0 ? market.spotE18 : settlementE18;
            result.discountE18 = ONE_E18;
            return result;
        }
        SurfaceWords.Words memory words;
        (words.head, words.smile) = sources.surfaceOracle.surfaceWords(market.underlying, expiry);
        result.surface = SurfaceWords.unpack(words);
        result.priceE18 = mulDown(market.spotE18, result.surface.forwardRatioE18);
        result.discountE18 = result.surface.discountE18;
        result.yearsE18 = mulDivDown(expiry - block.timestamp, ONE_E18, YEAR_SECONDS);
    }

    /// @notice What options of a live expiry need besides.
    function prepareOptions(ExpiryMarket memory result, UnderlyingParams memory params) internal view {
        uint256 secondsLeft = result.expiry - block.timestamp;
        result.lnPriceE18 = Logarithm.lnE18(result.priceE18);
        result.discountedE18 = mulDown(result.priceE18, result.discountE18);
        result.timeScaleE18 = mulDivDown(secondsLeft, ONE_E18, result.expiry - result.surface.publishedAt);
        uint256 rootYearsE18 = Transcendental.sqrtE18(result.yearsE18);
        result.floorUpE18 = mulDown(params.volFloorUpE18, rootYearsE18);
        result.floorDownE18 = mulDown(params.volFloorDownE18, rootYearsE18);
        (result.volUpE18, result.volDownE18) = volFactors(params, mulDivDown(secondsLeft, ONE_E18, DAY_SECONDS));
        (result.smileRoot, result.volRoot) = (FIRST_ROOT_E18, FIRST_ROOT_E18);
    }

    /// @notice Factors on volatility: 1 + rise * (30 / DTE)^p and 1 - fall * (30 / DTE)^p, not below 0.
    /// @param daysE18 Days to expiry, 18 decimals; counts as one day when shorter.
    function volFactors(
        UnderlyingParams memory params,
        uint256 daysE18
    ) internal pure returns (uint256 upE18, uint256 downE18) {
        uint256 power = daysE18 < REFERENCE_DAYS_E18 ? params.powerShortE18 : params.powerLongE18;
        uint256 ratioE18 = divDown(REFERENCE_DAYS_E18, daysE18 < ONE_E18 ? ONE_E18 : daysE18);
        uint256 scaleE18 = Transcendental.expE18(cutE18(Logarithm.lnE18(ratioE18) * int256(power)));
        upE18 = ONE_E18 + mulUp(params.volUpE18, scaleE18);
        uint256 fallE18 = mulUp(params.volDownE18, scaleE18);
        downE18 = fallE18 < ONE_E18 ? ONE_E18 - fallE18 : 0;
    }
}
