// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Assessment, Book, CollateralUnits, MarginModel, Position, QuoteFigure} from "../../contracts/types/Book.sol";
import {InstrumentId, Kind, toInstrumentId} from "../../contracts/types/InstrumentId.sol";
import {GlobalParams, Report, UnderlyingReport, Witness} from "../../contracts/types/Risk.sol";
import {RiskWorld} from "../base/RiskWorld.sol";

/// @notice What must hold for every book, whatever the market.
contract RiskTest is RiskWorld {
    /// @dev Each group is rounded up once and each charge once per expiry or underlying.
    uint256 private constant ROUNDING = 64;

    /// @dev Strikes of a leg are counted in 1e-12 USD, rounded against it. Two legs that become one are rounded once instead of twice.
    uint256 private constant MERGED_LEGS = MAX_LEGS * 1e6;

    /// @dev Lanes count 1e-12 USD, and far scenarios multiply that: the error of two books of some legs, a long way below SURE_E18 of the
    /// liquidator.
    uint256 private constant PART_ERROR = 2e9;

    function setUp() public {
        _deployWorld();
    }

    function testFuzz_InitialCoversMaintenance(uint256 seed) public view {
        Book memory book = _book(seed, 3);
        book.model = _model(seed >> 1);
        vm.assertGe(engine.assessBook(book).initialE18, engine.assessBook(book).maintenanceE18, "RSK-1: IM >= MM");
        // Entered for more than the legs can be worth: no profit to be withheld.
        book.quotes = new QuoteFigure[](3);
        for (uint16 u = 1; u <= 3; ++u) book.quotes[u - 1] = QuoteFigure(u, -1e30);
        Assessment memory result = engine.assessBook(book);
        vm.assertGe(
            result.maintenanceE18 * 10,
            result.initialE18 * 8 - ROUNDING,
            "RSK-1: IM is MM / 0.8 without crowding and profit"
        );
    }

    function testFuzz_CollateralNeverHurts(uint256 seed, uint256 held, uint256 more, uint256 crowd) public {
        market.setOpenInterest(1, bound(crowd, 0, 4e21));
        Book memory book = _book(seed, 2);
        book.model = _model(seed >> 1);
        book.collateral = new CollateralUnits[](1);
        book.collateral[0] = CollateralUnits(uint8(seed % 2), bound(held, 0, 1_000e18));
        Assessment memory before = engine.assessBook(book);
        book.collateral[0].unitsE18 += bound(more, 1, 1_000e18);
        Assessment memory result = engine.assessBook(book);
        vm.assertGe(
            result.equityE18 - int256(result.maintenanceE18) + int256(ROUNDING),
            before.equityE18 - int256(before.maintenanceE18),
            "RSK-2: E - MM"
        );
        vm.assertGe(
            result.equityE18 - int256(result.initialE18) + int256(ROUNDING),
            before.equityE18 - int256(before.initialE18),
            "RSK-2: E - IM"
        );
    }

    function testFuzz_NettingNeverCosts(uint256 seed) public view {
        Book memory book = _book(seed, 3);
        uint256 netted = engine.assessBook(book).maintenanceE18;
        book.model = MarginModel.ISOLATED;
        vm.assertLe(netted, engine.assessBook(book).maintenanceE18, "RSK-3: scenario <= isolated");
    }

    /// @dev The cap of RSK-6 is no part of it: what a bounded book is spared, it is not spared beside an unbounded one.
    function testFuzz_MergingIsNeverPunished(uint256 a, uint256 b) public {
        _withoutReserveAndConcentration();
        (Book memory left, Book memory right) = (_book(a, 3), _book(b, 3));
        (left.collateral, right.collateral) = (new CollateralUnits[](0), new CollateralUnits[](0));
        Report memory both = engine.report(_merged(left, right));
        (Report memory a_, Report memory b_) = (engine.report(left), engine.report(right));
        uint256 heldBack = _heldBack(a_) + _heldBack(b_);
        uint256 apart = _uncapped(a_) + _uncapped(b_) + heldBack;
        vm.assertLe(both.maintenanceE18, apart + ROUNDING + MERGED_LEGS, "RSK-4: MM(A + B) <= MM(A) + MM(B)");
        uint256 scans = _sum(a_.groupScanE18) + _sum(b_.groupScanE18) + heldBack;
        vm.assertLe(_sum(both.groupScanE18), scans + ROUNDING + MERGED_LEGS, "RSK-4: scans alone");
    }

    /// @dev A little naked call beside many spreads asks for a little more, not for what the spreads were spared.
    function testFuzz_LittleUncoveredAsksLittle(uint256 seed, uint256 little) public {
        _withoutReserveAndConcentration();
        uint256[1] memory stream = [seed];
        uint64 strike = uint64((_spot(1) * (80 + _next(stream, 60))) / 100 / 1e10);
        uint40 expiry = _expiry(uint40(_next(stream, 3)));
        Book memory book;
        _add(book, toInstrumentId(1, Kind.CALL, expiry, strike), -1_000e18);
        _add(book, toInstrumentId(1, Kind.CALL, expiry, strike + 100e8), 1_000e18);
        uint256 before = engine.assessBook(book).maintenanceE18;
        little = bound(little, 1, 1e18);
        _add(book, toInstrumentId(1, Kind.CALL, expiry, strike), -int256(little));
        uint256 with_ = engine.assessBook(book).maintenanceE18;
        vm.assertLe(with_, before + (little * _spot(1) * 6) / ONE + 1e9, "the requirement is continuous in sizes");
    }

    function testFuzz_WitnessIsSound(uint256 seed, uint256 named) public {
        Book memory book = _book(seed, 3);
        book.model = _model(seed >> 1);
        market.setBook(ACCOUNT, book);
        Assessment memory result = engine.assess(ACCOUNT);
        Report memory report = engine.report(book);
        uint256[1] memory stream = [named];
        Witness memory witness = _witness(report);
        for (uint256 i = 0; i < witness.own.length; ++i) witness.own[i] = uint8(_next(stream, GRID_LENGTH));
        for (uint256 i = 0; i < witness.joint.length; ++i) witness.joint[i] = uint8(_next(stream, GRID_LENGTH));
        (bool isShort, int256 equity, uint256 least) = engine.breaches(ACCOUNT, witness);
        vm.assertLe(least, result.maintenanceE18, "RSK-5: bound <= MM");
        vm.assertEq(equity, result.equityE18, "RSK-5: equity is exact");
        vm.assertEq(isShort, equity < int256(least), "RSK-5: short means E < bound");
        (, , uint256 whole) = engine.breaches(ACCOUNT, Witness(new uint8[](0), new uint8[](0)));
        vm.assertEq(whole, result.maintenanceE18, "RSK-5: empty witness = MM");
    }

    /// @dev Sharp where no floor and no cap binds; otherwise within the part of a charge that blending can hide.
    function testFuzz_BindingWitnessIsSharp(uint256 seed) public {
        Book memory book = _book(seed, 3);
        market.setBook(ACCOUNT, book);
        Report memory report = engine.report(book);
        (, , uint256 least) = engine.breaches(ACCOUNT, _witness(report));
        uint256 slack = 0;
        for (uint256 i = 0; i < report.underlyings.length; ++i) {
            UnderlyingReport memory part = report.underlyings[i];
            // t falls by rho per unit of scan, and only up to where its floor or its cap lets go of it.
            if (part.group != 1) continue;
            slack += (2 * (part.addOnE18 + part.concentrationE18)) / 5 + 1;
            // A loss beyond the cap, by the pricing error, counts in a joint loss as far as all scans together allow. A witness knows
            // of the cap alone.
            int256 beyond = part.lossE18[_jointOf(report, part.group)] - int256(part.scanE18);
            if (beyond > 0) slack += (2 * uint256(beyond)) / 5 + 1;
        }
        vm.assertGe(least + slack, report.maintenanceE18, "RSK-5: the binding witness shows MM but for blended floors");
        if (report.underlyings.length == 1) vm.assertEq(least, report.maintenanceE18, "RSK-5: one underlying is exact");
    }

    /// @dev A book with a joint loss beyond the cap of one of its underlyings.
    function test_BindingWitnessWhereACapBinds() public {
        testFuzz_BindingWitnessIsSharp(68649327293545906086944053194912466680338210075958770182);
    }

    function testFuzz_BoundedBooksPayNoMoreThanTheirWorst(uint256 seed, uint256 size) public view {
        uint256[1] memory stream = [seed];
        Book memory book;
        uint16 u = uint16(1 + _next(stream, 3));
        uint40 expiry = _expiry(uint40(_next(stream, 3)));
        uint64 low = uint64((_spot(u) * (50 + _next(stream, 100))) / 100 / 1e10);
        uint64 high = low + uint64((_spot(u) * (1 + _next(stream, 40))) / 100 / 1e10);
        int256 units = int256(bound(size, 1e12, 1e24));
        Kind kind = _next(stream, 2) == 0 ? Kind.CALL : Kind.PUT;
        int256 side = _next(stream, 2) == 0 ? int256(1) : -1;
        _add(book, toInstrumentId(u, kind, expiry, low), side * units);
        _add(book, toInstrumentId(u, kind, expiry, high), -side * units);
        Report memory report = engine.report(book);
        UnderlyingReport memory part = report.underlyings[0];
        uint256 width = (uint256(high - low) * 1e10 * uint256(units)) / ONE + 1;
        int256 worst = int256(width) + report.equityE18;
        // A spread the holder owns can lose its value; one he wrote its width beside the value already booked.
        if (report.equityE18 > 0 && report.equityE18 < worst) worst = report.equityE18;
        if (int256(part.scanE18) > worst) return; // a smile without arbitrage per strike leaves this to the scan alone
        uint256 charged = part.scanE18 + part.addOnE18 + part.concentrationE18;
        vm.assertLe(int256(charged), worst + int256(ROUNDING), "RSK-6: scan + add-ons <= worst loss");
    }

    function testFuzz_ScalesWithTheBook(uint256 seed, uint256 factor) public {
        _withoutReserveAndConcentration();
        factor = bound(factor, 2, 1_000);
        Book memory book = _book(seed, 3);
        book.collateral = new CollateralUnits[](0);
        uint256 once = engine.assessBook(book).maintenanceE18;
        for (uint256 i = 0; i < book.positions.length; ++i) book.positions[i].sizeE18 *= int128(int256(factor));
        uint256 often = engine.assessBook(book).maintenanceE18;
        // Lanes count 1e-12 USD, and far scenarios multiply that; a delta rounded up costs far less.
        vm.assertLe(often, (once + 1e9) * factor, "MM(n A) <= n MM(A) but for rounding");
        vm.assertGe(often + 1e9 * factor, once * factor, "MM(n A) = n MM(A) but for rounding");
    }

    /// @dev What a slice leaves: every amount less its share, which is rounded toward zero. Under every model the rest asks for no
    /// more than its part of what the book asked for beside the reserve, and collateral that counts for more in smaller amounts makes
    /// up for its risk.
    function testFuzz_PartAsksNoMoreThanItsPart(uint256 seed, uint256 fraction, uint256 k) public {
        _setSize(uint64(bound(k, 0, 0.1e18)));
        fraction = bound(fraction, 0, ONE);
        Book memory book = _book(seed, 3);
        book.model = k % 4 == 0 ? MarginModel.DELTA : _model(seed >> 1);
        // The delta model takes no options.
        if (book.model == MarginModel.DELTA) book = _linear(book);
        GlobalParams memory global = parameters.globalParams();
        uint256 reserve = global.reserveBaseE18 + global.reservePerPositionE18 * book.positions.length;
        Assessment memory whole = engine.assessBook(book);
        Assessment memory part = engine.assessBook(_rest(book, fraction));
        int256 kept = int256(ONE - fraction);
        vm.assertGe(
            part.equityE18 + int256(PART_ERROR),
            (whole.equityE18 * kept) / int256(ONE),
            "RSK-16: E of the rest >= its part"
        );
        int256 excess = whole.equityE18 - int256(whole.maintenanceE18 - reserve);
        vm.assertGe(
            part.equityE18 - int256(part.maintenanceE18) + int256(PART_ERROR),
            (excess * kept) / int256(ONE) - int256(reserve),
            "RSK-16: E - (MM - R) of the rest >= its part"
        );
        if (book.collateral.length != 0) return;
        vm.assertLe(
            part.maintenanceE18,
            ((whole.maintenanceE18 - reserve) * uint256(kept)) / ONE + reserve + PART_ERROR,
            "RSK-16: MM - R of the rest <= its part"
        );
    }

    function _rest(Book memory book, uint256 fraction) private pure returns (Book memory rest) {
        rest = _copy(book);
        rest.cashE18 -= _share(book.cashE18, fraction);
        for (uint256 i = 0; i < book.positions.length; ++i) {
            rest.positions[i].sizeE18 -= int128(_share(book.positions[i].sizeE18, fraction));
        }
        for (uint256 i = 0; i < book.collateral.length; ++i) {
            rest.collateral[i].unitsE18 -= uint256(_share(int256(book.collateral[i].unitsE18), fraction));
        }
    }

    /// @dev The same book with every option turned into the future of its expiry.
    function _linear(Book memory book) private pure returns (Book memory linear) {
        linear = _copy(book);
        linear.positions = new Position[](0);
        for (uint256 i = 0; i < book.positions.length; ++i) {
            InstrumentId instrument = book.positions[i].instrument;
            if (instrument.isOption()) {
                instrument = toInstrumentId(instrument.underlying(), Kind.FUTURE, instrument.expiry(), 0);
            }
            _add(linear, instrument, book.positions[i].sizeE18);
        }
    }

    /// @dev Toward zero.
    function _share(int256 amount, uint256 fraction) private pure returns (int256) {
        return (amount * int256(fraction)) / int256(ONE);
    }

    function testFuzz_EmptyMarketAddsNothing(uint256 seed, uint256 which) public view {
        Book memory book = _book(seed, 2);
        Assessment memory before = engine.assessBook(book);
        InstrumentId other = toInstrumentId(3, Kind.CALL, _expiry(uint40(which % 3)), 150e8);
        _add(book, other, 0);
        Assessment memory result = engine.assessBook(book);
        vm.assertEq(abi.encode(result), abi.encode(before), "an empty market changes nothing");
    }

    function testFuzz_SpotThatIsTriedEqualsSpotThatComes(uint256 seed, uint256 spot) public {
        spot = bound(spot, 1_000e18, 10_000_000e18);
        Book memory book = _book(seed, 2);
        market.setPerp(1, ONE, 0);
        Assessment memory tried = engine.assessBookAt(book, 1, spot);
        market.setPrice(1, spot);
        vm.assertEq(abi.encode(tried), abi.encode(engine.assessBook(book)), "assessBookAt = assessBook at that spot");
    }

    function testFuzz_CreditedCollateralGrowsWithUnits(uint256 units, uint256 price, uint256 k) public {
        price = bound(price, 1e12, 1e24);
        units = bound(units, 0, 1e27);
        _setSize(uint64(bound(k, 0, 1e18)));
        market.setPrice(1, price);
        uint256 less = _valueOf(units);
        vm.assertGe(_valueOf(units + 1), less, "one unit more never counts for less");
        vm.assertLe(less, (units * price) / ONE, "never above the market");
    }

    /// @dev What collateral alone is worth to its book.
    function _valueOf(uint256 units) private view returns (uint256) {
        Book memory book;
        book.collateral = new CollateralUnits[](1);
        book.collateral[0] = CollateralUnits(0, units);
        return uint256(engine.assessBook(book).equityE18);
    }

    function testFuzz_AssessDoesNotTouchFeedsOfAnEmptyBook(int256 debt) public {
        debt = bound(debt, 0, 1e30);
        market.setPrice(1000, 0);
        market.setPrice(1, 0);
        Book memory book;
        book.cashE18 = -debt;
        Assessment memory result = engine.assessBook(book);
        vm.assertEq(result.equityE18, -debt, "a debt counts in full");
        vm.assertEq(result.initialE18 + result.maintenanceE18, 0, "nothing to hold");
    }

    /// @dev What the report says MM would be without the cap of bounded books.
    function _uncapped(Report memory report) private pure returns (uint256 sumE18) {
        sumE18 = report.reserveE18 + _sum(report.groupScanE18);
        for (uint256 i = 0; i < report.underlyings.length; ++i) {
            UnderlyingReport memory part = report.underlyings[i];
            uint256 floorE18 = part.floorDeltaE18 > part.floorShortE18 ? part.floorDeltaE18 : part.floorShortE18;
            uint256 aboveE18 = floorE18 > part.scanE18 ? floorE18 - part.scanE18 : 0;
            sumE18 += aboveE18 > part.rollE18 ? aboveE18 : part.rollE18;
        }
    }

    function _sum(uint256[] memory values) private pure returns (uint256 total) {
        for (uint256 i = 0; i < values.length; ++i) total += values[i];
    }

    function _setSize(uint64 k) private {
        parameters.setAsset(0, _asset(k));
    }

    /// @dev Scenario with the greatest joint loss of a group.
    function _jointOf(Report memory report, uint8 group) private pure returns (uint8 binding) {
        for (uint256 i = 0; i < report.groups.length; ++i) {
            if (report.groups[i] == group) binding = report.groupBinding[i];
        }
    }

    function _witness(Report memory report) private pure returns (Witness memory witness) {
        witness.own = new uint8[](report.underlyings.length);
        for (uint256 i = 0; i < witness.own.length; ++i) witness.own[i] = report.underlyings[i].binding;
        witness.joint = new uint8[](report.groups.length);
        for (uint256 i = 0; i < witness.joint.length; ++i) witness.joint[i] = report.groupBinding[i];
    }
}
