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

/// @notice A way back through the rounds of a feed, which ends after so many reads.
struct Walk {
    AggregatorV3Interface aggregator;
    uint256 readsLeft;
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

    /// @dev The round that counted before one: its predecessor by number, or, before the first round of a phase, the last round
    /// not after that one in the newest phase that had begun earlier. By number it may be missing: `updatedAt` 0 then.
    /// @return found False when the feed has no earlier round or the walk has no reads left.
    function before(Walk memory walk, Round memory round) internal view returns (bool found, Round memory older) {
        uint80 phase = round.id >> PHASE_SHIFT;
        if (round.id != _firstOf(phase)) return _step(walk, round.id - 1);
        while (phase != 0) {
            (found, older) = _step(walk, _firstOf(--phase));
            if (!found) return (false, older);
            // A phase that had not begun before this one has nothing to say of the time before it.
            if (older.updatedAt != 0 && older.updatedAt < round.updatedAt) {
                return _lastUntil(walk, older, round.updatedAt);
            }
        }
        found = false;
    }

    /// @dev Last round of a phase that is not after a moment: strides that double, then halving. Assumes that the first is not.
    function _lastUntil(
        Walk memory walk,
        Round memory first,
        uint256 atSeconds
    ) private view returns (bool found, Round memory last) {
        last = first;
        uint80 stride = 1;
        for (bool doubling = true; stride != 0;) {
            Round memory round;
            (found, round) = _step(walk, last.id + stride);
            if (!found) return (false, last);
            bool until = round.updatedAt != 0 && round.updatedAt <= atSeconds;
            if (until) last = round;
            else doubling = false;
            stride = doubling ? stride << 1 : stride >> 1;
        }
    }

    /// @dev Reads a round by number, as long as there are reads left.
    function _step(Walk memory walk, uint80 roundId) private view returns (bool found, Round memory round) {
        if (walk.readsLeft == 0) return (false, round);
        --walk.readsLeft;
        return (true, find(walk.aggregator, roundId));
    }

    function _firstOf(uint80 phase) private pure returns (uint80) {
        return (phase << PHASE_SHIFT) | 1;
    }
}
