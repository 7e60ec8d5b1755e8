// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILiquidator} from "../../../contracts/interfaces/ILiquidator.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Assessment, Position} from "../../../contracts/types/Book.sol";
import {GlobalParams, Report, Witness} from "../../../contracts/types/Risk.sol";
import {Market} from "./Market.sol";
import {Refusals} from "./Refusals.sol";

/// @notice Margin calls and auctions, each held to what it promises.
abstract contract AuctionHandler is Market {
    /// @dev Everything about a slice that is compared with what follows it.
    struct Slice {
        uint256 place;
        uint256 keeper;
        uint256 maxFraction;
        uint256 reserveE18;
        Assessment before;
        int256 keeperBeforeE18;
        int256 cashBeforeE18; // sum of cash less what covers it
        ILiquidator.SliceTerms terms;
        uint256 backstopPaidE18;
        uint256 socialisedE18;
        uint256 budgetE18;
    }

    /// @dev A billionth of a dollar, and one unit of a coin with six decimals.
    uint256 private constant ROUNDING = 1e9;
    uint256 private constant COIN_UNIT = 1e12;

    function _callMargin(uint256 seed) internal {
        uint256 place = seed % accounts.length;
        Assessment memory now_ = figures[place];
        bytes4 failure = _attempt(
            address(this),
            address(liquidator),
            abi.encodeCall(ILiquidator.callMargin, (accounts[place]))
        );
        bool called = !_isShort(now_) && _excess(now_) < 0;
        bytes4 expected = called ? bytes4(0) : ILiquidator.Liquidator_NoMarginCall.selector;
        vm.assertEq(bytes32(failure), bytes32(expected), "RSK-1: a margin call is for accounts between the two");
    }

    function start(uint256 seed) external {
        seed = _begin(seed);
        _start(_findShort(seed), TRADERS + ((seed >> 8) % KEEPERS), (seed >> 16) % 2 == 0);
        _end(false);
    }

    /// @param whole Without naming scenarios.
    function _start(uint256 place, uint256 keeper, bool whole) private {
        _touch(keeper);
        house.settleAccount(accounts[place]);
        bool isShort = _isShort(engine.assess(accounts[place]));
        bool running = liquidator.auction(accounts[place]).startedAt != 0;
        Witness memory witness;
        if (!whole) witness = _binding(accounts[place]);
        bytes4 failure = _attemptLogged(
            accounts[keeper].owner(),
            address(liquidator),
            abi.encodeCall(ILiquidator.start, (accounts[place], witness, accounts[keeper]))
        );
        if (failure == 0) {
            _reach(whole ? bytes32("start") : bytes32("witness"));
            vm.assertTrue(isShort && !running, "LIQ-1: an auction starts only while E < MM");
        } else if (isShort && clock < graceUntil && failure == ILiquidator.Liquidator_InGrace.selector) {
            _reach("inGrace");
        } else if (running) {
            _expect(failure, abi.encodePacked(ILiquidator.Liquidator_AlreadyStarted.selector), "start");
        } else if (!whole || !isShort) {
            _expect(failure, abi.encodePacked(ILiquidator.Liquidator_NotShort.selector), "start");
        } else {
            vm.assertTrue(false, "LIQ-2: an auction of a short account can be started");
        }
    }

    /// @notice LIQ-1: an account that passed a check in a block is not touched in it, however short.
    function startSameBlock(uint256 seed) external {
        seed = _begin(seed);
        uint256 place = seed % TRADERS;
        AccountId keeper = accounts[TRADERS];
        vm.prank(accounts[place].owner());
        (bool passed, ) = address(vault).call(
            abi.encodeCall(vault.transfer, (accounts[place], accounts[place], address(usdc), 1))
        );
        bool isChecked = vault.lastCheckedBlock(accounts[place]) == height;
        Witness memory whole;
        bytes4 failure = _attemptLogged(
            keeper.owner(),
            address(liquidator),
            abi.encodeCall(ILiquidator.start, (accounts[place], whole, keeper))
        );
        bytes4 sameBlock = ILiquidator.Liquidator_CheckedThisBlock.selector;
        if (passed && isChecked) {
            _reach("sameBlock");
            vm.assertEq(bytes32(failure), bytes32(sameBlock), "LIQ-1: never in the block of a passed check");
        } else if (failure == 0) {
            vm.assertTrue(_isShort(figures[place]), "LIQ-1: an auction starts only while E < MM");
        }
        _end(false);
    }

    function take(uint256 seed) external {
        seed = _begin(seed);
        Slice memory slice;
        slice.keeper = TRADERS + ((seed >> 8) % KEEPERS);
        slice.place = _findAuction(seed);
        if (liquidator.auction(accounts[slice.place]).startedAt == 0) {
            slice.place = _findShort(seed);
            if (_isShort(figures[slice.place])) _start(slice.place, slice.keeper, true);
        }
        if (liquidator.auction(accounts[slice.place]).startedAt != 0) {
            slice.maxFraction = (seed >> 16) % 3 == 0 ? bound(seed >> 24, 1, ONE) : ONE;
            _touch(slice.keeper);
            _take(slice);
        }
        _end(slice.socialisedE18 != 0);
    }

    function cancel(uint256 seed) external {
        seed = _begin(seed);
        _upkeep(seed, ILiquidator.cancel.selector, ILiquidator.Liquidator_StillShort.selector, "cancel");
        _end(false);
    }

    function restart(uint256 seed) external {
        seed = _begin(seed);
        _upkeep(seed, ILiquidator.restart.selector, ILiquidator.Liquidator_StillBelowMaintenance.selector, "restart");
        _end(false);
    }

    function _recordInsolvency(uint256 seed) internal {
        bytes4 refusal = ILiquidator.Liquidator_NotInsolvent.selector;
        _upkeep(seed, ILiquidator.recordInsolvency.selector, refusal, "recordInsolvency");
    }

    /// @dev A call about one account's auction that anybody may make, refused for its own reason or because there is no auction.
    function _upkeep(uint256 seed, bytes4 selector, bytes4 refusal, string memory name) private {
        bytes memory data = abi.encodeWithSelector(selector, accounts[_findAuction(seed)]);
        bytes4 failure = _attempt(address(this), address(liquidator), data);
        _expect(failure, abi.encodePacked(refusal, ILiquidator.Liquidator_NoAuction.selector), name);
    }

    // --- inner

    function _take(Slice memory slice) private {
        AccountId account = accounts[slice.place];
        AccountId keeper = accounts[slice.keeper];
        house.settleAccount(account);
        house.settleAccount(keeper);
        slice.before = engine.assess(account);
        slice.keeperBeforeE18 = engine.assess(keeper).equityE18;
        slice.cashBeforeE18 = _uncoveredCash();
        slice.reserveE18 = _reserve(account);
        bytes4 failure = _attemptLogged(
            keeper.owner(),
            address(liquidator),
            abi.encodeCall(ILiquidator.take, (account, keeper, slice.maxFraction, type(int256).max, ""))
        );
        _readSlice(slice);
        if (failure == 0) _checkSlice(slice, account, keeper);
        else _expect(failure, abi.encodePacked(Refusals.takes(slice.maxFraction == ONE), _graceErrors()), "take");
    }

    function _checkSlice(Slice memory slice, AccountId account, AccountId keeper) private {
        _reach(slice.terms.fractionE18 == ONE ? bytes32("whole") : bytes32("slice"));
        if (slice.backstopPaidE18 != 0) _reach("backstop");
        if (slice.socialisedE18 != 0) _reach("writeDown");
        Assessment memory now_ = engine.assess(account);
        if (slice.terms.fractionE18 == ONE) {
            (Position[] memory positions, ) = house.positionsOf(account);
            vm.assertEq(positions.length, 0, "LIQ-3: all of it leaves an empty account");
        } else if (slice.terms.fractionE18 != 0) {
            _checkImproved(slice.before, now_);
            _checkTarget(slice, now_);
            if (lastTaken.ended) _checkEnd(now_);
        }
        _checkLayers(slice);
        vm.assertGe(_excess(engine.assess(keeper)), int256(0), "CLR-1: the keeper meets his own initial requirement");
        int256 together = now_.equityE18 + engine.assess(keeper).equityE18;
        int256 before = slice.before.equityE18 + slice.keeperBeforeE18;
        int256 paid = int256(slice.backstopPaidE18 + slice.socialisedE18 + ROUNDING);
        vm.assertLe(
            together,
            before + paid,
            "LIQ-6: owner and keeper gain nothing together but what a loss layer paid"
        );
    }

    function _checkImproved(Assessment memory before, Assessment memory now_) private pure {
        if (before.equityE18 < 0) {
            vm.assertGt(now_.equityE18, before.equityE18, "LIQ-3: a smaller deficit");
            return;
        }
        vm.assertGe(now_.equityE18, int256(0), "LIQ-3: equity stays");
        uint256 left = uint256(now_.equityE18) * before.maintenanceE18;
        uint256 right = uint256(before.equityE18) * now_.maintenanceE18;
        vm.assertTrue(left > right || now_.maintenanceE18 == 0, "LIQ-3: health is strictly higher");
    }

    /// @dev Whether it was priced once more or not: an auction that a slice ended left no short account, nor less than it announced.
    function _checkEnd(Assessment memory now_) private view {
        vm.assertGe(
            now_.equityE18,
            int256(now_.maintenanceE18),
            "LIQ-13: a slice that ends an auction ends the shortfall"
        );
        int256 announced = lastTaken.endEquityE18 - int256(lastTaken.endMaintenanceE18);
        int256 left = now_.equityE18 - int256(now_.maintenanceE18);
        vm.assertGe(left + int256(ROUNDING), announced, "LIQ-13: and leaves no less excess than announced");
    }

    /// @dev The target is met by the maintenance that shrinks in proportion; what concentration saves comes on top.
    function _checkTarget(Slice memory slice, Assessment memory now_) private view {
        uint256 reserveE18 =
            slice.reserveE18 < slice.before.maintenanceE18 ? slice.reserveE18 : slice.before.maintenanceE18;
        uint256 shrinking = slice.before.maintenanceE18 - reserveE18;
        uint256 rest = reserveE18 + (shrinking * (ONE - slice.terms.fractionE18)) / ONE;
        uint256 most =
            (rest * liquidator.curve().targetHealthE18) / ONE + (slice.before.maintenanceE18 * 10) / ONE + ROUNDING;
        vm.assertLe(now_.equityE18, int256(most), "LIQ-4: a slice stops at the target health");
    }

    function _checkLayers(Slice memory slice) private view {
        uint256 paid = slice.backstopPaidE18 + slice.socialisedE18;
        bool lost = slice.terms.priceE18 < 0 && (slice.before.equityE18 < 0 || slice.terms.fractionE18 == ONE);
        if (lost) {
            uint256 due = uint256(-slice.terms.priceE18);
            vm.assertGe(paid + ROUNDING, due, "LIQ-5: the layers add up to the loss");
            vm.assertLe(paid, due + COIN_UNIT, "LIQ-5: and to no more");
        } else {
            vm.assertEq(paid, 0, "LIQ-5: no layer pays for what the account can");
        }
        if (slice.socialisedE18 != 0 && slice.backstopPaidE18 + ROUNDING < slice.budgetE18) {
            vm.assertEq(usdc.balanceOf(address(backstop)), 0, "LIQ-7: the backstop's coins go before any write-down");
            int256 owed = vault.cashOf(vault.protocolAccount());
            vm.assertLe(owed, int256(ROUNDING), "LIQ-7: and what the vault owes it");
        }
        // A write-down changes what everybody's figure is cut to, each by less than a unit.
        int256 cutE18 = slice.socialisedE18 == 0 ? int256(0) : int256(accounts.length);
        vm.assertLe(_uncoveredCash(), slice.cashBeforeE18 + cutE18, "LIQ-5: nothing is gained in sum");
        int256 lostToRounding = slice.cashBeforeE18 - _uncoveredCash();
        vm.assertLe(lostToRounding, int256(ROUNDING), "LIQ-5: nothing is lost in sum");
    }

    /// @dev Cash of everybody less the tokens and the settled-ahead figure behind it.
    function _uncoveredCash() private view returns (int256 sum) {
        for (uint256 i = 0; i < accounts.length; ++i) sum += vault.cashOf(accounts[i]);
        return sum - vault.cashTotals().netSettledE18 - int256(usdc.balanceOf(address(vault))) * 1e12;
    }

    function _reserve(AccountId account) private view returns (uint256) {
        (Position[] memory positions, ) = house.positionsOf(account);
        if (positions.length == 0) return 0;
        GlobalParams memory params = parameters.globalParams();
        return params.reserveBaseE18 + params.reservePerPositionE18 * positions.length;
    }

    function _readSlice(Slice memory slice) private view {
        Taken memory taken = lastTaken;
        (slice.terms.fractionE18, slice.terms.priceE18) = (taken.fractionE18, taken.priceE18);
        (slice.backstopPaidE18, slice.socialisedE18) = (taken.backstopPaidE18, taken.socialisedE18);
        slice.budgetE18 = taken.budgetE18;
    }

    function _binding(AccountId account) private view returns (Witness memory witness) {
        Report memory report = engine.report(_bookOf(account));
        witness.own = new uint8[](report.underlyings.length);
        for (uint256 i = 0; i < witness.own.length; ++i) witness.own[i] = report.underlyings[i].binding;
        witness.joint = report.groupBinding;
    }

    /// @dev A short account if there is one, else anybody but a keeper.
    function _findShort(uint256 seed) private view returns (uint256 place) {
        for (uint256 i = 0; i < TRADERS; ++i) {
            place = ((seed % TRADERS) + i) % TRADERS;
            if (_isShort(figures[place])) return place;
        }
    }

    function _findAuction(uint256 seed) internal view returns (uint256 place) {
        for (uint256 i = 0; i < TRADERS; ++i) {
            place = ((seed % TRADERS) + i) % TRADERS;
            if (liquidator.auction(accounts[place]).startedAt != 0) return place;
        }
    }
}
