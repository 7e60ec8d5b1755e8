// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clearinghouse} from "../../contracts/core/Clearinghouse.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Position, QuoteFigure} from "../../contracts/types/Book.sol";
import {InstrumentId, Kind} from "../../contracts/types/InstrumentId.sol";
import {SolidityTest} from "../base/SolidityTest.sol";
import {ClearingHandler} from "./ClearingHandler.sol";

contract ClearingInvariantTest is SolidityTest {
    ClearingHandler private _handler;
    Clearinghouse private _house;
    uint256 private _actors;

    function setUp() public {
        _handler = new ClearingHandler();
        _house = _handler.HOUSE();
        _actors = _handler.ACTORS();
        targetContract(address(_handler));
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = ClearingHandler.trade.selector;
        selectors[1] = ClearingHandler.tradeTwice.selector;
        selectors[2] = ClearingHandler.move.selector;
        selectors[3] = ClearingHandler.pass.selector;
        selectors[4] = ClearingHandler.setPrice.selector;
        selectors[5] = ClearingHandler.accrue.selector;
        selectors[6] = ClearingHandler.settleExpiry.selector;
        selectors[7] = ClearingHandler.settleAccount.selector;
        targetSelector(address(_handler), selectors);
    }

    /// @dev One function, so that one run of calls serves all statements.
    function invariant_Ledger() public view {
        Position[][] memory books = new Position[][](_actors);
        for (uint256 a; a < _actors; ++a) books[a] = _checkedBook(_handler.actor(a));
        InstrumentId[] memory ids = _handler.instruments();
        int256[] memory sums = new int256[](ids.length);
        uint256[3] memory long;
        int256 pending;
        for (uint256 a; a < _actors; ++a) {
            uint256 place;
            for (uint256 i; i < books[a].length; ++i) {
                Position memory position = books[a][i];
                while (ids[place] != position.instrument) ++place;
                sums[place] += position.sizeE18;
                if (position.sizeE18 > 0) long[ids[place].underlying()] += uint256(int256(position.sizeE18));
                pending += _pending(position);
            }
        }
        _checkSizes(ids, sums);
        for (uint16 u = 1; u <= 2; ++u) {
            vm.assertEq(_house.openInterestE18(u), long[u], "LED-4: open interest is the sum of longs");
        }
        _checkMoney(pending);
    }

    /// @dev Once an expiry has its price, sizes leave one account at a time, and the money still to come (`_pending`) keeps
    /// the balance instead.
    function _checkSizes(InstrumentId[] memory ids, int256[] memory sums) private view {
        for (uint256 i; i < ids.length; ++i) {
            if (_settlementPrice(ids[i]) != 0) continue;
            vm.assertEq(sums[i], int256(0), "LED-1: sizes of an instrument sum to zero");
        }
    }

    function _checkMoney(int256 pending) private view {
        int256 netSettled = _handler.VAULT().cashTotals().netSettledE18;
        int256 sum = netSettled + pending;
        int256 cash = _handler.VAULT().cashOf(_handler.VAULT().protocolAccount());
        for (uint256 a; a < _actors; ++a) {
            for (uint16 u = 1; u <= 2; ++u) sum += _house.quoteOf(_handler.actor(a), u);
            cash += _handler.VAULT().cashOf(_handler.actor(a));
        }
        // A settled leg rounds down on each side: at most one unit per actor and instrument of the expiry.
        int256 roundings = int256(_handler.settledExpiries() * _actors * 13);
        vm.assertLe(sum, int256(0), "LED-2: nobody gets more than the other side gives");
        vm.assertGe(sum, -roundings, "LED-2: and only roundings of settled legs are missing");
        vm.assertEq(cash, int256(_actors * 1e34) + netSettled, "VLT-1: cash is what came in plus what was paid ahead");
    }

    function _checkedBook(AccountId account) private view returns (Position[] memory positions) {
        QuoteFigure[] memory quotes;
        (positions, quotes) = _house.positionsOf(account);
        vm.assertLe(positions.length, _house.positionCap(), "LED-3: at most the cap");
        bool[3] memory linear;
        for (uint256 i; i < positions.length; ++i) {
            vm.assertNotEq(positions[i].sizeE18, int256(0), "LED-3: no empty position");
            if (positions[i].instrument.isLinear()) linear[positions[i].instrument.underlying()] = true;
            bool ascending = i == 0 || positions[i - 1].instrument < positions[i].instrument;
            vm.assertTrue(ascending, "LED-3: ascending, each once");
        }
        uint256 seen;
        for (uint16 u = 1; u <= 2; ++u) {
            if (!linear[u]) vm.assertEq(_house.quoteOf(account, u), int256(0), "LED-2: a figure without a position");
            if (linear[u]) vm.assertEq(uint256(quotes[seen++].underlying), uint256(u), "LED-2: a figure is missing");
        }
        vm.assertEq(seen, quotes.length, "LED-2: a figure too many");
    }

    function _settlementPrice(InstrumentId id) private view returns (uint256) {
        return id.isDated() ? _house.settlementPriceE18(id.underlying(), id.expiry()) : 0;
    }

    /// @dev What an expired position that has a price will pay when its account is touched.
    function _pending(Position memory position) private view returns (int256) {
        int256 price = int256(_settlementPrice(position.instrument));
        if (price == 0) return 0;
        int256 strike = int256(uint256(position.instrument.strikeE8())) * 1e10;
        int256 unit = price;
        if (position.instrument.kind() == Kind.CALL) unit = price > strike ? price - strike : int256(0);
        if (position.instrument.kind() == Kind.PUT) unit = strike > price ? strike - price : int256(0);
        int256 product = position.sizeE18 * unit;
        return product >= 0 || product % 1e18 == 0 ? product / 1e18 : product / 1e18 - 1;
    }
}
