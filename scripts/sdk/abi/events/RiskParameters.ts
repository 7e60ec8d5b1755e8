/** Written by `npm run abi`: the events of RiskParameters, how their values read, and their types. */

export const RISK_PARAMETERS_EVENTS = [
    {
        fragment:
            "event AssetSet(uint8 indexed assetId, (uint16 underlying, uint16 feedId, uint64 weightE18, uint64 sizeE18) params)",
        units: ["plain", ["plain", "plain", "E18", "E18"]],
    },
    {fragment: "event AuthorityUpdated(address authority)", units: ["plain"]},
    {
        fragment:
            "event GlobalSet((uint64 initialRatioE18, uint128 reserveBaseE18, uint128 reservePerPositionE18, uint16 settlementFeedId) params)",
        units: [["E18", "E18", "E18", "plain"]],
    },
    {fragment: "event GroupSet(uint8 indexed group, uint64 blendE18)", units: ["plain", "E18"]},
    {fragment: "event OraclesSet(address priceOracle, address surfaceOracle)", units: ["plain", "plain"]},
    {
        fragment: "event ParametersPublished(address indexed parameterSet, bytes32 parameterHash)",
        units: ["plain", "plain"],
    },
    {
        fragment:
            "event ScenariosSet(uint16 indexed underlying, (uint96 factorE18, int72 lnFactorE18, uint64 weightE18, uint8 vol)[] scenarios)",
        units: ["plain", ["E18", "E18", "E18", "plain"]],
    },
    {
        fragment:
            "event UnderlyingSet(uint16 indexed underlying, (uint8 group, uint64 volUpE18, uint64 volDownE18, uint64 volFloorUpE18, uint64 volFloorDownE18, uint64 powerShortE18, uint64 powerLongE18, uint64 rollMinE18, uint64 rollYearE18, uint64 floorNetE18, uint64 floorHedgedE18, uint64 floorShortE18, uint64 spreadE18, uint64 impactE18, uint64 sigmaDayE18, uint128 advE18, uint128 oiLowerE18, uint128 oiUpperE18, uint64 rangeE18) params)",
        units: [
            "plain",
            [
                "plain",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
                "E18",
            ],
        ],
    },
] as const;

export type RiskParametersEvents = {
    readonly AssetSet: {
        readonly assetId: bigint;
        readonly params: {
            readonly underlying: bigint;
            readonly feedId: bigint;
            readonly weightE18: bigint;
            readonly sizeE18: bigint;
        };
    };
    readonly AuthorityUpdated: {readonly authority: string};
    readonly GlobalSet: {
        readonly params: {
            readonly initialRatioE18: bigint;
            readonly reserveBaseE18: bigint;
            readonly reservePerPositionE18: bigint;
            readonly settlementFeedId: bigint;
        };
    };
    readonly GroupSet: {readonly group: bigint; readonly blendE18: bigint};
    readonly OraclesSet: {readonly priceOracle: string; readonly surfaceOracle: string};
    readonly ParametersPublished: {readonly parameterSet: string; readonly parameterHash: string};
    readonly ScenariosSet: {
        readonly underlying: bigint;
        readonly scenarios: readonly {
            readonly factorE18: bigint;
            readonly lnFactorE18: bigint;
            readonly weightE18: bigint;
            readonly vol: bigint;
        }[];
    };
    readonly UnderlyingSet: {
        readonly underlying: bigint;
        readonly params: {
            readonly group: bigint;
            readonly volUpE18: bigint;
            readonly volDownE18: bigint;
            readonly volFloorUpE18: bigint;
            readonly volFloorDownE18: bigint;
            readonly powerShortE18: bigint;
            readonly powerLongE18: bigint;
            readonly rollMinE18: bigint;
            readonly rollYearE18: bigint;
            readonly floorNetE18: bigint;
            readonly floorHedgedE18: bigint;
            readonly floorShortE18: bigint;
            readonly spreadE18: bigint;
            readonly impactE18: bigint;
            readonly sigmaDayE18: bigint;
            readonly advE18: bigint;
            readonly oiLowerE18: bigint;
            readonly oiUpperE18: bigint;
            readonly rangeE18: bigint;
        };
    };
};
