// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockToken} from "./MockToken.sol";

/// @notice Calls a target in the middle of every transfer; keeps what the call answered, or lets its failure through.
contract ReentrantToken is MockToken {
    address private _target;
    bytes private _data;
    bool private _swallow;
    bytes private _answer;

    constructor() MockToken("REE", 18) {}

    function arm(address target, bytes calldata data, bool swallow) external {
        _target = target;
        _data = data;
        _swallow = swallow;
    }

    /// @notice What the last call answered.
    function answer() external view returns (bytes memory) {
        return _answer;
    }

    function _update(address from, address to, uint256 amountNative) internal override {
        super._update(from, to, amountNative);
        if (_target == address(0)) return;
        (bool success, bytes memory result) = _target.call(_data);
        _answer = result;
        if (success || _swallow) return;
        assembly {
            revert(add(result, 32), mload(result))
        }
    }
}
