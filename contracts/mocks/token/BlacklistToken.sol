// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockToken} from "./MockToken.sol";

/// @notice Refuses transfers from and to addresses on a list, as USDC does.
contract BlacklistToken is MockToken {
    mapping(address account => bool blocked) private _blocked;

    error BlacklistToken_Blocked(address account);

    constructor() MockToken("BLK", 18) {}

    function setBlocked(address account, bool blocked) external {
        _blocked[account] = blocked;
    }

    function _update(address from, address to, uint256 amountNative) internal override {
        if (_blocked[from]) revert BlacklistToken_Blocked(from);
        if (_blocked[to]) revert BlacklistToken_Blocked(to);
        super._update(from, to, amountNative);
    }
}
