// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Decimals} from "../libraries/math/Decimals.sol";
import {Exact} from "../libraries/math/Exact.sol";
import {mulDivDown} from "../libraries/math/FixedPoint.sol";
import {Relative} from "../libraries/math/Relative.sol";
import {Round, Rounds, Walk} from "./Rounds.sol";
import {SequencerGuard} from "./SequencerGuard.sol";

/// @title Spot prices behind guards
/// @dev The only place that turns Chainlink answers into 18 decimals.
contract PriceOracle is IPriceOracle, AccessManaged {
    /// @dev One slot: 160 + 24 + 24 + 8 + 8 + 8 + 8 + 8 = 248 bits. Says what else of the feed there is to read.
    struct Source {
        AggregatorV3Interface aggregator;
        uint24 maxAgeSeconds;
        uint24 maxJumpPpm; // units of JUMP_UNIT
        uint8 decimals;
        bool paused;
        bool hasSecond;
        bool hasCandidate;
        bool sequenced; // an uptime feed stands before every price
    }

    /// @dev One slot: 128 + 64 + 64 = 256 bits.
    struct Range {
        uint128 acceptedE18;
        uint64 minPriceE8;
        uint64 maxPriceE8;
    }

    /// @dev One slot: 160 + 64 + 8 = 232 bits.
    struct Second {
        AggregatorV3Interface aggregator;
        uint64 maxDeviationE18;
        uint8 decimals;
    }

    /// @dev One slot: 128 + 40 = 168 bits.
    struct Candidate {
        uint128 priceE18;
        uint40 since; // Unix time, seconds
    }

    /// @dev Four slots, of which a price from one source reads the first two.
    struct Feed {
        Source source;
        Range range;
        Second second;
        Candidate candidate;
    }

    /// @dev One slot: 40 + 40 = 80 bits. Unix times, seconds.
    struct Stop {
        uint40 from;
        uint40 to; // end of the time after the release; 0 = still braked
    }

    /// @dev One slot: 40 + 32 = 72 bits.
    struct Window {
        uint40 from; // Unix time, seconds; counts for moments later than this
        uint32 seconds_;
    }

    /// @dev In memory: what a price is averaged over, and how its answers are read.
    struct Span {
        uint16 feedId;
        Source source;
        Range range;
        Walk walk;
        uint256 from; // Unix time, seconds
    }

    uint8 private constant MAX_DECIMALS = 36;
    uint256 private constant ONE = 1e18;
    uint32 private constant MAX_AGE_LIMIT = 7 days;
    uint32 private constant MAX_GRACE = 1 days;
    /// @dev Long enough to see what the price did meanwhile and to bring collateral.
    uint40 private constant BRAKE_GRACE = 15 minutes;
    uint32 private constant MIN_CONFIRM = 1 minutes;
    uint32 private constant MAX_CONFIRM = 1 hours;
    uint32 private constant MAX_WINDOW = 1 hours;
    /// @dev One every four seconds of the longest window. Bounds what a settlement costs, to ten million gas.
    uint256 private constant MAX_READS = 900;
    /// @dev Units in which settings are stored: a millionth, and a price of 8 decimals.
    uint256 private constant JUMP_UNIT = 1e12;
    uint256 private constant PRICE_UNIT = 1e10;
    /// @dev Bounds what setting the uptime feed costs, which marks every feed.
    uint256 private constant MAX_FEEDS = 256;

    AggregatorV3Interface private _uptimeFeed;
    uint32 private _graceSeconds;
    uint32 private _confirmSeconds;
    mapping(uint16 feedId => Feed feed) private _feeds;
    uint16[] private _feedIds;
    /// @dev Ascending, none overlaps the next.
    mapping(uint16 feedId => Stop[] stops) private _stops;

    /// @dev Every window that ever counted, ascending in `from`: an expiry that settles late keeps its own.
    Window[] private _windows;

    /// @param authority_ AccessManager that decides who may call restricted functions.
    /// @param confirmSeconds_ Seconds a jump has to stand before it is accepted.
    constructor(address authority_, uint32 confirmSeconds_) AccessManaged(authority_) {
        _setConfirmSeconds(confirmSeconds_);
    }

    // --- prices

    /// @inheritdoc IPriceOracle
    function price(uint16 feedId) external view returns (uint256 priceE18) {
        Feed storage feed_ = _feeds[feedId];
        Source memory source = _activeSource(feedId, feed_);
        _requireSequencer(source);
        Range memory range = feed_.range;
        priceE18 = _current(feedId, feed_, source, range);
        uint256 maxJumpE18 = source.maxJumpPpm * JUMP_UNIT;
        if (!Relative.within(priceE18, range.acceptedE18, maxJumpE18)) {
            revert PriceOracle_Jump(feedId, priceE18, range.acceptedE18, maxJumpE18);
        }
    }

    /// @inheritdoc IPriceOracle
    function priceAt(
        uint16 feedId,
        uint40 atSeconds,
        uint80 roundId,
        uint80 nextRoundId
    ) external view returns (uint256 priceE18) {
        Feed storage feed_ = _feeds[feedId];
        Source memory source = _activeSource(feedId, feed_);
        AggregatorV3Interface aggregator = source.aggregator;
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
        priceE18 = _settlement(feedId, feed_, earlier, later, atSeconds);
    }

    /// @inheritdoc IPriceOracle
    function poke(uint16 feedId) external {
        Feed storage feed_ = _feeds[feedId];
        Source memory source = _activeSource(feedId, feed_);
        _requireSequencer(source);
        Range memory range = feed_.range;
        uint256 priceE18 = _current(feedId, feed_, source, range);
        uint256 maxJumpE18 = source.maxJumpPpm * JUMP_UNIT;

        if (Relative.within(priceE18, range.acceptedE18, maxJumpE18)) {
            if (priceE18 != range.acceptedE18 || source.hasCandidate) _accept(feedId, feed_, priceE18);
            return;
        }
        Candidate memory candidate = feed_.candidate;
        uint256 readyAt = uint256(candidate.since) + _confirmSeconds;
        bool lapsed = block.timestamp > readyAt + source.maxAgeSeconds;
        if (!source.hasCandidate || lapsed || !Relative.within(priceE18, candidate.priceE18, maxJumpE18)) {
            feed_.source.hasCandidate = true;
            feed_.candidate = Candidate({priceE18: uint128(priceE18), since: uint40(block.timestamp)});
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
                aggregator: address(feed_.source.aggregator),
                second: address(feed_.second.aggregator),
                maxAgeSeconds: feed_.source.maxAgeSeconds,
                maxDeviationE18: feed_.second.maxDeviationE18,
                maxJumpE18: uint64(feed_.source.maxJumpPpm * JUMP_UNIT), // at most one
                minPriceE18: uint128(feed_.range.minPriceE8 * PRICE_UNIT), // 64 + 34 bits
                maxPriceE18: uint128(feed_.range.maxPriceE8 * PRICE_UNIT)
            });
    }

    /// @inheritdoc IPriceOracle
    function feedState(uint16 feedId) external view returns (FeedState memory) {
        Feed storage feed_ = _feeds[feedId];
        return
            FeedState({
                acceptedE18: feed_.range.acceptedE18,
                candidateE18: feed_.candidate.priceE18,
                candidateSince: feed_.candidate.since
            });
    }

    /// @inheritdoc IPriceOracle
    function feedPaused(uint16 feedId) external view returns (bool) {
        return _feeds[feedId].source.paused;
    }

    /// @inheritdoc IPriceOracle
    function halts(
        uint16[] calldata feedIds,
        uint40 since
    ) external view returns (uint256 stoppedSeconds, uint40 openAt) {
        if (since > block.timestamp) return (0, 0);
        if (address(_uptimeFeed) != address(0)) {
            stoppedSeconds = SequencerGuard.stoppedSince(_uptimeFeed, _graceSeconds, since);
        }
        for (uint256 i = 0; i < feedIds.length; ++i) {
            Stop[] storage stops = _stops[feedIds[i]];
            uint256 count = stops.length;
            if (count == 0) continue;
            uint40 last = stops[count - 1].to;
            if (last > block.timestamp && last > openAt) openAt = last;
            stoppedSeconds += _stoppedSince(stops, count, since);
        }
        stoppedSeconds = Math.min(stoppedSeconds, block.timestamp - since);
    }

    /// @inheritdoc IPriceOracle
    function brakeGraceSeconds() external pure returns (uint40) {
        return BRAKE_GRACE;
    }

    /// @inheritdoc IPriceOracle
    function confirmSeconds() external view returns (uint32) {
        return _confirmSeconds;
    }

    /// @inheritdoc IPriceOracle
    function settlementWindow(uint40 atSeconds) public view returns (uint32 seconds_) {
        for (uint256 i = _windows.length; i > 0; --i) {
            Window memory window = _windows[i - 1];
            if (window.from < atSeconds) return window.seconds_;
        }
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
        if (address(feed_.source.aggregator) == address(0)) {
            if (_feedIds.length == MAX_FEEDS) revert PriceOracle_InvalidConfig(feedId);
            _feedIds.push(feedId);
        }
        _writeConfig(feedId, feed_, config);
        emit FeedSet(feedId, config);

        Source memory source = feed_.source;
        _accept(feedId, feed_, _current(feedId, feed_, source, feed_.range));
        // Settlement needs the first round of the phase; a feed without one would be found out only at an expiry.
        if (!Rounds.hasFirst(source.aggregator, Rounds.latest(feedId, source.aggregator).id)) {
            revert PriceOracle_InvalidConfig(feedId);
        }
    }

    /// @inheritdoc IPriceOracle
    function setSequencer(address uptimeFeed, uint32 graceSeconds) external restricted {
        bool noCode = uptimeFeed != address(0) && uptimeFeed.code.length == 0;
        if (noCode || graceSeconds > MAX_GRACE) revert PriceOracle_InvalidSequencer(uptimeFeed, graceSeconds);
        _uptimeFeed = AggregatorV3Interface(uptimeFeed);
        _graceSeconds = graceSeconds;
        for (uint256 i = 0; i < _feedIds.length; ++i) {
            _feeds[_feedIds[i]].source.sequenced = uptimeFeed != address(0);
        }
        emit SequencerSet(uptimeFeed, graceSeconds);
    }

    /// @inheritdoc IPriceOracle
    function setConfirmSeconds(uint32 seconds_) external restricted {
        _setConfirmSeconds(seconds_);
    }

    /// @inheritdoc IPriceOracle
    function setSettlementWindow(uint32 seconds_) external restricted {
        if (seconds_ > MAX_WINDOW) revert PriceOracle_InvalidSettlementWindow(seconds_, MAX_WINDOW);
        Window memory last;
        if (_windows.length != 0) last = _windows[_windows.length - 1];
        // Whichever of the two windows an expiry has, it has not begun.
        uint40 from = uint40(Math.max(last.from, block.timestamp + Math.max(last.seconds_, seconds_)));
        _windows.push(Window({from: from, seconds_: seconds_}));
        emit SettlementWindowSet(last.seconds_, seconds_, from);
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
        feed_.range.acceptedE18 = uint128(priceE18);
        if (feed_.source.hasCandidate) {
            feed_.source.hasCandidate = false;
            delete feed_.candidate;
        }
        emit PriceAccepted(feedId, priceE18);
    }

    /// @dev What is not a whole number of its unit of storage is refused: a guard is never rounded.
    function _writeConfig(uint16 feedId, Feed storage feed_, FeedConfig calldata config) private {
        bool hasSecond = config.second != address(0);
        feed_.source = Source({
            aggregator: AggregatorV3Interface(config.aggregator),
            maxAgeSeconds: uint24(config.maxAgeSeconds), // at most a week
            maxJumpPpm: uint24(_units(feedId, config.maxJumpE18, JUMP_UNIT, type(uint24).max)),
            decimals: _decimalsOf(feedId, AggregatorV3Interface(config.aggregator)),
            paused: feed_.source.paused,
            hasSecond: hasSecond,
            hasCandidate: feed_.source.hasCandidate,
            sequenced: address(_uptimeFeed) != address(0)
        });
        feed_.range.minPriceE8 = uint64(_units(feedId, config.minPriceE18, PRICE_UNIT, type(uint64).max));
        feed_.range.maxPriceE8 = uint64(_units(feedId, config.maxPriceE18, PRICE_UNIT, type(uint64).max));
        feed_.second = Second({
            aggregator: AggregatorV3Interface(config.second),
            maxDeviationE18: config.maxDeviationE18,
            decimals: hasSecond ? _decimalsOf(feedId, AggregatorV3Interface(config.second)) : 0
        });
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
        if (address(feed_.source.aggregator) == address(0)) revert PriceOracle_UnknownFeed(feedId);
        if (feed_.source.paused != paused) _recordStop(_stops[feedId], paused);
        feed_.source.paused = paused;
        emit FeedPausedSet(feedId, paused);
    }

    /// @dev A brake within the time after the last one carries that on.
    function _recordStop(Stop[] storage stops, bool paused) private {
        uint256 count = stops.length;
        if (!paused) stops[count - 1].to = uint40(block.timestamp) + BRAKE_GRACE;
        else if (count != 0 && stops[count - 1].to >= block.timestamp) stops[count - 1].to = 0;
        else stops.push(Stop({from: uint40(block.timestamp), to: 0}));
    }

    // --- reading

    /// @dev Seconds of a feed's stops since a time.
    function _stoppedSince(Stop[] storage stops, uint256 count, uint256 since) private view returns (uint256 seconds_) {
        for (uint256 i = count; i > 0; --i) {
            Stop memory stop = stops[i - 1];
            uint256 to = stop.to == 0 || stop.to > block.timestamp ? block.timestamp : stop.to;
            if (to <= since) break;
            seconds_ += to - Math.max(stop.from, since);
        }
    }

    function _activeSource(uint16 feedId, Feed storage feed_) private view returns (Source memory source) {
        source = feed_.source;
        if (address(source.aggregator) == address(0)) revert PriceOracle_UnknownFeed(feedId);
        if (source.paused) revert PriceOracle_FeedPaused(feedId);
    }

    function _requireSequencer(Source memory source) private view {
        if (source.sequenced) SequencerGuard.requireUp(_uptimeFeed, _graceSeconds);
    }

    /// @dev Every guard but sequencer and jump.
    function _current(
        uint16 feedId,
        Feed storage feed_,
        Source memory source,
        Range memory range
    ) private view returns (uint256 priceE18) {
        uint256 maxAge = source.maxAgeSeconds;
        priceE18 = _fresh(feedId, range, maxAge, Rounds.latest(feedId, source.aggregator), source.decimals);
        if (!source.hasSecond) return priceE18;
        Second memory second = feed_.second;
        uint256 secondE18 = _fresh(feedId, range, maxAge, Rounds.latest(feedId, second.aggregator), second.decimals);
        // Measured against the lower of the two, so that it does not matter which one is called first or second.
        bool agree = Relative.within(
            Math.max(priceE18, secondE18),
            Math.min(priceE18, secondE18),
            second.maxDeviationE18
        );
        if (!agree) revert PriceOracle_Diverged(feedId, priceE18, secondE18, second.maxDeviationE18);
    }

    /// @dev Price of a moment, or the mean of the window that ends with it. Assumes that the rounds are the two around it.
    function _settlement(
        uint16 feedId,
        Feed storage feed_,
        Round memory earlier,
        Round memory later,
        uint40 atSeconds
    ) private view returns (uint256 priceE18) {
        Span memory span;
        span.feedId = feedId;
        span.source = feed_.source;
        span.range = feed_.range;
        uint256 window = settlementWindow(atSeconds);
        if (window == 0) {
            bool fresh = atSeconds - earlier.updatedAt <= span.source.maxAgeSeconds;
            return _checked(feedId, span.range, fresh ? earlier : later, span.source.decimals);
        }
        span.walk = Walk({aggregator: span.source.aggregator, readsLeft: MAX_READS});
        span.from = atSeconds - window;
        return mulDivDown(_sum(span, earlier, later, atSeconds), 1, window);
    }

    /// @dev Price times seconds, summed from the two rounds at the end of the window back to its beginning. The weights add up to
    /// the window, whatever the rounds' times are.
    /// @param until End of what is not counted yet.
    function _sum(
        Span memory span,
        Round memory round,
        Round memory next,
        uint256 until
    ) private view returns (uint256 sum) {
        bool found = true;
        while (found && until > span.from) {
            if (round.updatedAt == 0) revert PriceOracle_IncompleteRound(span.feedId, next.id - 1);
            uint256 start = Math.min(Math.max(round.updatedAt, span.from), until);
            sum += _stretch(span, round, next, start, until);
            until = start;
            next = round;
            if (until > span.from) (found, round) = Rounds.before(span.walk, round);
        }
        // No older round, or too many: the oldest that was read stands for the time before it.
        if (until > span.from) sum += _weigh(span, next, until - span.from);
    }

    /// @dev Between a round and the next one its answer counts, and from its greatest age on the next one's.
    function _stretch(
        Span memory span,
        Round memory round,
        Round memory next,
        uint256 start,
        uint256 until
    ) private pure returns (uint256 sum) {
        uint256 staleAt = Math.min(Math.max(round.updatedAt + span.source.maxAgeSeconds, start), until);
        if (staleAt > start) sum = _weigh(span, round, staleAt - start);
        if (until > staleAt) sum += _weigh(span, next, until - staleAt);
    }

    function _weigh(Span memory span, Round memory round, uint256 seconds_) private pure returns (uint256) {
        return _checked(span.feedId, span.range, round, span.source.decimals) * seconds_;
    }

    /// @dev A round of the present: `_checked`, not from the future and not too old.
    function _fresh(
        uint16 feedId,
        Range memory range,
        uint256 maxAgeSeconds,
        Round memory round,
        uint8 decimals
    ) private view returns (uint256 priceE18) {
        priceE18 = _checked(feedId, range, round, decimals);
        if (round.updatedAt > block.timestamp) {
            revert PriceOracle_FromFuture(feedId, round.updatedAt, block.timestamp);
        }
        uint256 age = block.timestamp - round.updatedAt;
        if (age > maxAgeSeconds) revert PriceOracle_Stale(feedId, age, maxAgeSeconds);
    }

    /// @dev Completeness, sign and bounds of one round, and the change of decimals.
    function _checked(
        uint16 feedId,
        Range memory range,
        Round memory round,
        uint8 decimals
    ) private pure returns (uint256 priceE18) {
        if (round.updatedAt == 0 || round.answeredIn < round.id) revert PriceOracle_IncompleteRound(feedId, round.id);
        if (round.answer <= 0) revert PriceOracle_NotPositive(feedId, round.answer);
        priceE18 = Decimals.answerToE18(uint256(round.answer), decimals);
        (uint256 minE18, uint256 maxE18) = (range.minPriceE8 * PRICE_UNIT, range.maxPriceE8 * PRICE_UNIT);
        if (priceE18 <= minE18 || priceE18 >= maxE18) revert PriceOracle_OutOfBounds(feedId, priceE18, minE18, maxE18);
    }

    function _units(uint16 feedId, uint256 value, uint256 unit, uint256 most) private pure returns (uint256 count) {
        bool fits;
        (fits, count) = Exact.units(value, unit, most);
        if (!fits) revert PriceOracle_InvalidConfig(feedId);
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
