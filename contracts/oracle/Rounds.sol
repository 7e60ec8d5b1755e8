// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";

/// @notice One round as a feed returned it.
struct Round {
    uint80 id; // phase << 64 | round within the phase
    int256 answer; // in the feed's decimals
    uint256 updatedAt; // Unix time, seconds; 0 = no such round
    uint80 answeredIn;
}

/// @title Reads rounds of Chainlink proxies and says which of them follow each other
/// @dev A proxy numbers rounds `phase << 64 | round`; a phase is one aggregator behind the proxy, its first round is 1. An old
/// aggregator may go on writing rounds after the proxy has left it, and a new one may have begun before: phases can overlap.
library Rounds {
    uint8 private constant PHASE_SHIFT = 64;
    /// @dev Many times what reading a round costs.
    uint256 private constant PROBE_GAS = 150_000;

    /// @dev Latest round, whatever its state. A feed that reverts ends in a typed error.
    function latest(uint16 feedId, AggregatorV3Interface aggregator) internal view returns (Round memory) {
        try aggregator.latestRoundData() returns (
            uint80 id,
            int256 answer,
            uint256,
            uint256 updatedAt,
            uint80 answeredIn
        ) {
            return Round({id: id, answer: answer, updatedAt: updatedAt, answeredIn: answeredIn});
        } catch {
            revert IPriceOracle.PriceOracle_FeedFailed(feedId, address(aggregator));
        }
    }

    /// @dev A round by number; `updatedAt` 0 if there is none. Aggregators either revert or return zeros then.
    /// The gas is checked first: else a caller could starve the read and make an existing round look missing.
    function find(AggregatorV3Interface aggregator, uint80 roundId) internal view returns (Round memory round) {
        if (gasleft() < PROBE_GAS) revert IPriceOracle.PriceOracle_TooLittleGas(gasleft(), PROBE_GAS);
        try aggregator.getRoundData(roundId) returns (
            uint80 id,
            int256 answer,
            uint256,
            uint256 updatedAt,
            uint80 answeredIn
        ) {
            if (id == roundId) return Round({id: id, answer: answer, updatedAt: updatedAt, answeredIn: answeredIn});
        } catch {
            return round;
        }
    }

    /// @dev Whether the phase of a round has its first round.
    function hasFirst(AggregatorV3Interface aggregator, uint80 roundId) internal view returns (bool) {
        return find(aggregator, _firstOf(roundId >> PHASE_SHIFT)).updatedAt != 0;
    }

    /// @dev Whether `nextRoundId` is the round right after `roundId`: consecutive in one phase, or the first round of the next
    /// phase that has any, provided that the old phase has no further round. Assumes both rounds exist.
    function adjacent(
        AggregatorV3Interface aggregator,
        uint80 roundId,
        uint80 nextRoundId
    ) internal view returns (bool) {
        if (nextRoundId <= roundId) return false;
        if (nextRoundId - roundId == 1) return true;
        uint80 phase = roundId >> PHASE_SHIFT;
        uint80 nextPhase = nextRoundId >> PHASE_SHIFT;
        if (nextPhase == phase || nextRoundId != _firstOf(nextPhase)) return false;
        for (uint80 between = phase + 1; between < nextPhase; ++between) {
            if (find(aggregator, _firstOf(between)).updatedAt != 0) return false;
        }
        return find(aggregator, roundId + 1).updatedAt == 0;
    }

    /// @dev Whether the phase of `roundId` is the newest that had begun at a moment. Where phases overlap, each has a pair of
    /// rounds around the moment; this rule leaves one. Assumes the round is not after the moment.
    function inNewestPhase(
        uint16 feedId,
        AggregatorV3Interface aggregator,
        uint80 roundId,
        uint256 atSeconds
    ) internal view returns (bool) {
        if (!hasFirst(aggregator, roundId)) return false;
        uint80 lastPhase = latest(feedId, aggregator).id >> PHASE_SHIFT;
        for (uint80 phase = (roundId >> PHASE_SHIFT) + 1; phase <= lastPhase; ++phase) {
            uint256 begunAt = find(aggregator, _firstOf(phase)).updatedAt;
            if (begunAt != 0 && begunAt <= atSeconds) return false;
        }
        return true;
    }

    function _firstOf(uint80 phase) private pure returns (uint80) {
        return (phase << PHASE_SHIFT) | 1;
    }
}
