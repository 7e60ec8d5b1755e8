/** What every online command shares: where the chain is, which deployment, whose key, and how a write is confirmed. */
import {readFileSync} from "node:fs";

import type {Command} from "commander";
import {JsonRpcProvider, Wallet} from "ethers";
import type {ContractTransactionReceipt, ContractTransactionResponse} from "ethers";
import {ZodError} from "zod";

import {ballastAt} from "../chain/contracts.js";
import type {BallastContracts} from "../chain/contracts.js";
import {accountId, InputError, parseAccount} from "../sdk/index.js";
import type {AccountId} from "../sdk/index.js";
import {parseDeployment} from "../shared/deployment.js";
import type {Deployment} from "../shared/deployment.js";
import {NotConfirmedError} from "./exit.js";

export type OnlineOptions = {readonly rpc: string; readonly deployment: string; readonly json?: true};
export type WriteOptions = OnlineOptions & {readonly yes?: true};

const KEY = "BALLAST_PRIVATE_KEY";

export const online = (command: Command): Command =>
    command
        .option("--rpc <url>", "JSON-RPC endpoint", process.env["BALLAST_RPC_URL"] ?? "http://127.0.0.1:8545")
        .option("--deployment <file>", "addresses of the deployment", "out/local/deployment.json")
        .option("--json", "print JSON");

export const writing = (command: Command): Command => online(command).option("--yes", "carry the plan out");

export type Session = {
    readonly provider: JsonRpcProvider;
    readonly deployment: Deployment;
    /** For reading. */
    readonly ballast: BallastContracts;
    close(): void;
};

export type Signing = Session & {readonly wallet: Wallet; readonly own: BallastContracts};

/** Reads a JSON file that an option names; what is wrong with it is wrong input. */
export function readInput<T>(option: string, path: string, parse: (text: string) => T): T {
    try {
        return parse(readFileSync(path, "utf8"));
    } catch (error) {
        if (error instanceof InputError) throw error;
        const isOurs =
            error instanceof ZodError || error instanceof SyntaxError || (error as {code?: string}).code === "ENOENT";
        if (!isOurs) throw error;
        const field = error instanceof ZodError ? (error.issues[0]?.path.join(".") ?? "") : "";
        const reason =
            error instanceof ZodError ? `${field}: ${error.issues[0]?.message ?? ""}` : (error as Error).message;
        throw new InputError("file-malformed", `${option}: ${path}: ${reason}`, {path});
    }
}

async function open({rpc, deployment: path}: OnlineOptions): Promise<Session> {
    const deployment = readInput("--deployment", path, parseDeployment);
    const provider = new JsonRpcProvider(rpc, undefined, {cacheTimeout: -1, staticNetwork: true, polling: true});
    provider.pollingInterval = 200;
    const chainId = Number(await provider.send("eth_chainId", []));
    if (chainId !== deployment.chainId) {
        provider.destroy();
        const message = `--rpc: the node is on chain ${chainId}, the deployment on ${deployment.chainId}`;
        throw new InputError("wrong-chain", message);
    }
    return {provider, deployment, ballast: ballastAt(deployment, provider), close: () => provider.destroy()};
}

function wallet(provider: JsonRpcProvider): Wallet {
    const key = process.env[KEY];
    if (key === undefined || !/^0x[0-9a-fA-F]{64}$/.test(key)) {
        throw new InputError("key-missing", `${KEY} must hold a private key: 0x and 64 hex digits`);
    }
    return new Wallet(key, provider);
}

/** Opens the chain for one command and closes it whatever happens. */
export async function reading<T>(options: OnlineOptions, act: (session: Session) => Promise<T>): Promise<T> {
    const session = await open(options);
    try {
        return await act(session);
    } finally {
        session.close();
    }
}

export const signing = <T>(options: OnlineOptions, act: (session: Signing) => Promise<T>): Promise<T> =>
    reading(options, (session) => {
        const signer = wallet(session.provider);
        return act({...session, wallet: signer, own: ballastAt(session.deployment, signer)});
    });

/** The account that was named, or sub-account 0 of the key's owner. */
export const accountOr = (named: string | undefined, {wallet: signer}: Signing): AccountId =>
    named === undefined ? accountId(signer.address) : parseAccount(named);

/** Rows of a plan: what, and how much. */
export type Plan = Readonly<Record<string, string>>;

function print(title: string, rows: Plan): void {
    console.log(title);
    const width = Math.max(...Object.keys(rows).map((key) => key.length));
    for (const [key, value] of Object.entries(rows)) console.log(`  ${key.padEnd(width)}  ${value}`);
}

export async function mined(sent: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
    const receipt = await (await sent).wait();
    if (receipt === null) throw new Error("the node lost the transaction");
    return receipt;
}

/** Shows a plan and carries it out if confirmed. With --json there is one object: the plan, and what came of it. */
export async function confirmed(
    {yes, json}: WriteOptions,
    title: string,
    plan: Plan,
    act: () => Promise<Plan>,
): Promise<void> {
    if (json !== true) print(title, plan);
    if (yes !== true) {
        if (json === true) console.log(JSON.stringify({action: title, plan, sent: false}, null, 2));
        throw new NotConfirmedError();
    }
    const result = await act();
    if (json === true) console.log(JSON.stringify({action: title, plan, sent: true, result}, null, 2));
    else print("done", result);
}
