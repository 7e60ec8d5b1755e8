/** The publisher as a program: it makes sure of chain and keys first, then runs one round after the other. */
import {setTimeout} from "node:timers/promises";

import {Wallet} from "ethers";
import type {Contract, JsonRpcProvider} from "ethers";

import {createDispatcher} from "../chain/dispatcher.js";
import type {Dispatcher} from "../chain/dispatcher.js";
import type {SignedReport, SurfaceReport} from "../sdk/surfaces.js";
import type {Log} from "../shared/logger.js";
import {publishCall, readOracle} from "./chain.js";
import {collectSignatures} from "./collect.js";
import {SettingError} from "./config.js";
import type {Keys, PublisherConfig} from "./config.js";
import {isSigner, openProvider, requireOracle, thresholdOf} from "./desk.js";
import {SurfaceError} from "./failures.js";
import {parseMarket} from "./market.js";
import type {Market} from "./market.js";
import {planReports} from "./publisher.js";
import type {OracleState} from "./publisher.js";
import {checkReports, surfaceKey} from "./reports.js";
import {openSource} from "./source.js";
import type {TextSource} from "./source.js";
import {placeOf} from "./wire.js";

export type RunParts = {
    readonly config: PublisherConfig;
    readonly keys: Keys;
    readonly once: boolean;
    readonly log: Log;
    readonly signal: AbortSignal;
};

type Desk = {
    readonly config: PublisherConfig;
    readonly provider: JsonRpcProvider;
    readonly oracle: Contract;
    readonly source: TextSource;
    readonly signers: readonly Wallet[];
    readonly sender: Wallet;
    readonly dispatcher: Dispatcher;
    readonly log: Log;
};

/** Pause before a lost stream is opened again. */
const REOPEN_MS = 1000;

/** Publishes until the signal, or once; ends with the last failure after too many in a row. */
export async function runPublisher({config, keys, once, log, signal}: RunParts): Promise<void> {
    const provider = openProvider(config);
    const source = openSource(config, {timeoutMs: config.timeoutMs, reopenMs: REOPEN_MS, log});
    try {
        const desk = await openDesk(config, keys, {provider, source, log});
        const {dryRun, cosigners} = config;
        log("publisher_ready", {
            sender: desk.sender.address,
            signers: desk.signers.map(({address}) => address),
            ...(cosigners.length > 0 && {cosigners}),
            dryRun,
        });
        if (once) await round(desk);
        else await rounds(desk, signal);
        log("publisher_stopped");
    } finally {
        source.close();
        provider.destroy();
    }
}

/** Fails before the first round rather than in every one. */
async function openDesk(
    config: PublisherConfig,
    keys: Keys,
    parts: Pick<Desk, "provider" | "source" | "log">,
): Promise<Desk> {
    const {provider} = parts;
    const signers = keys.signers.map((key) => new Wallet(key));
    const addresses = signers.map(({address}) => address);
    const oracle = await requireOracle(provider, config, addresses);
    const threshold = await thresholdOf(oracle);
    const {length: cosigners} = config.cosigners;
    if (signers.length + cosigners < threshold) {
        const hands = cosigners === 0 ? "keys" : `keys and ${cosigners} co-signers`;
        throw new SettingError("too-few-keys", `${signers.length} ${hands} cannot make ${threshold} signatures`);
    }
    const sender = new Wallet(keys.sender, provider);
    const {timeoutMs, attempts, maxFeePerGasGwei: maxFeePerGasWei} = config;
    const dispatcher = createDispatcher({signer: sender, provider, timeoutMs, attempts, maxFeePerGasWei});
    return {...parts, config, oracle, signers, sender, dispatcher};
}

async function rounds(desk: Desk, signal: AbortSignal): Promise<void> {
    const {everySeconds, maxFailures} = desk.config;
    let failures = 0;
    while (!signal.aborted) {
        try {
            await round(desk);
            failures = 0;
        } catch (error) {
            failures += 1;
            desk.log("round_failed", {error, failures});
            if (failures >= maxFailures) throw error;
        }
        await setTimeout(everySeconds * 1000, undefined, {signal}).catch((error: unknown) => {
            if (!signal.aborted) throw error;
        });
    }
}

/** Reads the market, signs what is new in it, asks the oracle, and sends unless this is a rehearsal. */
async function round(desk: Desk): Promise<void> {
    const {config, provider, source, sender, dispatcher, log} = desk;
    const {surfaceOracle, dryRun} = config;
    const market = parseMarket(await source.next(), {maxErrorVol: config.maxFitErrorVol});
    logFits(market, log);
    const underlyings = market.underlyings.map(({underlying}) => underlying);
    const state = await readOracle(provider, surfaceOracle, underlyings);
    const {reports, limited} = planReports(market, state);
    if (reports.length === 0) {
        log("nothing_new", {marketTime: market.time});
        return;
    }
    const signed = await sign(desk, reports, state);
    const call = publishCall(surfaceOracle, signed);
    const facts = {
        marketTime: market.time,
        limited,
        surfaces: signed.map(({report}) => placeOf(report)),
    };
    await provider.call({...call, from: sender.address});
    if (dryRun) {
        log("surfaces_simulated", facts);
        return;
    }
    const {hash, blockNumber, gasUsed} = await dispatcher.send(call);
    log("surfaces_published", {...facts, tx: hash, block: blockNumber, gasUsed});
}

/** How each smile fits, and why an expiry has none. */
function logFits({underlyings, omitted = []}: Market, log: Log): void {
    for (const {underlying, expiry, error} of omitted) {
        log("expiry_left_out", {surface: surfaceKey(underlying, expiry), error});
    }
    const fits = underlyings.flatMap(({underlying, expiries}) =>
        expiries.flatMap(({expiry, quality}) =>
            quality === undefined ? [] : [{surface: surfaceKey(underlying, expiry), ...quality}],
        ),
    );
    if (fits.length > 0) log("smiles_fitted", {fits});
}

/** The reports that have their k signatures. Without the others the rules are asked once more: a neighbour may be missing. */
async function sign(
    {config, oracle, signers, log}: Desk,
    reports: readonly SurfaceReport[],
    {domain, threshold, accepted, bounds, now}: OracleState,
): Promise<readonly SignedReport[]> {
    const {chainId, surfaceOracle, cosigners, cosignerTimeoutMs: timeoutMs} = config;
    const {signed, lacking} = await collectSignatures({
        proposal: {chainId, surfaceOracle, reports},
        domain,
        threshold,
        signers,
        cosigners,
        timeoutMs,
        isSigner: (address) => isSigner(oracle, address),
        log,
    });
    for (const {place, signatures} of lacking) log("report_unsigned", {surface: place, signatures, threshold});
    if (signed.length === 0) {
        const most = Math.max(...lacking.map(({signatures}) => signatures));
        const values = {signatures: String(most), threshold: String(threshold)};
        throw new SurfaceError("signers", `No report has ${threshold} signatures, the most is ${most}`, values);
    }
    if (lacking.length > 0) {
        checkReports(
            signed.map(({report}) => report),
            accepted,
            bounds,
            now,
        );
    }
    return signed;
}
