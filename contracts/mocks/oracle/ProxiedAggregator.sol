// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Rounds behind a ProxyFeed
/// @notice Keeps rounds the way an off-chain reporting aggregator does: who may read, the number of the latest round and each
/// round have a slot of their own, so that a read costs what it costs on a live chain. Anyone may write.
contract ProxiedAggregator {
    /// @notice One stored round.
    struct Transmission {
        int192 answer;
        uint64 timestamp; // Unix time, seconds; 192 + 64 = 256 bits
    }

    /// @dev What every report touches, in one slot.
    struct HotVars {
        uint128 configDigest;
        uint40 epochAndRound;
        uint8 threshold;
        uint32 latestRound; // 128 + 40 + 8 + 32 = 208 bits
    }

    /// @notice Thrown when somebody reads who is not on the list.
    error ProxiedAggregator_NoAccess(address reader);

    uint8 private immutable DECIMALS;

    bool private _checked = true;
    mapping(address reader => bool listed) private _listed;
    HotVars private _hotVars;
    mapping(uint32 round => Transmission transmission) private _transmissions;

    modifier checkAccess() {
        if (!_listed[msg.sender] && _checked) revert ProxiedAggregator_NoAccess(msg.sender);
        _;
    }

    constructor(uint8 decimals_) {
        DECIMALS = decimals_;
        _listed[msg.sender] = true;
        _hotVars.configDigest = type(uint128).max;
    }

    /// @notice Puts a reader on the list or takes it off.
    function setAccess(address reader, bool listed) external {
        _listed[reader] = listed;
    }

    /// @notice Lets everyone read, or those on the list only.
    function setChecked(bool checked) external {
        _checked = checked;
    }

    /// @notice Writes the next round.
    function transmit(int192 answer, uint64 timestamp) external returns (uint32 round) {
        round = ++_hotVars.latestRound;
        _transmissions[round] = Transmission({answer: answer, timestamp: timestamp});
    }

    /// @notice Decimals of the answers.
    function decimals() external view returns (uint8) {
        return DECIMALS;
    }

    /// @notice Number of the latest round, 0 = none yet.
    function latestRound() external view checkAccess returns (uint256) {
        return _hotVars.latestRound;
    }

    /// @notice A round by its number within this aggregator; zeros if there is none.
    function getRoundData(uint80 round) external view checkAccess returns (uint80, int256, uint256, uint256, uint80) {
        return round > type(uint32).max ? (round, int256(0), 0, 0, round) : _read(uint32(round));
    }

    /// @notice The latest round.
    function latestRoundData() external view checkAccess returns (uint80, int256, uint256, uint256, uint80) {
        return _read(_hotVars.latestRound);
    }

    function _read(uint32 round) private view returns (uint80, int256, uint256, uint256, uint80) {
        Transmission memory found = _transmissions[round];
        return (round, found.answer, found.timestamp, found.timestamp, round);
    }
}
