// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockToken} from "./MockToken.sol";

/// @notice Says false instead of reverting while it is broken, and moves nothing.
contract FalseToken is MockToken {
    bool private _broken;

    constructor() MockToken("FALSE", 18) {}

    function setBroken(bool broken) external {
        _broken = broken;
    }

    function transfer(address to, uint256 amountNative) public override returns (bool) {
        return !_broken && super.transfer(to, amountNative);
    }

    function transferFrom(address from, address to, uint256 amountNative) public override returns (bool) {
        return !_broken && super.transferFrom(from, to, amountNative);
    }
}
