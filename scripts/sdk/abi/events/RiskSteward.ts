/** Written by `npm run abi`: the events of RiskSteward, how their values read, and their types. */

export const RISK_STEWARD_EVENTS = [
    {fragment: "event AuthorityUpdated(address authority)", units: ["plain"]},
    {
        fragment:
            "event ChangeStarted(uint8 indexed subject, uint16 indexed id, bytes target, uint256 costE18, uint256 endsAt)",
        units: ["plain", "plain", "plain", "E18", "time"],
    },
    {fragment: "event ChangeStopped(uint8 indexed subject, uint16 indexed id)", units: ["plain", "plain"]},
    {
        fragment:
            "event RulesSet((uint32 rampSeconds, uint32 stepSeconds, uint64 maxStepE18, uint64 maxTightenE18, uint32 reactionSeconds) rules)",
        units: [["duration", "duration", "E18", "E18", "duration"]],
    },
    {
        fragment: "event Stepped(uint8 indexed subject, uint16 indexed id, bytes figures, uint256 shareE18)",
        units: ["plain", "plain", "plain", "E18"],
    },
] as const;

export type RiskStewardEvents = {
    readonly AuthorityUpdated: {readonly authority: string};
    readonly ChangeStarted: {
        readonly subject: bigint;
        readonly id: bigint;
        readonly target: string;
        readonly costE18: bigint;
        readonly endsAt: bigint;
    };
    readonly ChangeStopped: {readonly subject: bigint; readonly id: bigint};
    readonly RulesSet: {
        readonly rules: {
            readonly rampSeconds: bigint;
            readonly stepSeconds: bigint;
            readonly maxStepE18: bigint;
            readonly maxTightenE18: bigint;
            readonly reactionSeconds: bigint;
        };
    };
    readonly Stepped: {
        readonly subject: bigint;
        readonly id: bigint;
        readonly figures: string;
        readonly shareE18: bigint;
    };
};
