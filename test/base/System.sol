// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Clearinghouse} from "../../contracts/core/Clearinghouse.sol";
import {MarginVault} from "../../contracts/core/MarginVault.sol";
import {IClearinghouse} from "../../contracts/interfaces/IClearinghouse.sol";
import {ISurfaceOracle} from "../../contracts/interfaces/ISurfaceOracle.sol";
import {Backstop} from "../../contracts/liquidation/Backstop.sol";
import {Liquidator} from "../../contracts/liquidation/Liquidator.sol";
import {MockAggregator} from "../../contracts/mocks/oracle/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/token/MockToken.sol";
import {PriceOracle} from "../../contracts/oracle/PriceOracle.sol";
import {SurfaceOracle} from "../../contracts/oracle/SurfaceOracle.sol";
import {RiskEngine} from "../../contracts/risk/RiskEngine.sol";
import {CdfTable} from "../../contracts/risk/kernel/CdfTable.sol";
import {RiskGreeks} from "../../contracts/risk/RiskGreeks.sol";
import {RiskModels} from "../../contracts/risk/RiskModels.sol";
import {RiskParameters} from "../../contracts/risk/RiskParameters.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Book} from "../../contracts/types/Book.sol";
import {InstrumentId, Kind, toInstrumentId} from "../../contracts/types/InstrumentId.sol";
import {Surface} from "../../contracts/types/Market.sol";
import {Defaults} from "./Defaults.sol";
import {SolidityTest} from "./SolidityTest.sol";

