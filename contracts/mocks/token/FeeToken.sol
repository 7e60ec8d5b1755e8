// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockToken} from "./MockToken.sol";

/// @notice Takes a fee of 1 % on transfers: from what arrives, or from the sender on top.
contract FeeToken is MockToken {
    bool private _onTop;
    bool private _active;

    constructor() MockToken("FEE", 18) {}

    function setFee(bool active, bool onTop) external {
        _active = active;
        _onTop = onTop;
    }

    function _update(address from, address to, uint256 amountNative) internal override {
        uint256 fee = _active && from != address(0) && to != address(0) ? amountNative / 100 : 0;
        super._update(from, to, _onTop ? amountNative : amountNative - fee);
        if (fee != 0) super._update(from, address(0), fee);
    }
}
