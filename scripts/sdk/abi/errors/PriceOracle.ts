/** Written by `npm run abi`: every custom error of PriceOracle, how its values read, what it means. */
export const PRICE_ORACLE_ERRORS = [
    {
        fragment:
            "error PriceOracle_Diverged(uint16 feedId, uint256 priceE18, uint256 secondE18, uint256 maxDeviationE18)",
        units: ["plain", "E18", "E18", "E18"],
        says: "the two sources of a feed disagree",
    },
    {
        fragment: "error PriceOracle_FeedFailed(uint16 feedId, address aggregator)",
        units: ["plain", "plain"],
        says: "a feed's contract reverts instead of answering",
    },
    {
        fragment: "error PriceOracle_FeedPaused(uint16 feedId)",
        units: ["plain"],
        says: "a feed is braked by the guardian",
    },
    {
        fragment: "error PriceOracle_FromFuture(uint16 feedId, uint256 updatedAt, uint256 nowSeconds)",
        units: ["plain", "time", "time"],
        says: "an answer carries a time later than the block's",
    },
    {
        fragment: "error PriceOracle_IncompleteRound(uint16 feedId, uint80 roundId)",
        units: ["plain", "plain"],
        says: "a round was never completed",
    },
    {
        fragment: "error PriceOracle_InvalidConfig(uint16 feedId)",
        units: ["plain"],
        says: "a feed is set with bounds that make no sense or cannot be stored exactly, or beyond the 256th feed",
    },
    {
        fragment: "error PriceOracle_InvalidConfirmSeconds(uint32 givenSeconds, uint32 minSeconds, uint32 maxSeconds)",
        units: ["duration", "duration", "duration"],
        says: "the confirmation time is out of its bounds",
    },
    {
        fragment: "error PriceOracle_InvalidSequencer(address uptimeFeed, uint32 graceSeconds)",
        units: ["plain", "duration"],
        says: "the uptime feed or the grace time is out of its bounds",
    },
    {
        fragment: "error PriceOracle_InvalidSettlementWindow(uint32 givenSeconds, uint32 maxSeconds)",
        units: ["duration", "duration"],
        says: "the window of settlement prices is too long",
    },
    {
        fragment: "error PriceOracle_Jump(uint16 feedId, uint256 priceE18, uint256 acceptedE18, uint256 maxJumpE18)",
        units: ["plain", "E18", "E18", "E18"],
        says: "an answer is too far from the last accepted value",
    },
    {
        fragment: "error PriceOracle_NotPositive(uint16 feedId, int256 answer)",
        units: ["plain", "plain"],
        says: "an answer is zero or negative",
    },
    {
        fragment: "error PriceOracle_OutOfBounds(uint16 feedId, uint256 priceE18, uint256 minE18, uint256 maxE18)",
        units: ["plain", "E18", "E18", "E18"],
        says: "an answer is at or beyond the feed's bounds",
    },
    {
        fragment:
            "error PriceOracle_RoundsDoNotStraddle(uint16 feedId, uint80 roundId, uint80 nextRoundId, uint256 atSeconds)",
        units: ["plain", "plain", "plain", "time"],
        says: "two named rounds do not straddle a moment",
    },
    {fragment: "error PriceOracle_SequencerDown()", units: [], says: "the L2 sequencer is down"},
    {
        fragment: "error PriceOracle_SequencerGrace(uint256 sinceUpSeconds, uint256 graceSeconds)",
        units: ["duration", "duration"],
        says: "the grace time after a sequencer outage runs",
    },
    {
        fragment: "error PriceOracle_Stale(uint16 feedId, uint256 ageSeconds, uint256 maxAgeSeconds)",
        units: ["plain", "duration", "duration"],
        says: "an answer is older than the feed allows",
    },
    {
        fragment: "error PriceOracle_TooLittleGas(uint256 gasLeft, uint256 needed)",
        units: ["plain", "plain"],
        says: "a call leaves too little gas to tell a missing round from one that could not be read",
    },
    {fragment: "error PriceOracle_UnknownFeed(uint16 feedId)", units: ["plain"], says: "a feed number has no feed"},
] as const;
