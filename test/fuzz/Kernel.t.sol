// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {mulDown} from "../../contracts/libraries/math/FixedPoint.sol";
import {Transcendental} from "../../contracts/libraries/math/Transcendental.sol";
import {Svi} from "../../contracts/libraries/Svi.sol";
import {Black76} from "../../contracts/risk/Black76.sol";
import {Assessment, Book} from "../../contracts/types/Book.sol";
import {InstrumentId, Kind, toInstrumentId} from "../../contracts/types/InstrumentId.sol";
import {Surface} from "../../contracts/types/Market.sol";
import {Report, Scenario, UnderlyingParams, VolState} from "../../contracts/types/Risk.sol";
import {RiskWorld} from "../base/RiskWorld.sol";

/// @notice The engine's prices of one option, now and under every scenario of a random grid, against the plain formula. Nothing here
/// knows how the engine prices: it is asked for a report, and the market data behind the formula are made anew.
contract KernelTest is RiskWorld {
    /// @dev What a run draws; `bound` folds each figure into its range and keeps the ends.
    struct Draw {
        bool put;
        bool sold;
        uint256 size;
        uint256 spot;
        uint256 ratio; // forward / spot
        uint256 discount;
        uint256 secondsLeft;
        uint256 age; // of the surface, seconds
        int256 lnVol; // ln of volatility times root of time at the forward
        int256 lnMoneyness; // ln(forward / strike)
        bool smiles;
        int256 rho;
        uint256 grid; // seed
    }

    /// @dev The formula's side of a draw.
    struct Plain {
        uint256 forwardE18;
        uint256 strikeE18;
        uint256 wE18;
        uint256 upE18; // factor on volatility
        uint256 downE18;
        uint256 floorE18; // least w in both shocked states
        Black76.Terms terms;
    }

    /// @dev In a correlation group of its own, so that its grid is its own.
    uint16 private constant U = 3;

    /// @dev What the engine promises, as a part of the forward, and where.
    uint256 private constant STATED_ERROR_E18 = 2e9;
    int256 private constant STATED_MONEYNESS_E18 = 3e18;
    uint256 private constant STATED_MIN_W_E18 = 1e14;
    uint256 private constant STATED_MAX_W_E18 = 6e18;

    /// @dev Amounts are counted in 1e-12 USD: one for the forward, which the price factor multiplies, one for the strike, and
    /// another for the last units of prices, of equity and of the loss.
    uint256 private constant AMOUNT_E18 = 1e6;

    /// @dev A floor this low leaves small volatilities small.
    uint64 private constant VOL_FLOOR_E18 = 0.001e18;

    int256 private constant MIN_LN_VOL_E18 = -9.210340371976182737e18; // 0.0001
    int256 private constant MAX_LN_VOL_E18 = 1.098612288668109691e18; // 3

    function setUp() public {
        _deployWorld();
    }

    function testFuzz_PricesAreWithinTheStatedErrorOfTheFormula(Draw memory draw) public {
        _bound(draw);
        _compare(draw);
    }

    /// @dev Far in and far out of the money, hardly any volatility and as much as a surface can state, a minute and two years.
    function test_PricesAreWithinTheStatedErrorAtTheEndsOfTheRange() public {
        int256[5] memory lnMoneyness = [-STATED_MONEYNESS_E18, -0.1e18, 0, 0.1e18, STATED_MONEYNESS_E18];
        int256[4] memory lnVol = [MIN_LN_VOL_E18, -4.6e18, -0.7e18, MAX_LN_VOL_E18];
        uint256[2] memory secondsLeft = [uint256(1 minutes), 730 days];
        uint256 run = 0;
        for (uint256 m = 0; m < lnMoneyness.length; ++m) {
            for (uint256 v = 0; v < lnVol.length; ++v) {
                for (uint256 t = 0; t < secondsLeft.length; ++t) {
                    Draw memory draw;
                    (draw.lnMoneyness, draw.lnVol, draw.secondsLeft) = (lnMoneyness[m], lnVol[v], secondsLeft[t]);
                    (draw.put, draw.sold) = (run % 2 == 0, run % 4 < 2);
                    (draw.size, draw.spot, draw.ratio, draw.discount) = (ONE, 70_000e18, ONE, ONE);
                    draw.grid = ++run;
                    _compare(draw);
                }
            }
        }
    }

    // --- the comparison

    function _compare(Draw memory draw) private {
        Plain memory plain = _setMarket(draw);
        Scenario[] memory grid = _randomGrid(draw.grid);
        UnderlyingParams memory params = _worldParams();
        parameters.setUnderlying(U, params, grid);
        Book memory book;
        InstrumentId instrument = toInstrumentId(U, _kind(draw), _due(draw), uint64(plain.strikeE18 / 1e10));
        _add(book, instrument, draw.sold ? -int256(draw.size) : int256(draw.size));
        Report memory report = engine.report(book);
        _isNear(draw, plain, report.equityE18, ONE, 0, plain.wE18, "equity");
        for (uint256 s = 0; s < grid.length; ++s) {
            // With a weight of one the loss is the fall in value.
            _isNear(
                draw,
                plain,
                report.equityE18 - report.underlyings[0].lossE18[s],
                grid[s].factorE18,
                grid[s].lnFactorE18,
                _shockedVol(plain, grid[s].vol),
                "value under a scenario"
            );
        }
        _accountEqualsBook(book, report);
    }

    /// @dev The engine proper, which accounts are held to, is compiled apart from the models that answer reports.
    function _accountEqualsBook(Book memory book, Report memory report) private {
        market.setBook(ACCOUNT, book);
        Assessment memory held = engine.assess(ACCOUNT);
        vm.assertEq(held.equityE18, report.equityE18, "equity of the account = of the book");
        vm.assertEq(held.maintenanceE18, report.maintenanceE18, "MM of the account = of the book");
        vm.assertEq(held.initialE18, report.initialE18, "IM of the account = of the book");
    }

    /// @dev Inside the stated range the bound is a part of the forward, as it stands in the scenario. Outside, where far prices may be
    /// cut to intrinsic value, F or K, it is the same part of the greater of forward and strike.
    function _isNear(
        Draw memory draw,
        Plain memory plain,
        int256 valueE18,
        uint256 factorE18,
        int256 lnFactorE18,
        uint256 wE18,
        string memory label
    ) private pure {
        uint256 priceE18 = Black76.priceAt(plain.terms, factorE18, lnFactorE18, wE18);
        int256 expectedE18 = int256(mulDown(draw.size, priceE18));
        if (draw.sold) expectedE18 = -expectedE18;
        uint256 scaleE18 = mulDown(plain.forwardE18, factorE18);
        if (!_isStated(plain.terms.lnMoneynessE18 + lnFactorE18, wE18) && plain.strikeE18 > scaleE18) {
            scaleE18 = plain.strikeE18;
        }
        uint256 errorE18 = mulDown(mulDown(scaleE18, draw.size), STATED_ERROR_E18);
        uint256 unitsE18 = (AMOUNT_E18 * (factorE18 + 2 * ONE)) / ONE;
        vm.assertApproxEqAbs(valueE18, expectedE18, errorE18 + unitsE18, label);
    }

    function _isStated(int256 lnMoneynessE18, uint256 wE18) private pure returns (bool) {
        if (lnMoneynessE18 < -STATED_MONEYNESS_E18 || lnMoneynessE18 > STATED_MONEYNESS_E18) return false;
        return wE18 >= STATED_MIN_W_E18 && wE18 <= STATED_MAX_W_E18;
    }

    // --- the market

    function _bound(Draw memory draw) private pure {
        draw.size = bound(draw.size, 0.001e18, 10_000e18);
        draw.spot = bound(draw.spot, 1e18, 1_000_000e18);
        draw.ratio = bound(draw.ratio, 0.5e18, 2e18);
        draw.discount = bound(draw.discount, 0.5e18, ONE);
        draw.secondsLeft = bound(draw.secondsLeft, 1 minutes, 730 days);
        draw.age = bound(draw.age, 0, 2 hours);
        draw.lnVol = bound(draw.lnVol, MIN_LN_VOL_E18, MAX_LN_VOL_E18);
        draw.lnMoneyness = bound(draw.lnMoneyness, -STATED_MONEYNESS_E18, STATED_MONEYNESS_E18);
        draw.rho = bound(draw.rho, -0.9e18, 0.9e18);
    }

    function _kind(Draw memory draw) private pure returns (Kind) {
        return draw.put ? Kind.PUT : Kind.CALL;
    }

    function _due(Draw memory draw) private pure returns (uint40) {
        return NOW + uint40(draw.secondsLeft);
    }

    /// @dev Sets the oracles and works out what the formula needs of them.
    function _setMarket(Draw memory draw) private returns (Plain memory plain) {
        Surface memory surface = _surface(draw);
        market.setPrice(U, draw.spot);
        market.setSurface(U, _due(draw), surface);
        plain.forwardE18 = mulDown(draw.spot, draw.ratio);
        // Strikes have 8 decimals.
        plain.strikeE18 = (mulDown(plain.forwardE18, Transcendental.expE18(-draw.lnMoneyness)) / 1e10) * 1e10;
        plain.terms = Black76.terms(_kind(draw), plain.forwardE18, plain.strikeE18, draw.discount);
        uint256 variance = Svi.totalVariance(surface, -plain.terms.lnMoneynessE18);
        plain.wE18 = Math.sqrt((variance * ONE * draw.secondsLeft) / (draw.secondsLeft + draw.age));
        plain.floorE18 = mulDown(VOL_FLOOR_E18, Transcendental.sqrtE18((draw.secondsLeft * ONE) / 365 days));
        (plain.upE18, plain.downE18) = _volFactors(draw.secondsLeft);
    }

    /// @dev Flat or a smile; its wings are in proportion to its level, as those of markets are.
    function _surface(Draw memory draw) private pure returns (Surface memory) {
        uint256 vol = Transcendental.expE18(draw.lnVol);
        uint256 variance = (vol * vol) / ONE;
        return
            Surface({
                publishedAt: NOW - uint40(draw.age),
                forwardRatioE18: uint64(draw.ratio),
                discountE18: uint64(draw.discount),
                aE18: int64(int256(draw.smiles ? variance / 2 : variance)),
                bE18: draw.smiles ? uint64(variance < ONE ? variance : ONE) : 0,
                rhoE18: int64(draw.rho),
                mE18: 0.01e18,
                sigmaE18: 0.25e18
            });
    }

    /// @dev 1 + rise (30 / DTE)^p and 1 - fall (30 / DTE)^p, of the world's rise and fall.
    function _volFactors(uint256 secondsLeft) private pure returns (uint256 upE18, uint256 downE18) {
        UnderlyingParams memory params = _worldParams();
        uint256 counted = secondsLeft < 1 days ? 1 days : secondsLeft;
        uint256 power = secondsLeft < 30 days ? params.powerShortE18 : params.powerLongE18;
        uint256 scaleE18 = Transcendental.powE18((30 days * ONE) / counted, int256(power));
        upE18 = ONE + mulDown(params.volUpE18, scaleE18);
        uint256 fallE18 = mulDown(params.volDownE18, scaleE18);
        downE18 = fallE18 < ONE ? ONE - fallE18 : 0;
    }

    function _shockedVol(Plain memory plain, VolState vol) private pure returns (uint256 wE18) {
        if (vol == VolState.FLAT) return plain.wE18;
        wE18 = mulDown(plain.wE18, vol == VolState.UP ? plain.upE18 : plain.downE18);
        if (wE18 < plain.floorE18) wE18 = plain.floorE18;
    }

    function _worldParams() private pure returns (UnderlyingParams memory params) {
        params = _params(U);
        (params.volFloorUpE18, params.volFloorDownE18) = (VOL_FLOOR_E18, VOL_FLOOR_E18);
    }

    /// @dev Up to 24 moves by up to a fifth or five times, in any state of volatility, after one that changes nothing.
    function _randomGrid(uint256 seed) private pure returns (Scenario[] memory grid) {
        uint256[1] memory stream = [seed];
        grid = new Scenario[](1 + _next(stream, GRID_LENGTH));
        grid[0] = Scenario(uint96(ONE), 0, 1e18, VolState.FLAT);
        for (uint256 s = 1; s < grid.length; ++s) {
            uint256 factor = Transcendental.expE18(int256(_next(stream, 3.2e18)) - 1.6e18);
            grid[s] = Scenario({
                factorE18: uint96(factor),
                lnFactorE18: int72(Transcendental.lnE18(factor)),
                weightE18: 1e18,
                vol: VolState(_next(stream, 3))
            });
        }
    }
}
