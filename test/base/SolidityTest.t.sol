// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SolidityTest} from "./SolidityTest.sol";

contract SolidityTestTest is SolidityTest {
    function testFuzz_BoundStaysInside(uint256 x, uint256 a, uint256 b) public pure {
        (uint256 min, uint256 max) = a < b ? (a, b) : (b, a);
        uint256 folded = bound(x, min, max);
        vm.assertGe(folded, min, "not below min");
        vm.assertLe(folded, max, "not above max");
        if (x >= min && x <= max) vm.assertEq(folded, x, "inside values stay");
    }

    function testFuzz_SignedBoundStaysInside(int256 x, int256 a, int256 b) public pure {
        (int256 min, int256 max) = a < b ? (a, b) : (b, a);
        int256 folded = bound(x, min, max);
        vm.assertGe(folded, min, "not below min");
        vm.assertLe(folded, max, "not above max");
        if (x >= min && x <= max) vm.assertEq(folded, x, "inside values stay");
    }

    function test_MakeAddrTellsNamesApart() public {
        vm.assertNotEq(uint160(makeAddr("alice")), uint160(makeAddr("bob")), "different addresses");
    }
}
