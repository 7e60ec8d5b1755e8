// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {mulDown} from "../../contracts/libraries/math/FixedPoint.sol";
import {Transcendental} from "../../contracts/libraries/math/Transcendental.sol";
import {Black76} from "../../contracts/risk/Black76.sol";
import {Svi} from "../../contracts/libraries/Svi.sol";
import {Kind} from "../../contracts/types/InstrumentId.sol";
import {Surface} from "../../contracts/types/Market.sol";
import {SolidityTest} from "../base/SolidityTest.sol";

contract PricingTest is SolidityTest {
    struct Draw {
        uint256 forward;
        uint256 strike;
        uint256 w;
        uint256 discount;
    }

    function testFuzz_ParityHoldsToTheUnit(Draw memory draw) public pure {
        _bound(draw);
        (Black76.Terms memory call, Black76.Terms memory put) = _pair(draw, 1e18);
        int256 difference = int256(Black76.price(call, draw.w)) - int256(Black76.price(put, draw.w));
        vm.assertEq(difference, int256(draw.forward) - int256(draw.strike), "call - put = forward - strike");
    }

    function testFuzz_PricesStayWithinTheirBounds(Draw memory draw) public pure {
        _bound(draw);
        (Black76.Terms memory call, Black76.Terms memory put) = _pair(draw, draw.discount);
        (uint256 callE18, uint256 putE18) = (Black76.price(call, draw.w), Black76.price(put, draw.w));
        uint256 callFloor = mulDown(Black76.intrinsic(Kind.CALL, draw.forward, draw.strike), draw.discount);
        uint256 putFloor = mulDown(Black76.intrinsic(Kind.PUT, draw.forward, draw.strike), draw.discount);
        vm.assertGe(callE18, callFloor, "call >= intrinsic");
        vm.assertLe(callE18, mulDown(draw.forward, draw.discount), "call <= forward");
        vm.assertGe(putE18, putFloor, "put >= intrinsic");
        vm.assertLe(putE18, mulDown(draw.strike, draw.discount), "put <= strike");
    }

    function testFuzz_PricesRiseWithVolatilityAndForward(Draw memory draw, uint256 more) public pure {
        _bound(draw);
        more = bound(more, 1e15, 1e18);
        Black76.Terms memory call = Black76.terms(Kind.CALL, draw.forward, draw.strike, 1e18);
        uint256 tolerance = 10 + (draw.forward + draw.strike) / 1e17;
        uint256 base = Black76.price(call, draw.w);
        vm.assertGe(Black76.price(call, draw.w + more) + tolerance, base, "rises with volatility");
        uint256 factor = 1e18 + more;
        uint256 higher = Black76.priceAt(call, factor, Transcendental.lnE18(factor), draw.w);
        vm.assertGe(higher + tolerance, base, "rises with the forward");
    }

    function testFuzz_DeltaStaysWithinItsBounds(Draw memory draw) public pure {
        _bound(draw);
        (Black76.Terms memory call, Black76.Terms memory put) = _pair(draw, draw.discount);
        (int256 callDelta, int256 putDelta) = (Black76.delta(call, draw.w), Black76.delta(put, draw.w));
        int256 discount = int256(draw.discount);
        vm.assertGe(callDelta, 0, "call >= 0");
        vm.assertLe(callDelta, discount, "call <= discount");
        vm.assertGe(putDelta, -discount, "put >= -discount");
        vm.assertLe(putDelta, 0, "put <= 0");
        vm.assertApproxEqAbs(callDelta - putDelta, discount, 1, "deltas of call and put are one discount apart");
    }

    function testFuzz_ShockOfOneChangesNothing(Draw memory draw) public pure {
        _bound(draw);
        (, Black76.Terms memory put) = _pair(draw, draw.discount);
        vm.assertEq(Black76.priceAt(put, 1e18, 0, draw.w), Black76.price(put, draw.w), "factor 1");
    }

    function testFuzz_VarianceOfAnAcceptedSmileIsConvex(int64 rho, uint64 b, uint64 sigma, int256 k) public pure {
        Surface memory surface = Surface({
            publishedAt: 1,
            forwardRatioE18: 1e18,
            discountE18: 1e18,
            aE18: 0.01e18,
            bE18: uint64(bound(uint256(b), 0, 2e18)),
            rhoE18: int64(bound(int256(rho), -0.999e18, 0.999e18)),
            mE18: 0.02e18,
            sigmaE18: uint64(bound(uint256(sigma), 1, 1e18))
        });
        vm.assertTrue(Svi.isAcceptable(surface), "accepted");
        k = bound(k, -3e18, 3e18);
        uint256 middle = Svi.totalVariance(surface, k);
        uint256 sides = Svi.totalVariance(surface, k - 0.1e18) + Svi.totalVariance(surface, k + 0.1e18);
        vm.assertLe(2 * middle, sides + 20, "convex");
        vm.assertGe(middle + 10, 0.01e18, "at least a");
    }

    function _bound(Draw memory draw) private pure {
        draw.forward = bound(draw.forward, 1e15, 1e24);
        draw.strike = bound(draw.strike, draw.forward / 30, draw.forward * 30);
        draw.w = bound(draw.w, 0, 10e18);
        draw.discount = bound(draw.discount, 0.5e18, 1.1e18);
    }

    function _pair(
        Draw memory draw,
        uint256 discount
    ) private pure returns (Black76.Terms memory call, Black76.Terms memory put) {
        call = Black76.terms(Kind.CALL, draw.forward, draw.strike, discount);
        put = Black76.terms(Kind.PUT, draw.forward, draw.strike, discount);
    }
}
