/** Written by `npm run abi`: the events of VolatilityDriver, how their values read, and their types. */

export const VOLATILITY_DRIVER_EVENTS = [
    {fragment: "event AuthorityUpdated(address authority)", units: ["plain"]},
    {fragment: "event PausedSet(uint16 indexed underlying, bool paused)", units: ["plain", "plain"]},
    {
        fragment: "event RangeDriven(uint16 indexed underlying, uint256 fromE18, uint256 toE18)",
        units: ["plain", "E18", "E18"],
    },
    {
        fragment: "event RiseAnnounced(uint16 indexed underlying, uint256 fromE18, uint256 toE18, uint256 riseAt)",
        units: ["plain", "E18", "E18", "plain"],
    },
    {fragment: "event RiseWithdrawn(uint16 indexed underlying)", units: ["plain"]},
    {
        fragment:
            "event RulesSet((uint32 spacingSeconds, uint32 halfLifeSeconds, uint32 horizonSeconds, uint32 noticeSeconds, uint64 maxReturnE18, uint64 multipleE18, uint64 mostE18, uint64 hysteresisE18) rules)",
        units: [["duration", "duration", "duration", "duration", "E18", "E18", "E18", "E18"]],
    },
    {
        fragment: "event Sampled(uint16 indexed underlying, uint256 priceE18, int256 returnE18, uint256 varianceE18)",
        units: ["plain", "E18", "E18", "E18"],
    },
] as const;

export type VolatilityDriverEvents = {
    readonly AuthorityUpdated: {readonly authority: string};
    readonly PausedSet: {readonly underlying: bigint; readonly paused: boolean};
    readonly RangeDriven: {readonly underlying: bigint; readonly fromE18: bigint; readonly toE18: bigint};
    readonly RiseAnnounced: {
        readonly underlying: bigint;
        readonly fromE18: bigint;
        readonly toE18: bigint;
        readonly riseAt: bigint;
    };
    readonly RiseWithdrawn: {readonly underlying: bigint};
    readonly RulesSet: {
        readonly rules: {
            readonly spacingSeconds: bigint;
            readonly halfLifeSeconds: bigint;
            readonly horizonSeconds: bigint;
            readonly noticeSeconds: bigint;
            readonly maxReturnE18: bigint;
            readonly multipleE18: bigint;
            readonly mostE18: bigint;
            readonly hysteresisE18: bigint;
        };
    };
    readonly Sampled: {
        readonly underlying: bigint;
        readonly priceE18: bigint;
        readonly returnE18: bigint;
        readonly varianceE18: bigint;
    };
};
