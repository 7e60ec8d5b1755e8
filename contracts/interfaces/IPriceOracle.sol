// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Spot prices behind guards
/// @notice Reads Chainlink-shaped feeds. Every answer passes the same guards or ends in a typed error; a price of zero is
/// never returned. The feed number of an underlying is the underlying's number; other feeds (settlement coin, stablecoins,
/// the chain's native coin) use numbers from 1000 up.
interface IPriceOracle {
    /// @notice How one feed is read. Fractions have 18 decimals.
    struct FeedConfig {
        address aggregator; // AggregatorV3Interface
        address second; // optional second AggregatorV3Interface, 0 = none
        uint32 maxAgeSeconds; // heartbeat plus slack
        uint64 maxDeviationE18; // largest relative distance between the two feeds
        uint64 maxJumpE18; // largest relative step from the last accepted value
        uint128 minPriceE18; // answers at or below are refused
        uint128 maxPriceE18; // answers at or above are refused
    }

    /// @notice Last accepted value of a feed and a candidate that waits for confirmation after a jump.
    struct FeedState {
        uint128 acceptedE18; // USD, 18 decimals; 0 = none yet
        uint128 candidateE18; // USD, 18 decimals; 0 = none
        uint40 candidateSince; // Unix time, seconds
    }

    /// @notice Emitted when a feed is set or replaced.
    event FeedSet(uint16 indexed feedId, FeedConfig config);
    /// @notice Emitted when the value that jumps are measured against moves.
    event PriceAccepted(uint16 indexed feedId, uint256 priceE18);
    /// @notice Emitted when a jump is seen for the first time and starts its confirmation time.
    event CandidateSeen(uint16 indexed feedId, uint256 priceE18, uint40 since);
    /// @notice Emitted when the sequencer uptime feed or the times around it change.
    event SequencerSet(address feed, uint32 graceSeconds);

    /// @notice Thrown when a feed number has no feed.
    error PriceOracle_UnknownFeed(uint16 feedId);
    /// @notice Thrown when an answer is zero or negative.
    error PriceOracle_NotPositive(uint16 feedId, int256 answer);
    /// @notice Thrown when a round was never completed.
    error PriceOracle_IncompleteRound(uint16 feedId, uint80 roundId);
    /// @notice Thrown when an answer is older than the feed allows. Ages in seconds.
    error PriceOracle_Stale(uint16 feedId, uint256 ageSeconds, uint256 maxAgeSeconds);
    /// @notice Thrown when an answer carries a time later than the block's.
    error PriceOracle_FromFuture(uint16 feedId, uint256 updatedAt, uint256 nowSeconds);
    /// @notice Thrown when an answer is at or beyond the feed's bounds. USD, 18 decimals.
    error PriceOracle_OutOfBounds(uint16 feedId, uint256 priceE18, uint256 minE18, uint256 maxE18);
    /// @notice Thrown when an answer is too far from the last accepted value. USD, 18 decimals.
    error PriceOracle_Jump(uint16 feedId, uint256 priceE18, uint256 acceptedE18, uint256 maxJumpE18);
    /// @notice Thrown when the two sources of a feed disagree. USD, 18 decimals.
    error PriceOracle_Diverged(uint16 feedId, uint256 priceE18, uint256 secondE18, uint256 maxDeviationE18);
    /// @notice Thrown when the L2 sequencer is down.
    error PriceOracle_SequencerDown();
    /// @notice Thrown while the grace time after a sequencer outage runs. Seconds.
    error PriceOracle_SequencerGrace(uint256 sinceUpSeconds, uint256 graceSeconds);
    /// @notice Thrown when a feed is set with bounds that make no sense.
    error PriceOracle_InvalidConfig(uint16 feedId);
    /// @notice Thrown when two named rounds do not straddle a moment.
    error PriceOracle_RoundsDoNotStraddle(uint16 feedId, uint80 roundId, uint80 nextRoundId, uint256 atSeconds);

    /// @notice Guarded price now.
    /// @return priceE18 USD, 18 decimals, > 0; truncated toward zero when the feed has more decimals.
    function price(uint16 feedId) external view returns (uint256 priceE18);

    /// @notice Price at a past moment, proved by two adjacent rounds around it: the first not after `atSeconds`, the second
    /// after it. The earlier answer counts unless it was already older than the feed allows at that moment; then the later.
    /// @param atSeconds Unix time, seconds, in the past.
    /// @param roundId Proxy round id whose update time is at or before the moment.
    /// @param nextRoundId The round right after it, by number or as first round of the next phase.
    /// @return priceE18 USD, 18 decimals.
    function priceAt(
        uint16 feedId,
        uint40 atSeconds,
        uint80 roundId,
        uint80 nextRoundId
    ) external view returns (uint256 priceE18);

    /// @notice Records the current answer as the last accepted value, or, after a jump, starts or completes the confirmation
    /// of the new level. Anyone may call.
    function poke(uint16 feedId) external;

    function feed(uint16 feedId) external view returns (FeedConfig memory);

    function feedState(uint16 feedId) external view returns (FeedState memory);

    /// @notice Seconds a jump has to stand before it is accepted.
    function confirmSeconds() external view returns (uint32);

    function sequencer() external view returns (address uptimeFeed, uint32 graceSeconds);

    /// @custom:access restricted
    function setFeed(uint16 feedId, FeedConfig calldata config) external;

    /// @custom:access restricted
    function setSequencer(address uptimeFeed, uint32 graceSeconds) external;

    /// @custom:access restricted
    function setConfirmSeconds(uint32 seconds_) external;
}
