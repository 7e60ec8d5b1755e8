// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {OracleInFront} from "./OracleInFront.sol";
import {TradablePool} from "../../mocks/oracle/TradablePool.sol";

/// @title Oracle that reads a pool of the same block
/// @notice Missing: the separation of prices from what a caller can trade on. R3, spot of a pool as a price: bZx 2020, Polter 2024.
contract PoolOracle is OracleInFront {
    uint16 private immutable FEED_ID;
    TradablePool private immutable POOL;

    constructor(IPriceOracle real, uint16 feedId, TradablePool pool) OracleInFront(real) {
        (FEED_ID, POOL) = (feedId, pool);
    }

    function price(uint16 feedId) public view override returns (uint256) {
        return feedId == FEED_ID ? POOL.spotE18() : REAL.price(feedId);
    }
}
