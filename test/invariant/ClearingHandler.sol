// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Clearinghouse} from "../../contracts/core/Clearinghouse.sol";
import {MarginVault} from "../../contracts/core/MarginVault.sol";
import {IClearinghouse} from "../../contracts/interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../contracts/interfaces/IMarginVault.sol";
import {MockWallet} from "../../contracts/mocks/core/MockWallet.sol";
import {MockLiquidator} from "../../contracts/mocks/liquidation/MockLiquidator.sol";
import {MockSpot} from "../../contracts/mocks/oracle/MockSpot.sol";
import {MockBookEngine} from "../../contracts/mocks/risk/MockBookEngine.sol";
import {MockToken} from "../../contracts/mocks/token/MockToken.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Position} from "../../contracts/types/Book.sol";
import {InstrumentId, Kind, toInstrumentId} from "../../contracts/types/InstrumentId.sol";
import {Listing} from "../../contracts/types/Market.sol";
import {SolidityTest} from "../base/SolidityTest.sol";

/// @notice Trades, moves, prices, time and settlements between four rich accounts, each call within what must succeed.
contract ClearingHandler is SolidityTest {
    uint256 public constant ACTORS = 4;
    uint256 private constant START = 1_772_442_000; // Monday, 2 March 2026, 09:00 UTC
    uint40 private constant FIRST = 1_772_524_800; // Tuesday, 3 March 2026, 08:00 UTC
    uint256 private constant EXPIRIES = 3;
    uint256 private constant STRIKES = 6;

    Clearinghouse public immutable HOUSE;
    MarginVault public immutable VAULT;
    MockSpot private immutable SPOT;
    MockLiquidator private immutable LIQUIDATOR;
    InstrumentId[] private _instruments;
    uint256 private _nonce;
    /// @notice Expiries that have a settlement price.
    uint256 public settledExpiries;

    constructor() {
        vm.warp(START);
        AccessManager authority = new AccessManager(address(this));
        MockToken token = new MockToken("USDC", 18);
        IMarginVault.RateCurve memory curve = IMarginVault.RateCurve(0, 0.5e18, 0, 0, 0);
        VAULT = new MarginVault(address(authority), address(token), curve, 1e36);
        SPOT = new MockSpot();
        HOUSE = new Clearinghouse(VAULT, address(SPOT), address(authority));
        MockBookEngine engine = new MockBookEngine(VAULT, HOUSE, SPOT);
        LIQUIDATOR = new MockLiquidator(VAULT, HOUSE);
        VAULT.setCore(address(engine), address(HOUSE), address(LIQUIDATOR), address(new MockWallet()));
        HOUSE.setFundingParams(IClearinghouse.FundingParams(0.01e18, 0.005e18, 1_800, 10_000e18));
        HOUSE.setFees(IClearinghouse.Fees(0.0005e18, 0.0003e18, 0.125e18));
        token.mint(address(this), 1e38);
        token.approve(address(VAULT), 1e38);
        for (uint256 i; i < ACTORS; ++i) VAULT.deposit(actor(i), address(token), 1e34);
        for (uint16 underlying = 1; underlying <= 2; ++underlying) _list(underlying);
    }

    // --- actions

    function trade(
        uint256 who,
        uint256 whom,
        uint256 first,
        uint256 stride,
        uint256 legs,
        int256 size,
        uint256 price
    ) public {
        IClearinghouse.Fill[] memory items = new IClearinghouse.Fill[](1);
        items[0] = _fill(who, whom, _legs(first, stride, legs, size, price));
        if (!_fits(items[0])) return;
        vm.prank(_owner(_other(who, whom)));
        HOUSE.fill(items[0]);
    }

    /// @notice The taker trades against two makers at once.
    function tradeTwice(uint256 who, uint256 first, uint256 stride, int256 size, uint256 price) public {
        IClearinghouse.Fill[] memory items = new IClearinghouse.Fill[](2);
        uint256 taker = who % ACTORS;
        items[0] = _fill(taker + 1, 3, _legs(first, stride, 2, size, price));
        items[1] = _fill(taker + 2, 2, _legs(first, stride, 2, -(size / 2), price));
        items[1].taker = items[0].taker = actor(taker);
        if (items[0].quote.maker == items[0].taker || items[1].quote.maker == items[1].taker) return;
        if (!_fits(items[0]) || !_fits(items[1]) || _count(actor(taker)) > 60) return;
        vm.prank(_owner(taker));
        HOUSE.fillMany(items);
    }

    function move(uint256 who, uint256 whom, uint256 fraction) public {
        AccountId from = actor(who);
        AccountId to = actor(_other(who, whom));
        if (_count(from) + _count(to) > HOUSE.positionCap()) return;
        LIQUIDATOR.move(from, to, bound(fraction, 0, 1e18));
    }

    function pass(uint256 seconds_) public {
        vm.warp(block.timestamp + bound(seconds_, 1, 20 hours));
    }

    function setPrice(uint16 underlying, uint256 price) public {
        SPOT.setPrice(1 + (underlying % 2), bound(price, 1e18, 200_000e18 + 7));
    }

    function accrue(uint16 underlying) public {
        HOUSE.accrueFunding(1 + (underlying % 2));
    }

    function settleExpiry(uint16 underlying, uint256 which, uint256 price) public {
        underlying = 1 + (underlying % 2);
        uint40 expiry = _expiry(which);
        if (block.timestamp < expiry || HOUSE.settlementPriceE18(underlying, expiry) != 0) return;
        SPOT.setPriceAt(underlying, expiry, bound(price, 1e18, 200_000e18 + 7));
        HOUSE.settleExpiry(underlying, expiry, 1, 2);
        ++settledExpiries;
    }

    function settleAccount(uint256 who) public {
        HOUSE.settleAccount(actor(who));
    }

    // --- views for the invariants

    function actor(uint256 who) public pure returns (AccountId) {
        return toAccountId(vm.addr(_key(who)), 0);
    }

    function instruments() public view returns (InstrumentId[] memory) {
        return _instruments;
    }

    // --- parts

    function _list(uint16 underlying) private {
        SPOT.setPrice(underlying, 1_000e18 + 3);
        HOUSE.setListing(underlying, Listing(true, 100e8, 100e8, 100_000e8, type(uint128).max));
        _instruments.push(toInstrumentId(underlying, Kind.PERP, 0, 0));
        for (uint256 e; e < EXPIRIES; ++e) {
            uint40 expiry = _expiry(e);
            _instruments.push(toInstrumentId(underlying, Kind.FUTURE, expiry, 0));
            for (uint8 kind = 2; kind < 4; ++kind) {
                for (uint64 s = 1; s <= STRIKES; ++s) {
                    _instruments.push(toInstrumentId(underlying, Kind(kind), expiry, s * 400e8));
                }
            }
        }
    }

    function _legs(
        uint256 first,
        uint256 stride,
        uint256 count,
        int256 size,
        uint256 price
    ) private view returns (IClearinghouse.Leg[] memory legs) {
        count = bound(count, 1, 8);
        size = bound(size, -1e23, 1e23);
        stride = bound(stride, 1, 9);
        first = bound(first, 0, _instruments.length - 1 - (count - 1) * stride);
        legs = new IClearinghouse.Leg[](count);
        uint256 kept;
        for (uint256 i; i < count; ++i) {
            InstrumentId id = _instruments[first + i * stride];
            if (!HOUSE.isTradable(id)) continue;
            int256 legSize = bound(size + int256(i) * (size / 3), -1e24, 1e24);
            if (i % 2 == 1) legSize = -legSize;
            legs[kept].sizePerUnitE18 = int128(legSize == 0 ? int256(1) : legSize);
            legs[kept].priceE18 = uint128(bound(price, 0, 100_000e18));
            legs[kept++].instrument = id;
        }
        assembly {
            mstore(legs, kept)
        }
    }

    function _fill(
        uint256 who,
        uint256 whom,
        IClearinghouse.Leg[] memory legs
    ) private returns (IClearinghouse.Fill memory item) {
        item.quote.maker = actor(who);
        item.quote.legs = legs;
        item.quote.unitsE18 = item.unitsE18 = 1e18;
        item.quote.nonce = uint128(++_nonce);
        item.quote.deadline = type(uint40).max;
        item.taker = actor(_other(who, whom));
        item.signer = _owner(who);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_key(who), HOUSE.quoteDigest(item.quote));
        item.signature = abi.encodePacked(r, s, v);
    }

    function _fits(IClearinghouse.Fill memory item) private view returns (bool) {
        uint256 legs = item.quote.legs.length;
        uint256 cap = HOUSE.positionCap();
        return legs != 0 && _count(item.quote.maker) + legs <= cap && _count(item.taker) + legs <= cap;
    }

    function _count(AccountId account) private view returns (uint256) {
        (Position[] memory positions, ) = HOUSE.positionsOf(account);
        return positions.length;
    }

    function _expiry(uint256 which) private pure returns (uint40) {
        return uint40(FIRST + (which % EXPIRIES) * 2 days);
    }

    function _other(uint256 who, uint256 whom) private pure returns (uint256) {
        return (who % ACTORS) + 1 + (whom % (ACTORS - 1));
    }

    function _key(uint256 who) private pure returns (uint256) {
        return 0xA11CE + (who % ACTORS);
    }

    function _owner(uint256 who) private pure returns (address) {
        return vm.addr(_key(who));
    }
}
