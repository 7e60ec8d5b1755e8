/** Tells reverts of contracts from failures of the node, whatever kind of provider reports them. */
import {isCallException} from "ethers";
import type {CallExceptionError} from "ethers";

import {revertData} from "../sdk/errors.js";

/** Data of a revert, "0x" if it came without; undefined for anything that is not a revert. */
export const revertDataOf = (error: unknown): string | undefined =>
    revertData(error) ?? (isCallException(error) && !isExcuse(error) ? "0x" : undefined);

/** Ethers names every failed call a revert, also one that the node did not run: only its own words tell them apart. */
function isExcuse({data, info}: CallExceptionError): boolean {
    const said = (info as {readonly error?: {readonly message?: unknown}} | undefined)?.error?.message;
    return (data ?? "0x") === "0x" && typeof said === "string" && !RAN.test(said);
}

/** What nodes say of a call that they have run. */
const RAN = /revert|invalid opcode|out of gas|vm exception|bad instruction|stack/i;

export const isRevert = (error: unknown): boolean => revertDataOf(error) !== undefined;
