// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {mulDivCeil, mulDivDown, mulDivFloor, mulDivUp} from "../../contracts/libraries/math/FixedPoint.sol";
import {Normal} from "../../contracts/libraries/math/Normal.sol";
import {Transcendental} from "../../contracts/libraries/math/Transcendental.sol";
import {SolidityTest} from "../base/SolidityTest.sol";

contract MathTest is SolidityTest {
    function testFuzz_SignedQuotientsBracketTheExactOne(int128 a, int128 b, uint120 d) public pure {
        int256 denominator = int256(uint256(d)) + 1;
        int256 product = int256(a) * int256(b);
        int256 floor = mulDivFloor(a, b, denominator);
        int256 ceil = mulDivCeil(a, b, denominator);
        vm.assertLe(floor * denominator, product, "floor <= exact");
        vm.assertGt((floor + 1) * denominator, product, "exact < floor + 1");
        vm.assertGe(ceil * denominator, product, "exact <= ceil");
        vm.assertLt((ceil - 1) * denominator, product, "ceil - 1 < exact");
    }

    function testFuzz_UnsignedQuotientsBracketTheExactOne(uint128 a, uint128 b, uint120 d) public pure {
        uint256 denominator = uint256(d) + 1;
        uint256 product = uint256(a) * uint256(b);
        uint256 down = mulDivDown(a, b, denominator);
        uint256 up = mulDivUp(a, b, denominator);
        vm.assertLe(down * denominator, product, "down <= exact");
        vm.assertGt((down + 1) * denominator, product, "exact < down + 1");
        vm.assertEq(up - down, product % denominator == 0 ? 0 : 1, "up is one above down unless exact");
    }

    function testFuzz_LnInvertsExp(int256 x) public pure {
        x = bound(x, 0, Transcendental.EXP_MAX_E18);
        int256 back = Transcendental.lnE18(Transcendental.expE18(x));
        vm.assertApproxEqAbs(back, x, 2, "ln(e^x) = x");
    }

    function testFuzz_ExpInvertsLn(uint256 x) public pure {
        x = bound(x, 1e15, 1e38);
        uint256 back = Transcendental.expE18(Transcendental.lnE18(x));
        vm.assertApproxEqAbs(back, x, 1 + x / 1e18, "e^(ln x) = x");
    }

    function testFuzz_LnTurnsProductsIntoSums(uint256 x, uint256 y) public pure {
        x = bound(x, 1e18, 1e36);
        y = bound(y, 1e18, 1e36);
        int256 together = Transcendental.lnE18(mulDivDown(x, y, 1e18));
        vm.assertApproxEqAbs(together, Transcendental.lnE18(x) + Transcendental.lnE18(y), 3, "ln xy = ln x + ln y");
    }

    function testFuzz_ExpAndLnRise(int256 x, uint256 step) public pure {
        x = bound(x, -40e18, 100e18);
        step = bound(step, 0, 1e18);
        vm.assertLe(Transcendental.expE18(x), Transcendental.expE18(x + int256(step)), "exp rises");
        uint256 y = uint256(bound(x, 1, 1e30));
        vm.assertLe(Transcendental.lnE18(y), Transcendental.lnE18(y + step), "ln rises");
    }

    function testFuzz_RootIsTheGreatestBelow(uint256 x) public pure {
        x = bound(x, 0, type(uint128).max);
        uint256 root = Transcendental.sqrtE18(x);
        vm.assertLe(root * root, x * 1e18, "root^2 <= x");
        vm.assertGt((root + 1) * (root + 1), x * 1e18, "x < (root + 1)^2");
    }

    function testFuzz_DistributionRises(int256 x, uint256 step) public pure {
        x = bound(x, -10e18, 10e18);
        step = bound(step, 0, 1e18);
        // Errors of up to 7e-20 on either side can turn two neighbouring cuts round by one unit.
        vm.assertLe(Normal.cdfE18(x), Normal.cdfE18(x + int256(step)) + 1, "cdf rises");
    }

    function testFuzz_DistributionIsSymmetric(int256 x) public pure {
        x = bound(x, -10e18, 10e18);
        vm.assertEq(Normal.cdfE18(x) + Normal.cdfE18(-x), 1e18, "cdf(x) + cdf(-x) = 1");
        vm.assertEq(Normal.pdfE18(x), Normal.pdfE18(-x), "the density is even");
    }

    function testFuzz_DensityIsTheSlopeOfTheDistribution(int256 x) public pure {
        x = bound(x, -8e18, 8e18);
        int256 half = 1e12;
        uint256 rise = Normal.cdfE18(x + half) - Normal.cdfE18(x - half);
        // Over 2e-6 the rise is 2e-6 times the density up to a cubic term below 1e-18.
        vm.assertApproxEqAbs(rise, mulDivDown(Normal.pdfE18(x), 2e12, 1e18), 4, "slope");
    }
}
