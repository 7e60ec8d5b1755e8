// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IClearinghouse} from "../../contracts/interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../contracts/interfaces/IMarginVault.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {ISurfaceOracle} from "../../contracts/interfaces/ISurfaceOracle.sol";
import {mulDivFloor} from "../../contracts/libraries/math/FixedPoint.sol";
import {Transcendental} from "../../contracts/libraries/math/Transcendental.sol";
import {MockMarket} from "../../contracts/mocks/risk/MockMarket.sol";
import {RiskEngine} from "../../contracts/risk/RiskEngine.sol";
import {CdfTable} from "../../contracts/risk/kernel/CdfTable.sol";
import {RiskGreeks} from "../../contracts/risk/RiskGreeks.sol";
import {RiskModels} from "../../contracts/risk/RiskModels.sol";
import {RiskParameters} from "../../contracts/risk/RiskParameters.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Book, CollateralUnits, MarginModel, Position} from "../../contracts/types/Book.sol";
import {InstrumentId, Kind, toInstrumentId} from "../../contracts/types/InstrumentId.sol";
import {Surface} from "../../contracts/types/Market.sol";
import {
    AssetParams,
    GlobalParams,
    Report,
    Scenario,
    UnderlyingParams,
    UnderlyingReport,
    VolState
} from "../../contracts/types/Risk.sol";
import {SolidityTest} from "./SolidityTest.sol";

