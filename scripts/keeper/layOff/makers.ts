/** Asks every maker at once, and reads quotes that lie in files. Whoever is silent or answers rubbish costs the time that he is given. */
import {readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";

import {hostOf} from "../../chain/providers.js";
import type {Log} from "../../shared/logger.js";
import {formatRequest} from "./wire.js";
import type {QuoteRequest} from "./wire.js";

/** What somebody gave for a quote, not looked at yet. */
export type Heard = {readonly maker: string; readonly raw: unknown};
export type Makers = (request: QuoteRequest) => Promise<readonly Heard[]>;

export type MakersOptions = {
    readonly urls: readonly string[];
    /** A file of quotes, or a folder of such files. */
    readonly quotesFile: string | undefined;
    readonly timeoutMs: number;
    readonly log: Log;
};

/** Name of the files among the makers. */
const FILE = "file";
/** One answer, or one file. */
const MOST_BYTES = 262_144;
const MOST_QUOTES = 256;

type Failure = "silent" | "away" | "status" | "too-long" | "garbage";

class MakerError extends Error {
    readonly code: Failure;

    constructor(code: Failure) {
        super(`The maker is of no use: ${code}`);
        this.code = code;
    }
}

export function createMakers({urls, quotesFile, timeoutMs, log}: MakersOptions): Makers {
    /** What a maker gave; nothing, and a word in the log, if he failed. */
    const hear = async (maker: string, ask: () => Promise<readonly unknown[]>): Promise<readonly Heard[]> => {
        try {
            const quotes = await ask();
            log("maker_answered", {maker, quotes: quotes.length});
            return quotes.map((raw) => ({maker, raw}));
        } catch (error) {
            if (!(error instanceof MakerError)) throw error;
            log("maker_failed", {maker, reason: error.code});
            return [];
        }
    };
    return async (request) => {
        if (request.legs.length === 0) return [];
        const body = formatRequest(request);
        const asked = urls.map((url) => hear(hostOf(url), () => post(url, body, timeoutMs)));
        const read =
            quotesFile === undefined ? [] : filesOf(quotesFile).map((path) => hear(FILE, () => quotesIn(path)));
        return (await Promise.all([...asked, ...read])).flat();
    };
}

async function post(url: string, body: string, timeoutMs: number): Promise<readonly unknown[]> {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = {"content-type": "application/json"};
    try {
        const response = await fetch(url, {method: "POST", headers, body, signal, redirect: "error"});
        if (!response.ok) {
            await response.body?.cancel();
            throw new MakerError("status");
        }
        return listOf(await textOf(response));
    } catch (error) {
        if (error instanceof MakerError) throw error;
        throw new MakerError(signal.aborted ? "silent" : "away");
    }
}

async function textOf({body}: Response): Promise<string> {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
        bytes += part.byteLength;
        if (bytes > MOST_BYTES) throw new MakerError("too-long");
        parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
}

/** Files of a folder, or the file itself; what is not there yet fails when it is read. */
function filesOf(path: string): string[] {
    if (!(statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false)) return [path];
    const names = readdirSync(path).filter((name) => name.endsWith(".json"));
    return names.sort().map((name) => join(path, name));
}

function quotesIn(path: string): Promise<readonly unknown[]> {
    const found = statSync(path, {throwIfNoEntry: false});
    if (found === undefined) return Promise.reject(new MakerError("away"));
    if (found.size > MOST_BYTES) return Promise.reject(new MakerError("too-long"));
    return Promise.resolve(readFileSync(path, "utf8")).then(listOf);
}

/** One quote or a list of quotes. */
function listOf(text: string): readonly unknown[] {
    const raw = parsed(text);
    const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
    if (list.length > MOST_QUOTES) throw new MakerError("too-long");
    if (list.some((one) => typeof one !== "object" || one === null)) throw new MakerError("garbage");
    return list;
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch (error) {
        if (error instanceof SyntaxError) throw new MakerError("garbage");
        throw error;
    }
}
