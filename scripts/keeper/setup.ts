/** Puts a keeper together and checks, before it does anything, that it talks to the right chain with the right key. */
import {Contract, type Provider, type Signer} from "ethers";

import {createDispatcher} from "../chain/dispatcher.js";
import type {DispatcherOptions} from "../chain/dispatcher.js";
import {CLEARINGHOUSE_ABI} from "../sdk/abi/Clearinghouse.js";
import {MARGIN_VAULT_ABI} from "../sdk/abi/MarginVault.js";
import {quoteDomain} from "../sdk/quotes.js";
import type {Log} from "../shared/logger.js";
import {openBacking} from "./backing.js";
import type {KeeperConfig} from "./config.js";
import type {KeeperParts, Memory} from "./keeper.js";
import {createLayOff} from "./layOff/layOff.js";
import {createLookout} from "./lookout.js";
import {createReader} from "./reader.js";
import {createSnapshotReader} from "../chain/snapshot.js";

export type SetupFailureCode = "wrong-chain" | "no-code" | "not-authorised" | "wrong-core" | "wrong-version";

export class SetupError extends Error {
    readonly code: SetupFailureCode;

    constructor(code: SetupFailureCode, message: string) {
        super(message);
        this.name = "SetupError";
        this.code = code;
    }
}

const LIQUIDATE = 8;
const TRADE_AND_LIQUIDATE = 9;
/** Actions of one group are tried out side by side and ready at slightly different times. */
const GATHER_MS = 50;

export type KeeperChain = {readonly provider: Provider; readonly signer: Signer} & Pick<
    DispatcherOptions,
    "peers" | "relay"
>;

export async function createKeeper(
    config: KeeperConfig,
    chain: KeeperChain,
    log: Log,
): Promise<{readonly memory: Memory; readonly parts: KeeperParts; readonly close: () => Promise<void>}> {
    const {provider, signer, peers, relay} = chain;
    const from = await signer.getAddress();
    await check(config, provider, from);
    const backing = await openBacking({config, provider, log}, from);
    const {timeoutMs, attempts, inFlight, maxFeePerGasGwei: maxFeePerGasWei} = config;
    const acting = {
        provider,
        dispatcher: createDispatcher({
            signer,
            provider,
            timeoutMs,
            attempts,
            inFlight,
            gatherMs: GATHER_MS,
            maxFeePerGasWei,
            ...(peers === undefined ? {} : {peers}),
            ...(relay === undefined ? {} : {relay}),
        }),
        from,
        dryRun: config.dryRun,
        journal: backing.journal,
        alone: backing.alone,
        log,
        nowMs: () => Date.now(),
    };
    const reader = createReader({
        provider,
        contracts: config.contracts,
        batchSize: config.batchSize,
        onUnreadable: (account, error) => log("account_unreadable", {account, error}),
    });
    const {sweepEverySeconds, batchSize} = config;
    const snapshots = createSnapshotReader(provider, config.contracts);
    const readsAll = sweepEverySeconds === null || sweepEverySeconds === 0;
    const lookout = readsAll
        ? undefined
        : createLookout(snapshots, {sweepEverySeconds, batchSize, booksCome: config.contracts.lens !== undefined});
    const layOff = laysOff(config) ? createLayOff({config, provider, reader: snapshots, from, log}) : undefined;
    const state = backing.start;
    log("keeper_ready", {from, account: config.account, dryRun: config.dryRun, nextBlock: state.cursor.nextBlock});
    return {
        memory: {state, calls: new Map()},
        parts: {config, provider, reader, lookout, layOff, acting, backing, log},
        close: backing.close,
    };
}

const laysOff = ({contracts, hedge}: KeeperConfig): boolean => contracts.closeOut !== undefined || hedge !== undefined;

export function requireChain(wanted: bigint, found: bigint): void {
    if (found !== wanted) throw new SetupError("wrong-chain", `The node is on chain ${found}, not on ${wanted}`);
}

async function check(config: KeeperConfig, provider: Provider, from: string): Promise<void> {
    const {chainId, contracts, account} = config;
    requireChain(chainId, (await provider.getNetwork()).chainId);
    for (const [name, address] of Object.entries(contracts)) {
        if (address === undefined) continue;
        if ((await provider.getCode(address)) === "0x")
            throw new SetupError("no-code", `No code at ${name} ${address}`);
    }
    const vault = new Contract(contracts.vault, MARGIN_VAULT_ABI, provider);
    const [riskEngine, clearinghouse, liquidator] = (await vault.getFunction("core").staticCall()) as readonly string[];
    const named = [contracts.riskEngine, contracts.clearinghouse, contracts.liquidator];
    if ([riskEngine, clearinghouse, liquidator].some((address, index) => address !== named[index])) {
        throw new SetupError("wrong-core", "The vault names other core contracts than the configuration");
    }
    await requireVersion(contracts.clearinghouse, chainId, provider);
    const may = async (who: string, rights: number): Promise<boolean> =>
        (await vault.getFunction("isAuthorised").staticCall(account, who, rights)) as boolean;
    if (!(await may(from, LIQUIDATE))) {
        throw new SetupError("not-authorised", `${from} may not take slices into ${account}`);
    }
    const traders = laysOff(config) ? [from, ...(contracts.closeOut === undefined ? [] : [contracts.closeOut])] : [];
    for (const who of traders) {
        if (await may(who, TRADE_AND_LIQUIDATE)) continue;
        throw new SetupError("not-authorised", `${who} may not both trade and liquidate (9) for ${account}`);
    }
}

/** Contracts and kit are of one version where they agree on what a quote's signature is for. */
async function requireVersion(clearinghouse: string, chainId: bigint, provider: Provider): Promise<void> {
    const wanted = quoteDomain(chainId, clearinghouse);
    const contract = new Contract(clearinghouse, CLEARINGHOUSE_ABI, provider);
    const {name, version} = (await contract.getFunction("eip712Domain").staticCall()) as Record<
        "name" | "version",
        string
    >;
    if (name === wanted.name && version === wanted.version) return;
    const message = `The clearinghouse is ${name} version ${version}, this keeper is for ${wanted.name} version ${wanted.version}`;
    throw new SetupError("wrong-version", message);
}
