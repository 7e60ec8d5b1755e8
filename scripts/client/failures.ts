/** What can go wrong between a program and the contracts: a refusal in words, or a transaction that did not get through. */
import {Interface} from "ethers";

import {revertDataOf} from "../chain/reverts.js";
import {ERRORS} from "../sdk/abi/errors/index.js";
import {decodeError} from "../sdk/errors.js";
import type {DecodedError} from "../sdk/errors.js";
import {Failure} from "../sdk/failures.js";

export type ClientFailureCode = "read-only" | "sender-missing" | "no-code" | "reverted" | "lost";

/** The client cannot do what it was asked for, or does not know what became of it. */
export class ClientError extends Failure<ClientFailureCode> {
    override readonly name = "ClientError";
}

/** A contract said no: `refusal` has the error's name, its values and a sentence. */
export class RefusedError extends Failure<"refused"> {
    override readonly name = "RefusedError";
    readonly refusal: DecodedError;

    constructor(refusal: DecodedError, cause: unknown) {
        super("refused", `${refusal.name}: ${refusal.sentence}`, refusal.values);
        this.refusal = refusal;
        this.cause = cause;
    }
}

const CODER = new Interface(ERRORS.map(({fragment}) => fragment));

/** An error of the contracts before it happens, in the words in which it would come. */
export const refusalOf = (name: string, values: readonly unknown[]): DecodedError =>
    inWords(CODER.encodeErrorResult(name, [...values]));

/** Revert data in words; data of contracts that the kit does not know is shown as it is. */
export function inWords(data: string): DecodedError {
    const sentence =
        data === "0x"
            ? "A contract refused without saying why."
            : `A contract refused with data that the kit does not know: ${data}.`;
    return decodeError(data) ?? {name: "Unknown", selector: data.slice(0, 10), values: {data}, sentence};
}

/** The refusal inside a thrown value; undefined for anything that is not a revert. */
export function refusalIn(error: unknown): DecodedError | undefined {
    const data = revertDataOf(error);
    return data === undefined ? undefined : inWords(data);
}

/** Runs a call; a revert becomes a `RefusedError`, everything else stays what it is. */
export async function refusing<T>(call: () => Promise<T>): Promise<T> {
    try {
        return await call();
    } catch (error) {
        const refusal = refusalIn(error);
        throw refusal === undefined ? error : new RefusedError(refusal, error);
    }
}

/** A figure that is nice to have: undefined where a contract refuses to give it, for want of a fresh price for example. */
export async function ifAnswered<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
        return await call();
    } catch (error) {
        if (refusalIn(error) === undefined) throw error;
        return undefined;
    }
}
