// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Assessment, Position} from "../../../contracts/types/Book.sol";
import {InstrumentId, Kind} from "../../../contracts/types/InstrumentId.sol";
import {Checks} from "./Checks.sol";

/// @notice Actors, their first books, the instruments and prices of a campaign, and the comparison of every account's health
/// before and after each action.
abstract contract Market is Checks {
    uint256 internal constant TRADERS = 6;
    uint256 internal constant KEEPERS = 2;
    uint256 internal constant HALF_DAY = 12 hours;

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
        accounts.push(vault.protocolAccount());
        keys.push(0);
        _later(60);
        for (uint256 i = 0; i < TRADERS; ++i) _deposit(accounts[i], usdc, 120_000e6);
        for (uint256 i = 0; i < KEEPERS; ++i) _deposit(accounts[TRADERS + i], usdc, 3_000_000e6);
        _deposit(accounts[0], weth, 40e18);
        _deposit(accounts[1], wbtc, 2e8);
        _deposit(accounts[2], usdt, 50_000e6);
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

    function _intrinsic(InstrumentId id, uint256 spot) private pure returns (uint256) {
        uint256 strike = uint256(id.strikeE8()) * 1e10;
        if (id.kind() == Kind.CALL) return spot > strike ? spot - strike : 0;
        return strike > spot ? strike - spot : 0;
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
