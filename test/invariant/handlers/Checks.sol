// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBackstop} from "../../../contracts/interfaces/IBackstop.sol";
import {ILiquidator} from "../../../contracts/interfaces/ILiquidator.sol";
import {IMarginVault} from "../../../contracts/interfaces/IMarginVault.sol";
import {mulDivFloor} from "../../../contracts/libraries/math/FixedPoint.sol";
import {MockToken} from "../../../contracts/mocks/token/MockToken.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Assessment, CollateralUnits, Position, QuoteFigure} from "../../../contracts/types/Book.sol";
import {InstrumentId, Kind} from "../../../contracts/types/InstrumentId.sol";
import {Witness} from "../../../contracts/types/Risk.sol";
import {Vm} from "../../base/SolidityTest.sol";
import {System} from "../../base/System.sol";

/// @notice What must be true of the whole system after every action, by the ids of docs/invariants.md.
abstract contract Checks is System {
    /// @dev What closing a short account came to; always thrown, so that the attempt leaves no trace.
    error Probed(bool closed, bytes4 failure);

    /// @dev Sums over all accounts.
    struct Sums {
        InstrumentId[] instruments;
        int256[] sizeE18;
        uint256[] longE18;
        uint256 count;
        int256 linearE18; // quote figures and what settled positions will still pay
        int256 cashE18;
        uint256[] unitsE18; // by number of the asset
    }

    /// @dev What the events of the last attempt say about a slice; nothing if it failed.
    struct Taken {
        uint256 fractionE18;
        int256 priceE18;
        uint256 backstopPaidE18;
        uint256 socialisedE18;
        uint256 budgetE18; // what the backstop's budgets allowed
        bool ended;
        int256 endEquityE18; // as announced
        uint256 endMaintenanceE18;
    }

    /// @dev Enough for all instruments that a campaign can touch.
    uint256 private constant MAX_INSTRUMENTS = 256;
    /// @dev Each settlement of a position may lose less than one unit.
    int256 private constant MAX_DUST = 10_000;

    /// @dev Every account that can hold anything.
    AccountId[] internal accounts;
    /// @dev Key of each account's owner; 0 for the protocol account.
    uint256[] internal keys;

    /// @dev Collateral by number of the asset.
    MockToken[] internal collateral;
    /// @dev Presents to the vault, token units.
    mapping(address token => uint256 amountNative) internal donatedNative;
    /// @dev Depositors of the backstop.
    address[] internal providers;
    /// @dev End of the grace after the last brake.
    uint256 internal graceUntil;
    Taken internal lastTaken;

    /// @dev Sums of what events said.
    uint256 private _backstopPaidE18;
    uint256 private _writtenDownE18;
    /// @dev The backstop after the last action.
    uint256 private _poolAssets;
    uint256 private _poolShares;
    uint256 private _poolPaidE18;
    uint256 private _supplyIndex;
    uint256 private _borrowIndex;
    bool internal wroteDown;

    function _checkAll() internal view {
        Sums memory sums = _sum();
        _checkLedger(sums);
        _checkVault(sums);
        _checkLosses();
        for (uint256 i = 0; i < providers.length; ++i) {
            uint256 requested = backstop.exitOf(providers[i]).shares;
            vm.assertLe(
                requested,
                backstop.balanceOf(providers[i]),
                "BCK-2: nobody asks to leave with more than he has"
            );
        }
    }

    // --- LED

    function _checkLedger(Sums memory sums) private view {
        uint256[3] memory openInterest;
        for (uint256 i = 0; i < sums.count; ++i) {
            InstrumentId id = sums.instruments[i];
            openInterest[id.underlying()] += sums.longE18[i];
            // Once an expiry has its price, the two sides of a series go one by one.
            if (id.isDated() && house.settlementPriceE18(id.underlying(), id.expiry()) != 0) continue;
            vm.assertEq(sums.sizeE18[i], int256(0), "LED-1: sizes of an instrument add up to zero");
        }
        vm.assertEq(house.openInterestE18(BTC), openInterest[BTC], "LED-4: open interest is the units long");
        vm.assertEq(house.openInterestE18(ETH), openInterest[ETH], "LED-4: open interest is the units long");
        int256 rest = sums.linearE18 + vault.cashTotals().netSettledE18;
        vm.assertLe(rest, int256(0), "LED-2: what was booked linearly and paid out is nobody's gain");
        vm.assertGe(rest, -MAX_DUST, "LED-2: nor more than rounding lost");
    }

    function _sum() private view returns (Sums memory sums) {
        sums.instruments = new InstrumentId[](MAX_INSTRUMENTS);
        sums.sizeE18 = new int256[](MAX_INSTRUMENTS);
        sums.longE18 = new uint256[](MAX_INSTRUMENTS);
        sums.unitsE18 = new uint256[](collateral.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            (Position[] memory positions, QuoteFigure[] memory quotes) = house.positionsOf(accounts[i]);
            vm.assertLe(positions.length, 64, "LED-3: at most 64 positions");
            for (uint256 j = 0; j < positions.length; ++j) {
                bool distinct = j == 0 || positions[j - 1].instrument < positions[j].instrument;
                vm.assertTrue(distinct && positions[j].sizeE18 != 0, "LED-3: positions are distinct and not zero");
                _addPosition(sums, positions[j]);
            }
            for (uint256 j = 0; j < quotes.length; ++j) sums.linearE18 += quotes[j].quoteE18;
            sums.cashE18 += vault.cashOf(accounts[i]);
            _addUnits(sums, accounts[i]);
        }
    }

    function _addUnits(Sums memory sums, AccountId account) private view {
        (, CollateralUnits[] memory held, ) = vault.holdingsOf(account);
        for (uint256 i = 0; i < held.length; ++i) sums.unitsE18[held[i].assetId] += held[i].unitsE18;
    }

    function _addPosition(Sums memory sums, Position memory position) private view {
        uint256 place = 0;
        while (place < sums.count && sums.instruments[place] != position.instrument) ++place;
        if (place == sums.count) {
            sums.instruments[place] = position.instrument;
            ++sums.count;
        }
        sums.sizeE18[place] += position.sizeE18;
        if (position.sizeE18 > 0) sums.longE18[place] += uint256(int256(position.sizeE18));
        sums.linearE18 += _pendingPayoff(position);
    }

    /// @dev What a position whose expiry has its price will pay when its account is touched.
    function _pendingPayoff(Position memory position) private view returns (int256) {
        InstrumentId id = position.instrument;
        if (!id.isDated()) return 0;
        int256 price = int256(house.settlementPriceE18(id.underlying(), id.expiry()));
        if (price == 0) return 0;
        int256 strike = int256(uint256(id.strikeE8())) * 1e10;
        int256 unit = id.isLinear() ? price : (id.kind() == Kind.CALL ? price - strike : strike - price);
        return unit > 0 ? mulDivFloor(position.sizeE18, unit, 1e18) : int256(0);
    }

    // --- VLT

    function _checkVault(Sums memory sums) private view {
        IMarginVault.CashTotals memory totals = vault.cashTotals();
        int256 held = int256(usdc.balanceOf(address(vault))) * 1e12;
        int256 covering = held + int256(totals.borrowedE18) + totals.netSettledE18;
        vm.assertGe(covering, int256(totals.suppliedE18), "VLT-1: tokens + borrowed + settled ahead cover all claims");
        vm.assertGe(held + totals.netSettledE18, sums.cashE18, "VLT-1: tokens + settled ahead cover the sum of cash");
        for (uint8 asset = 0; asset < collateral.length; ++asset) {
            IMarginVault.Asset memory entry = vault.asset(asset);
            uint256 unit = 10 ** (18 - entry.decimals);
            uint256 tokensE18 = collateral[asset].balanceOf(address(vault)) * unit;
            uint256 donatedE18 = donatedNative[entry.token] * unit;
            vm.assertGe(tokensE18, sums.unitsE18[asset], "VLT-2: tokens cover all units");
            vm.assertEq(uint256(entry.totalE18), sums.unitsE18[asset], "VLT-2: the total is the sum of units");
            vm.assertEq(tokensE18, sums.unitsE18[asset] + donatedE18, "VLT-9: tokens held are units and presents");
        }
    }

    // --- LIQ

    function _checkLosses() private view {
        ILiquidator.Losses memory losses = liquidator.losses();
        vm.assertEq(
            uint256(losses.backstopE18),
            _backstopPaidE18,
            "LIQ-10: the backstop's losses are those of the events"
        );
        vm.assertEq(uint256(losses.writtenDownE18), _writtenDownE18, "LIQ-10: write-downs are those of the events");
        uint256 insolvent = 0;
        for (uint256 i = 0; i < accounts.length; ++i) {
            ILiquidator.Auction memory auction = liquidator.auction(accounts[i]);
            if (auction.insolventAt == 0) continue;
            vm.assertTrue(auction.startedAt != 0, "LIQ-11: only who is in an auction is recorded as insolvent");
            ++insolvent;
        }
        vm.assertEq(liquidator.insolventAuctions(), insolvent, "LIQ-11: insolvent auctions are counted");
    }

    /// @dev Part of every action, because the runner forgets what an invariant writes.
    function _checkIndices() internal {
        vm.assertFalse(vault.isLocked(), "VLT-8: the lock is free after every call");
        _checkPool();
        IMarginVault.CashTotals memory totals = vault.cashTotals();
        vm.assertGe(totals.borrowIndexE27, _borrowIndex, "VLT-4: the borrow index never falls");
        if (!wroteDown)
            vm.assertGe(totals.supplyIndexE27, _supplyIndex, "VLT-4: the supply index falls by a write-down");
        (_supplyIndex, _borrowIndex, wroteDown) = (totals.supplyIndexE27, totals.borrowIndexE27, false);
    }

    /// @dev What a share is worth may fall by two token units of rounding, by what the backstop paid, and by a write-down.
    function _checkPool() private {
        uint256 assets = backstop.totalAssets() + 1;
        uint256 shares = backstop.totalSupply() + 1e6;
        uint256 paidE18 = liquidator.losses().backstopE18;
        if (_poolShares != 0 && paidE18 == _poolPaidE18 && !wroteDown) {
            vm.assertGe((assets + 2) * _poolShares, _poolAssets * shares, "BCK-1: only a loss lowers a share's worth");
        }
        (_poolAssets, _poolShares, _poolPaidE18) = (assets, shares, paidE18);
    }

    // --- LIQ-2

    function _checkClosable(AccountId account) internal {
        try this.probeClose(account) {
            vm.assertTrue(false, "LIQ-2: the probe always throws");
        } catch (bytes memory thrown) {
            vm.assertTrue(bytes4(thrown) == Probed.selector, "LIQ-2: the probe throws its own result");
            (bool closed, bytes4 failure) = abi.decode(_tail(thrown), (bool, bytes4));
            if (closed) return;
            string memory why = vm.toString(bytes32(failure));
            vm.assertTrue(false, string.concat("LIQ-2: a short account can be closed whole: ", why));
        }
    }

    /// @dev Starts on a short account and takes all that may be taken with a rich fresh keeper, then undoes it.
    function probeClose(AccountId account) external {
        AccountId keeper = _account(vm.addr(_key("rescuer")), 0);
        _nextBlock();
        if (clock < graceUntil) _pass(graceUntil - clock);
        _deposit(keeper, usdc, 100_000_000e6);
        house.settleAccount(account);
        Assessment memory now_ = engine.assess(account);
        if (now_.equityE18 >= int256(now_.maintenanceE18)) revert Probed(true, 0);
        Witness memory whole;
        bytes4 failure;
        if (liquidator.auction(account).startedAt == 0) {
            failure = _attempt(
                keeper.owner(),
                address(liquidator),
                abi.encodeCall(ILiquidator.start, (account, whole, keeper))
            );
        }
        if (failure == 0) {
            failure = _attempt(
                keeper.owner(),
                address(liquidator),
                abi.encodeCall(ILiquidator.take, (account, keeper, ONE, type(int256).max, ""))
            );
        }
        revert Probed(failure == 0, failure);
    }

    // --- parts

    /// @dev Calls as somebody; zero or the selector of what was thrown.
    function _attempt(address caller, address target, bytes memory data) internal returns (bytes4 failure) {
        vm.prank(caller);
        (bool success, bytes memory thrown) = target.call(data);
        return _failureOf(success, thrown);
    }

    /// @dev The same with so much gas and no more.
    function _attemptWith(uint256 gas_, address caller, address target, bytes memory data) internal returns (bytes4) {
        vm.prank(caller);
        (bool success, bytes memory thrown) = target.call{gas: gas_}(data);
        return _failureOf(success, thrown);
    }

    /// @dev The same for what may start an auction or sell a slice: what its events say is counted.
    function _attemptLogged(address caller, address target, bytes memory data) internal returns (bytes4 failure) {
        vm.recordLogs();
        failure = _attempt(caller, target, data);
        _count(failure == 0);
    }

    /// @dev Adds up the losses that recorded events tell of; events of what failed never happened.
    function _count(bool success) internal {
        delete lastTaken;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (!success) return;
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            if (topic == ILiquidator.SliceTaken.selector) _countSlice(logs[i].data);
            else if (topic == ILiquidator.AuctionStarted.selector) _countStart(logs[i].data);
            else if (topic == ILiquidator.AuctionEnded.selector) _readEnd(logs[i].data);
            else if (topic == IBackstop.LossBudgetSpent.selector) {
                (, uint256 spentE18, ) = abi.decode(logs[i].data, (uint256, uint256, uint256));
                lastTaken.budgetE18 += spentE18;
            }
        }
    }

    function _countSlice(bytes memory data) private {
        Taken memory taken = lastTaken;
        (taken.fractionE18, , , taken.priceE18, taken.backstopPaidE18, taken.socialisedE18) = abi.decode(
            data,
            (uint256, int256, uint256, int256, uint256, uint256)
        );
        lastTaken = taken;
        _backstopPaidE18 += taken.backstopPaidE18;
        _writtenDownE18 += taken.socialisedE18;
        if (taken.socialisedE18 != 0) wroteDown = true;
    }

    function _readEnd(bytes memory data) private {
        lastTaken.ended = true;
        (lastTaken.endEquityE18, lastTaken.endMaintenanceE18) = abi.decode(data, (int256, uint256));
    }

    /// @dev Of the pay for a start, the account's equity comes first and the backstop gives the rest.
    function _countStart(bytes memory data) private {
        (int256 equityE18, , uint256 payE18) = abi.decode(data, (int256, uint256, uint256));
        uint256 ownE18 = equityE18 > 0 ? uint256(equityE18) : 0;
        if (payE18 > ownE18) _backstopPaidE18 += payE18 - ownE18;
    }

    function _failureOf(bool success, bytes memory thrown) private pure returns (bytes4) {
        if (success) return 0;
        return thrown.length < 4 ? bytes4(0xffffffff) : bytes4(thrown);
    }

    /// @dev Nothing or one of the failures that the packed selectors name.
    function _expect(bytes4 failure, bytes memory selectors, string memory what) internal pure {
        if (failure == 0) return;
        for (uint256 i = 0; i + 4 <= selectors.length; i += 4) {
            bytes4 allowed;
            assembly ("memory-safe") {
                allowed := mload(add(add(selectors, 32), i))
            }
            // Only the first four bytes count in a bytes4 comparison.
            if (allowed == failure) return;
        }
        vm.assertTrue(false, string.concat(what, ": unexpected failure ", vm.toString(bytes32(failure))));
    }

    function _tail(bytes memory thrown) private pure returns (bytes memory rest) {
        rest = new bytes(thrown.length - 4);
        for (uint256 i = 0; i < rest.length; ++i) rest[i] = thrown[i + 4];
    }

    function _isShort(Assessment memory figures) internal pure returns (bool) {
        return figures.equityE18 < int256(figures.maintenanceE18);
    }

    function _excess(Assessment memory figures) internal pure returns (int256) {
        return figures.equityE18 - int256(figures.initialE18);
    }
}
