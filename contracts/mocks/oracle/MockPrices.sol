// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";

/// @notice Prices that tests set; a feed without one is unknown.
contract MockPrices {
    mapping(uint16 feedId => uint256 priceE18) private _prices;
    address private _aggregator;

    function setPrice(uint16 feedId, uint256 priceE18) external {
        _prices[feedId] = priceE18;
    }

    function setAggregator(address aggregator) external {
        _aggregator = aggregator;
    }

    /// @notice The same feed for every number.
    function feed(uint16) external view returns (IPriceOracle.FeedConfig memory config) {
        config.aggregator = _aggregator;
    }

    function price(uint16 feedId) external view returns (uint256 priceE18) {
        priceE18 = _prices[feedId];
        if (priceE18 == 0) revert IPriceOracle.PriceOracle_UnknownFeed(feedId);
    }
}
