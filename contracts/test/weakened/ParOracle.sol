// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {OracleInFront} from "./OracleInFront.sol";

/// @title Oracle for which a stablecoin is a dollar
/// @notice Missing: feeds for coins, which have numbers from 1000 up. R6, a coin that is no dollar: sUSD 2025.
contract ParOracle is OracleInFront {
    constructor(IPriceOracle real) OracleInFront(real) {}

    function price(uint16 feedId) public view override returns (uint256) {
        return feedId >= 1000 ? 1e18 : REAL.price(feedId);
    }
}
