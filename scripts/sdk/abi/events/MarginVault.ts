/** Written by `npm run abi`: the events of MarginVault, how their values read, and their types. */
import type {AccountId} from "../../ids.js";

export const MARGIN_VAULT_EVENTS = [
    {
        fragment: "event AssetCapSet(uint8 indexed assetId, uint128 capBeforeE18, uint128 capE18, bool depositsOpen)",
        units: ["plain", "E18", "E18", "plain"],
    },
    {
        fragment: "event AssetListed(uint8 indexed assetId, address indexed token, uint8 decimals, uint128 capE18)",
        units: ["plain", "plain", "plain", "E18"],
    },
    {fragment: "event AuthorityUpdated(address authority)", units: ["plain"]},
    {fragment: "event BorrowingPausedSet(bool paused)", units: ["plain"]},
    {
        fragment: "event CashChanged(bytes32 indexed account, int256 deltaE18, int256 principalAfter)",
        units: ["account", "E18", "plain"],
    },
    {
        fragment:
            "event CollateralChanged(bytes32 indexed account, uint8 indexed assetId, int256 deltaE18, uint256 unitsAfterE18)",
        units: ["account", "plain", "E18", "E18"],
    },
    {
        fragment: "event CoreSet(address riskEngine, address clearinghouse, address liquidator, address backstop)",
        units: ["plain", "plain", "plain", "plain"],
    },
    {
        fragment:
            "event Deposited(bytes32 indexed account, address indexed token, address indexed from, uint256 amountNative, uint256 creditE18)",
        units: ["account", "plain", "plain", "plain", "E18"],
    },
    {fragment: "event GateSet(uint8 level)", units: ["plain"]},
    {
        fragment: "event InterestAccrued(uint256 supplyIndexE27, uint256 borrowIndexE27, uint256 reserveE18)",
        units: ["E27", "E27", "E18"],
    },
    {
        fragment:
            "event LossSocialised(bytes32 indexed creditedAccount, uint256 lossE18, uint256 supplyIndexBeforeE27, uint256 supplyIndexAfterE27)",
        units: ["account", "E18", "E27", "E27"],
    },
    {fragment: "event ModelSet(bytes32 indexed account, uint8 model)", units: ["account", "plain"]},
    {fragment: "event NetSettledChanged(int256 deltaE18, int256 netSettledAfterE18)", units: ["E18", "E18"]},
    {
        fragment:
            "event OperatorSet(bytes32 indexed account, address indexed operator, uint32 rights, uint40 expiresAt)",
        units: ["account", "plain", "plain", "time"],
    },
    {
        fragment:
            "event RateCurveSet((uint64 baseE18, uint64 kinkE18, uint64 slopeLowE18, uint64 slopeHighE18, uint64 reserveE18) curve)",
        units: [["E18", "E18", "E18", "E18", "E18"]],
    },
    {fragment: "event SettlementCapSet(uint256 capE18)", units: ["E18"]},
    {
        fragment:
            "event Withdrawn(bytes32 indexed account, address indexed token, address indexed to, uint256 amountNative, uint256 debitE18)",
        units: ["account", "plain", "plain", "plain", "E18"],
    },
] as const;

export type MarginVaultEvents = {
    readonly AssetCapSet: {
        readonly assetId: bigint;
        readonly capBeforeE18: bigint;
        readonly capE18: bigint;
        readonly depositsOpen: boolean;
    };
    readonly AssetListed: {
        readonly assetId: bigint;
        readonly token: string;
        readonly decimals: bigint;
        readonly capE18: bigint;
    };
    readonly AuthorityUpdated: {readonly authority: string};
    readonly BorrowingPausedSet: {readonly paused: boolean};
    readonly CashChanged: {readonly account: AccountId; readonly deltaE18: bigint; readonly principalAfter: bigint};
    readonly CollateralChanged: {
        readonly account: AccountId;
        readonly assetId: bigint;
        readonly deltaE18: bigint;
        readonly unitsAfterE18: bigint;
    };
    readonly CoreSet: {
        readonly riskEngine: string;
        readonly clearinghouse: string;
        readonly liquidator: string;
        readonly backstop: string;
    };
    readonly Deposited: {
        readonly account: AccountId;
        readonly token: string;
        readonly from: string;
        readonly amountNative: bigint;
        readonly creditE18: bigint;
    };
    readonly GateSet: {readonly level: bigint};
    readonly InterestAccrued: {
        readonly supplyIndexE27: bigint;
        readonly borrowIndexE27: bigint;
        readonly reserveE18: bigint;
    };
    readonly LossSocialised: {
        readonly creditedAccount: AccountId;
        readonly lossE18: bigint;
        readonly supplyIndexBeforeE27: bigint;
        readonly supplyIndexAfterE27: bigint;
    };
    readonly ModelSet: {readonly account: AccountId; readonly model: bigint};
    readonly NetSettledChanged: {readonly deltaE18: bigint; readonly netSettledAfterE18: bigint};
    readonly OperatorSet: {
        readonly account: AccountId;
        readonly operator: string;
        readonly rights: bigint;
        readonly expiresAt: bigint;
    };
    readonly RateCurveSet: {
        readonly curve: {
            readonly baseE18: bigint;
            readonly kinkE18: bigint;
            readonly slopeLowE18: bigint;
            readonly slopeHighE18: bigint;
            readonly reserveE18: bigint;
        };
    };
    readonly SettlementCapSet: {readonly capE18: bigint};
    readonly Withdrawn: {
        readonly account: AccountId;
        readonly token: string;
        readonly to: string;
        readonly amountNative: bigint;
        readonly debitE18: bigint;
    };
};
