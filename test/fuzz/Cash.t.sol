// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CashMath} from "../../contracts/core/vault/CashMath.sol";
import {InterestModel} from "../../contracts/core/vault/InterestModel.sol";
import {IMarginVault} from "../../contracts/interfaces/IMarginVault.sol";
import {mulDivDown, mulDivUp} from "../../contracts/libraries/math/FixedPoint.sol";
import {SolidityTest} from "../base/SolidityTest.sol";

/// @notice Rounding of cash, both signs, and interest: what an account may never gain and totals may never lose.
contract CashTest is SolidityTest {
    uint256 private constant ONE_E27 = 1e27;
    uint256 private constant MIN_INDEX_E27 = 1e21;
    uint256 private constant MAX_INDEX_E27 = 2e31;
    int256 private constant MAX_CASH_E18 = 1e32;

    function testFuzzBalanceIsFloorOfProduct(int256 principal, uint256 index) external pure {
        principal = bound(principal, -MAX_CASH_E18, MAX_CASH_E18);
        index = bound(index, MIN_INDEX_E27, MAX_INDEX_E27);
        int256 balance = CashMath.balanceOf(principal, index, index);
        int256 remainder = principal * int256(index) - balance * 1e27;
        vm.assertGe(remainder, int256(0), "VLT-3: balance above its share");
        vm.assertLt(remainder, int256(1e27), "balance a whole unit below its share");
    }

    function testFuzzPrincipalIsFloorOfQuotient(int256 balance, uint256 index) external pure {
        balance = bound(balance, -MAX_CASH_E18, MAX_CASH_E18);
        index = bound(index, MIN_INDEX_E27, MAX_INDEX_E27);
        int256 principal = CashMath.principalOf(balance, index, index);
        int256 remainder = balance * 1e27 - principal * int256(index);
        vm.assertGe(remainder, int256(0), "VLT-3: principal above its balance");
        vm.assertLt(remainder, int256(index), "principal a whole unit below its balance");
    }

    function testFuzzWriteAndReadNeverGains(int256 balance, uint256 supplyIndex, uint256 borrowIndex) external pure {
        balance = bound(balance, -MAX_CASH_E18, MAX_CASH_E18);
        supplyIndex = bound(supplyIndex, MIN_INDEX_E27, MAX_INDEX_E27);
        borrowIndex = bound(borrowIndex, ONE_E27, MAX_INDEX_E27);
        int256 principal = CashMath.principalOf(balance, supplyIndex, borrowIndex);
        int256 read = CashMath.balanceOf(principal, supplyIndex, borrowIndex);
        vm.assertLe(read, balance, "VLT-3: a balance grew by being stored");
        int256 grid = int256((balance >= 0 ? supplyIndex : borrowIndex) / ONE_E27) + 2;
        vm.assertGe(read, balance - grid, "a balance lost more than a step of its grid");
        vm.assertTrue(balance < 0 ? principal < 0 : principal >= 0, "the sign survives: no debt is forgotten");
    }

    /// @notice The step that keeps the totals' law: claims and debts move by no more, and no less, than the amount.
    function testFuzzChangeKeepsTheLaw(
        int256 principal,
        int256 delta,
        uint256 supplyIndex,
        uint256 borrowIndex
    ) external pure {
        principal = bound(principal, -1e30, 1e30);
        delta = bound(delta, -1e30, 1e30);
        supplyIndex = bound(supplyIndex, MIN_INDEX_E27, 1e29);
        borrowIndex = bound(borrowIndex, ONE_E27, 1e29);
        int256 balance = CashMath.balanceOf(principal, supplyIndex, borrowIndex) + delta;
        int256 next = CashMath.principalOf(balance, supplyIndex, borrowIndex);
        // Exact net claim of the account on the pool, 27 + 18 decimals, before and after.
        int256 claimBefore = principal * int256(principal >= 0 ? supplyIndex : borrowIndex);
        int256 claimAfter = next * int256(next >= 0 ? supplyIndex : borrowIndex);
        vm.assertLe(claimAfter, claimBefore + delta * 1e27, "VLT-1: the pool owes more than was paid in");
    }

    function testFuzzWholeBalanceLeavesNothing(
        int256 principal,
        uint256 supplyIndex,
        uint256 borrowIndex
    ) external pure {
        principal = bound(principal, -MAX_CASH_E18, MAX_CASH_E18);
        supplyIndex = bound(supplyIndex, MIN_INDEX_E27, MAX_INDEX_E27);
        borrowIndex = bound(borrowIndex, ONE_E27, MAX_INDEX_E27);
        int256 balance = CashMath.balanceOf(principal, supplyIndex, borrowIndex);
        vm.assertEq(CashMath.principalOf(balance - balance, supplyIndex, borrowIndex), int256(0), "dust is left");
    }

    function testFuzzInterestIsPaidInFullAndNoMore(
        uint256 supplyPrincipal,
        uint256 borrowPrincipal,
        uint256 supplyIndex,
        uint256 borrowIndex,
        uint256 elapsed
    ) external pure {
        InterestModel.Pool memory pool = InterestModel.Pool({
            supplyIndexE27: bound(supplyIndex, MIN_INDEX_E27, 1e29),
            borrowIndexE27: bound(borrowIndex, ONE_E27, 1e29),
            supplyPrincipal: bound(supplyPrincipal, 0, 1e32),
            borrowPrincipal: bound(borrowPrincipal, 0, 1e30)
        });
        elapsed = bound(elapsed, 0, 3650 days);
        InterestModel.Step memory step = InterestModel.step(pool, _curve(), elapsed);
        vm.assertGe(step.borrowIndexE27, pool.borrowIndexE27, "VLT-4: the borrow index fell");
        vm.assertGe(step.supplyIndexE27, pool.supplyIndexE27, "VLT-4: the supply index fell");

        uint256 interest =
            mulDivDown(pool.borrowPrincipal, step.borrowIndexE27, ONE_E27) -
                mulDivDown(pool.borrowPrincipal, pool.borrowIndexE27, ONE_E27);
        uint256 claims =
            mulDivUp(pool.supplyPrincipal, step.supplyIndexE27, ONE_E27) -
                mulDivUp(pool.supplyPrincipal, pool.supplyIndexE27, ONE_E27);
        vm.assertLe(claims + step.reserveE18, interest, "VLT-1: more interest was paid out than charged");
        vm.assertGe(claims + step.reserveE18 + 1, interest, "interest has no owner");
        vm.assertGe(step.reserveE18, mulDivUp(interest, 0.1e18, 1e18), "the reserve got less than its share");
        vm.assertLe(
            mulDivDown(step.supplyIndexE27, ONE_E27, pool.supplyIndexE27),
            mulDivUp(step.borrowIndexE27, ONE_E27, pool.borrowIndexE27),
            "claims grow faster than debts"
        );
    }

    /// @notice Why the vault asks for no step while nobody borrows.
    function testFuzzNothingMovesWithoutDebts(
        uint256 supplyPrincipal,
        uint256 supplyIndex,
        uint256 borrowIndex,
        uint256 elapsed
    ) external pure {
        InterestModel.Pool memory pool = InterestModel.Pool({
            supplyIndexE27: bound(supplyIndex, MIN_INDEX_E27, MAX_INDEX_E27),
            borrowIndexE27: bound(borrowIndex, ONE_E27, MAX_INDEX_E27),
            supplyPrincipal: bound(supplyPrincipal, 0, 1e32),
            borrowPrincipal: 0
        });
        InterestModel.Step memory step = InterestModel.step(pool, _curve(), bound(elapsed, 0, 3650 days));
        vm.assertEq(step.supplyIndexE27, pool.supplyIndexE27, "VLT-7: supply index");
        vm.assertEq(step.borrowIndexE27, pool.borrowIndexE27, "VLT-7: borrow index");
        vm.assertEq(step.reserveE18, 0, "VLT-7: reserve");
    }

    function testFuzzRateRisesWithUse(uint256 less, uint256 more) external pure {
        more = bound(more, 0, 2e18);
        less = bound(less, 0, more);
        uint256 low = InterestModel.borrowRateE18(_curve(), 1e18, less);
        uint256 high = InterestModel.borrowRateE18(_curve(), 1e18, more);
        vm.assertLe(low, high, "the rate fell as use rose");
        vm.assertLe(high, 0.66e18, "the rate passed its end");
        vm.assertGe(low, 0.02e18, "the rate began below its base");
    }

    function testRateAtTheCorners() external pure {
        vm.assertEq(InterestModel.borrowRateE18(_curve(), 0, 0), 0.02e18, "nothing at all");
        vm.assertEq(InterestModel.borrowRateE18(_curve(), 100, 80), 0.06e18, "at the kink");
        vm.assertEq(InterestModel.borrowRateE18(_curve(), 100, 90), 0.36e18, "half-way above it");
        vm.assertEq(InterestModel.borrowRateE18(_curve(), 100, 100), 0.66e18, "all of it");
        vm.assertEq(InterestModel.borrowRateE18(_curve(), 0, 1), 0.66e18, "more than all of it");
        // 1/3 of the kink's 0.8 does not divide: 0.02 + 0.04 * (1/3) / 0.8, rounded up twice.
        vm.assertEq(InterestModel.borrowRateE18(_curve(), 3, 1), 36666666666666667, "rounded up");
    }

    function testStepStopsAtTheLargestIndex() external pure {
        InterestModel.Pool memory pool = InterestModel.Pool(MAX_INDEX_E27 - 5, MAX_INDEX_E27 - 1, 1e18, 1e18);
        InterestModel.Step memory step = InterestModel.step(pool, _curve(), 3650 days);
        vm.assertEq(step.borrowIndexE27, MAX_INDEX_E27, "borrow index");
        vm.assertLe(step.supplyIndexE27, MAX_INDEX_E27, "supply index");
        vm.assertLe(MAX_INDEX_E27, uint256(type(uint104).max), "an index fits its field");
    }

    function _curve() private pure returns (IMarginVault.RateCurve memory) {
        return IMarginVault.RateCurve(0.02e18, 0.8e18, 0.04e18, 0.6e18, 0.1e18);
    }
}
