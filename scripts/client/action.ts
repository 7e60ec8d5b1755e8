/** An action of a user: what it would do (`preview`), and doing it (`send`). */
import {Contract} from "ethers";
import type {TransactionReceipt} from "ethers";

import {TOKEN_ABI} from "../chain/contracts.js";
import type {DecodedError} from "../sdk/errors.js";
import type {ContractName} from "../shared/deployment.js";
import {senderOf, signerOf} from "./core.js";
import type {Core, Mined} from "./core.js";
import {ClientError, refusalIn, refusalOf, refusing} from "./failures.js";

/** Tokens that a contract of the deployment takes from the sender. */
export type Approval = {
    readonly token: string;
    readonly spender: string;
    readonly amountNative: bigint;
    /** What the spender may take already, token units. */
    readonly allowanceNative: bigint;
};

/** What an action would do now, or why it would be refused. */
export type Preview<Effect> =
    | {
          readonly allowed: true;
          readonly effect: Effect;
          /** The allowance that `send` gives first; undefined if none is missing. */
          readonly approval: Approval | undefined;
      }
    | {readonly allowed: false; readonly refusal: DecodedError};

export type Action<Effect> = {
    /** The contract's function. */
    readonly name: string;
    /** The call that `send` signs last. */
    readonly call: {readonly to: string; readonly data: string};
    /** Asks the chain at its latest block. Sends nothing and never throws for a refusal. */
    readonly preview: () => Promise<Preview<Effect>>;
    /** Gives the allowance if one is missing, signs, sends and waits. Throws a `RefusedError` for a refusal. */
    readonly send: () => Promise<Mined>;
};

export type ActionSpec<Effect> = {
    readonly contract: ContractName;
    readonly name: string;
    readonly data: string;
    /** @param result What the function returns, encoded; "0x" while an allowance is missing and the call cannot be tried. */
    readonly effect: (result: string) => Promise<Effect>;
    readonly takes?: {
        readonly token: string;
        readonly amountNative: bigint;
        /** Why the call would be refused even with the allowance, as far as can be known without trying it. */
        readonly refusal: () => Promise<DecodedError | undefined>;
    };
};

/** An estimate is for this second; interest and funding of the next cost a little more gas. */
const GAS_MARGIN_PERCENT = 120n;
const PERCENT = 100n;

const tokenAt = (address: string, {provider}: Core): Contract => new Contract(address, TOKEN_ABI, provider);

/** The allowance that is missing, if any. */
async function missing<E>(core: Core, {contract, takes}: ActionSpec<E>): Promise<Approval | undefined> {
    if (takes === undefined) return undefined;
    const {token, amountNative} = takes;
    const spender = core.deployment.contracts[contract];
    const allowance = tokenAt(token, core).getFunction("allowance");
    const allowanceNative = (await allowance.staticCall(senderOf(core), spender)) as bigint;
    return allowanceNative < amountNative ? {token, spender, amountNative, allowanceNative} : undefined;
}

/** Why a call that takes tokens would be refused once it has its allowance. */
async function foreseen<E>(core: Core, {takes}: ActionSpec<E>): Promise<DecodedError | undefined> {
    if (takes === undefined) return undefined;
    const from = senderOf(core);
    const heldNative = (await tokenAt(takes.token, core).getFunction("balanceOf").staticCall(from)) as bigint;
    if (heldNative < takes.amountNative) {
        return refusalOf("ERC20InsufficientBalance", [from, heldNative, takes.amountNative]);
    }
    return takes.refusal();
}

async function preview<E>(core: Core, spec: ActionSpec<E>, call: Action<E>["call"]): Promise<Preview<E>> {
    const approval = await missing(core, spec);
    try {
        if (approval !== undefined) {
            const refusal = await foreseen(core, spec);
            if (refusal !== undefined) return {allowed: false, refusal};
            return {allowed: true, effect: await spec.effect("0x"), approval};
        }
        const result = await core.provider.call({...call, from: senderOf(core)});
        return {allowed: true, effect: await spec.effect(result), approval};
    } catch (error) {
        const refusal = refusalIn(error);
        if (refusal === undefined) throw error;
        return {allowed: false, refusal};
    }
}

/** Signs, sends and waits for one transaction. */
async function transact(core: Core, call: {readonly to: string; readonly data: string}): Promise<Mined> {
    const signer = signerOf(core);
    const receipt = await refusing(async () => {
        const estimate = await signer.estimateGas(call);
        const sent = await signer.sendTransaction({...call, gasLimit: (estimate * GAS_MARGIN_PERCENT) / PERCENT});
        return sent.wait().catch((error: unknown) => failedReceipt(error));
    });
    if (receipt === null) throw new ClientError("lost", "The node does not know the transaction any more");
    const {hash, status, blockNumber, gasUsed, logs} = receipt;
    if (status === 0) throw new ClientError("reverted", `The transaction ${hash} was mined and reverted`, {hash});
    return {hash, block: blockNumber, gasUsed, events: core.events.decodeAll(logs)};
}

/** The receipt inside what ethers throws for a transaction that was mined and reverted. */
function failedReceipt(error: unknown): TransactionReceipt {
    const {receipt} = error as {readonly receipt?: TransactionReceipt | null};
    if (receipt === undefined || receipt === null) throw error;
    return receipt;
}

async function approve(core: Core, {token, spender, amountNative, allowanceNative}: Approval): Promise<void> {
    const coder = tokenAt(token, core).interface;
    const give = (amount: bigint): Promise<Mined> =>
        transact(core, {to: token, data: coder.encodeFunctionData("approve", [spender, amount])});
    // Some tokens refuse to change an allowance that is not zero.
    if (allowanceNative > 0n) await give(0n);
    await give(amountNative);
}

export function actionOf<Effect>(core: Core, spec: ActionSpec<Effect>): Action<Effect> {
    const {contract, name, data} = spec;
    const call = {to: core.deployment.contracts[contract], data};
    return {
        name,
        call,
        preview: () => preview(core, spec, call),
        send: async () => {
            signerOf(core);
            const approval = await missing(core, spec);
            if (approval !== undefined) await approve(core, approval);
            return transact(core, call);
        },
    };
}
