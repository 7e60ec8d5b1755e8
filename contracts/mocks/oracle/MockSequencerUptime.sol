// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

/// @title Sequencer uptime feed that anyone may write
/// @notice Answer 0 = up, 1 = down; `startedAt` is the time of the last change, as on the L2 feeds of Chainlink.
contract MockSequencerUptime is AggregatorV3Interface {
    /// @notice Thrown while the feed is told to fail.
    error MockSequencerUptime_NoData();

    struct Status {
        int256 answer;
        uint256 startedAt;
    }

    mapping(uint80 round => Status status) private _statuses;
    uint80 private _round = 1;
    bool private _broken;

    /// @param startedAt Unix time of the last change to "up", seconds.
    constructor(uint256 startedAt) {
        _statuses[_round].startedAt = startedAt;
    }

    /// @notice Sets the status as of the block's time.
    function setDown(bool down) external {
        _set(down ? int256(1) : int256(0), block.timestamp);
    }

    /// @notice Sets any answer and time.
    function setStatus(int256 answer, uint256 startedAt) external {
        _set(answer, startedAt);
    }

    /// @notice Makes every read revert.
    function setBroken(bool broken) external {
        _broken = broken;
    }

    /// @inheritdoc AggregatorV3Interface
    function decimals() external pure returns (uint8) {
        return 0;
    }

    /// @inheritdoc AggregatorV3Interface
    function description() external pure returns (string memory) {
        return "Mock sequencer uptime";
    }

    /// @inheritdoc AggregatorV3Interface
    function version() external pure returns (uint256) {
        return 1;
    }

    /// @inheritdoc AggregatorV3Interface
    function getRoundData(uint80 round) external view returns (uint80, int256, uint256, uint256, uint80) {
        return _read(round);
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return _read(_round);
    }

    function _set(int256 answer, uint256 startedAt) private {
        _statuses[++_round] = Status(answer, startedAt);
    }

    function _read(uint80 round) private view returns (uint80, int256, uint256, uint256, uint80) {
        if (_broken || round == 0 || round > _round) revert MockSequencerUptime_NoData();
        Status memory status = _statuses[round];
        return (round, status.answer, status.startedAt, status.startedAt, round);
    }
}
