// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";

/// @notice Prices that tests set; a feed without one is unknown.
contract MockPrices {
    mapping(uint16 feedId => uint256 priceE18) private _prices;
    mapping(uint16 feedId => uint256 seconds_) private _stopped;
    mapping(uint16 feedId => uint40 openAt) private _openAt;
    address private _aggregator;

    function setPrice(uint16 feedId, uint256 priceE18) external {
        _prices[feedId] = priceE18;
    }

    /// @notice Seconds that a feed was stopped since whenever it is asked about, and when it opens again.
    function setHalt(uint16 feedId, uint256 stoppedSeconds, uint40 openAt) external {
        _stopped[feedId] = stoppedSeconds;
        _openAt[feedId] = openAt;
    }

    function halts(uint16[] calldata feedIds, uint40) external view returns (uint256 stoppedSeconds, uint40 openAt) {
        for (uint256 i = 0; i < feedIds.length; ++i) {
            stoppedSeconds += _stopped[feedIds[i]];
            if (_openAt[feedIds[i]] > openAt) openAt = _openAt[feedIds[i]];
        }
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
