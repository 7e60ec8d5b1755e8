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
        uint64 maxJumpE18; // largest relative step from the last accepted value, a multiple of one millionth
        uint128 minPriceE18; // answers at or below are refused; of at most 8 decimals, below 2^64 in units of them
        uint128 maxPriceE18; // answers at or above are refused; as exact as the lower bound
    }

    /// @notice Last accepted value of a feed and a candidate that waits for confirmation after a jump.
    struct FeedState {
        uint128 acceptedE18; // USD, 18 decimals; 0 = none yet
        uint128 candidateE18; // USD, 18 decimals; 0 = none
        uint40 candidateSince; // Unix time, seconds
    }

    /// @notice Emitted when a feed is set or replaced.
    /// @param feedId Feed number.
    /// @param config How the feed is read.
    event FeedSet(uint16 indexed feedId, FeedConfig config);
    /// @notice Emitted when the value that jumps are measured against moves.
    /// @param feedId Feed number.
    /// @param priceE18 Price, USD, 18 decimals.
    event PriceAccepted(uint16 indexed feedId, uint256 priceE18);
    /// @notice Emitted when a jump is seen for the first time and starts its confirmation time.
    /// @param feedId Feed number.
    /// @param priceE18 Price, USD, 18 decimals.
    /// @param since Unix time at which the confirmation time starts, seconds.
    event CandidateSeen(uint16 indexed feedId, uint256 priceE18, uint40 since);
    /// @notice Emitted when the sequencer uptime feed or the times around it change.
    /// @param feed Uptime feed, 0 = none.
    /// @param graceSeconds Grace time, seconds.
    event SequencerSet(address feed, uint32 graceSeconds);
    /// @notice Emitted when the confirmation time of jumps changes. Seconds.
    /// @param beforeSeconds Old time.
    /// @param afterSeconds New time.
    event ConfirmSecondsSet(uint32 beforeSeconds, uint32 afterSeconds);
    /// @notice Emitted when the window that settlement prices are averaged over changes. Seconds.
    /// @param beforeSeconds Old window.
    /// @param afterSeconds New window, 0 = a single moment.
    /// @param from Unix time, seconds: later expiries have the new window, the others keep theirs.
    event SettlementWindowSet(uint32 beforeSeconds, uint32 afterSeconds, uint40 from);
    /// @notice Emitted when the brake of a feed is pulled or released.
    /// @param feedId Feed number.
    /// @param paused True = braked.
    event FeedPausedSet(uint16 indexed feedId, bool paused);

    /// @notice Thrown when a feed number has no feed.
    /// @param feedId Feed number.
    error PriceOracle_UnknownFeed(uint16 feedId);
    /// @notice Thrown when an answer is zero or negative.
    /// @param feedId Feed number.
    /// @param answer What the feed said, in its own decimals.
    error PriceOracle_NotPositive(uint16 feedId, int256 answer);
    /// @notice Thrown when a round was never completed.
    /// @param feedId Feed number.
    /// @param roundId Round id, phase included.
    error PriceOracle_IncompleteRound(uint16 feedId, uint80 roundId);
    /// @notice Thrown when an answer is older than the feed allows. Ages in seconds.
    /// @param feedId Feed number.
    /// @param ageSeconds Age of the answer, seconds.
    /// @param maxAgeSeconds Greatest age the feed allows, seconds.
    error PriceOracle_Stale(uint16 feedId, uint256 ageSeconds, uint256 maxAgeSeconds);
    /// @notice Thrown when an answer carries a time later than the block's.
    /// @param feedId Feed number.
    /// @param updatedAt Time of the answer, Unix seconds.
    /// @param nowSeconds The block's time, Unix seconds.
    error PriceOracle_FromFuture(uint16 feedId, uint256 updatedAt, uint256 nowSeconds);
    /// @notice Thrown when an answer is at or beyond the feed's bounds. USD, 18 decimals.
    /// @param feedId Feed number.
    /// @param priceE18 Price, USD, 18 decimals.
    /// @param minE18 Answers at or below are refused. USD, 18 decimals.
    /// @param maxE18 Answers at or above are refused. USD, 18 decimals.
    error PriceOracle_OutOfBounds(uint16 feedId, uint256 priceE18, uint256 minE18, uint256 maxE18);
    /// @notice Thrown when an answer is too far from the last accepted value. USD, 18 decimals.
    /// @param feedId Feed number.
    /// @param priceE18 Price, USD, 18 decimals.
    /// @param acceptedE18 Last accepted value, USD, 18 decimals.
    /// @param maxJumpE18 Greatest relative step, 18 decimals.
    error PriceOracle_Jump(uint16 feedId, uint256 priceE18, uint256 acceptedE18, uint256 maxJumpE18);
    /// @notice Thrown when the two sources of a feed disagree. USD, 18 decimals.
    /// @param feedId Feed number.
    /// @param priceE18 Price, USD, 18 decimals.
    /// @param secondE18 Price of the second source, USD, 18 decimals.
    /// @param maxDeviationE18 Greatest relative distance, 18 decimals.
    error PriceOracle_Diverged(uint16 feedId, uint256 priceE18, uint256 secondE18, uint256 maxDeviationE18);
    /// @notice Thrown when the L2 sequencer is down.
    error PriceOracle_SequencerDown();
    /// @notice Thrown while the grace time after a sequencer outage runs. Seconds.
    /// @param sinceUpSeconds Time since the sequencer came back, seconds.
    /// @param graceSeconds Grace time, seconds.
    error PriceOracle_SequencerGrace(uint256 sinceUpSeconds, uint256 graceSeconds);
    /// @notice Thrown when a feed is set with bounds that make no sense or cannot be stored exactly, or beyond the 256th feed.
    /// @param feedId Feed number.
    error PriceOracle_InvalidConfig(uint16 feedId);
    /// @notice Thrown when two named rounds do not straddle a moment.
    /// @param feedId Feed number.
    /// @param roundId Round id, phase included.
    /// @param nextRoundId Id named as the round right after it.
    /// @param atSeconds The moment, Unix seconds.
    error PriceOracle_RoundsDoNotStraddle(uint16 feedId, uint80 roundId, uint80 nextRoundId, uint256 atSeconds);

    /// @notice Thrown when a feed's contract reverts instead of answering.
    /// @param feedId Feed number.
    /// @param aggregator Contract that was asked.
    error PriceOracle_FeedFailed(uint16 feedId, address aggregator);
    /// @notice Thrown when a call leaves too little gas to tell a missing round from one that could not be read.
    /// @param gasLeft Gas left.
    /// @param needed Gas needed before each read.
    error PriceOracle_TooLittleGas(uint256 gasLeft, uint256 needed);
    /// @notice Thrown when a feed is braked by the guardian.
    /// @param feedId Feed number.
    error PriceOracle_FeedPaused(uint16 feedId);
    /// @notice Thrown when the uptime feed or the grace time is out of its bounds.
    /// @param uptimeFeed Contract offered as uptime feed.
    /// @param graceSeconds Grace time, seconds.
    error PriceOracle_InvalidSequencer(address uptimeFeed, uint32 graceSeconds);
    /// @notice Thrown when the confirmation time is out of its bounds. Seconds.
    /// @param givenSeconds Time asked for.
    /// @param minSeconds Least time allowed.
    /// @param maxSeconds Greatest time allowed.
    error PriceOracle_InvalidConfirmSeconds(uint32 givenSeconds, uint32 minSeconds, uint32 maxSeconds);
    /// @notice Thrown when the window of settlement prices is too long. Seconds.
    /// @param givenSeconds Window asked for.
    /// @param maxSeconds Longest window allowed.
    error PriceOracle_InvalidSettlementWindow(uint32 givenSeconds, uint32 maxSeconds);

    /// @notice Guarded price now.
    /// @dev Guards, in this order: sequencer up and past its grace time; feed set and not braked; per source: answers at all,
    /// round complete, answer positive, not from the future, not too old, inside the bounds; sources agree; no jump.
    /// Warning: strict. Callers that must work without a price (deposits, exits of books without risk) do not ask for one.
    /// @param feedId Feed number.
    /// @return priceE18 USD, 18 decimals, > 0; truncated toward zero when the feed has more decimals.
    /// @custom:rounding floor
    function price(uint16 feedId) external view returns (uint256 priceE18);

    /// @notice Settlement price of a past moment: the mean over `settlementWindow` before it of the price of each second, or,
    /// with a window of 0, the price of the moment itself. Proved by the two adjacent rounds around the moment: the first not
    /// after `atSeconds`, the second after it. All else is found on chain, so a caller cannot choose among prices.
    /// @dev The price of one moment is the answer of the last round not after it, unless that was already older than the feed
    /// allows; then of the round after that. The phase that counts is the newest one whose first round is not after the moment;
    /// within it rounds are consecutive; across a change of phase the old phase must have no further round.
    /// The window is walked backwards in the same way: by number to the first round of a phase, then on from the last round not
    /// after that one in the newest phase that had begun earlier. After 900 reads, or at the first round of the feed, the
    /// oldest round read stands for the time before it: it is neither left out, which would raise the weight of the end, nor
    /// known in advance, because it is counted from the end.
    /// Sign, completeness and bounds are checked on every answer that counts, and one bad answer refuses the price; age now,
    /// jump, second source and sequencer are matters of the present and are not.
    /// Safety: rounds of one phase have ascending update times. If they do not, an answer loses weight to another; the weights
    /// still add up to the window.
    /// Liveness: round 1 of a phase exists (checked for the current phase when a feed is set); a round after the moment exists;
    /// gas for a read of each round of the window, and as much left as a read may need.
    /// Rounding: neither side of a trade is favoured, both settle at the same number.
    /// @param feedId Feed number.
    /// @param atSeconds Unix time, seconds, in the past.
    /// @param roundId Proxy round id whose update time is at or before the moment.
    /// @param nextRoundId The round right after it, by number or as first round of the next phase.
    /// @return priceE18 USD, 18 decimals.
    /// @custom:rounding floor
    function priceAt(
        uint16 feedId,
        uint40 atSeconds,
        uint80 roundId,
        uint80 nextRoundId
    ) external view returns (uint256 priceE18);

    /// @notice Records the current answer as the last accepted value, or, after a jump, starts or completes the confirmation
    /// of the new level. Anyone may call.
    /// @dev All guards of `price` but the jump apply. Given the current answer p, the accepted value a and a candidate c:
    /// p within the jump bound of a: a = p, the candidate is dropped.
    /// Otherwise, no candidate, p beyond the jump bound of c, or c older than the confirmation time plus the feed's greatest
    /// age: p becomes the candidate and its time starts now.
    /// Otherwise, once c has stood for the confirmation time: a = p, the candidate is dropped. Before that: nothing.
    /// Safety: one wrong answer, however wrong, is never used unless it or its like is still there after the confirmation time.
    /// While a candidate waits, anyone who sees the old level return can drop it by calling. The band of a candidate is anchored
    /// at the price first seen, so that small steps cannot carry it away.
    /// Liveness: a caller cannot restart the time of a candidate that the market still supports, and a real crash becomes usable
    /// one confirmation time after the price first stays within one jump bound, if somebody calls at both ends. A price that has
    /// drifted beyond the bound with no call in between waits for the confirmation time too: call whenever a feed moves.
    /// @param feedId Feed number.
    /// @custom:access anyone
    function poke(uint16 feedId) external;

    /// @notice How a feed is read.
    /// @param feedId Feed number.
    /// @return Configuration; aggregator 0 if the feed is not set.
    function feed(uint16 feedId) external view returns (FeedConfig memory);

    /// @notice What a feed remembers between calls.
    /// @param feedId Feed number.
    /// @return Accepted value and candidate.
    function feedState(uint16 feedId) external view returns (FeedState memory);

    /// @notice Whether the guardian braked a feed.
    /// @param feedId Feed number.
    /// @return True while every read of the feed reverts.
    function feedPaused(uint16 feedId) external view returns (bool);

    /// @notice Seconds a jump has to stand before it is accepted.
    /// @return Seconds.
    function confirmSeconds() external view returns (uint32);

    /// @notice Window before a moment over which its settlement price is averaged.
    /// @param atSeconds Unix time of the expiry, seconds; the greatest possible for the window set last.
    /// @return seconds_ Seconds, 0 = the price of the moment itself.
    function settlementWindow(uint40 atSeconds) external view returns (uint32 seconds_);

    /// @notice Uptime feed of the L2 sequencer.
    /// @return uptimeFeed Contract, 0 = none.
    /// @return graceSeconds Time after an outage in which there is no price, seconds.
    function sequencer() external view returns (address uptimeFeed, uint32 graceSeconds);

    /// @notice Sets or replaces a feed and accepts its live answer, which must pass every guard but the jump. A brake stays.
    /// @dev Decimals are read once, here. Assumptions on the aggregators:
    /// Safety: answers are in USD; decimals do not change when a proxy moves to another phase (a wrong scale would meet the
    /// jump and the bounds); rounds are written by Chainlink-grade nodes and ascend in time.
    /// Liveness: answers arrive within `maxAgeSeconds`; the bounds are wide enough for any real price; the first round of each
    /// phase has number 1 and stays readable; reads do not revert. Each failure stops pricing, none yields a price.
    /// @param feedId Feed number, > 0.
    /// @param config How to read it.
    /// @custom:access restricted
    function setFeed(uint16 feedId, FeedConfig calldata config) external;

    /// @notice Sets the uptime feed of the L2 sequencer.
    /// @param uptimeFeed Contract that answers 0 = up, 1 = down, started at the last change; 0 = none (layer 1).
    /// @param graceSeconds Time after an outage in which there is no price, seconds, at most one day.
    /// @custom:access restricted
    function setSequencer(address uptimeFeed, uint32 graceSeconds) external;

    /// @notice Sets the confirmation time of jumps.
    /// @param seconds_ Seconds, one minute to one hour.
    /// @custom:access restricted
    function setConfirmSeconds(uint32 seconds_) external;

    /// @notice Sets the window over which settlement prices are averaged, for all feeds.
    /// @dev Counts for expiries later than one window from now, the longer of the old and the new: no window that has begun, under
    /// either, is changed. A second change counts no earlier than the one before it. Earlier expiries keep the window they had,
    /// however late they are settled.
    /// @param seconds_ Seconds, at most one hour; 0 = the price of the moment itself.
    /// @custom:access restricted
    function setSettlementWindow(uint32 seconds_) external;

    /// @notice For how long some feeds had no price because somebody stopped them: the guardian's brake and the time after its
    /// release, the sequencer's outages and their grace. Clocks of auctions leave these seconds out.
    /// @dev Stops of two feeds, or of feed and sequencer, that overlap count each: the sum is never less than the time that passed
    /// without a price.
    /// @param feedIds Feed numbers, each once.
    /// @param since Unix time, seconds.
    /// @return stoppedSeconds Seconds, at most those that have passed since.
    /// @return openAt Unix time from which accounts may be liquidated on these feeds again, seconds; 0 = now. Of a stop that goes
    /// on nothing is said: the price itself is refused.
    function halts(
        uint16[] calldata feedIds,
        uint40 since
    ) external view returns (uint256 stoppedSeconds, uint40 openAt);

    /// @notice Seconds after the release of a brake in which accounts can be mended and nobody is liquidated.
    function brakeGraceSeconds() external pure returns (uint40);

    /// @notice Brakes a feed: every read of it reverts until the brake is released.
    /// @param feedId Feed number.
    /// @custom:access restricted guardian, without delay
    function pauseFeed(uint16 feedId) external;

    /// @notice Releases the brake of a feed.
    /// @param feedId Feed number.
    /// @custom:access restricted
    function unpauseFeed(uint16 feedId) external;
}
