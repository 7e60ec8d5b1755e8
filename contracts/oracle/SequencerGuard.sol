// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";

/// @title Stops prices while an L2 sequencer is down and for a grace time after
library SequencerGuard {
    /// @dev Fails closed: a feed that reverts or says anything but "up" counts as down.
    /// @param uptimeFeed Answers 0 = up, 1 = down, started at the last change; 0 = layer 1, nothing to check.
    /// @param graceSeconds Time after an outage, seconds.
    function requireUp(AggregatorV3Interface uptimeFeed, uint256 graceSeconds) internal view {
        if (address(uptimeFeed) == address(0)) return;
        try uptimeFeed.latestRoundData() returns (uint80, int256 answer, uint256 startedAt, uint256, uint80) {
            // A start of zero means that the feed has not heard from the other layer yet.
            if (answer != 0 || startedAt == 0) revert IPriceOracle.PriceOracle_SequencerDown();
            uint256 sinceUp = startedAt < block.timestamp ? block.timestamp - startedAt : 0;
            if (sinceUp <= graceSeconds) revert IPriceOracle.PriceOracle_SequencerGrace(sinceUp, graceSeconds);
        } catch {
            revert IPriceOracle.PriceOracle_SequencerDown();
        }
    }
}
