/** Written by `npm run abi`: the events of CloseOut, how their values read, and their types. */
import type {AccountId} from "../../ids.js";

export const CLOSE_OUT_EVENTS = [
    {
        fragment:
            "event ClosedOut(bytes32 indexed account, bytes32 indexed keeper, uint256 fractionE18, int256 priceE18, int256 gainE18)",
        units: ["account", "account", "E18", "E18", "E18"],
    },
] as const;

export type CloseOutEvents = {
    readonly ClosedOut: {
        readonly account: AccountId;
        readonly keeper: AccountId;
        readonly fractionE18: bigint;
        readonly priceE18: bigint;
        readonly gainE18: bigint;
    };
};
