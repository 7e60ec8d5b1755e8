// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../../../contracts/interfaces/IMarginVault.sol";
import {ILiquidator} from "../../../contracts/interfaces/ILiquidator.sol";
import {mulDivFloor} from "../../../contracts/libraries/math/FixedPoint.sol";
import {MockToken} from "../../../contracts/mocks/token/MockToken.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Assessment, Position, QuoteFigure} from "../../../contracts/types/Book.sol";
import {InstrumentId, Kind} from "../../../contracts/types/InstrumentId.sol";
import {Witness} from "../../../contracts/types/Risk.sol";
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
        uint256[3] unitsE18;
    }

    /// @dev Enough for all instruments that a campaign can touch.
    uint256 private constant MAX_INSTRUMENTS = 256;
    /// @dev Each settlement of a position may lose less than one unit.
    int256 private constant MAX_DUST = 10_000;

    /// @dev Every account that can hold anything.
    AccountId[] internal accounts;
    /// @dev Key of each account's owner; 0 for the protocol account.
    uint256[] internal keys;

    uint256 private _supplyIndex;
    uint256 private _borrowIndex;
    bool internal wroteDown;

    function _checkAll() internal view {
        Sums memory sums = _sum();
        _checkLedger(sums);
        _checkVault(sums);
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
            for (uint8 asset = 0; asset < 3; ++asset) sums.unitsE18[asset] += vault.unitsOf(accounts[i], asset);
        }
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
        MockToken[3] memory tokens = [weth, wbtc, usdt];
        for (uint8 asset = 0; asset < 3; ++asset) {
            IMarginVault.Asset memory entry = vault.asset(asset);
            uint256 tokensE18 = tokens[asset].balanceOf(address(vault)) * 10 ** (18 - entry.decimals);
            vm.assertGe(tokensE18, sums.unitsE18[asset], "VLT-2: tokens cover all units");
            vm.assertEq(uint256(entry.totalE18), sums.unitsE18[asset], "VLT-2: the total is the sum of units");
        }
    }

    /// @dev Part of every action, because the runner forgets what an invariant writes.
    function _checkIndices() internal {
        IMarginVault.CashTotals memory totals = vault.cashTotals();
        vm.assertGe(totals.borrowIndexE27, _borrowIndex, "VLT-4: the borrow index never falls");
        if (!wroteDown)
            vm.assertGe(totals.supplyIndexE27, _supplyIndex, "VLT-4: the supply index falls by a write-down");
        (_supplyIndex, _borrowIndex, wroteDown) = (totals.supplyIndexE27, totals.borrowIndexE27, false);
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
