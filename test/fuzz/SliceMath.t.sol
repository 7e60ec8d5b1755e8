// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILiquidator} from "../../contracts/interfaces/ILiquidator.sol";
import {ShortBook} from "../../contracts/liquidation/SliceMath.sol";
import {SliceMathHarness} from "../../contracts/test/SliceMathHarness.sol";
import {SolidityTest} from "../base/SolidityTest.sol";

/// @notice The slice formula against the state it promises, and the shape of the discount.
contract SliceMathTest is SolidityTest {
    uint256 private constant ONE = 1e18;
    uint256 private constant MAX_USD = 1e12 * 1e18;

    SliceMathHarness private _math;

    function setUp() public {
        _math = new SliceMathHarness();
    }

    /// @dev A sale up to the limit leaves `E - c` against `(1 - x)(MM - R) + R`: at the target, no more than one step above.
    function testFuzz_limit_meetsTarget(uint256 e, uint256 mm, uint256 r, uint256 d, uint256 g, uint256 k) public view {
        (ShortBook memory book, uint256 target) = _solvent(e, mm, r, d, g, k);
        uint256 x = _math.limitE18(book, target, 0);
        if (x == 0 || x == ONE) return;
        (int256 equity, uint256 rest) = _after(book, x);
        vm.assertGe(equity * 1e18, int256(rest * target) - 4e18, "LIQ-4: target met");
        // One step of the fraction and one unit of each product: what may be too much.
        uint256 step = (book.maintenanceE18 * target) / ONE / ONE + 4;
        vm.assertLe(equity * 1e18, int256(rest * target + step * ONE * 2), "LIQ-4: no more than needed");
    }

    /// @dev Whatever part of the limit is taken, health does not fall unless all of the equity is on offer.
    function testFuzz_price_raisesHealth(uint256 e, uint256 mm, uint256 d, uint256 part) public view {
        (ShortBook memory book, uint256 target) = _solvent(e, mm, 0, d, 0, 1.1e18);
        book.reserveE18 = 0;
        uint256 limit = _math.limitE18(book, target, 0);
        if (limit == 0) return;
        uint256 x = bound(part, 1, limit);
        if (x == ONE) return;
        (int256 price, ) = _math.priceE18(book, x, x == limit);
        int256 moved = (book.equityE18 * int256(x)) / 1e18;
        int256 equity = book.equityE18 - moved + price;
        uint256 rest = book.maintenanceE18 - (book.maintenanceE18 * x) / ONE;
        // The fraction rounds, so a unit of maintenance may stay behind.
        vm.assertGe(
            (equity + 1) * int256(book.maintenanceE18),
            book.equityE18 * (int256(rest) - 1),
            "LIQ-3: health does not fall"
        );
    }

    /// @dev Nobody gets a discount above the larger of pay and discount, and the price rounds against the keeper.
    function testFuzz_price_rounding(int256 e, uint256 d, uint256 g, uint256 x, bool finishes) public view {
        ShortBook memory book;
        book.equityE18 = bound(e, -int256(MAX_USD), int256(MAX_USD));
        book.discountE18 = bound(d, 0, MAX_USD);
        book.payE18 = bound(g, 0, 10_000e18);
        x = bound(x, 1, ONE);
        (int256 price, uint256 cost) = _math.priceE18(book, x, finishes);
        int256 exactE36 = book.equityE18 * int256(x);
        uint256 byDiscount = (book.discountE18 * x) / ONE;
        uint256 most = finishes && book.payE18 > byDiscount ? book.payE18 : byDiscount;
        vm.assertEq(cost, most, "cost is the larger of the two, down");
        vm.assertGe((price + int256(cost)) * 1e18, exactE36, "value of the slice rounds up");
        vm.assertLt((price + int256(cost) - 1) * 1e18, exactE36, "by less than one unit");
    }

    function testFuzz_limit_takesAllWhenNothingIsLeft(uint256 e, uint256 mm, uint256 g) public view {
        ShortBook memory book;
        book.maintenanceE18 = bound(mm, 2, MAX_USD);
        book.equityE18 = int256(bound(e, 0, book.maintenanceE18 - 1));
        book.payE18 = bound(g, uint256(book.equityE18), uint256(book.equityE18) + MAX_USD);
        vm.assertEq(_math.limitE18(book, 1.1e18, 0), ONE, "pay above equity");
        book.payE18 = 0;
        book.discountE18 = uint256(book.equityE18);
        vm.assertEq(_math.limitE18(book, 1.1e18, 0), ONE, "discount of all the equity");
        book.equityE18 = -1;
        vm.assertEq(_math.limitE18(book, 1.1e18, 0), ONE, "no equity");
    }

    function testFuzz_limit_leavesNoDust(
        uint256 e,
        uint256 mm,
        uint256 r,
        uint256 d,
        uint256 g,
        uint256 dust
    ) public view {
        (ShortBook memory book, uint256 target) = _solvent(e, mm, r, d, g, 1.1e18);
        dust = bound(dust, 0, 1e24);
        uint256 x = _math.limitE18(book, target, dust);
        if (x == 0 || x == ONE) return;
        (, uint256 rest) = _after(book, x);
        vm.assertGe(rest + 1, dust, "rest is worth closing");
    }

    /// @dev The discount never falls with time while equity keeps its sign, and begins and ends where the curve says.
    function testFuzz_discount_monotone(int256 e, uint256 mm, uint256 t1, uint256 t2) public view {
        ILiquidator.Curve memory curve = _curve();
        ILiquidator.Auction memory auction = ILiquidator.Auction({startedAt: 1_000, insolventAt: 1_000});
        mm = bound(mm, 1, MAX_USD);
        e = bound(e, -int256(MAX_USD), int256(mm));
        t1 = bound(t1, 0, 10_000);
        t2 = bound(t2, t1, 20_000);
        uint256 early = _math.discountE18(curve, auction, e, mm, 1_000 + t1);
        uint256 late = _math.discountE18(curve, auction, e, mm, 1_000 + t2);
        vm.assertGe(late, early, "discount rises");
        uint256 whole = e > 0 ? uint256(e) : 0;
        uint256 end = _math.discountE18(curve, auction, e, mm, 1_000 + 100_000);
        vm.assertEq(end, whole + (mm * curve.insolventCapE18) / ONE, "ends at all of the equity and the cap");
    }

    function test_discount_knownAnswers() public view {
        ILiquidator.Curve memory curve = _curve();
        ILiquidator.Auction memory auction = ILiquidator.Auction({startedAt: 1_000, insolventAt: 0});
        vm.assertEq(_math.discountE18(curve, auction, 100e18, 200e18, 1_000), 2e18, "start");
        vm.assertEq(_math.discountE18(curve, auction, 100e18, 200e18, 1_300), 6e18, "half of the fast part");
        vm.assertEq(_math.discountE18(curve, auction, 100e18, 200e18, 1_600), 10e18, "end of the fast part");
        vm.assertEq(_math.discountE18(curve, auction, 100e18, 200e18, 3_100), 55e18, "half of the slow part");
        vm.assertEq(_math.discountE18(curve, auction, 100e18, 200e18, 4_600), 100e18, "end of the slow part");
        vm.assertEq(_math.discountE18(curve, auction, 100e18, 200e18, 5_100), 120e18, "half of the cap on top");
        vm.assertEq(_math.discountE18(curve, auction, -1e18, 200e18, 3_100), 0, "insolvent, not recorded");
        auction.insolventAt = 2_600;
        vm.assertEq(_math.discountE18(curve, auction, -1e18, 200e18, 3_100), 20e18, "insolvent for 500 s");
        vm.assertEq(
            _math.discountE18(curve, auction, 1e18, 200e18, 3_100),
            0.55e18,
            "a record without deficit is idle"
        );
        auction.insolventAt = 9_000;
        vm.assertEq(_math.discountE18(curve, auction, -1e18, 200e18, 5_100), 20e18, "a late record takes nothing back");
    }

    function _solvent(
        uint256 e,
        uint256 mm,
        uint256 r,
        uint256 d,
        uint256 g,
        uint256 k
    ) private pure returns (ShortBook memory book, uint256 target) {
        book.maintenanceE18 = bound(mm, 1, MAX_USD);
        book.reserveE18 = bound(r, 0, book.maintenanceE18 < 30e18 ? book.maintenanceE18 : 30e18);
        book.equityE18 = int256(bound(e, 0, book.maintenanceE18));
        book.discountE18 = (uint256(book.equityE18) * bound(d, 0, ONE)) / ONE;
        book.payE18 = bound(g, 0, 100e18);
        target = bound(k, 1.001e18, 2e18);
    }

    function _after(ShortBook memory book, uint256 x) private view returns (int256 equity, uint256 rest) {
        (, uint256 cost) = _math.priceE18(book, x, true);
        equity = book.equityE18 - int256(cost);
        rest = ((book.maintenanceE18 - book.reserveE18) * (ONE - x)) / ONE + book.reserveE18;
    }

    function _curve() private pure returns (ILiquidator.Curve memory) {
        return
            ILiquidator.Curve({
                discountStartE18: 0.02e18,
                discountFastE18: 0.1e18,
                fastSeconds: 600,
                slowSeconds: 3_000,
                insolventSeconds: 1_000,
                insolventCapE18: 0.2e18,
                targetHealthE18: 1.1e18,
                dustE18: 10e18
            });
    }
}