/// @notice The risk engine in a market of its own, and books drawn from seeds. Three underlyings: 1 and 2 in one group, 3 apart.
abstract contract RiskWorld is SolidityTest {
    uint256 internal constant ONE = 1e18;
    uint40 internal constant NOW = 1_900_000_000;
    uint256 internal constant MAX_LEGS = 8;
    uint256 internal constant GRID_LENGTH = 24;
    AccountId internal immutable ACCOUNT = toAccountId(address(0xA11CE), 0);

    MockMarket internal market;
    RiskParameters internal parameters;
    RiskEngine internal engine;

    function _deployWorld() internal {
        vm.warp(NOW);
        market = new MockMarket();
        AccessManager authority = new AccessManager(address(this));
        parameters = new RiskParameters(
            address(authority),
            IPriceOracle(address(market)),
            ISurfaceOracle(address(market)),
            GlobalParams(0.8e18, 5e18, 0.25e18, 1000)
        );
        RiskGreeks greeks = new RiskGreeks(
            IMarginVault(address(market)),
            IClearinghouse(address(market)),
            parameters,
            address(new CdfTable())
        );
        engine = new RiskEngine(new RiskModels(greeks));
        market.setPrice(1000, ONE);
        parameters.setGroup(1, 0.4e18);
        for (uint16 u = 1; u <= 3; ++u) {
            parameters.setUnderlying(u, _params(u), _grid(_range(u)));
            market.setPrice(u, _spot(u));
            market.setPerp(u, 1.0003e18, int256(_spot(u) >> 10));
            for (uint40 e = 0; e < 3; ++e) {
                market.setSurface(u, _expiry(e), _smile(u, _expiry(e)));
            }
        }
        for (uint8 a = 0; a < 2; ++a) {
            parameters.setAsset(a, AssetParams(a + 1, a + 1, 1e18, 0.00002e18));
        }
    }

    function _params(uint16 u) internal pure returns (UnderlyingParams memory) {
        return
            UnderlyingParams({
                group: u == 3 ? 2 : 1,
                volUpE18: 0.6e18,
                volDownE18: 0.3e18,
                volFloorUpE18: 0.5e18,
                volFloorDownE18: 0.01e18,
                powerShortE18: 0.3e18,
                powerLongE18: 0.35e18,
                rollMinE18: 0.01e18,
                rollYearE18: 0.075e18,
                floorNetE18: 0.02e18,
                floorHedgedE18: 0.01e18,
                floorShortE18: 0.01e18,
                spreadE18: 0.0005e18,
                impactE18: 1e18,
                sigmaDayE18: 0.04e18,
                advE18: 1e27,
                oiLowerE18: 1e26,
                oiUpperE18: 2e26,
                rangeE18: uint64(_range(u))
            });
    }

    /// @dev The margin model's 24 scenarios.
    function _grid(uint256 rangeE18) internal pure returns (Scenario[] memory grid) {
        grid = new Scenario[](GRID_LENGTH);
        int256 lowest = Transcendental.lnE18(ONE - rangeE18);
        uint256 next = 0;
        for (int256 j = -4; j <= 4; ++j) {
            int256 ln = mulDivFloor(-lowest, j, 4);
            for (uint256 v = 1; v <= 2; ++v) {
                grid[next++] = Scenario(uint96(Transcendental.expE18(ln)), int72(ln), 1e18, VolState(v));
            }
        }
        int256[6] memory moves = [int256(-0.66e18), -0.33e18, 0.5e18, 1e18, 2e18, 4e18];
        for (uint256 i = 0; i < 6; ++i) {
            uint256 factor = uint256(1e18 + moves[i]);
            uint256 size = uint256(moves[i] < 0 ? -moves[i] : moves[i]);
            grid[next++] = Scenario(
                uint96(factor),
                int72(Transcendental.lnE18(factor)),
                uint64((rangeE18 * ONE) / size),
                VolState.UP
            );
        }
    }

    function _range(uint16 u) internal pure returns (uint256) {
        return u == 1 ? 0.16e18 : 0.18e18;
    }

    function _spot(uint16 u) internal pure returns (uint256) {
        return
            u == 1
                ? 70_000e18
                : u == 2
                    ? 3_500e18
                    : 150e18;
    }

    function _expiry(uint40 place) internal pure returns (uint40) {
        uint40[3] memory inDays = [uint40(3), 30, 180];
        return NOW + inDays[place] * 1 days;
    }

    function _smile(uint16 u, uint40 expiry) internal pure returns (Surface memory) {
        uint256 yearsE18 = (uint256(expiry - NOW + 600) * ONE) / 365 days;
        uint256 variance = (0.36e18 * yearsE18 * (10 + u)) / (10 * ONE);
        return
            Surface({
                publishedAt: NOW - 600,
                forwardRatioE18: uint64(ONE + (0.06e18 * yearsE18) / ONE),
                discountE18: uint64(ONE - (0.03e18 * yearsE18) / ONE),
                aE18: int64(int256(variance / 2)),
                bE18: uint64(variance * 2),
                rhoE18: -0.3e18,
                mE18: 0.01e18,
                sigmaE18: 0.25e18
            });
    }

    // --- books

    /// @dev A random stream: each call gives another number in [0, limit).
    function _next(uint256[1] memory seed, uint256 limit) internal pure returns (uint256) {
        seed[0] = uint256(keccak256(abi.encode(seed[0])));
        return seed[0] % limit;
    }

    /// @dev 1 to MAX_LEGS positions over `underlyings` underlyings, with cash and perhaps collateral inside the grid.
    function _book(uint256 seed_, uint16 underlyings) internal pure returns (Book memory book) {
        uint256[1] memory seed = [seed_];
        uint256 count = 1 + _next(seed, MAX_LEGS);
        for (uint256 i = 0; i < count; ++i) {
            InstrumentId instrument = _instrument(seed, uint16(1 + _next(seed, underlyings)));
            int256 size = int256(_next(seed, 20e18)) - 10e18;
            _add(book, instrument, size == 0 ? int256(1) : size);
        }
        book.cashE18 = int256(_next(seed, 2e24)) - 1e24;
        if (_next(seed, 2) == 0) return book;
        book.collateral = new CollateralUnits[](1);
        book.collateral[0] = CollateralUnits(uint8(_next(seed, underlyings > 1 ? 2 : 1)), _next(seed, 50e18));
    }

    function _instrument(uint256[1] memory seed, uint16 u) internal pure returns (InstrumentId) {
        uint256 kind = _next(seed, 6);
        if (kind == 0) return toInstrumentId(u, Kind.PERP, 0, 0);
        uint40 expiry = _expiry(uint40(_next(seed, 3)));
        if (kind == 1) return toInstrumentId(u, Kind.FUTURE, expiry, 0);
        // Strikes from 50 % to 200 % of spot in steps of 1 %.
        uint64 strike = uint64((_spot(u) * (50 + _next(seed, 151))) / 100 / 1e10);
        return toInstrumentId(u, kind < 4 ? Kind.CALL : Kind.PUT, expiry, strike);
    }

    /// @dev Adds a size to a book, in order; positions of one instrument are merged.
    function _add(Book memory book, InstrumentId instrument, int256 size) internal pure {
        uint256 place = 0;
        while (place < book.positions.length && book.positions[place].instrument < instrument) ++place;
        if (place < book.positions.length && book.positions[place].instrument == instrument) {
            book.positions[place].sizeE18 += int128(size);
            return;
        }
        Position[] memory longer = new Position[](book.positions.length + 1);
        for (uint256 i = 0; i < longer.length; ++i) {
            if (i == place) longer[i] = Position(instrument, int128(size));
            else longer[i] = book.positions[i < place ? i : i - 1];
        }
        book.positions = longer;
    }

    function _copy(Book memory book) internal pure returns (Book memory) {
        return abi.decode(abi.encode(book), (Book));
    }

    function _merged(Book memory a, Book memory b) internal pure returns (Book memory both) {
        both = _copy(a);
        both.cashE18 += b.cashE18;
        for (uint256 i = 0; i < b.positions.length; ++i) {
            _add(both, b.positions[i].instrument, b.positions[i].sizeE18);
        }
    }

    /// @dev Parameters without keeper reserve, and without concentration for all three underlyings.
    function _withoutReserveAndConcentration() internal {
        parameters.setGlobal(GlobalParams(0.8e18, 0, 0, 1000));
        for (uint16 u = 1; u <= 3; ++u) {
            UnderlyingParams memory params = _params(u);
            (params.spreadE18, params.impactE18) = (0, 0);
            parameters.setUnderlying(u, params, _grid(_range(u)));
        }
    }

    /// @dev By how much the greatest losses went beyond the caps that their scans are held within.
    function _heldBack(Report memory report) internal pure returns (uint256 sumE18) {
        for (uint256 i = 0; i < report.underlyings.length; ++i) {
            UnderlyingReport memory part = report.underlyings[i];
            int256 greatestE18 = part.lossE18[part.binding];
            if (greatestE18 > int256(part.scanE18)) sumE18 += uint256(greatestE18) - part.scanE18;
        }
    }

    /// @dev Any that takes options.
    function _model(uint256 seed) internal pure returns (MarginModel) {
        return [MarginModel.SCENARIO, MarginModel.ISOLATED, MarginModel.GREEKS][seed % 3];
    }

    function _asset(uint64 k) internal pure returns (AssetParams memory) {
        return AssetParams(1, 1, 1e18, k);
    }
}
