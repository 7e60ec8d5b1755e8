// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../contracts/interfaces/IClearinghouse.sol";
import {ILiquidator} from "../../contracts/interfaces/ILiquidator.sol";
import {IMarginVault} from "../../contracts/interfaces/IMarginVault.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {ISurfaceOracle} from "../../contracts/interfaces/ISurfaceOracle.sol";
import {divDown} from "../../contracts/libraries/math/FixedPoint.sol";
import {Transcendental} from "../../contracts/libraries/math/Transcendental.sol";
import {Listing} from "../../contracts/types/Market.sol";
import {AssetParams, GlobalParams, Scenario, UnderlyingParams, VolState} from "../../contracts/types/Risk.sol";

/// @notice The margin model's default parameters for two underlyings, as tests of the whole system deploy them.
library Defaults {
    uint16 internal constant BTC = 1;
    uint16 internal constant ETH = 2;
    uint16 internal constant USDC_FEED = 1000;
    uint16 internal constant USDT_FEED = 1001;
    uint256 internal constant ONE = 1e18;
    uint8 private constant GROUP = 1;
    int256 private constant STEPS = 4;

    function underlyingParams(uint16 underlying) internal pure returns (UnderlyingParams memory params) {
        bool btc = underlying == BTC;
        params.group = GROUP;
        params.volUpE18 = btc ? 0.6e18 : 0.5e18;
        params.volDownE18 = 0.3e18;
        params.volFloorUpE18 = 0.5e18;
        params.volFloorDownE18 = 0.01e18;
        params.powerShortE18 = 0.3e18;
        params.powerLongE18 = 0.35e18;
        params.rollMinE18 = 0.01e18;
        params.rollYearE18 = 0.075e18;
        params.floorNetE18 = 0.02e18;
        params.floorHedgedE18 = 0.01e18;
        params.floorShortE18 = 0.01e18;
        params.spreadE18 = 0.0005e18;
        params.impactE18 = 1e18;
        params.sigmaDayE18 = btc ? 0.04e18 : 0.05e18;
        params.advE18 = btc ? 2e27 : 1e27;
        params.oiLowerE18 = btc ? 200e24 : 100e24;
        params.oiUpperE18 = btc ? 400e24 : 200e24;
        params.rangeE18 = btc ? 0.16e18 : 0.18e18;
    }

    /// @dev 18 regular shocks in equal logarithmic steps with volatility up and down, then 6 tails.
    function grid(uint16 underlying) internal pure returns (Scenario[] memory list) {
        uint256 range = underlying == BTC ? 0.16e18 : 0.18e18;
        int256 widest = Transcendental.lnE18(ONE - range);
        list = new Scenario[](24);
        for (int256 step = -STEPS; step <= STEPS; ++step) {
            uint256 place = uint256(step + STEPS) * 2;
            uint256 factor = Transcendental.expE18((-widest * step) / STEPS);
            list[place] = _scenario(factor, ONE, VolState.UP);
            list[place + 1] = _scenario(factor, ONE, VolState.DOWN);
        }
        int256[6] memory tails = [-0.66e18, -0.33e18, int256(0.5e18), 1e18, 2e18, 4e18];
        for (uint256 i = 0; i < tails.length; ++i) {
            uint256 size = uint256(tails[i] < 0 ? -tails[i] : tails[i]);
            list[18 + i] = _scenario(uint256(int256(ONE) + tails[i]), divDown(range, size), VolState.UP);
        }
    }

    function globalParams() internal pure returns (GlobalParams memory) {
        return
            GlobalParams({
                initialRatioE18: 0.8e18,
                reserveBaseE18: 5e18,
                reservePerPositionE18: 0.25e18,
                settlementFeedId: USDC_FEED
            });
    }

    function assetParams(uint16 underlying) internal pure returns (AssetParams memory params) {
        params.underlying = underlying;
        params.feedId = underlying == 0 ? USDT_FEED : underlying;
        params.weightE18 = underlying == 0 ? 0.96e18 : 1e18;
        params.sizeE18 = 2e13;
    }

    function listing(uint16 underlying) internal pure returns (Listing memory) {
        bool btc = underlying == BTC;
        return
            Listing({
                active: true,
                strikeStepE8: btc ? 50e8 : 1e8,
                minStrikeE8: btc ? 50e8 : 1e8,
                maxStrikeE8: btc ? 5_000_000e8 : 500_000e8,
                openInterestCapE18: btc ? 20_000e18 : 400_000e18
            });
    }

    function feed(address aggregator, bool coin) internal pure returns (IPriceOracle.FeedConfig memory) {
        return
            IPriceOracle.FeedConfig({
                aggregator: aggregator,
                second: address(0),
                maxAgeSeconds: coin ? 90_000 : 4500,
                maxDeviationE18: 0.02e18,
                maxJumpE18: coin ? 0.2e18 : 0.35e18,
                minPriceE18: 0.01e18,
                maxPriceE18: 1e26
            });
    }

    function surfaceBounds() internal pure returns (ISurfaceOracle.Bounds memory) {
        return
            ISurfaceOracle.Bounds({
                maxAgeSeconds: 7200,
                maxRatioStepE18: 0.05e18,
                minRatioE18: 0.5e18,
                maxRatioE18: 2e18,
                maxVolStepE18: 1e18
            });
    }

    function rateCurve() internal pure returns (IMarginVault.RateCurve memory) {
        return
            IMarginVault.RateCurve({
                baseE18: 0,
                kinkE18: 0.8e18,
                slopeLowE18: 0.06e18,
                slopeHighE18: 1e18,
                reserveE18: 0.1e18
            });
    }

    function fees() internal pure returns (IClearinghouse.Fees memory) {
        return IClearinghouse.Fees({linearE18: 0.0005e18, optionE18: 0.0003e18, optionCapE18: 0.125e18});
    }

    function funding() internal pure returns (IClearinghouse.FundingParams memory) {
        return
            IClearinghouse.FundingParams({
                maxPremiumE18: 0.005e18,
                maxRateE18: 0.004e18,
                averageSeconds: 3600,
                sampleNotionalE18: 10_000e18
            });
    }

    function curve() internal pure returns (ILiquidator.Curve memory) {
        return
            ILiquidator.Curve({
                discountStartE18: 0.02e18,
                discountFastE18: 0.3e18,
                fastSeconds: 900,
                slowSeconds: 7200,
                insolventSeconds: 1800,
                insolventCapE18: 0.5e18,
                targetHealthE18: 1.25e18,
                dustE18: 50e18
            });
    }

    function keeperPay() internal pure returns (ILiquidator.KeeperPay memory) {
        return
            ILiquidator.KeeperPay({
                startGas: 700_000,
                takeGas: 900_000,
                takeGasPerPosition: 90_000,
                marginE18: 0.25e18,
                maxGasPriceWei: 500 gwei,
                minE18: 1e18,
                maxE18: 500e18,
                nativeFeedId: ETH
            });
    }

    function _scenario(uint256 factor, uint256 weight, VolState vol) private pure returns (Scenario memory) {
        return
            Scenario({
                factorE18: uint96(factor),
                lnFactorE18: int72(Transcendental.lnE18(factor)),
                weightE18: uint64(weight),
                vol: vol
            });
    }
}
