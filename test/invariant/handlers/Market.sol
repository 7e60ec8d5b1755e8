// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {ILiquidator} from "../../../contracts/interfaces/ILiquidator.sol";
import {MockWallet} from "../../../contracts/mocks/core/MockWallet.sol";
import {CallbackKeeper} from "../../../contracts/mocks/liquidation/CallbackKeeper.sol";
import {HostileKeeper} from "../../../contracts/mocks/liquidation/HostileKeeper.sol";
import {BlacklistToken} from "../../../contracts/mocks/token/BlacklistToken.sol";
import {FalseToken} from "../../../contracts/mocks/token/FalseToken.sol";
import {FeeToken} from "../../../contracts/mocks/token/FeeToken.sol";
import {ReentrantToken} from "../../../contracts/mocks/token/ReentrantToken.sol";
import {CloseOut} from "../../../contracts/periphery/CloseOut.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Assessment, Position} from "../../../contracts/types/Book.sol";
import {InstrumentId, Kind} from "../../../contracts/types/InstrumentId.sol";
import {AssetParams} from "../../../contracts/types/Risk.sol";
import {Defaults} from "../../base/Defaults.sol";
import {Checks} from "./Checks.sol";

/// @notice Actors, their first books, the instruments and prices of a campaign, and the comparison of every account's health
/// before and after each action.
abstract contract Market is Checks {
    uint256 internal constant TRADERS = 6;
    uint256 internal constant KEEPERS = 2;
    uint256 internal constant HALF_DAY = 12 hours;

    CloseOut internal closer;
    /// @dev Collateral that misbehaves when it is told to; assets 3 to 6.
    ReentrantToken internal reentrant;
    FalseToken internal falsy;
    FeeToken internal taxed;
    BlacklistToken internal blocking;
    MockWallet internal wallet;
    /// @dev Places of the accounts that contracts own.
    uint256 internal hostilePlace;
    uint256 internal callbackPlace;
    uint256 internal walletPlace;

    /// @notice How often the campaign got to what it is for.
    mapping(bytes32 what => uint256 times) public reached;

    /// @dev Figures after the last action, by place in `accounts`.
    Assessment[] internal figures;
    /// @dev Accounts that the running action acts for, by place; others may not lose health by it.
    mapping(uint256 place => uint256 action) private _touched;
    uint256 private _action;
    /// @dev Marks before the action, to excuse what a fill of a perpetual did to the mark.
    uint256[3] private _marks;

    // --- a campaign's start

    function _open() internal {
        _deploySystem();
        for (uint256 i = 0; i < TRADERS + KEEPERS; ++i) {
            _addActor(uint256(keccak256(abi.encode("actor", i))), 0);
        }
        _addActor(keys[0], 1);
        _listHostileTokens();
        _addContracts();
        accounts.push(vault.protocolAccount());
        keys.push(0);
        _later(60);
        for (uint256 i = 0; i < TRADERS; ++i) _deposit(accounts[i], usdc, 120_000e6);
        for (uint256 i = 0; i < KEEPERS; ++i) _deposit(accounts[TRADERS + i], usdc, 3_000_000e6);
        _deposit(accounts[0], weth, 40e18);
        _deposit(accounts[1], wbtc, 2e8);
        _deposit(accounts[2], usdt, 50_000e6);
        for (uint256 i = hostilePlace; i <= walletPlace; ++i) _deposit(accounts[i], usdc, 1_000_000e6);
        providers.push(vm.addr(_key("provider")));
        providers.push(vm.addr(_key("second provider")));
        _firstBooks();
        for (uint256 i = 0; i < accounts.length; ++i) figures.push(engine.assess(accounts[i]));
        _remember();
    }

    function _addActor(uint256 key, uint96 sub) private {
        AccountId account = _account(vm.addr(key), sub);
        accounts.push(account);
        keys.push(key);
        _approve(account.owner());
    }

    function _addContracts() private {
        closer = new CloseOut(vault, house, liquidator);
        wallet = new MockWallet();
        hostilePlace = _addContract(address(new HostileKeeper(liquidator)));
        callbackPlace = _addContract(address(new CallbackKeeper(liquidator, vault)));
        walletPlace = _addContract(address(wallet));
    }

    function _addContract(address owner) private returns (uint256 place) {
        place = accounts.length;
        accounts.push(_account(owner, 0));
        keys.push(0);
    }

    function _listHostileTokens() private {
        (reentrant, falsy, taxed, blocking) = (
            new ReentrantToken(),
            new FalseToken(),
            new FeeToken(),
            new BlacklistToken()
        );
        collateral = [weth, wbtc, usdt, reentrant, falsy, taxed, blocking];
        AssetParams memory params = Defaults.assetParams(0);
        params.weightE18 = 0.5e18;
        for (uint8 assetId = 3; assetId < collateral.length; ++assetId) {
            // Its parameters first: an asset that the engine does not know would make its holders impossible to assess.
            parameters.setAsset(assetId, params);
            vault.listAsset(address(collateral[assetId]), 1e30);
        }
    }

    /// @dev Leveraged enough for one step of the price to make some of them short.
    function _firstBooks() private {
        _trade(keys[0], accounts[1], _perp(BTC), 10e18, 50_000e18);
        _trade(keys[2], accounts[3], _perp(ETH), -150e18, 2_500e18);
        _trade(keys[4], accounts[5], _option(BTC, Kind.CALL, _near(), 50_000), 6e18, 1_200e18);
        _trade(keys[5], accounts[3], _option(ETH, Kind.PUT, _far(), 2_500), -80e18, 150e18);
        _trade(keys[1], accounts[4], _future(BTC, _far()), -4e18, 50_100e18);
    }

    // --- the frame around every action

    /// @dev Each action has its own block.
    function _begin() internal {
        _nextBlock();
        ++_action;
    }

    /// @dev The runner likes small numbers and ends of ranges; a hash spreads them over all bits.
    function _begin(uint256 seed) internal returns (uint256) {
        _begin();
        return uint256(keccak256(abi.encode(seed, _action)));
    }

    /// @dev Remembers that something worth reaching was reached.
    function _reach(bytes32 what) internal {
        ++reached[what];
    }

    function _touch(uint256 place) internal {
        _touched[place] = _action;
    }

    /// @dev After price and time anybody may be short.
    function _endMarket() internal {
        for (uint256 i = 0; i < accounts.length; ++i) {
            figures[i] = _assessed(i);
            if (_isShort(figures[i])) _reach("short");
        }
        _checkIndices();
        _remember();
    }

    /// @dev After anything else nobody who was healthy may be.
    /// @param excused A write-down took from everybody.
    function _end(bool excused) internal {
        for (uint256 i = 0; i < accounts.length; ++i) {
            Assessment memory now_ = _assessed(i);
            bool fell = _isShort(now_) && !_isShort(figures[i]);
            if (fell && !excused && (_touched[i] == _action || !_movedByMark(i, now_.equityE18))) {
                vm.assertTrue(false, "CLR-2: only price and time make a healthy account short");
            }
            figures[i] = now_;
        }
        _checkIndices();
        _remember();
    }

    function _assessed(uint256 place) private view returns (Assessment memory now_) {
        now_ = engine.assess(accounts[place]);
        vm.assertGe(now_.initialE18, now_.maintenanceE18, "RSK-1: initial >= maintenance");
    }

    /// @dev A fill of a perpetual may move its mark within the premium's clamp: a price of the market, bounded, that all
    /// holders share.
    function _movedByMark(uint256 place, int256 equityE18) private view returns (bool) {
        uint256 allowed;
        for (uint16 u = BTC; u <= ETH; ++u) {
            (uint256 mark, ) = house.perpMark(u, spotE18[u]);
            uint256 moved = mark > _marks[u] ? mark - _marks[u] : _marks[u] - mark;
            vm.assertLe(moved, spotE18[u] / 100, "CLR-2: a fill moves the mark by no more than the clamp");
            int256 size = house.sizeOf(accounts[place], _perp(u));
            allowed += (uint256(size < 0 ? -size : size) * moved) / ONE + 10;
        }
        return equityE18 + int256(allowed) >= figures[place].equityE18 && allowed > 20;
    }

    function _remember() private {
        for (uint16 u = BTC; u <= ETH; ++u) (_marks[u], ) = house.perpMark(u, spotE18[u]);
    }

    // --- time, expiries, instruments

    /// @dev Time passes; the nearest series are followed and everything is reported anew.
    function _later(uint256 seconds_) internal {
        clock += seconds_;
        _nextBlock();
        for (uint16 u = BTC; u <= ETH; ++u) {
            _followExpiry(u, _near());
            _followExpiry(u, _far());
        }
        _report();
    }

    /// @dev The next 08:00 that is half a day away or more.
    function _near() internal view returns (uint40) {
        uint256 from = clock + HALF_DAY;
        return uint40(from + 1 days - ((from - 8 hours) % 1 days));
    }

    /// @dev The next Friday, 08:00, that is eight days away or more.
    function _far() internal view returns (uint40) {
        uint256 weeks_ = (clock + 8 days - GENESIS) / 7 days + 1;
        return uint40(GENESIS + weeks_ * 7 days);
    }

    /// @dev One of seven series of an underlying, at a price near the market or far from it.
    function _someLeg(uint16 u, uint256 series, uint256 seed) internal view returns (IClearinghouse.Leg memory) {
        uint256 spot = spotE18[u];
        uint256 unit = u == BTC ? 1e18 : 20e18;
        int256 size = int256(bound(seed >> 8, unit / 1000, unit * 5));
        if (seed & 1 == 0) size = -size;
        bool odd = (seed >> 1) % 16 == 0;
        uint256 offset = bound(seed >> 64, 0, odd ? spot : spot / 50);
        InstrumentId id = _series(u, series);
        if (id.isLinear()) return _leg(id, size, spot - (odd ? 0 : spot / 100) + offset);
        return _leg(id, size, _intrinsic(id, spot) + offset / 2);
    }

    function _series(uint16 u, uint256 series) private view returns (InstrumentId) {
        uint256 step = u == BTC ? 10_000e18 : 500e18;
        uint64 strike = uint64(((spotE18[u] + step / 2) / step) * (step / ONE));
        uint64 gap = uint64(step / ONE);
        if (strike <= gap) strike = gap * 2;
        if (series == 0) return _perp(u);
        if (series == 1) return _future(u, _near());
        if (series == 2) return _option(u, Kind.CALL, _near(), strike);
        if (series == 3) return _option(u, Kind.PUT, _near(), strike - gap);
        if (series == 4) return _future(u, _far());
        if (series == 5) return _option(u, Kind.CALL, _far(), strike + gap);
        return _option(u, Kind.PUT, _far(), strike);
    }

    function _intrinsic(InstrumentId id, uint256 spot) internal pure returns (uint256) {
        uint256 strike = uint256(id.strikeE8()) * 1e10;
        if (id.kind() == Kind.CALL) return spot > strike ? spot - strike : 0;
        return strike > spot ? strike - spot : 0;
    }

    function _two(uint256 seed) internal pure returns (uint256 maker, uint256 taker) {
        maker = seed % TRADERS;
        taker = (maker + 1 + ((seed >> 8) % (TRADERS - 1))) % TRADERS;
    }

    /// @dev Why a good fill may be refused just now.
    function _momentaryFillErrors() internal view returns (bytes memory errors) {
        if (house.openingPaused()) errors = abi.encodePacked(IClearinghouse.Clearinghouse_OpeningPaused.selector);
        if (house.listing(BTC).active && house.listing(ETH).active) return errors;
        return abi.encodePacked(errors, IClearinghouse.Clearinghouse_NotTradable.selector);
    }

    /// @dev Why a liquidation may be refused just now.
    function _graceErrors() internal view returns (bytes memory errors) {
        if (clock < graceUntil) return abi.encodePacked(ILiquidator.Liquidator_InGrace.selector);
    }

    /// @dev CLR-1: who has paid something out is covered, or has nothing that must be.
    function _requireCovered(uint256 place) internal view {
        if (_holdsNothing(accounts[place])) return;
        vm.assertGe(_excess(engine.assess(accounts[place])), int256(0), "CLR-1: E >= IM after money has left");
    }

    /// @dev Two rounds of a feed around a moment, from the latest backwards.
    function _roundsAround(uint16 u, uint256 moment) internal view returns (uint80 earlier, uint80 later) {
        later = feeds[u].latestRound();
        while (true) {
            (, , , uint256 updatedAt, ) = feeds[u].getRoundData(later - 1);
            if (updatedAt <= moment) return (later - 1, later);
            --later;
        }
    }

    function _holdsNothing(AccountId account) internal view returns (bool) {
        (Position[] memory positions, ) = house.positionsOf(account);
        return positions.length == 0 && vault.cashOf(account) >= 0;
    }
}
