// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockToken} from "./MockToken.sol";

/// @notice Balances follow an index that moves when told, or at every transfer.
contract RebasingToken is MockToken {
    uint256 private _indexE18 = 1e18;
    int256 private _stepE18;

    constructor() MockToken("REB", 18) {}

    function setIndex(uint256 indexE18) external {
        _indexE18 = indexE18;
    }

    /// @param stepE18 How far each transfer moves the index.
    function setStep(int256 stepE18) external {
        _stepE18 = stepE18;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return (super.balanceOf(account) * _indexE18) / 1e18;
    }

    function _update(address from, address to, uint256 amountNative) internal override {
        super._update(from, to, (amountNative * 1e18) / _indexE18);
        _indexE18 = uint256(int256(_indexE18) + _stepE18);
    }
}
