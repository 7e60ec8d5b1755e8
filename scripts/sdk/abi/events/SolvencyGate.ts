/** Written by `npm run abi`: the events of SolvencyGate, how their values read, and their types. */

export const SOLVENCY_GATE_EVENTS = [
    {fragment: "event AuthorityUpdated(address authority)", units: ["plain"]},
    {
        fragment: "event GateLooked(uint256 deviationE18, uint256 lossE18, uint256 outflowE18, uint8 level)",
        units: ["E18", "E18", "E18", "plain"],
    },
    {fragment: "event GateMoved(uint8 before, uint8 level)", units: ["plain", "plain"]},
    {
        fragment:
            "event ThresholdsSet(uint8 indexed signal, (uint64 throttleInE18, uint64 throttleOutE18, uint64 haltInE18, uint64 haltOutE18) thresholds)",
        units: ["plain", ["E18", "E18", "E18", "E18"]],
    },
    {
        fragment: "event TimesSet((uint32 dwellSeconds, uint32 averageSeconds, uint32 windowSeconds) times)",
        units: [["duration", "duration", "duration"]],
    },
] as const;

export type SolvencyGateEvents = {
    readonly AuthorityUpdated: {readonly authority: string};
    readonly GateLooked: {
        readonly deviationE18: bigint;
        readonly lossE18: bigint;
        readonly outflowE18: bigint;
        readonly level: bigint;
    };
    readonly GateMoved: {readonly before: bigint; readonly level: bigint};
    readonly ThresholdsSet: {
        readonly signal: bigint;
        readonly thresholds: {
            readonly throttleInE18: bigint;
            readonly throttleOutE18: bigint;
            readonly haltInE18: bigint;
            readonly haltOutE18: bigint;
        };
    };
    readonly TimesSet: {
        readonly times: {
            readonly dwellSeconds: bigint;
            readonly averageSeconds: bigint;
            readonly windowSeconds: bigint;
        };
    };
};
