// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {Assessment, Book, CollateralUnits, MarginModel, QuoteFigure} from "../../contracts/types/Book.sol";
import {Kind, toInstrumentId} from "../../contracts/types/InstrumentId.sol";
import {AssetParams, Report, UnderlyingReport} from "../../contracts/types/Risk.sol";
import {KnownBooks} from "../base/KnownBooks.sol";

/// @notice What must hold between the answers for books that are related to one another.
contract LawsTest is KnownBooks {
    /// @dev Each group is rounded up once and each charge once per expiry or underlying.
    uint256 private constant ROUNDING = 64;
    /// @dev Lanes count 1e-12 USD per leg, and far scenarios multiply that.
    uint256 private constant LANES = 1e9;
    /// @dev How far prices of options may be from the formula, as a share of forward or strike, now and in a scenario.
    uint256 private constant PRICE_ERROR_E18 = 1e10;
    /// @dev Asset outside every grid.
    uint8 private constant STABLE = 7;
    uint16 private constant STABLE_FEED = 1001;

    function setUp() public {
        _deployWorld();
        market.setPrice(STABLE_FEED, 0.999e18);
        parameters.setAsset(STABLE, AssetParams(0, STABLE_FEED, 0.96e18, 0.00002e18));
    }

    function testFuzz_OtherOrdersAreRefused(uint256 seed, uint256 a, uint256 b) public view {
        Book memory book = _book(seed, 3);
        uint256 count = book.positions.length;
        vm.assume(count > 1);
        a = bound(a, 0, count - 2);
        b = bound(b, a + 1, count - 1);
        Book memory swapped = _copy(book);
        (swapped.positions[a], swapped.positions[b]) = (book.positions[b], book.positions[a]);
        _expectRefused(swapped, "RSK-8: positions in another order");
        Book memory doubled = _copy(book);
        doubled.positions[b].instrument = doubled.positions[b - 1].instrument;
        _expectRefused(doubled, "RSK-8: an instrument named twice");
        book.collateral = _holdings(1, 1e18, 0, 1e18);
        _expectRefused(book, "RSK-8: collateral in another order");
        book.collateral = new CollateralUnits[](0);
        book.quotes = new QuoteFigure[](2);
        (book.quotes[0].underlying, book.quotes[1].underlying) = (2, 2);
        _expectRefused(book, "RSK-8: an underlying quoted twice");
    }

    function testFuzz_SizesAdd(uint256 seed, uint256 cut) public view {
        Book memory whole = _book(seed, 3);
        whole.collateral = new CollateralUnits[](0);
        (Book memory left, Book memory right) = (_copy(whole), _copy(whole));
        right.cashE18 = 0;
        uint256[1] memory stream = [cut];
        for (uint256 i = 0; i < whole.positions.length; ++i) {
            int128 size = whole.positions[i].sizeE18;
            // Beyond the ends too: a part may be larger than the whole and of the other side.
            int128 part = (size * (int128(int256(_next(stream, 40_000))) - 20_000)) / 10_000;
            (left.positions[i].sizeE18, right.positions[i].sizeE18) = (part, size - part);
        }
        (Report memory all, Report memory a, Report memory b) = (
            engine.report(whole),
            engine.report(left),
            engine.report(right)
        );
        vm.assertApproxEqAbs(all.equityE18, a.equityE18 + b.equityE18, ROUNDING, "RSK-9: equity adds");
        for (uint256 i = 0; i < all.underlyings.length; ++i) {
            UnderlyingReport memory part = all.underlyings[i];
            int256 delta = _deltaOf(a, part.underlying) + _deltaOf(b, part.underlying);
            vm.assertApproxEqAbs(part.deltaE18, delta, ROUNDING, "RSK-9: delta adds");
            for (uint256 s = 0; s < GRID_LENGTH; ++s) {
                int256 apart = _lossOf(a, part.underlying, s) + _lossOf(b, part.underlying, s);
                vm.assertApproxEqAbs(part.lossE18[s], apart, LANES, "RSK-9: losses add, scenario by scenario");
            }
        }
    }

    function testFuzz_EmptyEntriesChangeNothing(uint256 seed, uint256 which) public view {
        Book memory book = _book(seed, 3);
        book.model = _model(which);
        Report memory before = engine.report(book);
        uint256[1] memory stream = [which];
        for (uint256 i = 0; i < 4; ++i) _add(book, _instrument(stream, uint16(1 + _next(stream, 3))), 0);
        // Nobody has published anything about this expiry, and nobody is asked.
        _add(book, toInstrumentId(2, Kind.PUT, NOW + 1, 3_000e8), 0);
        if (book.collateral.length == 0) book.collateral = _holdings(0, 0, 1, 0);
        book.quotes = new QuoteFigure[](1);
        book.quotes[0].underlying = uint16(1 + _next(stream, 3));
        vm.assertEq(abi.encode(engine.report(book)), abi.encode(before), "RSK-10: empty entries change no figure");
    }

    function testFuzz_MergingWithCollateralIsNotPunished(uint256 a, uint256 b) public {
        _withoutReserveAndConcentration();
        for (uint8 asset = 0; asset < 2; ++asset)
            parameters.setAsset(asset, AssetParams(asset + 1, asset + 1, 1e18, 0));
        (Book memory left, Book memory right) = (_book(a, 3), _book(b, 3));
        left.collateral = _holdings(0, a % 5e18, 1, a % 60e18);
        right.collateral = _holdings(0, b % 5e18, 1, b % 60e18);
        Book memory both = _merged(left, right);
        both.collateral = _holdings(0, (a % 5e18) + (b % 5e18), 1, (a % 60e18) + (b % 60e18));
        Report memory all = engine.report(both);
        (Report memory a_, Report memory b_) = (engine.report(left), engine.report(right));
        // The cap of RSK-6 is no part of it.
        uint256 apart = _scans(a_) + _heldBack(a_) + _scans(b_) + _heldBack(b_);
        vm.assertLe(_scans(all), apart + ROUNDING, "RSK-4: scans of books with collateral");
    }

    /// @dev A book whose greatest loss goes beyond its cap by the pricing error.
    function test_MergingWhereACapBinds() public {
        testFuzz_MergingWithCollateralIsNotPunished(13922, 4723);
    }

    function testFuzz_GroupsAdd(uint256 a, uint256 b, uint256 crowd) public {
        _withoutReserveAndConcentration();
        market.setOpenInterest(3, bound(crowd, 0, 2e24));
        Book memory left = _book(a, 2);
        Book memory right;
        uint256[1] memory stream = [b];
        for (uint256 i = 0; i < 5; ++i) {
            _add(right, _instrument(stream, 3), int256(_next(stream, 2_000e18)) - 1_000e18);
        }
        left.model = _model(a);
        right.model = left.model;
        Assessment memory both = engine.assessBook(_merged(left, right));
        (Assessment memory x, Assessment memory y) = (engine.assessBook(left), engine.assessBook(right));
        vm.assertApproxEqAbs(
            both.maintenanceE18,
            x.maintenanceE18 + y.maintenanceE18,
            ROUNDING,
            "RSK-11: MM of groups adds"
        );
        vm.assertApproxEqAbs(both.initialE18, x.initialE18 + y.initialE18, ROUNDING, "RSK-11: IM of groups adds");
    }

    /// @dev With bounds of 100 and 200 million dollars x (1 - scale(x)) is nowhere above 100 million.
    function testFuzz_CreditedProfitIsBounded(uint256 seed) public {
        market.setPerp(1, ONE, 0);
        uint256[1] memory stream = [seed];
        uint256[] memory sizes = new uint256[](1 + _next(stream, 6));
        uint256 open = _next(stream, 5e20);
        for (uint256 i = 0; i < sizes.length; ++i) {
            sizes[i] = 1 + _next(stream, 5e21 / sizes.length);
            open += sizes[i];
        }
        market.setOpenInterest(1, open);
        uint256 credited = 0;
        for (uint256 i = 0; i < sizes.length; ++i) {
            credited += _credited(sizes[i], _next(stream, 2 * _spot(1)), open, _model(seed >> i));
        }
        vm.assertLe(credited, 1e26 + ROUNDING, "RSK-15: longs together are credited the bound at most");
    }

    /// @dev Profit of a long perpetual of underlying 1 that counts for opening.
    function _credited(uint256 size, uint256 entryE18, uint256 open, MarginModel model) private view returns (uint256) {
        Book memory book;
        book.model = model;
        _add(book, toInstrumentId(1, Kind.PERP, 0, 0), int256(size));
        book.quotes = new QuoteFigure[](1);
        book.quotes[0] = QuoteFigure(1, -int256((size * entryE18) / ONE));
        Report memory report = engine.report(book);
        uint256 withheldE18 = report.underlyings[0].withheldE18;
        if (report.equityE18 <= 0) {
            vm.assertEq(withheldE18, 0, "RSK-15: a loss counts in full");
            return 0;
        }
        uint256 profitE18 = uint256(report.equityE18);
        vm.assertLe(withheldE18, profitE18, "RSK-15: no more is withheld than there is");
        uint256 creditedE18 = profitE18 - withheldE18;
        vm.assertLe(creditedE18 * open, profitE18 * (open - size), "RSK-15: the account's own share does not count");
        return creditedE18;
    }

    function testFuzz_NettingNeverCostsInitially(uint256 seed, uint256 crowd) public {
        for (uint16 u = 1; u <= 3; ++u) market.setOpenInterest(u, bound(crowd, 0, 4e24) / _spot(u) / 1e15);
        Book memory book = _book(seed, 3);
        Assessment memory netted = engine.assessBook(book);
        book.model = MarginModel.ISOLATED;
        Assessment memory apart = engine.assessBook(book);
        vm.assertLe(
            netted.initialE18,
            apart.initialE18 + ROUNDING,
            "RSK-3: IM of scenario <= isolated, crowded or not"
        );
        vm.assertEq(netted.equityE18, apart.equityE18, "RSK-3: models differ in requirements only");
        vm.assertGe(netted.initialE18 * 8 + ROUNDING, netted.maintenanceE18 * 10, "RSK-1: IM >= MM / 0.8 when crowded");
        vm.assertGe(apart.initialE18 * 8 + ROUNDING, apart.maintenanceE18 * 10, "RSK-1: the same apart");
    }

    function testFuzz_CashAndStablecoinsLeaveTheRequirement(uint256 seed, uint256 more, uint256 units) public view {
        Book memory book = _book(seed, 3);
        book.model = _model(seed >> 1);
        Assessment memory before = engine.assessBook(book);
        book.cashE18 += int256(bound(more, 0, 1e30));
        Assessment memory richer = engine.assessBook(book);
        vm.assertGe(richer.equityE18, before.equityE18, "RSK-2: more cash, more equity");
        vm.assertEq(richer.maintenanceE18, before.maintenanceE18, "RSK-2: cash does not touch MM");
        vm.assertEq(richer.initialE18, before.initialE18, "RSK-2: cash does not touch IM");
        if (book.collateral.length != 0) return;
        book.collateral = new CollateralUnits[](1);
        book.collateral[0] = CollateralUnits(STABLE, bound(units, 0, 1e30));
        Assessment memory stable = engine.assessBook(book);
        vm.assertGe(stable.equityE18, richer.equityE18, "RSK-2: more stablecoins, more equity");
        vm.assertEq(stable.maintenanceE18, before.maintenanceE18, "RSK-2: stablecoins do not touch MM");
    }

    /// @dev As a ratio health can fall where it is far above 1: what is deposited has a health of its own. It cannot where it matters.
    function testFuzz_CollateralNeverLowersPoorHealth(
        uint256 seed,
        uint256 held,
        uint256 more,
        uint256 debt
    ) public view {
        Book memory book = _book(seed, 2);
        book.model = _model(seed >> 1);
        uint8 asset = uint8(seed % 2);
        book.collateral = new CollateralUnits[](1);
        book.collateral[0] = CollateralUnits(asset, bound(held, 0, 100e18));
        Assessment memory first = engine.assessBook(book);
        // Debts and claims that leave equity anywhere from minus MM to MM.
        int256 wanted = bound(int256(debt), -int256(first.maintenanceE18), int256(first.maintenanceE18));
        book.cashE18 += wanted - first.equityE18;
        Assessment memory before = engine.assessBook(book);
        book.collateral[0].unitsE18 += bound(more, 1, 1_000e18);
        Assessment memory result = engine.assessBook(book);
        vm.assertGe(
            (result.equityE18 + int256(ROUNDING)) * int256(before.maintenanceE18 + ROUNDING),
            before.equityE18 * int256(result.maintenanceE18),
            "RSK-2: health = E / MM of an account that is short never falls"
        );
    }

    function testFuzz_BoundedLossIsTheMostThatIsCharged(uint256 seed, uint256 size) public view {
        uint256[1] memory stream = [seed];
        uint16 u = uint16(1 + _next(stream, 3));
        uint40 expiry = _expiry(uint40(_next(stream, 3)));
        Book memory book = _boundedBook(stream, u, expiry, int256(bound(size, 1e12, 1e24)));
        Report memory report = engine.report(book);
        UnderlyingReport memory part = report.underlyings[0];
        int256 worst = report.equityE18 - _leastPayoff(book, u, expiry);
        int256 charged = int256(part.scanE18 + part.addOnE18 + part.concentrationE18);
        // The value of one unit is cut to 18 decimals, so that a leg's is off by as much for every unit it has.
        for (uint256 i = 0; i < book.positions.length; ++i) {
            int256 units = int256(book.positions[i].sizeE18) / 1e18;
            worst += units < 0 ? -units : units;
        }
        worst += int256(ROUNDING);
        // By the pricing error a book may stand below what it pays for certain; nothing is charged then.
        vm.assertLe(charged, worst > 0 ? worst : int256(0), "RSK-6: charged <= greatest loss");
    }

    /// @dev A spread deep in the money that is worth less than it pays, by the pricing error.
    function test_BookBelowItsLeastPayoff() public view {
        testFuzz_BoundedLossIsTheMostThatIsCharged(14195, 4592);
    }

    function testFuzz_BoughtOptionsNeedNothingMore(uint256 seed) public {
        _withoutReserveAndConcentration();
        uint256[1] memory stream = [seed];
        Book memory book;
        uint256 count = 1 + _next(stream, MAX_LEGS);
        for (uint256 i = 0; i < count; ++i) {
            uint16 u = uint16(1 + _next(stream, 3));
            _add(book, _option(stream, u, _expiry(uint40(_next(stream, 3)))), int256(1 + _next(stream, 1e24)));
        }
        Assessment memory result = engine.assessBook(book);
        vm.assertGe(
            result.equityE18 + int256(ROUNDING),
            int256(result.maintenanceE18),
            "RSK-6: options that are only owned cost at most what they are worth"
        );
    }

    function testFuzz_SyntheticForwardCostsLikeAForward(uint256 seed, uint256 size, uint256 side) public view {
        uint256[1] memory stream = [seed];
        uint16 u = uint16(1 + _next(stream, 3));
        uint40 expiry = _expiry(uint40(_next(stream, 3)));
        int256 units = int256(bound(size, 1e15, 1e24)) * (side % 2 == 0 ? int256(1) : -1);
        uint64 strike = _strike(u, 50 + _next(stream, 151));
        Book memory synthetic;
        _add(synthetic, toInstrumentId(u, Kind.CALL, expiry, strike), units);
        _add(synthetic, toInstrumentId(u, Kind.PUT, expiry, strike), -units);
        int256 discount = int256(uint256(market.surface(u, expiry).discountE18));
        Book memory forward;
        // A call less a put is worth D (F - K).
        _add(forward, toInstrumentId(u, Kind.FUTURE, expiry, 0), (units * discount) / 1e18);
        (Report memory a, Report memory b) = (engine.report(synthetic), engine.report(forward));
        uint256 notional = (uint256(units < 0 ? -units : units) * (_spot(u) + uint256(strike) * 1e10)) / ONE;
        // Scenarios move the forward up to five times; concentration grows a half faster than the delta.
        uint256 tolerance = (notional * 10 * PRICE_ERROR_E18) / ONE + ROUNDING;
        UnderlyingReport memory x = a.underlyings[0];
        UnderlyingReport memory y = b.underlyings[0];
        vm.assertApproxEqAbs(x.deltaE18, y.deltaE18, tolerance, "RSK-12: delta of a synthetic forward");
        for (uint256 s = 0; s < GRID_LENGTH; ++s) {
            vm.assertApproxEqAbs(x.lossE18[s], y.lossE18[s], tolerance, "RSK-12: loss of a synthetic forward");
        }
        vm.assertApproxEqAbs(x.scanE18 + x.addOnE18, y.scanE18 + y.addOnE18, tolerance, "RSK-12: scan and add-on");
        vm.assertApproxEqAbs(
            x.concentrationE18,
            y.concentrationE18,
            tolerance + x.concentrationE18 / 1e8,
            "RSK-12: size"
        );
    }

    /// @dev Hedged by the perpetual until no delta is left: a model of deltas would ask for the floor of hedges alone.
    function testFuzz_StraddleIsChargedForGamma(uint256 seed, uint256 size) public view {
        uint256[1] memory stream = [seed];
        uint16 u = uint16(1 + _next(stream, 3));
        uint40 expiry = _expiry(uint40(_next(stream, 3)));
        int256 units = int256(bound(size, 1e15, 1e23));
        uint64 strike = _strike(u, 95 + _next(stream, 11));
        Book memory book;
        _add(book, toInstrumentId(u, Kind.CALL, expiry, strike), -units);
        _add(book, toInstrumentId(u, Kind.PUT, expiry, strike), -units);
        int256 delta = engine.report(book).underlyings[0].deltaE18;
        _add(book, toInstrumentId(u, Kind.PERP, 0, 0), -delta);
        UnderlyingReport memory part = engine.report(book).underlyings[0];
        uint256 notional = (uint256(units) * _spot(u)) / ONE;
        vm.assertApproxEqAbs(part.deltaE18, int256(0), 1, "RSK-13: no delta is left");
        vm.assertGe(part.scanE18 * 100, notional * 6, "RSK-13: a straddle without delta is charged 6 % and more");
        vm.assertGe(part.scanE18, 3 * part.floorDeltaE18, "RSK-13: far above what its deltas ask for");
    }

    function testFuzz_HedgeByAFutureCostsBasisOnly(uint256 seed, uint256 size, uint256 side) public view {
        uint256[1] memory stream = [seed];
        uint16 u = uint16(1 + _next(stream, 3));
        uint40 expiry = _expiry(uint40(_next(stream, 3)));
        int256 units = int256(bound(size, 1e12, 1e24));
        if (side % 2 == 1) units = -units;
        Book memory book;
        _add(book, toInstrumentId(u, Kind.PERP, 0, 0), units);
        _add(book, toInstrumentId(u, Kind.FUTURE, expiry, 0), -units);
        UnderlyingReport memory part = engine.report(book).underlyings[0];
        uint256 notional = (uint256(units < 0 ? -units : units) * _spot(u)) / ONE;
        vm.assertEq(part.deltaE18, int256(0), "RSK-14: deltas of perpetual and future cancel");
        vm.assertEq(part.concentrationE18, 0, "RSK-14: nothing to trade out");
        // Roll of both legs by the margin model: 1 % of the perpetual, and of the future what its time asks for.
        uint256 yearsE18 = (uint256(expiry - NOW) * ONE) / 365 days;
        uint256 rate = (0.075e18 * yearsE18) / ONE;
        uint256 roll = (notional * (0.01e18 + (rate > 0.01e18 ? rate : 0.01e18))) / ONE;
        vm.assertApproxEqAbs(part.addOnE18, roll, notional / 1e15 + 4, "RSK-14: charged for the basis of both legs");
        // Mark and forward differ by less than 4 %, and no weighted move reaches a quarter.
        vm.assertLe(part.scanE18 * 100, notional + 100, "RSK-14: the grid finds the difference of the two prices only");
        vm.assertGt(part.addOnE18, 0, "RSK-14: a perfect hedge is not free");
    }

    function _expectRefused(Book memory book, string memory label) private view {
        try engine.assessBook(book) {
            vm.assertTrue(false, label);
        } catch (bytes memory reason) {
            vm.assertEq(reason, abi.encodeWithSelector(IRiskEngine.RiskEngine_UnorderedBook.selector), label);
        }
    }

    // --- reports

    function _scans(Report memory report) private pure returns (uint256 total) {
        for (uint256 i = 0; i < report.groupScanE18.length; ++i) total += report.groupScanE18[i];
    }

    function _lossOf(Report memory report, uint16 u, uint256 s) private pure returns (int256) {
        for (uint256 i = 0; i < report.underlyings.length; ++i) {
            if (report.underlyings[i].underlying == u) return report.underlyings[i].lossE18[s];
        }
        return 0;
    }

    function _deltaOf(Report memory report, uint16 u) private pure returns (int256) {
        for (uint256 i = 0; i < report.underlyings.length; ++i) {
            if (report.underlyings[i].underlying == u) return report.underlyings[i].deltaE18;
        }
        return 0;
    }
}
