// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

import {ProxiedAggregator} from "./ProxiedAggregator.sol";

/// @notice What a proxy asks about its readers.
interface IReadAccess {
    /// @param reader Who reads.
    /// @param data The call.
    function hasAccess(address reader, bytes calldata data) external view returns (bool);
}

/// @title Price feed in two contracts
/// @notice Touches what a Chainlink proxy touches: the slot of its access controller, the slot of its phase, then the
/// aggregator behind it with three slots more. For measuring gas; round ids are `phase << 64 | round`, as with MockAggregator.
contract ProxyFeed is AggregatorV3Interface {
    /// @dev The aggregator in use, in one slot.
    struct Phase {
        uint16 id;
        ProxiedAggregator aggregator; // 16 + 160 = 176 bits
    }

    /// @notice Thrown when the access controller refuses a reader.
    error ProxyFeed_NoAccess(address reader);

    Phase private _current;
    IReadAccess private _accessController;
    mapping(uint16 phase => ProxiedAggregator aggregator) private _aggregators;

    modifier checkAccess() {
        IReadAccess controller = _accessController;
        if (address(controller) != address(0) && !controller.hasAccess(msg.sender, msg.data)) {
            revert ProxyFeed_NoAccess(msg.sender);
        }
        _;
    }

    /// @param decimals_ Decimals of the answers.
    /// @param answer First answer, written at the block's time; 0 = leave the feed without a round.
    constructor(uint8 decimals_, int256 answer) {
        _startPhase(decimals_);
        if (answer != 0) pushAnswer(answer);
    }

    // --- writing

    /// @notice Writes the next round at the block's time.
    function pushAnswer(int256 answer) public returns (uint80 roundId) {
        return pushRound(answer, block.timestamp);
    }

    /// @notice Writes the next round at any time.
    function pushRound(int256 answer, uint256 updatedAt) public returns (uint80 roundId) {
        return _toRoundId(_current.id, _current.aggregator.transmit(int192(answer), uint64(updatedAt)));
    }

    /// @notice Points the proxy at a new aggregator, which has no round yet.
    function startPhase() external returns (uint16 phase_) {
        return _startPhase(_current.aggregator.decimals());
    }

    /// @notice Sets who decides about readers; 0 = nobody, as on the live feeds.
    function setAccessController(IReadAccess controller) external {
        _accessController = controller;
    }

    // --- reading

    /// @notice Aggregator of the current phase.
    function aggregator() external view returns (ProxiedAggregator) {
        return _current.aggregator;
    }

    /// @notice Phase the feed is in.
    function phaseId() external view returns (uint16) {
        return _current.id;
    }

    /// @notice Full id of the latest round.
    function latestRound() external view checkAccess returns (uint80) {
        Phase memory current = _current;
        return _toRoundId(current.id, uint64(current.aggregator.latestRound()));
    }

    /// @inheritdoc AggregatorV3Interface
    function decimals() external view returns (uint8) {
        return _current.aggregator.decimals();
    }

    /// @inheritdoc AggregatorV3Interface
    function description() external pure returns (string memory) {
        return "Mock feed behind a proxy";
    }

    /// @inheritdoc AggregatorV3Interface
    function version() external pure returns (uint256) {
        return 4;
    }

    /// @inheritdoc AggregatorV3Interface
    function getRoundData(uint80 roundId) external view checkAccess returns (uint80, int256, uint256, uint256, uint80) {
        uint16 phase = uint16(roundId >> 64);
        ProxiedAggregator behind = _aggregators[phase];
        if (address(behind) == address(0)) return (roundId, 0, 0, 0, roundId);
        (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) = behind.getRoundData(
            uint64(roundId)
        );
        return (_toRoundId(phase, uint64(id)), answer, startedAt, updatedAt, _toRoundId(phase, uint64(answeredIn)));
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData() external view checkAccess returns (uint80, int256, uint256, uint256, uint80) {
        Phase memory current = _current;
        (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) = current
            .aggregator
            .latestRoundData();
        return (
            _toRoundId(current.id, uint64(id)),
            answer,
            startedAt,
            updatedAt,
            _toRoundId(current.id, uint64(answeredIn))
        );
    }

    function _startPhase(uint8 decimals_) private returns (uint16 phase_) {
        phase_ = _current.id + 1;
        ProxiedAggregator next = new ProxiedAggregator(decimals_);
        _current = Phase({id: phase_, aggregator: next});
        _aggregators[phase_] = next;
    }

    function _toRoundId(uint16 phase_, uint64 round) private pure returns (uint80) {
        return (uint80(phase_) << 64) | round;
    }
}
