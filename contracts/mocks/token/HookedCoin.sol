// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockToken} from "./MockToken.sol";

/// @notice Coin that makes one call just before the next transfer to a watched address, while what it carries is on the way. The call
/// comes from the coin itself, which may hold coins for it.
contract HookedCoin is MockToken {
    address private _watched;
    address private _target;
    bytes private _data;

    constructor() MockToken("USDC", 6) {}

    function arm(address watched, address target, bytes calldata data) external {
        (_watched, _target, _data) = (watched, target, data);
        _approve(address(this), target, type(uint256).max);
    }

    function _update(address from, address to, uint256 amountNative) internal override {
        if (to == _watched && to != address(0)) {
            _watched = address(0);
            (bool success, bytes memory result) = _target.call(_data);
            if (!success) {
                assembly {
                    revert(add(result, 32), mload(result))
                }
            }
        }
        super._update(from, to, amountNative);
    }
}
