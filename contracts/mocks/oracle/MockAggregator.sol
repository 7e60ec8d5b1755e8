// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

/// @title Price feed with a full round history that anyone may write
/// @notice Looks like a Chainlink proxy: round ids are `phase << 64 | round`, the first round of a phase is 1. Used by
/// tests and by local chains. Every field of every round can be set, so that it can also misbehave.
contract MockAggregator is AggregatorV3Interface {
    /// @notice One stored round. `answeredInRound` is a full id.
    struct Round {
        int256 answer;
        uint256 startedAt;
        uint256 updatedAt;
        uint80 answeredInRound;
    }

    /// @notice Emitted when a round is written, like the aggregator's own event.
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    /// @notice Thrown while the feed is told to fail, and for unknown rounds when told to revert on them.
    error MockAggregator_NoData(uint80 roundId);

    uint8 private _decimals;
    uint16 private _phase = 1;
    uint64 private _roundInPhase;
    bool private _broken;
    bool private _revertOnMissing;
    mapping(uint80 roundId => Round round) private _rounds;

    /// @param decimals_ Decimals of the answers.
    /// @param answer First answer, written at the block's time; 0 = leave the feed without a round.
    constructor(uint8 decimals_, int256 answer) {
        _decimals = decimals_;
        if (answer != 0) pushAnswer(answer);
    }

    // --- writing

    /// @notice Writes the next round at the block's time.
    function pushAnswer(int256 answer) public returns (uint80 roundId) {
        return pushRound(answer, block.timestamp);
    }

    /// @notice Writes the next round at any time.
    function pushRound(int256 answer, uint256 updatedAt) public returns (uint80 roundId) {
        roundId = toRoundId(_phase, ++_roundInPhase);
        _write(roundId, Round({answer: answer, startedAt: updatedAt, updatedAt: updatedAt, answeredInRound: roundId}));
    }

    /// @notice Overwrites or invents any round; the latest round moves only if the id is beyond it in the current phase.
    function setRound(uint80 roundId, int256 answer, uint256 updatedAt, uint80 answeredInRound) external {
        if (uint16(roundId >> 64) == _phase && uint64(roundId) > _roundInPhase) _roundInPhase = uint64(roundId);
        _write(
            roundId,
            Round({answer: answer, startedAt: updatedAt, updatedAt: updatedAt, answeredInRound: answeredInRound})
        );
    }

    /// @notice Starts the next phase, as when a proxy is pointed at a new aggregator. It has no round yet.
    function startPhase() external returns (uint16 phase_) {
        _roundInPhase = 0;
        return ++_phase;
    }

    /// @notice Makes every read of rounds revert.
    function setBroken(bool broken) external {
        _broken = broken;
    }

    /// @notice Chooses between the two ways aggregators answer for a round that does not exist: revert, or zeros.
    function setRevertOnMissing(bool revertOnMissing) external {
        _revertOnMissing = revertOnMissing;
    }

    /// @notice Changes the decimals without touching the rounds.
    function setDecimals(uint8 decimals_) external {
        _decimals = decimals_;
    }

    // --- reading

    /// @notice Full id of a round.
    function toRoundId(uint16 phase_, uint64 round) public pure returns (uint80 roundId) {
        return (uint80(phase_) << 64) | round;
    }

    /// @notice Phase the feed is in.
    function phaseId() external view returns (uint16) {
        return _phase;
    }

    /// @notice Full id of the latest round.
    function latestRound() external view returns (uint80) {
        return toRoundId(_phase, _roundInPhase);
    }

    /// @inheritdoc AggregatorV3Interface
    function decimals() external view returns (uint8) {
        return _decimals;
    }

    /// @inheritdoc AggregatorV3Interface
    function description() external pure returns (string memory) {
        return "Mock feed";
    }

    /// @inheritdoc AggregatorV3Interface
    function version() external pure returns (uint256) {
        return 4;
    }

    /// @inheritdoc AggregatorV3Interface
    function getRoundData(uint80 roundId_) external view returns (uint80, int256, uint256, uint256, uint80) {
        return _read(roundId_);
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return _read(toRoundId(_phase, _roundInPhase));
    }

    function _write(uint80 roundId, Round memory round) private {
        _rounds[roundId] = round;
        emit AnswerUpdated(round.answer, roundId, round.updatedAt);
    }

    function _read(uint80 roundId_) private view returns (uint80, int256, uint256, uint256, uint80) {
        Round storage round = _rounds[roundId_];
        bool missing = round.updatedAt == 0 && round.answeredInRound == 0;
        if (_broken || (_revertOnMissing && missing)) revert MockAggregator_NoData(roundId_);
        return (roundId_, round.answer, round.startedAt, round.updatedAt, round.answeredInRound);
    }
}
