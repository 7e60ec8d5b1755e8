/** Written by `npm run abi`: the events of Clearinghouse, how their values read, and their types. */
import type {AccountId} from "../../ids.js";
import type {InstrumentId} from "../../instruments.js";

export const CLEARINGHOUSE_EVENTS = [
    {
        fragment:
            "event AccountChecked(bytes32 indexed account, int256 equityE18, uint256 initialE18, uint256 maintenanceE18)",
        units: ["account", "E18", "E18", "E18"],
    },
    {
        fragment:
            "event AccountSettled(bytes32 indexed account, uint128 indexed instrument, int256 sizeE18, int256 payoffE18)",
        units: ["account", "instrument", "E18", "E18"],
    },
    {fragment: "event AllCancelled(bytes32 indexed maker, uint64 epoch)", units: ["account", "plain"]},
    {fragment: "event AuthorityUpdated(address authority)", units: ["plain"]},
    {
        fragment:
            "event ExpirySettled(uint16 indexed underlying, uint40 indexed expiry, uint256 priceE18, uint80 roundId)",
        units: ["plain", "time", "E18", "plain"],
    },
    {fragment: "event FeePaid(bytes32 indexed account, uint256 feeE18)", units: ["account", "E18"]},
    {
        fragment: "event FeesSet((uint64 linearE18, uint64 optionE18, uint64 optionCapE18) fees)",
        units: [["E18", "E18", "E18"]],
    },
    {
        fragment: "event FundingAccrued(uint16 indexed underlying, int256 cumulativeFundingE18, int256 premiumE18)",
        units: ["plain", "E18", "E18"],
    },
    {
        fragment:
            "event FundingParamsSet((uint64 maxPremiumE18, uint64 maxRateE18, uint32 averageSeconds, uint96 sampleNotionalE18) params)",
        units: [["E18", "E18", "duration", "E18"]],
    },
    {fragment: "event GateSet(uint8 level)", units: ["plain"]},
    {fragment: "event GroupCancelled(bytes32 indexed maker, uint64 group)", units: ["account", "plain"]},
    {fragment: "event LastKnownRiskSet(address indexed lastKnownRisk)", units: ["plain"]},
    {
        fragment:
            "event ListingSet(uint16 indexed underlying, (bool active, uint64 strikeStepE8, uint64 minStrikeE8, uint64 maxStrikeE8, uint128 openInterestCapE18) listing)",
        units: ["plain", ["plain", "E8", "E8", "E8", "E18"]],
    },
    {fragment: "event OpeningPausedSet(bool paused)", units: ["plain"]},
    {
        fragment:
            "event PositionChanged(bytes32 indexed account, uint128 indexed instrument, int256 deltaE18, int256 sizeAfterE18, uint256 priceE18)",
        units: ["account", "instrument", "E18", "E18", "E18"],
    },
    {
        fragment:
            "event PositionsMoved(bytes32 indexed account, bytes32 indexed keeper, uint128[] instruments, int256[] movedE18)",
        units: ["account", "account", "instrument", "E18"],
    },
    {
        fragment:
            "event PremiumSampled(uint16 indexed underlying, int256 sampleE18, int256 premiumAfterE18, uint40 sampledAt)",
        units: ["plain", "E18", "E18", "time"],
    },
    {fragment: "event PriceBandSet(uint64 bandE18)", units: ["E18"]},
    {fragment: "event PriceOracleSet(address indexed before, address indexed priceOracle)", units: ["plain", "plain"]},
    {fragment: "event QuoteCancelled(bytes32 indexed maker, uint128 nonce)", units: ["account", "plain"]},
    {
        fragment:
            "event QuoteFigureChanged(bytes32 indexed account, uint16 indexed underlying, int256 deltaE18, int256 quoteAfterE18)",
        units: ["account", "plain", "E18", "E18"],
    },
    {
        fragment:
            "event QuoteFilled(bytes32 indexed quoteHash, bytes32 indexed maker, bytes32 indexed taker, uint256 unitsE18, uint256 filledAfterE18)",
        units: ["plain", "account", "account", "E18", "E18"],
    },
] as const;

export type ClearinghouseEvents = {
    readonly AccountChecked: {
        readonly account: AccountId;
        readonly equityE18: bigint;
        readonly initialE18: bigint;
        readonly maintenanceE18: bigint;
    };
    readonly AccountSettled: {
        readonly account: AccountId;
        readonly instrument: InstrumentId;
        readonly sizeE18: bigint;
        readonly payoffE18: bigint;
    };
    readonly AllCancelled: {readonly maker: AccountId; readonly epoch: bigint};
    readonly AuthorityUpdated: {readonly authority: string};
    readonly ExpirySettled: {
        readonly underlying: bigint;
        readonly expiry: bigint;
        readonly priceE18: bigint;
        readonly roundId: bigint;
    };
    readonly FeePaid: {readonly account: AccountId; readonly feeE18: bigint};
    readonly FeesSet: {
        readonly fees: {readonly linearE18: bigint; readonly optionE18: bigint; readonly optionCapE18: bigint};
    };
    readonly FundingAccrued: {
        readonly underlying: bigint;
        readonly cumulativeFundingE18: bigint;
        readonly premiumE18: bigint;
    };
    readonly FundingParamsSet: {
        readonly params: {
            readonly maxPremiumE18: bigint;
            readonly maxRateE18: bigint;
            readonly averageSeconds: bigint;
            readonly sampleNotionalE18: bigint;
        };
    };
    readonly GateSet: {readonly level: bigint};
    readonly GroupCancelled: {readonly maker: AccountId; readonly group: bigint};
    readonly LastKnownRiskSet: {readonly lastKnownRisk: string};
    readonly ListingSet: {
        readonly underlying: bigint;
        readonly listing: {
            readonly active: boolean;
            readonly strikeStepE8: bigint;
            readonly minStrikeE8: bigint;
            readonly maxStrikeE8: bigint;
            readonly openInterestCapE18: bigint;
        };
    };
    readonly OpeningPausedSet: {readonly paused: boolean};
    readonly PositionChanged: {
        readonly account: AccountId;
        readonly instrument: InstrumentId;
        readonly deltaE18: bigint;
        readonly sizeAfterE18: bigint;
        readonly priceE18: bigint;
    };
    readonly PositionsMoved: {
        readonly account: AccountId;
        readonly keeper: AccountId;
        readonly instruments: readonly InstrumentId[];
        readonly movedE18: readonly bigint[];
    };
    readonly PremiumSampled: {
        readonly underlying: bigint;
        readonly sampleE18: bigint;
        readonly premiumAfterE18: bigint;
        readonly sampledAt: bigint;
    };
    readonly PriceBandSet: {readonly bandE18: bigint};
    readonly PriceOracleSet: {readonly before: string; readonly priceOracle: string};
    readonly QuoteCancelled: {readonly maker: AccountId; readonly nonce: bigint};
    readonly QuoteFigureChanged: {
        readonly account: AccountId;
        readonly underlying: bigint;
        readonly deltaE18: bigint;
        readonly quoteAfterE18: bigint;
    };
    readonly QuoteFilled: {
        readonly quoteHash: string;
        readonly maker: AccountId;
        readonly taker: AccountId;
        readonly unitsE18: bigint;
        readonly filledAfterE18: bigint;
    };
};
