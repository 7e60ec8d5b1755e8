// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";

/// @title Stops prices while an L2 sequencer is down and for a grace time after
library SequencerGuard {
    /// @dev Changes of status that are looked back upon; earlier ones count as no outage.
    uint256 private constant MAX_ROUNDS = 32;

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

    /// @dev Seconds since a time in which there was no price because of the sequencer: its outages and the grace after each. The
    /// feed's rounds are its changes of status, read backwards; where it cannot answer, nothing is known to have been stopped.
    /// @param graceSeconds Time after an outage, seconds.
    /// @param since Unix time, seconds.
    /// @return stopped Seconds, at most those that have passed.
    function stoppedSince(
        AggregatorV3Interface uptimeFeed,
        uint256 graceSeconds,
        uint256 since
    ) internal view returns (uint256 stopped) {
        (uint80 id, bool down, uint256 startedAt) = _latest(uptimeFeed);
        // What follows the status looked at: when it ended, and from when on seconds have been counted already.
        (uint256 endedAt, uint256 counted) = (block.timestamp, block.timestamp);
        for (uint256 i = 0; i < MAX_ROUNDS && startedAt != 0 && endedAt + graceSeconds > since; ++i) {
            if (down) {
                uint256 from = startedAt < since ? since : startedAt;
                uint256 to = endedAt + graceSeconds < counted ? endedAt + graceSeconds : counted;
                if (from < to) stopped += to - from;
                counted = startedAt;
            }
            endedAt = startedAt;
            (id, down, startedAt) = _before(uptimeFeed, id);
            // Rounds that do not go back in time are none.
            if (startedAt > endedAt) break;
        }
    }

    function _latest(AggregatorV3Interface uptimeFeed) private view returns (uint80 id, bool down, uint256 startedAt) {
        try uptimeFeed.latestRoundData() returns (uint80 id_, int256 answer, uint256 startedAt_, uint256, uint80) {
            return (id_, answer != 0, startedAt_ < block.timestamp ? startedAt_ : block.timestamp);
        } catch {
            return (0, false, 0);
        }
    }

    function _before(
        AggregatorV3Interface uptimeFeed,
        uint80 id
    ) private view returns (uint80 earlierId, bool down, uint256 startedAt) {
        if (id == 0) return (0, false, 0);
        try uptimeFeed.getRoundData(id - 1) returns (uint80, int256 answer, uint256 startedAt_, uint256, uint80) {
            return (id - 1, answer != 0, startedAt_);
        } catch {
            return (0, false, 0);
        }
    }
}
