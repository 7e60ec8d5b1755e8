/** What `npm start` starts, for pages that say "with a node running": files and names that their commands need. */
import {join} from "node:path";

import {network} from "hardhat";

import {startLocal, walletsOf} from "../../../scripts/node/local.js";
import type {LocalChain} from "../../../scripts/node/local.js";
import {read} from "../../../scripts/tools/repository.js";
import type {Names} from "./rules.js";
import {put} from "./terminal.js";
import type {Terminal} from "./terminal.js";

const DAY = 86_400;
const WEEK = 7 * DAY;
/** Nothing moves while the commands run. */
const NEVER = 86_400;
const KEEPER = 16;

export async function startChain(folder: string): Promise<LocalChain> {
    return startLocal({
        network,
        port: 0,
        folder: join(folder, "out/local"),
        priceSeconds: NEVER,
        surfaceSeconds: NEVER,
        log: () => undefined,
    });
}

/** A block of JSON of a page; what it leaves open is filled in. */
function jsonOf(page: string, index: number): Record<string, unknown> {
    const blocks = [...read(page).matchAll(/^```json\n([\s\S]*?)^```/gm)];
    return JSON.parse(blocks[index]?.[1] ?? "null") as Record<string, unknown>;
}

type Head = {readonly number: number; readonly seconds: number};

async function headOf(url: string): Promise<Head> {
    const body = JSON.stringify({jsonrpc: "2.0", id: 1, method: "eth_getBlockByNumber", params: ["latest", false]});
    const answer = (await (await fetch(url, {method: "POST", body})).json()) as {
        result: {number: string; timestamp: string};
    };
    return {number: Number(answer.result.number), seconds: Number(answer.result.timestamp)};
}

/** `keeper.json` of its page, with the contracts that it names. */
function writeKeeper(folder: string, {url, deployment}: LocalChain, owner: string): void {
    const config = jsonOf("docs/keeper.md", 0);
    const addresses: Readonly<Record<string, string>> = {
        ...deployment.contracts,
        lens: deployment.contracts.marginLens,
    };
    const contracts = Object.fromEntries(
        Object.keys(config["contracts"] as object).map((name) => [name, addresses[name]]),
    );
    const files = {stateFile: "keeper/state.json", journalFile: "keeper/journal.jsonl", logLevel: "error"};
    const filled = {...config, rpcUrl: url, contracts, account: `${owner}/0`, ...files};
    put(folder, "keeper.json", JSON.stringify(filled));
}

/** `maker.json` of the keeper's page. */
function writeMaker(folder: string, {url, deployment}: LocalChain, owner: string): void {
    const config = jsonOf("docs/keeper.md", 2);
    const {vault, clearinghouse, riskEngine} = deployment.contracts;
    const filled = {...config, rpcUrl: url, contracts: {vault, clearinghouse, riskEngine}, account: `${owner}/0`};
    put(folder, "maker.json", JSON.stringify({...filled, http: {port: 0}, logLevel: "error"}));
}

/** `indexer.json` of its page. */
function writeIndexer(folder: string, {url, deployment}: LocalChain): void {
    const config = jsonOf("docs/store.md", 0);
    const {vault, clearinghouse, liquidator} = deployment.contracts;
    const filled = {...config, rpcUrl: url, contracts: {vault, clearinghouse, liquidator}};
    put(folder, "indexer.json", JSON.stringify(filled));
}

/** `publisher.json` and `market.json` of their page, the market at the chain's time. */
function writePublisher(folder: string, {url, deployment}: LocalChain, now: number): void {
    const config = jsonOf("docs/publisher.md", 0);
    const {surfaceOracle} = deployment.contracts;
    put(folder, "publisher.json", JSON.stringify({...config, rpcUrl: url, surfaceOracle}));
    const market = jsonOf("docs/publisher.md", 1) as {underlyings: {BTC: {expiries: Record<string, unknown>}}};
    const [quote] = Object.values(market.underlyings.BTC.expiries);
    const day = new Date((Math.floor(now / DAY) * DAY + 10 * WEEK) * 1000).toISOString().slice(0, 10);
    const underlyings = {BTC: {...market.underlyings.BTC, expiries: {[day]: quote}}};
    put(folder, "market.json", JSON.stringify({now: new Date(now * 1000).toISOString(), underlyings}));
}

/** Writes the files that pages name and says what stands for what in their commands. */
export async function prepare({folder, variables}: Terminal, chain: LocalChain): Promise<Names> {
    const wallets = walletsOf(20);
    const keeper = wallets[KEEPER];
    const signers = wallets.filter(({address}) => chain.deployment.actors.surfaceSigners.includes(address));
    if (keeper === undefined) throw new Error("There is no key for the keeper");
    writeKeeper(folder, chain, keeper.address);
    writeMaker(folder, chain, keeper.address);
    writeIndexer(folder, chain);
    const head = await headOf(chain.url);
    writePublisher(folder, chain, head.seconds);
    variables.set("BALLAST_RPC_URL", chain.url);
    return {
        KEEPER_PRIVATE_KEY: keeper.privateKey,
        MAKER_PRIVATE_KEY: keeper.privateKey,
        PUBLISHER_SIGNER_KEYS: signers.map(({privateKey}) => privateKey).join(","),
        COMMAND: "--help",
        AMOUNT: "100",
        TOKEN: "USDC",
        ACCOUNT: `${chain.users[0]?.address ?? ""}/0`,
        "INSTRUMENT:SIZE": "BTC-PERP:0.1@60000",
        "INSTRUMENT:LOT": "BTC-PERP:0.01@60000",
        "INSTRUMENT:MOST": "BTC-PERP:-1@60000",
        SIZE: "0.01",
        "fill FILE": "signed.json",
        "--book FILE": "docs/examples/covered.json",
        "--scenario FILE": "crash.json",
        "FILE.svg": "chart.svg",
        // Looks once.
        SECONDS: "0",
        NUMBER: "3",
        "--block NUMBER": String(head.number),
        TYPE: "call",
        PRICE: "60000",
        DAYS: "30",
        VOL: "0.6",
        URL: chain.url,
        "--deployment FILE": chain.file,
        "--network NAME": "local",
    };
}
