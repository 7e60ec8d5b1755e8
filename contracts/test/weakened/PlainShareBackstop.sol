// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {Backstop} from "../../liquidation/Backstop.sol";

/// @title Backstop with shares as coarse as the coin
/// @notice Missing: the million virtual shares to a coin. R25, empty pools: the first depositor inflates the share by a donation, and
/// those who come after get none.
contract PlainShareBackstop is Backstop {
    constructor(
        IMarginVault vault,
        address authority,
        uint32 cooldownSeconds,
        uint32 windowSeconds
    ) Backstop(vault, authority, cooldownSeconds, windowSeconds) {}

    function _decimalsOffset() internal pure override returns (uint8) {
        return 0;
    }
}
