/** A co-signer: one key, a market of its own, and an answer over HTTP to "would you sign this?". */
import {createServer} from "node:http";
import type {IncomingMessage, ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";

import {Wallet} from "ethers";

import {Failure} from "../sdk/failures.js";
import {SURFACE_TYPES} from "../sdk/surfaces.js";
import type {Log} from "../shared/logger.js";
import {readOracle} from "./chain.js";
import {openProvider, requireOracle} from "./desk.js";
import type {CosignerConfig} from "./config.js";
import {judge, refusal} from "./judge.js";
import type {Tolerance} from "./judge.js";
import {parseMarket} from "./market.js";
import type {Market} from "./market.js";
import type {OracleState} from "./publisher.js";
import {openSource} from "./source.js";
import {placeOf, PROPOSAL, wireText} from "./wire.js";
import type {Answer, Proposal, Refusal} from "./wire.js";

export type CosignerParts = {
    readonly wallet: Wallet;
    readonly chainId: bigint;
    readonly surfaceOracle: string;
    readonly tolerance: Tolerance;
    readonly market: () => Promise<Market>;
    readonly state: (underlyings: readonly number[]) => Promise<OracleState>;
    readonly log: Log;
};

/** Signs what it agrees with, and says of the rest why not. */
export async function answerProposal(proposal: Proposal, parts: CosignerParts): Promise<Answer> {
    const {wallet, chainId, surfaceOracle, tolerance, log} = parts;
    const {reports} = proposal;
    const isHere = proposal.chainId === chainId && proposal.surfaceOracle.toLowerCase() === surfaceOracle.toLowerCase();
    const asked = {chainId: String(proposal.chainId), surfaceOracle: proposal.surfaceOracle};
    const away = refusal("wrong-oracle", `This key signs for ${surfaceOracle} on chain ${chainId}`, asked);
    if (!isHere)
        return answerWith(
            wallet.address,
            reports.map((report) => ({place: placeOf(report), refusal: away})),
        );

    const underlyings = [...new Set(reports.map(({underlying}) => underlying))];
    const [market, state] = await Promise.all([parts.market(), parts.state(underlyings)]);
    const refusals = judge(reports, market, state, tolerance);
    const verdicts = await Promise.all(
        reports.map(async (report, index) => {
            const place = placeOf(report);
            const refused: Refusal | undefined = refusals[index];
            if (refused !== undefined) {
                log("report_refused", {place, code: refused.code, reason: refused.message});
                return {place, refusal: refused};
            }
            const signature = await wallet.signTypedData(state.domain, SURFACE_TYPES, report);
            log("report_signed", {place, publishedAt: report.surface.publishedAt});
            return {place, signature};
        }),
    );
    return answerWith(wallet.address, verdicts);
}

const answerWith = (signer: string, verdicts: Answer["verdicts"]): Answer => ({signer, verdicts});

const OK = 200;
const BAD_REQUEST = 400;
const NOT_FOUND = 404;
const TOO_LARGE = 413;
const UNAVAILABLE = 503;
const MAX_BODY = 1_000_000;

type Reply = readonly [status: number, body: object];

const wrong = (status: number, code: string, message: string): Reply => [status, {error: {code, message}}];

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) {
        body += String(chunk);
        if (body.length > MAX_BODY) return undefined;
    }
    return body;
}

async function sign(request: IncomingMessage, parts: CosignerParts): Promise<Reply> {
    const body = await bodyOf(request);
    if (body === undefined) return wrong(TOO_LARGE, "too-large", `A proposal has at most ${MAX_BODY} characters`);
    let json: unknown;
    try {
        json = JSON.parse(body);
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return wrong(BAD_REQUEST, "proposal-malformed", `not JSON: ${error.message}`);
    }
    const parsed = PROPOSAL.safeParse(json);
    if (!parsed.success) {
        const issues = parsed.error.issues.map(({path, message}) => `${path.join(".")}: ${message}`);
        return wrong(BAD_REQUEST, "proposal-malformed", issues.join("; "));
    }
    return [OK, await answerProposal(parsed.data, parts)];
}

async function replyTo(request: IncomingMessage, parts: CosignerParts): Promise<Reply> {
    const {method, url} = request;
    if (method === "GET" && url === "/health") return [OK, {signer: parts.wallet.address}];
    if (method !== "POST" || url !== "/sign") {
        return wrong(NOT_FOUND, "not-found", "only POST /sign and GET /health are here");
    }
    try {
        return await sign(request, parts);
    } catch (error) {
        if (!(error instanceof Error)) throw error;
        parts.log("proposal_failed", {error});
        return wrong(UNAVAILABLE, error instanceof Failure ? String(error.code) : "failed", error.message);
    }
}

export type RunningCosigner = {readonly url: string; readonly close: () => Promise<void>};

/** Listens until it is closed; port 0 takes any free one. */
export async function serveCosigner(
    parts: CosignerParts,
    {host, port}: {readonly host: string; readonly port: number},
): Promise<RunningCosigner> {
    const server = createServer((request: IncomingMessage, response: ServerResponse) => {
        void replyTo(request, parts).then(([status, body]) => {
            response.writeHead(status, {"content-type": "application/json"}).end(`${wireText(body)}\n`);
        });
    });
    await new Promise<void>((settle, reject) => {
        server.once("error", reject).listen(port, host, settle);
    });
    const {port: taken} = server.address() as AddressInfo;
    return {
        url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`,
        close: () =>
            new Promise((settle) => {
                server.close(() => settle());
                server.closeAllConnections();
            }),
    };
}

export type CosignerRun = {
    readonly config: CosignerConfig;
    readonly key: string;
    readonly log: Log;
    readonly signal: AbortSignal;
};

const REOPEN_MS = 1000;

/** Makes sure of chain and key, then answers until the signal. */
export async function runCosigner({config, key, log, signal}: CosignerRun): Promise<void> {
    const provider = openProvider(config);
    const source = openSource(config, {timeoutMs: config.timeoutMs, reopenMs: REOPEN_MS, log});
    try {
        const wallet = new Wallet(key);
        await requireOracle(provider, config, [wallet.address]);
        const limits = {maxErrorVol: config.maxFitErrorVol};
        let last: {readonly text: string; readonly market: Market} | undefined;
        // A fit takes a while, and a market that has not changed has the same smiles.
        const market = async (): Promise<Market> => {
            const text = await source.next();
            if (last?.text !== text) last = {text, market: parseMarket(text, limits)};
            return last.market;
        };
        const {chainId, surfaceOracle} = config;
        const state = (underlyings: readonly number[]): Promise<OracleState> =>
            readOracle(provider, surfaceOracle, underlyings);
        const parts = {wallet, chainId, surfaceOracle, tolerance: toleranceOf(config), market, state, log};
        const server = await serveCosigner(parts, config);
        log("cosigner_ready", {signer: wallet.address, url: server.url});
        if (!signal.aborted) {
            await new Promise<void>((settle) => {
                signal.addEventListener("abort", () => settle(), {once: true});
            });
        }
        await server.close();
        log("cosigner_stopped");
    } finally {
        source.close();
        provider.destroy();
    }
}

const toleranceOf = (config: CosignerConfig): Tolerance => ({
    forwardE18: config.maxForwardApart,
    discountE18: config.maxDiscountApart,
    volE18: config.maxVolApart,
    maxMarketAgeSeconds: config.maxMarketAgeSeconds,
    maxApartSeconds: config.maxApartSeconds,
});
