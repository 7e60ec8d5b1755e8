// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {Backstop} from "../../liquidation/Backstop.sol";

/// @title Backstop that anybody leaves at any time
/// @notice Missing: the cooldown, and the gate while a loss is known and not paid. R21, order of operations in a deficit: depositors
/// who see a loss coming leave it to those who do not.
contract OpenDoorBackstop is Backstop {
    constructor(
        IMarginVault vault,
        address authority,
        uint32 cooldownSeconds,
        uint32 windowSeconds
    ) Backstop(vault, authority, cooldownSeconds, windowSeconds) {}

    function _requireExit(address, uint256) internal pure override {
        return;
    }

    function maxRedeem(address owner) public view override returns (uint256) {
        return balanceOf(owner);
    }
}
