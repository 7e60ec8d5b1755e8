/** Tells reverts of contracts from failures of the node, whatever kind of provider reports them. */
import {isCallException} from "ethers";

import {revertData} from "../sdk/errors.js";

/** Data of a revert, "0x" if it came without; undefined for anything that is not a revert. */
export const revertDataOf = (error: unknown): string | undefined =>
    revertData(error) ?? (isCallException(error) ? "0x" : undefined);

export const isRevert = (error: unknown): boolean => revertDataOf(error) !== undefined;
