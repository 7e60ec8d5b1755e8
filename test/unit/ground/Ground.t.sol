// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ground} from "../../../contracts/libraries/math/Ground.sol";
import {SolidityTest} from "../../base/SolidityTest.sol";

contract GroundTest is SolidityTest {
    Ground private _ground;

    function setUp() public {
        _ground = new Ground();
        targetContract(address(_ground));
    }

    function testFuzz_CeilDiv(uint256 x, uint128 y) public view {
        y = uint128(bound(y, 1, type(uint128).max));
        uint256 q = _ground.ceilDiv(x, y);
        vm.assertLe(x / y, q, "ceil is not below floor");
        vm.assertLe(q - x / y, 1, "ceil is at most one above floor");
    }
}
