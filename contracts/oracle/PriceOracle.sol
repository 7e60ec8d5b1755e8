// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Decimals} from "../libraries/math/Decimals.sol";
import {Relative} from "../libraries/math/Relative.sol";
import {Round, Rounds} from "./Rounds.sol";
import {SequencerGuard} from "./SequencerGuard.sol";

/// @title Spot prices behind guards
/// @dev The only place that turns Chainlink answers into 18 decimals.
contract PriceOracle is IPriceOracle, AccessManaged {
    /// @dev Five slots: 160 + 32 + 64; 160 + 64 + 8 + 8 + 8; 128 + 128; 128 + 40; 128. The fifth is read only while a jump waits.
    struct Feed {
        AggregatorV3Interface aggregator;
        uint32 maxAgeSeconds;
        uint64 maxJumpE18;
        AggregatorV3Interface second; // 0 = none
        uint64 maxDeviationE18;
        uint8 decimals;
        uint8 secondDecimals;
        bool paused;
        uint128 minPriceE18;
        uint128 maxPriceE18;
        uint128 acceptedE18;
        uint40 candidateSince; // Unix time, seconds
        uint128 candidateE18;
    }

    uint8 private constant MAX_DECIMALS = 36;
    uint256 private constant ONE = 1e18;
    uint32 private constant MAX_AGE_LIMIT = 7 days;
    uint32 private constant MAX_GRACE = 1 days;
    uint32 private constant MIN_CONFIRM = 1 minutes;
    uint32 private constant MAX_CONFIRM = 1 hours;

    AggregatorV3Interface private _uptimeFeed;
    uint32 private _graceSeconds;
    uint32 private _confirmSeconds;
    mapping(uint16 feedId => Feed feed) private _feeds;

    /// @param authority_ AccessManager that decides who may call restricted functions.
    /// @param confirmSeconds_ Seconds a jump has to stand before it is accepted.
    constructor(address authority_, uint32 confirmSeconds_) AccessManaged(authority_) {
        _setConfirmSeconds(confirmSeconds_);
    }

    // --- prices

    /// @inheritdoc IPriceOracle
    function price(uint16 feedId) external view returns (uint256 priceE18) {
        Feed storage feed_ = _activeFeed(feedId);
        SequencerGuard.requireUp(_uptimeFeed, _graceSeconds);
        priceE18 = _current(feedId, feed_);
        (uint256 acceptedE18, uint256 maxJumpE18) = (feed_.acceptedE18, feed_.maxJumpE18);
        if (!Relative.within(priceE18, acceptedE18, maxJumpE18)) {
            revert PriceOracle_Jump(feedId, priceE18, acceptedE18, maxJumpE18);
        }
    }

    /// @inheritdoc IPriceOracle
    function priceAt(
        uint16 feedId,
        uint40 atSeconds,
        uint80 roundId,
        uint80 nextRoundId
    ) external view returns (uint256 priceE18) {
        Feed storage feed_ = _activeFeed(feedId);
        AggregatorV3Interface aggregator = feed_.aggregator;
        Round memory earlier = Rounds.find(aggregator, roundId);
        Round memory later = Rounds.find(aggregator, nextRoundId);
        bool straddles =
            earlier.updatedAt != 0 &&
                earlier.updatedAt <= atSeconds &&
                later.updatedAt > atSeconds &&
                Rounds.adjacent(aggregator, roundId, nextRoundId) &&
                Rounds.inNewestPhase(feedId, aggregator, roundId, atSeconds);
        if (!straddles) revert PriceOracle_RoundsDoNotStraddle(feedId, roundId, nextRoundId, atSeconds);
        if (later.updatedAt > block.timestamp) {
            revert PriceOracle_FromFuture(feedId, later.updatedAt, block.timestamp);
        }
        bool fresh = atSeconds - earlier.updatedAt <= feed_.maxAgeSeconds;
        priceE18 = _checked(feedId, feed_, fresh ? earlier : later, feed_.decimals);
    }

    /// @inheritdoc IPriceOracle
    function poke(uint16 feedId) external {
        Feed storage feed_ = _activeFeed(feedId);
        SequencerGuard.requireUp(_uptimeFeed, _graceSeconds);
        uint256 priceE18 = _current(feedId, feed_);
        uint256 candidateE18 = feed_.candidateE18;
        uint256 maxJumpE18 = feed_.maxJumpE18;

        if (Relative.within(priceE18, feed_.acceptedE18, maxJumpE18)) {
            if (priceE18 != feed_.acceptedE18 || candidateE18 != 0) _accept(feedId, feed_, priceE18);
            return;
        }
        uint256 readyAt = uint256(feed_.candidateSince) + _confirmSeconds;
        bool lapsed = block.timestamp > readyAt + feed_.maxAgeSeconds;
        if (candidateE18 == 0 || lapsed || !Relative.within(priceE18, candidateE18, maxJumpE18)) {
            feed_.candidateE18 = uint128(priceE18);
            feed_.candidateSince = uint40(block.timestamp);
            emit CandidateSeen(feedId, priceE18, uint40(block.timestamp));
        } else if (block.timestamp >= readyAt) {
            _accept(feedId, feed_, priceE18);
        }
    }

    // --- views

    /// @inheritdoc IPriceOracle
    function feed(uint16 feedId) external view returns (FeedConfig memory) {
        Feed storage feed_ = _feeds[feedId];
        return
            FeedConfig({
                aggregator: address(feed_.aggregator),
                second: address(feed_.second),
                maxAgeSeconds: feed_.maxAgeSeconds,
                maxDeviationE18: feed_.maxDeviationE18,
                maxJumpE18: feed_.maxJumpE18,
                minPriceE18: feed_.minPriceE18,
                maxPriceE18: feed_.maxPriceE18
            });
    }

    /// @inheritdoc IPriceOracle
    function feedState(uint16 feedId) external view returns (FeedState memory) {
        Feed storage feed_ = _feeds[feedId];
        return
            FeedState({
                acceptedE18: feed_.acceptedE18,
                candidateE18: feed_.candidateE18,
                candidateSince: feed_.candidateSince
            });
    }

    /// @inheritdoc IPriceOracle
    function feedPaused(uint16 feedId) external view returns (bool) {
        return _feeds[feedId].paused;
    }

    /// @inheritdoc IPriceOracle
    function confirmSeconds() external view returns (uint32) {
        return _confirmSeconds;
    }

    /// @inheritdoc IPriceOracle
    function sequencer() external view returns (address uptimeFeed, uint32 graceSeconds) {
        return (address(_uptimeFeed), _graceSeconds);
    }

    // --- restricted

    /// @inheritdoc IPriceOracle
    function setFeed(uint16 feedId, FeedConfig calldata config) external restricted {
        if (feedId == 0 || !_sound(config)) revert PriceOracle_InvalidConfig(feedId);
        Feed storage feed_ = _feeds[feedId];
        feed_.aggregator = AggregatorV3Interface(config.aggregator);
        feed_.second = AggregatorV3Interface(config.second);
        feed_.maxAgeSeconds = config.maxAgeSeconds;
        feed_.maxDeviationE18 = config.maxDeviationE18;
        feed_.maxJumpE18 = config.maxJumpE18;
        feed_.minPriceE18 = config.minPriceE18;
        feed_.maxPriceE18 = config.maxPriceE18;
        feed_.decimals = _decimalsOf(feedId, feed_.aggregator);
        feed_.secondDecimals = config.second == address(0) ? 0 : _decimalsOf(feedId, feed_.second);
        emit FeedSet(feedId, config);

        _accept(feedId, feed_, _current(feedId, feed_));
        // Settlement needs the first round of the phase; a feed without one would be found out only at an expiry.
        if (!Rounds.hasFirst(feed_.aggregator, Rounds.latest(feedId, feed_.aggregator).id)) {
            revert PriceOracle_InvalidConfig(feedId);
        }
    }

    /// @inheritdoc IPriceOracle
    function setSequencer(address uptimeFeed, uint32 graceSeconds) external restricted {
        bool noCode = uptimeFeed != address(0) && uptimeFeed.code.length == 0;
        if (noCode || graceSeconds > MAX_GRACE) revert PriceOracle_InvalidSequencer(uptimeFeed, graceSeconds);
        _uptimeFeed = AggregatorV3Interface(uptimeFeed);
        _graceSeconds = graceSeconds;
        emit SequencerSet(uptimeFeed, graceSeconds);
    }

    /// @inheritdoc IPriceOracle
    function setConfirmSeconds(uint32 seconds_) external restricted {
        _setConfirmSeconds(seconds_);
    }

    /// @inheritdoc IPriceOracle
    function pauseFeed(uint16 feedId) external restricted {
        _setPaused(feedId, true);
    }

    /// @inheritdoc IPriceOracle
    function unpauseFeed(uint16 feedId) external restricted {
        _setPaused(feedId, false);
    }

    // --- writing

    /// @dev Assumes the price passed the bounds, which are below 2^128.
    function _accept(uint16 feedId, Feed storage feed_, uint256 priceE18) private {
        feed_.acceptedE18 = uint128(priceE18);
        feed_.candidateE18 = 0;
        feed_.candidateSince = 0;
        emit PriceAccepted(feedId, priceE18);
    }

    function _setConfirmSeconds(uint32 seconds_) private {
        if (seconds_ < MIN_CONFIRM || seconds_ > MAX_CONFIRM) {
            revert PriceOracle_InvalidConfirmSeconds(seconds_, MIN_CONFIRM, MAX_CONFIRM);
        }
        emit ConfirmSecondsSet(_confirmSeconds, seconds_);
        _confirmSeconds = seconds_;
    }

    function _setPaused(uint16 feedId, bool paused) private {
        Feed storage feed_ = _feeds[feedId];
        if (address(feed_.aggregator) == address(0)) revert PriceOracle_UnknownFeed(feedId);
        feed_.paused = paused;
        emit FeedPausedSet(feedId, paused);
    }

    // --- reading

    function _activeFeed(uint16 feedId) private view returns (Feed storage feed_) {
        feed_ = _feeds[feedId];
        if (address(feed_.aggregator) == address(0)) revert PriceOracle_UnknownFeed(feedId);
        if (feed_.paused) revert PriceOracle_FeedPaused(feedId);
    }

    /// @dev Every guard but sequencer and jump.
    function _current(uint16 feedId, Feed storage feed_) private view returns (uint256 priceE18) {
        priceE18 = _fresh(feedId, feed_, Rounds.latest(feedId, feed_.aggregator), feed_.decimals);
        if (address(feed_.second) == address(0)) return priceE18;
        uint256 secondE18 = _fresh(feedId, feed_, Rounds.latest(feedId, feed_.second), feed_.secondDecimals);
        // Measured against the lower of the two, so that it does not matter which one is called first or second.
        bool agree = Relative.within(
            Math.max(priceE18, secondE18),
            Math.min(priceE18, secondE18),
            feed_.maxDeviationE18
        );
        if (!agree) revert PriceOracle_Diverged(feedId, priceE18, secondE18, feed_.maxDeviationE18);
    }

    /// @dev A round of the present: `_checked`, not from the future and not too old.
    function _fresh(
        uint16 feedId,
        Feed storage feed_,
        Round memory round,
        uint8 decimals
    ) private view returns (uint256 priceE18) {
        priceE18 = _checked(feedId, feed_, round, decimals);
        if (round.updatedAt > block.timestamp) {
            revert PriceOracle_FromFuture(feedId, round.updatedAt, block.timestamp);
        }
        uint256 age = block.timestamp - round.updatedAt;
        if (age > feed_.maxAgeSeconds) revert PriceOracle_Stale(feedId, age, feed_.maxAgeSeconds);
    }

    /// @dev Completeness, sign and bounds of one round, and the change of decimals.
    function _checked(
        uint16 feedId,
        Feed storage feed_,
        Round memory round,
        uint8 decimals
    ) private view returns (uint256 priceE18) {
        if (round.updatedAt == 0 || round.answeredIn < round.id) revert PriceOracle_IncompleteRound(feedId, round.id);
        if (round.answer <= 0) revert PriceOracle_NotPositive(feedId, round.answer);
        priceE18 = Decimals.answerToE18(uint256(round.answer), decimals);
        (uint256 minE18, uint256 maxE18) = (feed_.minPriceE18, feed_.maxPriceE18);
        if (priceE18 <= minE18 || priceE18 >= maxE18) revert PriceOracle_OutOfBounds(feedId, priceE18, minE18, maxE18);
    }

    function _decimalsOf(uint16 feedId, AggregatorV3Interface aggregator) private view returns (uint8 decimals) {
        try aggregator.decimals() returns (uint8 decimals_) {
            decimals = decimals_;
        } catch {
            revert PriceOracle_InvalidConfig(feedId);
        }
        if (decimals > MAX_DECIMALS) revert PriceOracle_InvalidConfig(feedId);
    }

    function _sound(FeedConfig calldata config) private view returns (bool) {
        bool second =
            config.second == address(0) ||
                (config.second.code.length != 0 &&
                    config.second != config.aggregator &&
                    config.maxDeviationE18 != 0 &&
                    config.maxDeviationE18 < ONE);
        bool age = config.maxAgeSeconds != 0 && config.maxAgeSeconds <= MAX_AGE_LIMIT;
        bool jump = config.maxJumpE18 != 0 && config.maxJumpE18 <= ONE;
        return config.aggregator.code.length != 0 && second && age && jump && config.minPriceE18 < config.maxPriceE18;
    }
}
