/** Written by `npm run abi`: the events of SurfaceOracle, how their values read, and their types. */

export const SURFACE_ORACLE_EVENTS = [
    {fragment: "event AuthorityUpdated(address authority)", units: ["plain"]},
    {
        fragment:
            "event BoundsSet((uint32 maxAgeSeconds, uint64 maxRatioStepE18, uint64 minRatioE18, uint64 maxRatioE18, uint64 maxVolStepE18) bounds)",
        units: [["duration", "E18", "E18", "E18", "E18"]],
    },
    {fragment: "event SignerSet(address indexed signer, bool allowed)", units: ["plain", "plain"]},
    {
        fragment:
            "event SurfaceAccepted(uint16 indexed underlying, uint40 indexed expiry, (uint40 publishedAt, uint64 forwardRatioE18, uint64 discountE18, int64 aE18, uint64 bE18, int64 rhoE18, int64 mE18, uint64 sigmaE18) surface)",
        units: ["plain", "time", ["time", "E18", "E18", "E18", "E18", "E18", "E18", "E18"]],
    },
    {fragment: "event ThresholdSet(uint8 threshold)", units: ["plain"]},
] as const;

export type SurfaceOracleEvents = {
    readonly AuthorityUpdated: {readonly authority: string};
    readonly BoundsSet: {
        readonly bounds: {
            readonly maxAgeSeconds: bigint;
            readonly maxRatioStepE18: bigint;
            readonly minRatioE18: bigint;
            readonly maxRatioE18: bigint;
            readonly maxVolStepE18: bigint;
        };
    };
    readonly SignerSet: {readonly signer: string; readonly allowed: boolean};
    readonly SurfaceAccepted: {
        readonly underlying: bigint;
        readonly expiry: bigint;
        readonly surface: {
            readonly publishedAt: bigint;
            readonly forwardRatioE18: bigint;
            readonly discountE18: bigint;
            readonly aE18: bigint;
            readonly bE18: bigint;
            readonly rhoE18: bigint;
            readonly mE18: bigint;
            readonly sigmaE18: bigint;
        };
    };
    readonly ThresholdSet: {readonly threshold: bigint};
};
