// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../../contracts/interfaces/IMarginVault.sol";
import {MockToken} from "../../../contracts/mocks/token/MockToken.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Assessment, Book, MarginModel} from "../../../contracts/types/Book.sol";
import {InstrumentId} from "../../../contracts/types/InstrumentId.sol";
import {DriverHandler} from "./DriverHandler.sol";
import {GateHandler} from "./GateHandler.sol";
import {HostileHandler} from "./HostileHandler.sol";
import {OfficerHandler} from "./OfficerHandler.sol";
import {PoolHandler} from "./PoolHandler.sol";
import {Refusals} from "./Refusals.sol";
import {ReportHandler} from "./ReportHandler.sol";
import {RightsHandler} from "./RightsHandler.sol";
import {StrangerHandler} from "./StrangerHandler.sol";

/// @notice Everything that people do with the protocol, as a campaign calls it: one seed chooses who, what and how much.
/// @dev No action reverts: what the protocol refuses must be refused with an error that the action names.
contract BallastHandler is
    StrangerHandler,
    RightsHandler,
    PoolHandler,
    OfficerHandler,
    ReportHandler,
    HostileHandler,
    GateHandler,
    DriverHandler
{
    constructor() {
        _open();
        _openGate();
        _openSteward();
        _openDriver();
    }

    /// @notice All invariants that do not belong to one action.
    function check() external {
        _checkAll();
        for (uint256 i = 0; i < accounts.length; ++i) {
            if (_isShort(figures[i])) _checkClosable(accounts[i]);
        }
    }

    /// @notice Money comes, goes and moves.
    function money(uint256 seed) external {
        seed = _begin(seed);
        uint256 way = seed % 8;
        if (way < 2) _depositSome(seed >> 8);
        else if (way < 4) _transfer(seed >> 8);
        else if (way < 7) _withdraw((seed >> 8) % accounts.length, seed >> 16);
        else _switchModel(seed >> 8);
        _end(false);
    }

    /// @notice What only now and then matters.
    function upkeep(uint256 seed) external {
        seed = _begin(seed);
        uint256 way = seed % 5;
        if (way == 0) _pauses(seed >> 8);
        else if (way == 1) _accrue();
        else if (way == 2) house.settleAccount(accounts[(seed >> 8) % accounts.length]);
        else if (way == 3) _callMargin(seed >> 8);
        else _recordInsolvency(seed >> 8);
        _end(false);
    }

    // --- money

    function _depositSome(uint256 seed) private {
        uint256 place = seed % TRADERS;
        _touch(place);
        (MockToken token, uint256 whole) = _token(seed >> 8);
        _deposit(accounts[place], token, bound(seed >> 16, 1, whole));
    }

    function _transfer(uint256 seed) private {
        uint256 from = seed % TRADERS;
        uint256 to = (seed >> 8) % (accounts.length - 1);
        _touch(from);
        (MockToken token, uint256 whole) = _token(seed >> 16);
        uint256 amount = bound(seed >> 24, 1, whole) * 10 ** (18 - token.decimals());
        bytes memory data = abi.encodeCall(
            IMarginVault.transfer,
            (accounts[from], accounts[to], address(token), amount)
        );
        bytes4 failure = _attempt(accounts[from].owner(), address(vault), data);
        _expect(failure, Refusals.payments(), "transfer");
        if (failure == 0 && from != to) _requireCovered(from);
    }

    function _switchModel(uint256 seed) private {
        uint256 place = seed % TRADERS;
        _touch(place);
        bytes memory data = abi.encodeCall(IMarginVault.setModel, (accounts[place], MarginModel((seed >> 8) % 2)));
        bytes4 failure = _attempt(accounts[place].owner(), address(vault), data);
        _expect(failure, Refusals.models(), "setModel");
        if (failure == 0) _requireCovered(place);
    }

    // --- trading

    function fillOne(uint256 seed) external {
        _fill(seed, 1);
    }

    function fillMany(uint256 seed) external {
        _fill(seed, 2 + ((seed >> 250) % 3));
    }

    /// @notice LED-5: a quote that does not stand is refused, each time with its own error.
    function fillBad(uint256 seed) external {
        seed = _begin(seed);
        (uint256 maker, uint256 taker) = _two(seed);
        IClearinghouse.Leg[] memory legs = _legs(_leg(_perp(BTC), 1e15, spotE18[BTC]));
        IClearinghouse.Fill memory item = _quote(keys[maker], 0, accounts[taker], legs);
        bytes4 expected = _spoil(item, maker, seed >> 16);
        bytes4 failure = _attempt(accounts[taker].owner(), address(house), abi.encodeCall(IClearinghouse.fill, (item)));
        vm.assertEq(bytes32(failure), bytes32(expected), "LED-5: a quote that does not stand is refused");
        _end(false);
    }

    function _pauses(uint256 seed) private {
        if (seed % 4 == 0) house.pauseOpening();
        else house.unpauseOpening();
        if (seed % 5 == 0) vault.pauseBorrowing();
        else vault.unpauseBorrowing();
    }

    // --- market

    /// @notice One or both underlyings move by up to 15 %, now and then by as much as the feed's guard believes at once;
    /// volatility moves the other way.
    function movePrice(uint256 seed) external {
        seed = _begin(seed);
        for (uint16 u = BTC; u <= ETH; ++u) {
            int256 most = (seed >> 80) % 8 == 0 ? int256(0.34e18) : int256(0.15e18);
            int256 move = int256((seed >> (96 * u)) % uint256(2 * most)) - most;
            if ((seed & 3) == u) continue;
            uint256 price = (spotE18[u] * uint256(1e18 + move)) / ONE;
            uint256 vol = (volE18[u] * uint256(1e18 - move)) / ONE;
            if (price < (u == BTC ? 8_000e18 : 600e18) || price > (u == BTC ? 400_000e18 : 20_000e18)) continue;
            (spotE18[u], volE18[u]) = ((price / 1e10) * 1e10, bound(vol, 0.3e18, 1.5e18));
        }
        _later(1 + ((seed >> 64) % 60));
        _endMarket();
    }

    function passTime(uint256 seed) external {
        seed = _begin(seed);
        _later(bound(seed, 1, (seed >> 250) % 4 == 0 ? 2 days : 2 hours));
        _endMarket();
    }

    function _accrue() private {
        house.accrueFunding(BTC);
        house.accrueFunding(ETH);
        vault.accrue();
    }

    function settleExpiries() external {
        _begin();
        for (uint16 u = BTC; u <= ETH; ++u) {
            for (uint256 i = 0; i < liveExpiries[u].length; ++i) {
                uint40 expiry = liveExpiries[u][i];
                if (expiry > clock || house.settlementPriceE18(u, expiry) != 0) continue;
                (uint80 earlier, uint80 later) = _roundsAround(u, expiry);
                house.settleExpiry(u, expiry, earlier, later);
                _reach("settle");
            }
        }
        _endMarket();
    }

    // --- inner

    function _withdraw(uint256 place, uint256 seed) private {
        if (keys[place] == 0) return;
        _touch(place);
        (MockToken token, uint256 whole) = _token(seed >> 16);
        AccountId account = accounts[place];
        bytes memory data = abi.encodeCall(
            IMarginVault.withdraw,
            (account, address(token), bound(seed >> 24, 1, whole), account.owner())
        );
        bytes4 failure = _attempt(account.owner(), address(vault), data);
        _expect(failure, Refusals.payments(), "withdraw");
        if (failure == 0) _requireCovered(place);
    }

    /// @dev A token, and an amount that matters to a book.
    function _token(uint256 seed) private view returns (MockToken token, uint256 wholeNative) {
        uint256 choice = seed % 8;
        if (choice == 0) return (weth, 20e18);
        if (choice == 1) return (wbtc, 1e8);
        if (choice == 2) return (usdt, 30_000e6);
        return (usdc, 80_000e6);
    }

    /// @dev A quote of distinct legs between two traders, checked against what each had before it.
    function _fill(uint256 seed, uint256 count) private {
        seed = _begin(seed);
        (uint256 maker, uint256 taker) = _two(seed);
        _touch(maker);
        _touch(taker);
        house.settleAccount(accounts[maker]);
        house.settleAccount(accounts[taker]);
        Book memory makerBook = _bookOf(accounts[maker]);
        Book memory takerBook = _bookOf(accounts[taker]);
        IClearinghouse.Fill memory item = _quote(keys[maker], 0, accounts[taker], _someLegs(seed >> 16, count));
        bytes4 failure = _attempt(accounts[taker].owner(), address(house), abi.encodeCall(IClearinghouse.fill, (item)));
        if (failure == 0) {
            _reach("fill");
            uint256 filled = house.filledE18(house.quoteDigest(item.quote));
            vm.assertEq(filled, ONE, "LED-5: what is filled is counted");
            _requireNoWorse(accounts[maker], makerBook);
            _requireNoWorse(accounts[taker], takerBook);
        } else {
            _reach("refused");
            _expect(failure, abi.encodePacked(Refusals.fills(), _momentaryFillErrors()), "fill");
        }
        _end(false);
    }

    function _someLegs(uint256 seed, uint256 count) private view returns (IClearinghouse.Leg[] memory legs) {
        legs = new IClearinghouse.Leg[](count);
        uint256 first = seed % (14 - count + 1);
        for (uint256 i = 0; i < count; ++i) {
            uint256 number = first + i;
            uint16 u = number < 7 ? BTC : ETH;
            IClearinghouse.Leg memory leg = _someLeg(u, number % 7, uint256(keccak256(abi.encode(seed, i))));
            uint256 place = i;
            for (; place > 0 && leg.instrument < legs[place - 1].instrument; --place) legs[place] = legs[place - 1];
            legs[place] = leg;
        }
    }

    /// @dev CLR-1 and CLR-3 by the engine's own figures, at the prices after the trade.
    function _requireNoWorse(AccountId account, Book memory before) private view {
        Assessment memory now_ = engine.assess(account);
        int256 excess = _excess(now_);
        if (excess >= 0) return;
        vm.assertGe(now_.equityE18, int256(0), "CLR-3: a fill leaves equity");
        vm.assertGe(excess, _excess(engine.assessBook(before)), "CLR-1: E >= IM, or the excess did not fall");
    }

    /// @dev Breaks one rule of a good quote and names the error that it must meet.
    function _spoil(IClearinghouse.Fill memory item, uint256 maker, uint256 seed) private returns (bytes4 expected) {
        uint256 way = seed % 11;
        if (way == 0) {
            item.signature = _signed(_key("stranger"), house.quoteDigest(item.quote));
            return IClearinghouse.Clearinghouse_BadSignature.selector;
        }
        if (way == 1) {
            item.signer = vm.addr(_key("stranger"));
            return IClearinghouse.Clearinghouse_BadSignature.selector;
        }
        if (way == 2) {
            item.quote.deadline = uint40(clock - 1);
            return IClearinghouse.Clearinghouse_QuoteExpired.selector;
        }
        if (way == 3) {
            item.unitsE18 = uint128(2 * ONE);
            return IClearinghouse.Clearinghouse_Overfilled.selector;
        }
        if (way == 4) {
            item.quote.legs[0].instrument = InstrumentId.wrap(uint128(3) << 112);
            item.signature = _signed(keys[maker], house.quoteDigest(item.quote));
            return IClearinghouse.Clearinghouse_NotTradable.selector;
        }
        if (way == 5) {
            item.unitsE18 = 1;
            return IClearinghouse.Clearinghouse_InexactSize.selector;
        }
        if (way < 9) return _cancel(item, maker, way);
        if (way == 9) {
            item.quote.taker = accounts[maker];
            return IClearinghouse.Clearinghouse_WrongTaker.selector;
        }
        item.quote.legs = new IClearinghouse.Leg[](0);
        return IClearinghouse.Clearinghouse_BadLegs.selector;
    }

    /// @dev The maker takes the quote back: with all others, by its number, or with its group.
    function _cancel(IClearinghouse.Fill memory item, uint256 maker, uint256 way) private returns (bytes4) {
        AccountId account = accounts[maker];
        if (way == 8) {
            // A group of its own, or nothing of the default group would be filled any more.
            item.quote.group = uint64(item.quote.nonce);
            item.signature = _signed(keys[maker], house.quoteDigest(item.quote));
        }
        vm.prank(account.owner());
        if (way == 6) house.cancelAll(account);
        else if (way == 7) house.cancelQuote(account, item.quote.nonce);
        else house.cancelGroup(account, item.quote.group);
        return IClearinghouse.Clearinghouse_QuoteCancelled.selector;
    }
}
