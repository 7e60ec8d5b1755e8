/** Written by `npm run abi`: the events of Liquidator, how their values read, and their types. */
import type {AccountId} from "../../ids.js";

export const LIQUIDATOR_EVENTS = [
    {
        fragment: "event AuctionEnded(bytes32 indexed account, int256 equityE18, uint256 maintenanceE18)",
        units: ["account", "E18", "E18"],
    },
    {
        fragment: "event AuctionRestarted(bytes32 indexed account, int256 equityE18, uint256 maintenanceE18)",
        units: ["account", "E18", "E18"],
    },
    {
        fragment:
            "event AuctionStarted(bytes32 indexed account, bytes32 indexed keeper, int256 equityE18, uint256 boundE18, uint256 payE18)",
        units: ["account", "account", "E18", "E18", "E18"],
    },
    {fragment: "event AuthorityUpdated(address authority)", units: ["plain"]},
    {
        fragment:
            "event CurveSet((uint64 discountStartE18, uint64 discountFastE18, uint32 fastSeconds, uint32 slowSeconds, uint32 insolventSeconds, uint64 insolventCapE18, uint64 targetHealthE18, uint128 dustE18) curve)",
        units: [["E18", "E18", "duration", "duration", "duration", "E18", "E18", "E18"]],
    },
    {
        fragment: "event DataFeeSet((address source, uint32 startBytes, uint32 takeBytes) dataFee)",
        units: [["plain", "plain", "plain"]],
    },
    {
        fragment: "event InsolvencyRecorded(bytes32 indexed account, int256 equityE18, uint40 insolventAt)",
        units: ["account", "E18", "time"],
    },
    {
        fragment:
            "event KeeperPaySet((uint32 startGas, uint32 takeGas, uint32 takeGasPerPosition, uint64 marginE18, uint128 maxGasPriceWei, uint128 minE18, uint128 maxE18, uint16 nativeFeedId) pay)",
        units: [["plain", "plain", "plain", "E18", "plain", "E18", "E18", "plain"]],
    },
    {
        fragment:
            "event MarginCall(bytes32 indexed account, int256 equityE18, uint256 initialE18, uint256 maintenanceE18, uint256 shortfallE18, (uint8[] own, uint8[] joint) binding)",
        units: ["account", "E18", "E18", "E18", "E18", ["plain", "plain"]],
    },
    {
        fragment:
            "event SliceTaken(bytes32 indexed account, bytes32 indexed keeper, uint256 fractionE18, int256 equityBeforeE18, uint256 maintenanceBeforeE18, int256 priceE18, uint256 backstopPaidE18, uint256 socialisedE18)",
        units: ["account", "account", "E18", "E18", "E18", "E18", "E18", "E18"],
    },
] as const;

export type LiquidatorEvents = {
    readonly AuctionEnded: {readonly account: AccountId; readonly equityE18: bigint; readonly maintenanceE18: bigint};
    readonly AuctionRestarted: {
        readonly account: AccountId;
        readonly equityE18: bigint;
        readonly maintenanceE18: bigint;
    };
    readonly AuctionStarted: {
        readonly account: AccountId;
        readonly keeper: AccountId;
        readonly equityE18: bigint;
        readonly boundE18: bigint;
        readonly payE18: bigint;
    };
    readonly AuthorityUpdated: {readonly authority: string};
    readonly CurveSet: {
        readonly curve: {
            readonly discountStartE18: bigint;
            readonly discountFastE18: bigint;
            readonly fastSeconds: bigint;
            readonly slowSeconds: bigint;
            readonly insolventSeconds: bigint;
            readonly insolventCapE18: bigint;
            readonly targetHealthE18: bigint;
            readonly dustE18: bigint;
        };
    };
    readonly DataFeeSet: {
        readonly dataFee: {readonly source: string; readonly startBytes: bigint; readonly takeBytes: bigint};
    };
    readonly InsolvencyRecorded: {
        readonly account: AccountId;
        readonly equityE18: bigint;
        readonly insolventAt: bigint;
    };
    readonly KeeperPaySet: {
        readonly pay: {
            readonly startGas: bigint;
            readonly takeGas: bigint;
            readonly takeGasPerPosition: bigint;
            readonly marginE18: bigint;
            readonly maxGasPriceWei: bigint;
            readonly minE18: bigint;
            readonly maxE18: bigint;
            readonly nativeFeedId: bigint;
        };
    };
    readonly MarginCall: {
        readonly account: AccountId;
        readonly equityE18: bigint;
        readonly initialE18: bigint;
        readonly maintenanceE18: bigint;
        readonly shortfallE18: bigint;
        readonly binding: {readonly own: readonly bigint[]; readonly joint: readonly bigint[]};
    };
    readonly SliceTaken: {
        readonly account: AccountId;
        readonly keeper: AccountId;
        readonly fractionE18: bigint;
        readonly equityBeforeE18: bigint;
        readonly maintenanceBeforeE18: bigint;
        readonly priceE18: bigint;
        readonly backstopPaidE18: bigint;
        readonly socialisedE18: bigint;
    };
};
