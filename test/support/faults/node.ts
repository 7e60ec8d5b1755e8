/** A node that fails on purpose, in front of one that does not. A seed decides when, so that a failure can be had again. */
import {createServer} from "node:http";
import type {IncomingMessage, ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {setTimeout} from "node:timers/promises";

import {randomFrom} from "../bits.js";
import type {Random} from "../bits.js";

/** How many of a thousand requests meet each fault; the rest are passed on as they are. */
export type Faults = {
    /** The connection breaks before the request is passed on, and after it was, so that nobody hears what came of it. */
    readonly cut: number;
    readonly deaf: number;
    readonly late: number;
    readonly lateMs: number;
    /** "Internal error", "too many requests" and HTTP 503. */
    readonly refuse: number;
    /** Of a thousand nonces, how many are told too high and too low. */
    readonly lieHigh: number;
    readonly lieLow: number;
};

export type FaultName = "cut" | "deaf" | "late" | "refuse" | "lieHigh" | "lieLow";

export type FaultyNode = {
    readonly url: string;
    /** Faults by name, so far. */
    readonly done: ReadonlyMap<FaultName, number>;
    close(): Promise<void>;
};

type Message = {id?: unknown; method?: string; result?: unknown};

const THOUSAND = 1000n;
const MOST_LIE = 5n;
const REFUSALS = [
    {code: -32_603, message: "Internal error"},
    {code: -32_005, message: "too many requests"},
] as const;

const listOf = (text: string): Message[] => {
    const parsed: unknown = JSON.parse(text);
    return (Array.isArray(parsed) ? parsed : [parsed]) as Message[];
};

async function bodyOf(request: IncomingMessage): Promise<string> {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
    return body;
}

export async function startFaultyNode(target: string, seed: bigint, faults: Faults): Promise<FaultyNode> {
    const random = randomFrom(seed);
    const done = new Map<FaultName, number>();
    const count = (name: FaultName): void => void done.set(name, (done.get(name) ?? 0) + 1);

    const forward = async (body: string): Promise<string> => {
        const headers = {"content-type": "application/json"};
        const answer = await fetch(target, {method: "POST", headers, body});
        return answer.text();
    };
    const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        const body = await bodyOf(request);
        const fault = draw(random, faults);
        if (fault !== undefined) count(fault);
        if (fault === "refuse") {
            refuse(body, random, response);
            return;
        }
        if (fault !== "cut") {
            const answer = lie(body, await forward(body), {random, faults, count});
            if (fault === "late") await setTimeout(faults.lateMs);
            if (fault !== "deaf") return void response.writeHead(200, {"content-type": "application/json"}).end(answer);
        }
        request.socket.destroy();
    };
    const server = createServer((request, response) => {
        serve(request, response).catch(() => request.socket.destroy());
    });
    await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
    return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        done,
        close: () =>
            new Promise((settle) => {
                server.close(() => settle());
                server.closeAllConnections();
            }),
    };
}

function draw(random: Random, faults: Faults): "cut" | "deaf" | "late" | "refuse" | undefined {
    let point = Number(random.below(THOUSAND));
    for (const name of ["cut", "deaf", "late", "refuse"] as const) {
        if (point < faults[name]) return name;
        point -= faults[name];
    }
    return undefined;
}

function refuse(body: string, random: Random, response: ServerResponse): void {
    const error = random.pick([...REFUSALS, undefined]);
    if (error === undefined) return void response.writeHead(503).end("out of order");
    const answers = listOf(body).map(({id}) => ({jsonrpc: "2.0", id, error}));
    response.writeHead(200, {"content-type": "application/json"});
    response.end(JSON.stringify(body.startsWith("[") ? answers : answers[0]));
}

type Liar = {readonly random: Random; readonly faults: Faults; readonly count: (name: FaultName) => void};

/** Nonces that are not so, among answers that are. */
function lie(asked: string, answered: string, {random, faults, count}: Liar): string {
    if (!asked.includes("eth_getTransactionCount")) return answered;
    const calls = listOf(asked);
    const answers = listOf(answered).map((answer) => {
        const {method} = calls.find(({id}) => id === answer.id) ?? {};
        if (method !== "eth_getTransactionCount" || typeof answer.result !== "string") return answer;
        const point = Number(random.below(THOUSAND));
        const by = random.between(1n, MOST_LIE);
        const nonce = BigInt(answer.result);
        if (point < faults.lieHigh) {
            count("lieHigh");
            return {...answer, result: `0x${(nonce + by).toString(16)}`};
        }
        if (point >= faults.lieHigh + faults.lieLow) return answer;
        count("lieLow");
        return {...answer, result: `0x${(nonce > by ? nonce - by : 0n).toString(16)}`};
    });
    return JSON.stringify(asked.startsWith("[") ? answers : answers[0]);
}
