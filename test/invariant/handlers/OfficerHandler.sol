// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../../contracts/interfaces/IMarginVault.sol";
import {ILiquidator} from "../../../contracts/interfaces/ILiquidator.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {ISurfaceOracle} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {MockToken} from "../../../contracts/mocks/token/MockToken.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Listing} from "../../../contracts/types/Market.sol";
import {AssetParams, GlobalParams, UnderlyingParams, Witness} from "../../../contracts/types/Risk.sol";
import {Defaults} from "../../base/Defaults.sol";
import {AuctionHandler} from "./AuctionHandler.sol";

/// @notice What the administrator and the guardian may do: parameters around their defaults, brakes, caps, pauses.
abstract contract OfficerHandler is AuctionHandler {
    /// @notice Risk parameters change; like a price, that may make anybody short.
    function setRisk(uint256 seed) external {
        seed = _begin(seed);
        uint256 way = seed % 5;
        uint16 u = (seed >> 8) & 1 == 0 ? BTC : ETH;
        if (way == 0) _setUnderlying(u, seed >> 16);
        else if (way == 1) parameters.setGroup(1, uint64(bound(seed >> 16, 0.2e18, 0.5e18)));
        else if (way == 2) _setAsset(seed >> 16);
        else if (way == 3) _setGlobal(seed >> 16);
        else parameters.setOracles(prices, surfaces);
        _endMarket();
    }

    /// @notice Terms of trading, auctions, interest and the backstop change.
    function setTerms(uint256 seed) external {
        seed = _begin(seed);
        uint256 way = seed % 8;
        uint16 u = (seed >> 8) & 1 == 0 ? BTC : ETH;
        seed = seed >> 16;
        if (way == 0) _setCurve(seed);
        else if (way == 1) _setKeeperPay(seed);
        else if (way == 2) _setListing(u, seed);
        else if (way == 3) _setFees(seed);
        else if (way == 4) _setFunding(seed);
        else if (way == 5) _setRates(seed);
        else if (way == 6) _setPool(u, seed);
        else _setCaps(seed);
        // A shorter clamp moves a mark.
        _endMarket();
    }

    /// @notice The rooms are wired anew, as they were.
    function rewire(uint256 seed) external {
        seed = _begin(seed);
        uint256 way = seed % 5;
        if (way == 0) vault.setCore(address(engine), address(house), address(liquidator), address(backstop));
        else if (way == 1) house.setPriceOracle(address(prices));
        else if (way == 2) _setOracle(seed >> 8);
        else if (way == 3) _setSigners();
        else _refuseWiring();
        _end(false);
    }

    /// @notice LIQ-9: while a feed is braked nothing that needs its price happens, and in the grace after it nobody is sold.
    function brake(uint256 seed) external {
        seed = _begin(seed);
        uint16[4] memory feedIds = [BTC, ETH, Defaults.USDC_FEED, Defaults.USDT_FEED];
        uint16 feedId = feedIds[seed % 4];
        uint256 place = (seed >> 8) % TRADERS;
        prices.pauseFeed(feedId);
        _whileBraked(feedId, place);
        prices.unpauseFeed(feedId);
        graceUntil = clock + prices.brakeGraceSeconds();
        _inGrace(feedId, place);
        if (seed & (1 << 128) != 0) _later(prices.brakeGraceSeconds());
        _endMarket();
    }

    // --- parts

    function _setUnderlying(uint16 u, uint256 seed) private {
        UnderlyingParams memory params = Defaults.underlyingParams(u);
        params.volUpE18 = uint64(bound(seed, params.volUpE18 / 2, params.volUpE18));
        params.spreadE18 = uint64(bound(seed >> 64, 0, params.spreadE18 * 2));
        params.rollMinE18 = uint64(bound(seed >> 128, 0, params.rollMinE18 * 2));
        params.impactE18 = uint64(bound(seed >> 192, 0, params.impactE18 * 2));
        parameters.setUnderlying(u, params, Defaults.grid(u));
    }

    /// @dev Weights of the first assets, a little below their defaults.
    function _setAsset(uint256 seed) private {
        uint8 assetId = uint8(seed % 3);
        AssetParams memory params = Defaults.assetParams(assetId == 0 ? ETH : (assetId == 1 ? BTC : 0));
        params.weightE18 = uint64(bound(seed >> 8, (params.weightE18 * 9) / 10, params.weightE18));
        parameters.setAsset(assetId, params);
    }

    function _setGlobal(uint256 seed) private {
        GlobalParams memory params = Defaults.globalParams();
        params.initialRatioE18 = uint64(bound(seed, 0.7e18, 1e18));
        params.reserveBaseE18 = uint128(bound(seed >> 64, 0, 10e18));
        params.reservePerPositionE18 = uint128(bound(seed >> 128, 0, 1e18));
        parameters.setGlobal(params);
    }

    function _setCurve(uint256 seed) private {
        ILiquidator.Curve memory curve = Defaults.curve();
        curve.targetHealthE18 = uint64(bound(seed, 1.1e18, 1.5e18));
        curve.dustE18 = uint128(bound(seed >> 64, 0, 200e18));
        curve.fastSeconds = uint32(bound(seed >> 128, 300, 3600));
        liquidator.setCurve(curve);
    }

    function _setKeeperPay(uint256 seed) private {
        ILiquidator.KeeperPay memory pay = Defaults.keeperPay();
        pay.minE18 = uint128(bound(seed, 0, 20e18));
        pay.startGas = uint32(bound(seed >> 64, 100_000, 2_000_000));
        liquidator.setKeeperPay(pay);
    }

    /// @dev Mostly open, and now and then with room for little more than there is.
    function _setListing(uint16 u, uint256 seed) private {
        Listing memory listing = Defaults.listing(u);
        listing.active = seed % 4 != 0;
        if (seed % 4 == 1) listing.openInterestCapE18 = uint128(house.openInterestE18(u));
        house.setListing(u, listing);
    }

    function _setFees(uint256 seed) private {
        IClearinghouse.Fees memory fees = Defaults.fees();
        fees.linearE18 = uint64(bound(seed, 0, 0.001e18));
        fees.optionE18 = uint64(bound(seed >> 64, 0, 0.001e18));
        house.setFees(fees);
    }

    function _setFunding(uint256 seed) private {
        IClearinghouse.FundingParams memory params = Defaults.funding();
        params.maxPremiumE18 = uint64(bound(seed, 0.001e18, 0.005e18));
        params.maxRateE18 = uint64(bound(seed >> 64, 0, 0.01e18));
        params.averageSeconds = uint32(bound(seed >> 128, 60, 7200));
        house.setFundingParams(params);
    }

    function _setRates(uint256 seed) private {
        IMarginVault.RateCurve memory curve = Defaults.rateCurve();
        curve.baseE18 = uint64(bound(seed, 0, 100_000_000) * 1e9);
        curve.reserveE18 = uint64(bound(seed >> 64, 0, 500_000_000) * 1e9);
        vault.setRateCurve(curve);
    }

    function _setPool(uint16 u, uint256 seed) private {
        if (seed & 1 == 0) {
            backstop.setCooldown(uint32(bound(seed >> 8, 1 hours, 7 days)), uint32(bound(seed >> 64, 1 hours, 7 days)));
        } else {
            // Without a limit, with one that losses reach, or as it was.
            uint256 choice = (seed >> 8) % 3;
            uint96 limitE18 = choice == 0 ? 0 : uint96(choice == 1 ? 20_000e18 : 1e28);
            backstop.setLossBudget(u, limitE18, uint24(bound(seed >> 64, 1 hours, 30 days)));
        }
    }

    /// @dev A cap below what is there stops what would add to it; then it is as it was.
    function _setCaps(uint256 seed) private {
        AccountId account = accounts[TRADERS];
        if (seed & 1 == 0) {
            vault.setSettlementCap(0);
            _refuseDeposit(account, usdc, IMarginVault.MarginVault_CapExceeded.selector);
            vault.setSettlementCap(500e24);
            return;
        }
        IMarginVault.Asset memory entry = vault.asset(0);
        bool open = seed & 2 == 0;
        vault.setAssetCap(0, open ? entry.totalE18 : entry.capE18, open);
        bytes4 refusal =
            open ? IMarginVault.MarginVault_CapExceeded.selector : IMarginVault.MarginVault_AssetNotOpen.selector;
        _refuseDeposit(account, weth, refusal);
        vault.setAssetCap(0, entry.capE18, true);
    }

    /// @dev One whole coin, which only repays what is owed if there is a debt of as much.
    function _refuseDeposit(AccountId account, MockToken token, bytes4 refusal) private {
        uint256 amount = 10 ** token.decimals();
        address owner = account.owner();
        token.mint(owner, amount);
        bool repays = address(token) == address(usdc) && vault.cashOf(account) <= -1e18;
        bytes memory data = abi.encodeCall(IMarginVault.deposit, (account, address(token), amount));
        bytes4 failure = _attempt(owner, address(vault), data);
        vm.assertEq(bytes32(failure), bytes32(repays ? bytes4(0) : refusal), "CLR-4: a cap stops what adds to it");
    }

    function _setOracle(uint256 seed) private {
        prices.setConfirmSeconds(uint32(bound(seed, 60, 3600)));
        prices.setSequencer(address(0), uint32(seed % 3600));
        prices.setFeed(BTC, prices.feed(BTC));
        _setWindow(uint32(bound(seed >> 4, 0, 1 hours)));
        ISurfaceOracle.Bounds memory bounds = Defaults.surfaceBounds();
        bounds.maxRatioStepE18 = uint64(bound(seed >> 8, 0.05e18, 0.1e18));
        surfaces.setBounds(bounds);
    }

    /// @dev The window of an expiry that is no further than the new window would have begun.
    function _setWindow(uint32 seconds_) private {
        uint40 expiry = uint40(block.timestamp) + seconds_;
        uint32 before = prices.settlementWindow(expiry);
        prices.setSettlementWindow(seconds_);
        vm.assertEq(uint256(prices.settlementWindow(expiry)), uint256(before), "ORC-4: a window that has begun stays");
    }

    /// @dev A fourth signer comes, the threshold rises and falls, he goes again.
    function _setSigners() private {
        address signer = vm.addr(_key("fourth signer"));
        surfaces.setSigner(signer, true);
        surfaces.setThreshold(4);
        bytes4 refusal = ISurfaceOracle.SurfaceOracle_InvalidConfig.selector;
        bytes memory data = abi.encodeCall(ISurfaceOracle.setSigner, (signer, false));
        vm.assertEq(bytes32(_attempt(address(this), address(surfaces), data)), bytes32(refusal), "CLR-4: below k");
        surfaces.setThreshold(2);
        surfaces.setSigner(signer, false);
    }

    /// @dev CLR-4: not even the administrator moves the clearinghouse or the backstop, or lists a token twice.
    function _refuseWiring() private {
        address core = address(vault);
        bytes memory data = abi.encodeCall(
            IMarginVault.setCore,
            (address(engine), address(closer), address(liquidator), address(backstop))
        );
        bytes4 refusal = IMarginVault.MarginVault_InvalidCore.selector;
        vm.assertEq(bytes32(_attempt(address(this), core, data)), bytes32(refusal), "CLR-4: the clearinghouse stays");
        data = abi.encodeCall(
            IMarginVault.setCore,
            (address(engine), address(house), address(liquidator), address(closer))
        );
        vm.assertEq(bytes32(_attempt(address(this), core, data)), bytes32(refusal), "CLR-4: the backstop stays");
        refusal = IMarginVault.MarginVault_CannotList.selector;
        data = abi.encodeCall(IMarginVault.listAsset, (address(weth), 1));
        vm.assertEq(bytes32(_attempt(address(this), core, data)), bytes32(refusal), "CLR-4: no asset is listed twice");
    }

    // --- brakes

    function _whileBraked(uint16 feedId, uint256 place) private {
        AccountId account = accounts[place];
        bytes4 paused = IPriceOracle.PriceOracle_FeedPaused.selector;
        bytes memory data = abi.encodeCall(IPriceOracle.poke, (feedId));
        vm.assertEq(bytes32(_attempt(address(this), address(prices), data)), bytes32(paused), "LIQ-9: braked: poke");
        if (feedId > ETH) return;
        data = abi.encodeCall(IClearinghouse.accrueFunding, (feedId));
        vm.assertEq(bytes32(_attempt(address(this), address(house), data)), bytes32(paused), "LIQ-9: braked: funding");
        if (!_holds(account, feedId)) return;
        vm.assertEq(bytes32(_tryStart(account)), bytes32(_orRunning(account, paused)), "LIQ-9: no auction starts");
        vm.assertTrue(_tryTake(account) != 0, "LIQ-9: no slice is sold while a feed is braked");
        _withdrawIdle(place);
    }

    /// @dev VLT-6: whoever owes nothing and holds no position leaves whatever the feeds say.
    function _withdrawIdle(uint256 place) private {
        for (uint256 i = 0; i < TRADERS + KEEPERS; ++i) {
            uint256 idle = (place + i) % (TRADERS + KEEPERS);
            AccountId account = accounts[idle];
            if (house.hasPositions(account) || vault.cashOf(account) < 1e12) continue;
            if (usdc.balanceOf(address(vault)) == 0) return;
            bytes memory data = abi.encodeCall(IMarginVault.withdraw, (account, address(usdc), 1, account.owner()));
            vm.assertEq(bytes32(_attempt(account.owner(), address(vault), data)), bytes32(0), "VLT-6: exits are open");
            return;
        }
    }

    function _inGrace(uint16 feedId, uint256 place) private {
        AccountId account = accounts[place];
        if (feedId > ETH || !_holds(account, feedId)) return;
        _reach("grace");
        vm.assertTrue(_tryStart(account) != 0, "LIQ-9: no auction starts in the grace");
        vm.assertTrue(_tryTake(account) != 0, "LIQ-9: no slice is sold in the grace");
    }

    function _orRunning(AccountId account, bytes4 refusal) private view returns (bytes4) {
        bool running = liquidator.auction(account).startedAt != 0;
        return running ? ILiquidator.Liquidator_AlreadyStarted.selector : refusal;
    }

    function _tryStart(AccountId account) private returns (bytes4) {
        Witness memory whole;
        AccountId keeper = accounts[TRADERS];
        bytes memory data = abi.encodeCall(ILiquidator.start, (account, whole, keeper));
        return _attemptLogged(keeper.owner(), address(liquidator), data);
    }

    function _tryTake(AccountId account) private returns (bytes4) {
        AccountId keeper = accounts[TRADERS];
        bytes memory data = abi.encodeCall(ILiquidator.take, (account, keeper, ONE, type(int256).max, ""));
        return _attemptLogged(keeper.owner(), address(liquidator), data);
    }

    /// @dev A position whose value needs the underlying's price.
    function _holds(AccountId account, uint16 u) private returns (bool) {
        house.settleAccount(account);
        return house.sizeOf(account, _perp(u)) != 0;
    }
}