/// @notice The whole protocol with its real contracts, and the hands that tests need: prices, time, surfaces, quotes.
/// @dev Only tokens and feeds are stand-ins. The contract that inherits this is the administrator, without delay.
abstract contract System is SolidityTest {
    uint16 internal constant BTC = Defaults.BTC;
    uint16 internal constant ETH = Defaults.ETH;
    uint256 internal constant ONE = 1e18;
    /// @dev Friday, 5 September 2025, 08:00 UTC.
    uint256 internal constant GENESIS = 1_757_059_200;
    uint256 internal constant YEAR = 365 days;

    AccessManager internal manager;
    MockToken internal usdc;
    MockToken internal usdt;
    /// @dev Asset numbers follow: WETH 0, WBTC 1, USDT 2.
    MockToken internal weth;
    MockToken internal wbtc;
    mapping(uint16 feedId => MockAggregator feed) internal feeds;
    PriceOracle internal prices;
    SurfaceOracle internal surfaces;
    MarginVault internal vault;
    Clearinghouse internal house;
    RiskParameters internal parameters;
    RiskEngine internal engine;
    Backstop internal backstop;
    Liquidator internal liquidator;

    /// @dev Keys of the surface signers in ascending order of address; two of three sign.
    uint256[3] internal surfaceKeys;
    mapping(uint16 underlying => uint256 priceE18) internal spotE18;
    mapping(uint16 underlying => uint256 volE18) internal volE18;
    mapping(uint16 underlying => uint40[] expiries) internal liveExpiries;
    uint256 internal clock;
    uint256 internal height;
    uint128 private _nextNonce;

    // --- deployment

    function _deploySystem() internal {
        clock = GENESIS;
        height = 1000;
        vm.warp(clock);
        vm.roll(height);
        manager = new AccessManager(address(this));
        _deployOutside();
        _deployCore();
        _wire();
    }

    function _deployOutside() private {
        usdc = new MockToken("USDC", 6);
        usdt = new MockToken("USDT", 6);
        weth = new MockToken("WETH", 18);
        wbtc = new MockToken("WBTC", 8);
        (spotE18[BTC], spotE18[ETH]) = (50_000e18, 2_500e18);
        (volE18[BTC], volE18[ETH]) = (0.6e18, 0.7e18);
        feeds[BTC] = new MockAggregator(8, 50_000e8);
        feeds[ETH] = new MockAggregator(8, 2_500e8);
        feeds[Defaults.USDC_FEED] = new MockAggregator(8, 1e8);
        feeds[Defaults.USDT_FEED] = new MockAggregator(8, 1e8);
        prices = new PriceOracle(address(manager), 300);
        prices.setFeed(BTC, Defaults.feed(address(feeds[BTC]), false));
        prices.setFeed(ETH, Defaults.feed(address(feeds[ETH]), false));
        prices.setFeed(Defaults.USDC_FEED, Defaults.feed(address(feeds[Defaults.USDC_FEED]), true));
        prices.setFeed(Defaults.USDT_FEED, Defaults.feed(address(feeds[Defaults.USDT_FEED]), true));
        surfaces = new SurfaceOracle(address(manager), _surfaceSigners(), 2, Defaults.surfaceBounds());
    }

    function _deployCore() private {
        address authority = address(manager);
        vault = new MarginVault(authority, address(usdc), Defaults.rateCurve(), 500e24);
        house = new Clearinghouse(vault, address(prices), authority);
        _deployEngine();
        backstop = new Backstop(vault, authority, 7 days, 2 days);
        for (uint16 underlying = 0; underlying <= ETH; ++underlying) backstop.setLossBudget(underlying, 1e28, 1 days);
        liquidator = new Liquidator(vault, house, backstop, prices, authority, Defaults.curve(), Defaults.keeperPay());
        vault.setCore(address(engine), address(house), address(liquidator), address(backstop));
    }

    function _wire() private {
        house.setFees(Defaults.fees());
        house.setFundingParams(Defaults.funding());
        house.setListing(BTC, Defaults.listing(BTC));
        house.setListing(ETH, Defaults.listing(ETH));
        vault.listAsset(address(weth), 200_000e18);
        vault.listAsset(address(wbtc), 10_000e18);
        vault.listAsset(address(usdt), 100e24);
    }

    function _deployEngine() private {
        parameters = new RiskParameters(address(manager), prices, surfaces, Defaults.globalParams());
        parameters.setGroup(1, 0.4e18);
        parameters.setUnderlying(BTC, Defaults.underlyingParams(BTC), Defaults.grid(BTC));
        parameters.setUnderlying(ETH, Defaults.underlyingParams(ETH), Defaults.grid(ETH));
        parameters.setAsset(0, Defaults.assetParams(ETH));
        parameters.setAsset(1, Defaults.assetParams(BTC));
        parameters.setAsset(2, Defaults.assetParams(0));
        RiskGreeks greeks = new RiskGreeks(vault, house, parameters, address(new CdfTable()));
        engine = new RiskEngine(new RiskModels(greeks));
    }

    function _surfaceSigners() private returns (address[] memory signers) {
        surfaceKeys = [
            uint256(keccak256("surface a")),
            uint256(keccak256("surface b")),
            uint256(keccak256("surface c"))
        ];
        for (uint256 i = 1; i < 3; ++i) {
            for (uint256 j = i; j > 0 && vm.addr(surfaceKeys[j]) < vm.addr(surfaceKeys[j - 1]); --j) {
                (surfaceKeys[j], surfaceKeys[j - 1]) = (surfaceKeys[j - 1], surfaceKeys[j]);
            }
        }
        signers = new address[](3);
        for (uint256 i = 0; i < 3; ++i) signers[i] = vm.addr(surfaceKeys[i]);
    }

    // --- prices and time

    /// @dev The next block, without a second passing.
    function _nextBlock() internal {
        vm.roll(++height);
        vm.warp(clock);
    }

    /// @dev Later, with every feed and surface reported anew.
    function _pass(uint256 seconds_) internal {
        clock += seconds_;
        _nextBlock();
        _report();
    }

    function _move(uint16 underlying, uint256 priceE18, uint256 newVolE18) internal {
        spotE18[underlying] = priceE18;
        volE18[underlying] = newVolE18;
        clock += 1;
        _nextBlock();
        _report();
    }

    function _report() internal {
        _push(Defaults.USDC_FEED, 1e8);
        _push(Defaults.USDT_FEED, 1e8);
        _push(BTC, int256(spotE18[BTC] / 1e10));
        _push(ETH, int256(spotE18[ETH] / 1e10));
        _publish(BTC);
        _publish(ETH);
    }

    function _push(uint16 feedId, int256 answer) internal {
        feeds[feedId].pushAnswer(answer);
        prices.poke(feedId);
    }

    function _followExpiry(uint16 underlying, uint40 expiry) internal {
        uint40[] storage list = liveExpiries[underlying];
        for (uint256 i = 0; i < list.length; ++i) if (list[i] == expiry) return;
        list.push(expiry);
        for (uint256 i = list.length - 1; i > 0 && list[i - 1] > expiry; --i) {
            (list[i], list[i - 1]) = (list[i - 1], expiry);
        }
    }

    /// @dev One signed report for each expiry that has not passed.
    function _publish(uint16 underlying) internal {
        uint40[] storage all = liveExpiries[underlying];
        uint256 first = 0;
        while (first < all.length && all[first] <= clock) ++first;
        uint256 count = all.length - first;
        if (count == 0) return;
        ISurfaceOracle.SurfaceReport[] memory reports = new ISurfaceOracle.SurfaceReport[](count);
        bytes[][] memory signatures = new bytes[][](count);
        for (uint256 i = 0; i < count; ++i) {
            reports[i] = _surfaceReport(underlying, all[first + i]);
            signatures[i] = _signReport(reports[i]);
        }
        surfaces.publish(reports, signatures);
    }

    /// @dev A smile with the wanted volatility at the money, a forward 5 % a year above spot and no discount.
    function _surfaceReport(
        uint16 underlying,
        uint40 expiry
    ) internal view returns (ISurfaceOracle.SurfaceReport memory report) {
        uint256 yearsE18 = ((expiry - clock) * ONE) / YEAR;
        uint256 variance = (((volE18[underlying] * volE18[underlying]) / ONE) * yearsE18) / ONE;
        report.underlying = underlying;
        report.expiry = expiry;
        report.surface = Surface({
            publishedAt: uint40(clock),
            forwardRatioE18: uint64(ONE + (0.05e18 * yearsE18) / ONE),
            discountE18: 1e18,
            aE18: int64(int256(variance / 2)),
            bE18: uint64(variance * 5),
            rhoE18: 0,
            mE18: 0,
            sigmaE18: 0.1e18
        });
    }

    function _signReport(ISurfaceOracle.SurfaceReport memory report) internal view returns (bytes[] memory signatures) {
        bytes32 digest = surfaces.digest(report);
        signatures = new bytes[](2);
        for (uint256 i = 0; i < 2; ++i) signatures[i] = _signed(surfaceKeys[i], digest);
    }

    // --- accounts, quotes, money

    function _key(string memory name) internal pure returns (uint256) {
        return uint256(keccak256(bytes(name)));
    }

    function _account(address owner, uint96 sub) internal pure returns (AccountId) {
        return toAccountId(owner, sub);
    }

    function _approve(address owner) internal {
        MockToken[4] memory all = [usdc, usdt, weth, wbtc];
        for (uint256 i = 0; i < all.length; ++i) {
            vm.prank(owner);
            all[i].approve(address(vault), type(uint256).max);
        }
    }

    function _deposit(AccountId account, MockToken token, uint256 amountNative) internal {
        address owner = account.owner();
        token.mint(owner, amountNative);
        vm.prank(owner);
        token.approve(address(vault), amountNative);
        vm.prank(owner);
        vault.deposit(account, address(token), amountNative);
    }

    function _perp(uint16 underlying) internal pure returns (InstrumentId) {
        return toInstrumentId(underlying, Kind.PERP, 0, 0);
    }

    function _future(uint16 underlying, uint40 expiry) internal pure returns (InstrumentId) {
        return toInstrumentId(underlying, Kind.FUTURE, expiry, 0);
    }

    /// @param strike Whole dollars.
    function _option(uint16 underlying, Kind kind, uint40 expiry, uint64 strike) internal pure returns (InstrumentId) {
        return toInstrumentId(underlying, kind, expiry, strike * 1e8);
    }

    function _leg(
        InstrumentId instrument,
        int256 sizeE18,
        uint256 priceE18
    ) internal pure returns (IClearinghouse.Leg memory) {
        return
            IClearinghouse.Leg({instrument: instrument, sizePerUnitE18: int128(sizeE18), priceE18: uint128(priceE18)});
    }

    function _legs(IClearinghouse.Leg memory leg) internal pure returns (IClearinghouse.Leg[] memory legs) {
        legs = new IClearinghouse.Leg[](1);
        legs[0] = leg;
    }

    /// @dev A quote for one unit, good for an hour, signed by the maker's owner.
    function _quote(
        uint256 makerKey,
        uint96 sub,
        AccountId taker,
        IClearinghouse.Leg[] memory legs
    ) internal returns (IClearinghouse.Fill memory item) {
        item.quote.maker = _account(vm.addr(makerKey), sub);
        item.quote.taker = taker;
        item.quote.legs = legs;
        item.quote.unitsE18 = uint128(ONE);
        item.quote.epoch = house.epochOf(item.quote.maker);
        item.quote.nonce = ++_nextNonce;
        item.quote.deadline = uint40(clock + 1 hours);
        item.signer = vm.addr(makerKey);
        item.taker = taker;
        item.unitsE18 = uint128(ONE);
        item.signature = _signed(makerKey, house.quoteDigest(item.quote));
    }

    /// @dev Fills a quote of one leg for one unit; sizes as the maker sees them.
    function _trade(
        uint256 makerKey,
        AccountId taker,
        InstrumentId instrument,
        int256 sizeE18,
        uint256 priceE18
    ) internal {
        IClearinghouse.Fill memory item = _quote(makerKey, 0, taker, _legs(_leg(instrument, sizeE18, priceE18)));
        vm.prank(taker.owner());
        house.fill(item);
    }

    function _signed(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev An account's book as the engine takes it.
    function _bookOf(AccountId account) internal view returns (Book memory book) {
        (book.cashE18, book.collateral, book.model) = vault.holdingsOf(account);
        (book.positions, book.quotes) = house.positionsOf(account);
    }
}
