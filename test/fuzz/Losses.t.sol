// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBackstop} from "../../contracts/interfaces/IBackstop.sol";
import {LossBudgets} from "../../contracts/liquidation/LossBudgets.sol";
import {LossShares} from "../../contracts/liquidation/LossShares.sol";
import {Assessment} from "../../contracts/types/Book.sol";
import {UnderlyingReport} from "../../contracts/types/Risk.sol";
import {Zone, zoneOf} from "../../contracts/types/Zone.sol";
import {SolidityTest} from "../base/SolidityTest.sol";

/// @notice Budgets, shares of a loss, and zones, against what they promise.
contract LossesTest is SolidityTest {
    uint256 private constant LOSSES = 24;
    uint256 private constant MAX_LIMIT = 1e28;
    uint256 private constant MAX_WINDOW = 30 days;

    /// @dev Losses at random times: those of every window of the list, both ends included, add up to no more than the limit.
    function testFuzz_budget_holdsInEveryWindow(uint256 limit, uint256 window, uint256 seed) public pure {
        IBackstop.LossBudget memory budget;
        budget.limitE18 = uint96(bound(limit, 0, MAX_LIMIT));
        budget.windowSeconds = uint24(bound(window, 1 hours, MAX_WINDOW));
        uint256[] memory times = new uint256[](LOSSES);
        uint256[] memory lost = new uint256[](LOSSES);
        uint256 time = 1_757_059_200;
        for (uint256 i = 0; i < LOSSES; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            time += bound(seed & type(uint64).max, 0, budget.windowSeconds / 4);
            times[i] = time;
            uint256 asked = bound(seed >> 64, 0, budget.limitE18);
            uint256 room = LossBudgets.roomE18(budget, time);
            lost[i] = LossBudgets.spend(budget, asked, time);
            vm.assertEq(lost[i], asked < room ? asked : room, "LIQ-8: as much as there is room for");
            vm.assertEq(LossBudgets.roomE18(budget, time), room - lost[i], "LIQ-8: the room shrinks by the loss");
        }
        for (uint256 from = 0; from < LOSSES; ++from) {
            uint256 sum = 0;
            for (uint256 i = from; i < LOSSES && times[i] - times[from] <= budget.windowSeconds; ++i) sum += lost[i];
            vm.assertLe(sum, budget.limitE18, "LIQ-8: the losses of a window stay within the limit");
        }
    }

    /// @dev Shares add up to the loss, each within a unit per underlying of its part.
    function testFuzz_shares_addUp(uint256 loss, uint256[3] memory charges) public pure {
        loss = bound(loss, 0, 1e30);
        UnderlyingReport[] memory parts = new UnderlyingReport[](3);
        uint256 total = 0;
        for (uint256 i = 0; i < 3; ++i) {
            parts[i].underlying = uint16(i + 1);
            uint256 charge = bound(charges[i], 0, 1e30);
            (parts[i].scanE18, parts[i].addOnE18) = (charge / 2, charge / 3);
            parts[i].concentrationE18 = charge - charge / 2 - charge / 3;
            total += charge;
        }
        IBackstop.LossShare[] memory shares = LossShares.byCharge(parts, loss);
        uint256 sum = 0;
        for (uint256 i = 0; i < shares.length; ++i) sum += shares[i].amountE18;
        vm.assertEq(sum, loss, "LIQ-5: the shares of a loss add up to it");
        if (total == 0) {
            vm.assertEq(shares[0].underlying, 0, "a book without charges loses for nobody");
            return;
        }
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(shares[i].underlying, i + 1, "underlyings as reported");
            uint256 exact = (loss * LossShares.chargeE18(parts[i])) / total;
            vm.assertLe(exact, shares[i].amountE18, "no share is less than its part");
            vm.assertLe(shares[i].amountE18, exact + (i == 0 ? 2 : 0), "nor more, the first by rounding aside");
        }
    }

    /// @dev One zone for every account, its bounds with the better one.
    function testFuzz_zone(int256 equity, uint256 maintenance, uint256 above) public pure {
        Assessment memory a;
        a.maintenanceE18 = bound(maintenance, 0, 1e40);
        a.initialE18 = a.maintenanceE18 + bound(above, 0, 1e40);
        a.equityE18 = bound(equity, -1e40, 3e40);
        Zone zone = zoneOf(a);
        bool short = a.equityE18 < int256(a.maintenanceE18);
        vm.assertEq(zone == Zone.HEALTHY, a.equityE18 >= int256(a.initialE18), "healthy = E >= IM");
        vm.assertEq(zone == Zone.LIQUIDATABLE || zone == Zone.INSOLVENT, short, "short = E < MM");
        vm.assertEq(zone == Zone.INSOLVENT, short && a.equityE18 < 0, "insolvent = short without equity");
    }

    /// @dev The bounds themselves.
    function test_zone_bounds() public pure {
        Assessment memory a = Assessment({equityE18: 10, initialE18: 10, maintenanceE18: 8});
        vm.assertTrue(zoneOf(a) == Zone.HEALTHY, "E = IM");
        a.equityE18 = 9;
        vm.assertTrue(zoneOf(a) == Zone.RESTRICTED, "between");
        a.equityE18 = 8;
        vm.assertTrue(zoneOf(a) == Zone.RESTRICTED, "E = MM");
        a.equityE18 = 7;
        vm.assertTrue(zoneOf(a) == Zone.LIQUIDATABLE, "E < MM");
        a.equityE18 = 0;
        vm.assertTrue(zoneOf(a) == Zone.LIQUIDATABLE, "E = 0");
        a.equityE18 = -1;
        vm.assertTrue(zoneOf(a) == Zone.INSOLVENT, "E < 0");
    }
}
