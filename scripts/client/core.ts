/** What every part of the client shares: the deployment, its contracts, and who asks. */
import {isAddress, ZeroAddress} from "ethers";
import type {Provider, Signer} from "ethers";

import type {BallastContracts} from "../chain/contracts.js";
import type {BallastEvent, EventDecoder} from "../sdk/events.js";
import {InputError} from "../sdk/failures.js";
import type {Deployment} from "../shared/deployment.js";
import {ClientError} from "./failures.js";

export type Core = {
    readonly deployment: Deployment;
    readonly provider: Provider;
    /** Undefined for a client that only reads. */
    readonly signer: Signer | undefined;
    /** Who asks: the signer, or whom a reading client speaks for. */
    readonly from: string | undefined;
    /** Called through the provider: for reading. */
    readonly contracts: BallastContracts;
    readonly events: EventDecoder;
};

/** A transaction that is in a block. */
export type Mined = {
    readonly hash: string;
    readonly block: number;
    readonly gasUsed: bigint;
    /** What the contracts of the deployment did, in order. */
    readonly events: readonly BallastEvent[];
};

export function senderOf({from}: Core): string {
    if (from !== undefined) return from;
    throw new ClientError("sender-missing", "A client without a signer has to be told for whom it asks: `from`");
}

export function signerOf({signer}: Core): Signer {
    if (signer !== undefined) return signer;
    throw new ClientError("read-only", "A client without a signer sends nothing");
}

/** Refuses what no contract would take for a recipient or an operator. */
export function checkedAddress(text: string, what: string): string {
    if (isAddress(text) && text !== ZeroAddress) return text;
    throw new InputError("account-malformed", `${what}: "${text}" is not the address of anybody`, {text});
}
