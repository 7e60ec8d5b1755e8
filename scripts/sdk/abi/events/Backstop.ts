/** Written by `npm run abi`: the events of Backstop, how their values read, and their types. */
import type {AccountId} from "../../ids.js";

export const BACKSTOP_EVENTS = [
    {
        fragment: "event Approval(address indexed owner, address indexed spender, uint256 value)",
        units: ["plain", "plain", "plain"],
    },
    {fragment: "event AuthorityUpdated(address authority)", units: ["plain"]},
    {fragment: "event CooldownSet(uint32 cooldownSeconds, uint32 windowSeconds)", units: ["duration", "duration"]},
    {
        fragment: "event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)",
        units: ["plain", "plain", "plain", "plain"],
    },
    {
        fragment: "event ExitRequested(address indexed owner, uint256 shares, uint40 openAt, uint40 closeAt)",
        units: ["plain", "plain", "time", "time"],
    },
    {fragment: "event Harvested(uint256 amountNative)", units: ["plain"]},
    {
        fragment: "event LossBudgetSet(uint16 indexed underlying, uint96 limitE18, uint24 windowSeconds)",
        units: ["plain", "E18", "duration"],
    },
    {
        fragment:
            "event LossBudgetSpent(uint16 indexed underlying, uint256 askedE18, uint256 spentE18, uint256 roomE18)",
        units: ["plain", "E18", "E18", "E18"],
    },
    {
        fragment: "event LossCovered(bytes32 indexed creditedAccount, uint256 askedE18, uint256 paidE18)",
        units: ["account", "E18", "E18"],
    },
    {
        fragment: "event Transfer(address indexed from, address indexed to, uint256 value)",
        units: ["plain", "plain", "plain"],
    },
    {
        fragment:
            "event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)",
        units: ["plain", "plain", "plain", "plain", "plain"],
    },
] as const;

export type BackstopEvents = {
    readonly Approval: {readonly owner: string; readonly spender: string; readonly value: bigint};
    readonly AuthorityUpdated: {readonly authority: string};
    readonly CooldownSet: {readonly cooldownSeconds: bigint; readonly windowSeconds: bigint};
    readonly Deposit: {
        readonly sender: string;
        readonly owner: string;
        readonly assets: bigint;
        readonly shares: bigint;
    };
    readonly ExitRequested: {
        readonly owner: string;
        readonly shares: bigint;
        readonly openAt: bigint;
        readonly closeAt: bigint;
    };
    readonly Harvested: {readonly amountNative: bigint};
    readonly LossBudgetSet: {readonly underlying: bigint; readonly limitE18: bigint; readonly windowSeconds: bigint};
    readonly LossBudgetSpent: {
        readonly underlying: bigint;
        readonly askedE18: bigint;
        readonly spentE18: bigint;
        readonly roomE18: bigint;
    };
    readonly LossCovered: {readonly creditedAccount: AccountId; readonly askedE18: bigint; readonly paidE18: bigint};
    readonly Transfer: {readonly from: string; readonly to: string; readonly value: bigint};
    readonly Withdraw: {
        readonly sender: string;
        readonly receiver: string;
        readonly owner: string;
        readonly assets: bigint;
        readonly shares: bigint;
    };
};
