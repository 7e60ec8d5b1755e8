/** The client: a deployment and somebody who asks. */
import type {Provider, Signer} from "ethers";

import {ballastAt} from "../chain/contracts.js";
import {eventDecoder} from "../sdk/events.js";
import type {BallastEvent} from "../sdk/events.js";
import {InputError} from "../sdk/failures.js";
import {accountId} from "../sdk/ids.js";
import type {AccountId} from "../sdk/ids.js";
import {formatFixed, parseAmount} from "../sdk/units.js";
import type {AmountNative} from "../sdk/units.js";
import {tokenOf} from "../shared/deployment.js";
import type {Deployment} from "../shared/deployment.js";
import * as pool from "./backstop.js";
import {checkedAddress, senderOf} from "./core.js";
import type {Core} from "./core.js";
import {ClientError} from "./failures.js";
import * as auctions from "./liquidation.js";
import * as money from "./money.js";
import * as permissions from "./permissions.js";
import {snapshot} from "./snapshot.js";
import * as trading from "./trading.js";
import * as views from "./views.js";

export type ConnectOptions = {
    /** Whom a client without a signer speaks for in previews. */
    readonly from?: string;
};

export type Blocks = {readonly fromBlock: number; readonly toBlock?: number};

const isSigner = (runner: Provider | Signer): runner is Signer => "signTransaction" in runner;

async function coreOf(deployment: Deployment, runner: Provider | Signer, {from}: ConnectOptions): Promise<Core> {
    const signer = isSigner(runner) ? runner : undefined;
    const provider = isSigner(runner) ? runner.provider : runner;
    if (provider === null) throw new ClientError("read-only", "The signer has no provider: connect it to one first");
    const {chainId} = await provider.getNetwork();
    if (Number(chainId) !== deployment.chainId) {
        const message = `The node is on chain ${chainId}, the deployment on ${deployment.chainId}`;
        throw new InputError("wrong-chain", message, {node: String(chainId), deployment: String(deployment.chainId)});
    }
    const {vault} = deployment.contracts;
    if ((await provider.getCode(vault)) === "0x") {
        throw new ClientError("no-code", `There is no contract at ${vault}, where the vault should be`, {vault});
    }
    const stated = from === undefined ? undefined : checkedAddress(from, "from");
    return {
        deployment,
        provider,
        signer,
        from: (await signer?.getAddress()) ?? stated,
        contracts: ballastAt(deployment, provider),
        events: eventDecoder(deployment.contracts),
    };
}

/** A function of the client with its core filled in. */
const binder =
    (core: Core) =>
    <Args extends unknown[], Result>(act: (core: Core, ...args: Args) => Result): ((...args: Args) => Result) =>
    (...args) =>
        act(core, ...args);

/** What the deployment's contracts did in some blocks, in order. */
async function history({provider, deployment, events}: Core, {fromBlock, toBlock}: Blocks): Promise<BallastEvent[]> {
    const address = Object.values(deployment.contracts);
    return events.decodeAll(await provider.getLogs({address, fromBlock, toBlock: toBlock ?? "latest"}));
}

function build(core: Core) {
    const {deployment} = core;
    const bound = binder(core);
    return {
        deployment,
        /** Typed ethers contracts, for what has no helper; called through the provider, `connect` a signer to write. */
        contracts: core.contracts,
        /** Decodes logs of this deployment. */
        events: core.events,
        /** What the contracts did in some blocks. */
        history: bound(history),

        /** A sub-account of the signer. */
        accountId: (subAccount = 0n): AccountId => accountId(senderOf(core), subAccount),
        /** `"12.5"` of a token by symbol or address, as the token counts. */
        amount: (text: string, token: string): AmountNative => parseAmount(text, tokenOf(deployment, token).decimals),
        /** The way back: every digit, without trailing zeros. */
        formatAmount: (amount: AmountNative, token: string): string =>
            formatFixed(amount, tokenOf(deployment, token).decimals),

        deposit: bound(money.deposit),
        depositWithPermit: bound(money.depositWithPermit),
        withdraw: bound(money.withdraw),
        transfer: bound(money.transfer),

        setOperator: bound(permissions.setOperator),
        grantOf: bound(permissions.grantOf),
        isAuthorised: bound(permissions.isAuthorised),
        setModel: bound(permissions.setModel),

        account: bound(views.account),
        maxWithdraw: bound(views.maxWithdraw),
        liquidationPrices: bound(views.liquidationPrices),
        previewLegs: bound(views.previewLegs),
        maxSize: bound(views.maxSize),
        cheapestHedge: bound(views.cheapestHedge),
        /** Everything that the twin needs to answer by itself. */
        snapshot: bound(snapshot),

        signQuote: bound(trading.sign),
        verifyQuote: bound(trading.verify),
        quoteState: bound(trading.stateOf),
        fill: bound(trading.fill),
        fillMany: bound(trading.fillMany),
        fillReducing: bound(trading.fillReducing),
        cancelQuote: bound(trading.cancelQuote),
        cancelGroup: bound(trading.cancelGroup),
        cancelAll: bound(trading.cancelAll),
        settleAccount: bound(trading.settleAccount),

        auctions: {
            witnessOf: bound(auctions.witnessOf),
            sliceTerms: bound(auctions.sliceTerms),
            start: bound(auctions.start),
            take: bound(auctions.take),
            closeOut: bound(auctions.closeOut),
            callMargin: bound(auctions.callMargin),
            cancel: bound(auctions.cancelAuction),
            restart: bound(auctions.restartAuction),
            recordInsolvency: bound(auctions.recordInsolvency),
        },

        pool: {
            holding: bound(pool.poolHolding),
            deposit: bound(pool.depositToPool),
            requestExit: bound(pool.requestExit),
            redeem: bound(pool.redeem),
            harvest: bound(pool.harvest),
        },
    };
}

export type Ballast = ReturnType<typeof build>;

/**
 * Checks that the node is on the deployment's chain and that the contracts are there. With a signer the client acts, with a provider
 * it reads and previews.
 */
export async function connect(
    deployment: Deployment,
    runner: Provider | Signer,
    options: ConnectOptions = {},
): Promise<Ballast> {
    return build(await coreOf(deployment, runner, options));
}
