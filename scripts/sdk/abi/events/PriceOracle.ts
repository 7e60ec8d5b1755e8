/** Written by `npm run abi`: the events of PriceOracle, how their values read, and their types. */

export const PRICE_ORACLE_EVENTS = [
    {fragment: "event AuthorityUpdated(address authority)", units: ["plain"]},
    {
        fragment: "event CandidateSeen(uint16 indexed feedId, uint256 priceE18, uint40 since)",
        units: ["plain", "E18", "time"],
    },
    {fragment: "event ConfirmSecondsSet(uint32 beforeSeconds, uint32 afterSeconds)", units: ["duration", "duration"]},
    {fragment: "event FeedPausedSet(uint16 indexed feedId, bool paused)", units: ["plain", "plain"]},
    {
        fragment:
            "event FeedSet(uint16 indexed feedId, (address aggregator, address second, uint32 maxAgeSeconds, uint64 maxDeviationE18, uint64 maxJumpE18, uint128 minPriceE18, uint128 maxPriceE18) config)",
        units: ["plain", ["plain", "plain", "duration", "E18", "E18", "E18", "E18"]],
    },
    {fragment: "event PriceAccepted(uint16 indexed feedId, uint256 priceE18)", units: ["plain", "E18"]},
    {fragment: "event SequencerSet(address feed, uint32 graceSeconds)", units: ["plain", "duration"]},
    {
        fragment: "event SettlementWindowSet(uint32 beforeSeconds, uint32 afterSeconds, uint40 from)",
        units: ["duration", "duration", "time"],
    },
] as const;

export type PriceOracleEvents = {
    readonly AuthorityUpdated: {readonly authority: string};
    readonly CandidateSeen: {readonly feedId: bigint; readonly priceE18: bigint; readonly since: bigint};
    readonly ConfirmSecondsSet: {readonly beforeSeconds: bigint; readonly afterSeconds: bigint};
    readonly FeedPausedSet: {readonly feedId: bigint; readonly paused: boolean};
    readonly FeedSet: {
        readonly feedId: bigint;
        readonly config: {
            readonly aggregator: string;
            readonly second: string;
            readonly maxAgeSeconds: bigint;
            readonly maxDeviationE18: bigint;
            readonly maxJumpE18: bigint;
            readonly minPriceE18: bigint;
            readonly maxPriceE18: bigint;
        };
    };
    readonly PriceAccepted: {readonly feedId: bigint; readonly priceE18: bigint};
    readonly SequencerSet: {readonly feed: string; readonly graceSeconds: bigint};
    readonly SettlementWindowSet: {
        readonly beforeSeconds: bigint;
        readonly afterSeconds: bigint;
        readonly from: bigint;
    };
};
