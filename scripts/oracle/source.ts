/**
 * Where the text of a market comes from: a file that is read anew each time, or a stream of lines over TCP, a socket of this machine
 * or a WebSocket. Every line is a whole market; the last one counts.
 */
import {readFileSync} from "node:fs";
import {connect} from "node:net";
import {setTimeout as sleep} from "node:timers/promises";

import type {Log} from "../shared/logger.js";
import {SettingError} from "./config.js";
import {SurfaceError} from "./failures.js";

export type TextSource = {
    readonly next: () => Promise<string>;
    readonly close: () => void;
};

/** Text of a file that the operator named. */
export function readSetting(name: string, path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        if (!(error instanceof Error)) throw error;
        throw new SettingError("file-unreadable", `${name}: ${error.message}`);
    }
}

export const fileSource = (path: string): TextSource => ({
    next: () => Promise.resolve().then(() => readSetting("marketFile", path)),
    close: () => undefined,
});

export type StreamOptions = {
    readonly url: string;
    /** How long the first line may take, and the pause before a lost stream is opened again. */
    readonly timeoutMs: number;
    readonly reopenMs: number;
    readonly log: Log;
};

const MAX_LINE = 5_000_000;
const POLL_MS = 20;

type Ends = {readonly line: (text: string) => void; readonly lost: (reason: string) => void};
type Closing = () => void;

/** Cuts what arrives into lines; one that does not end is given up. */
function liner({line, lost}: Ends): (chunk: string) => void {
    let rest = "";
    return (chunk) => {
        const [first = "", ...more] = chunk.split("\n");
        rest += first;
        for (const next of more) {
            if (rest.trim() !== "") line(rest);
            rest = next;
        }
        if (rest.length > MAX_LINE) lost(`a line of more than ${MAX_LINE} characters`);
    };
}

function openSocket(url: URL, ends: Ends): Closing {
    const socket = url.protocol === "unix:" ? connect(url.pathname) : connect(Number(url.port), url.hostname);
    const feed = liner({
        ...ends,
        lost: (reason) => {
            ends.lost(reason);
            socket.destroy();
        },
    });
    socket
        .setEncoding("utf8")
        .on("data", (chunk) => feed(String(chunk)))
        .on("error", (error) => ends.lost(error.message))
        .on("close", () => ends.lost("closed"));
    return () => socket.destroy();
}

function openWebSocket(url: URL, ends: Ends): Closing {
    const socket = new WebSocket(url);
    socket.addEventListener("message", ({data}) => {
        if (typeof data !== "string" || data.length > MAX_LINE) {
            ends.lost(`no text of at most ${MAX_LINE} characters`);
            socket.close();
        } else {
            ends.line(data);
        }
    });
    socket.addEventListener("error", () => ends.lost("no connection"));
    socket.addEventListener("close", () => ends.lost("closed"));
    return () => socket.close();
}

/** Opens the stream, and again whenever it is lost. What it said last stays; its age is for the oracle's rules. */
export function streamSource({url, timeoutMs, reopenMs, log}: StreamOptions): TextSource {
    const place = new URL(url);
    const stop = new AbortController();
    let last: string | undefined;
    let reason = "no line yet";
    let close: Closing = () => undefined;

    const open = (): void => {
        let isLost = false;
        const lost = (why: string): void => {
            if (isLost || stop.signal.aborted) return;
            isLost = true;
            reason = why;
            log("stream_lost", {stream: url, reason: why});
            sleep(reopenMs, undefined, {signal: stop.signal}).then(open, () => undefined);
        };
        const line = (text: string): void => {
            last = text;
        };
        const isWeb = place.protocol === "ws:" || place.protocol === "wss:";
        close = (isWeb ? openWebSocket : openSocket)(place, {line, lost});
    };
    open();

    return {
        next: async () => {
            for (let waitedMs = 0; last === undefined; waitedMs += POLL_MS) {
                if (waitedMs >= timeoutMs || stop.signal.aborted) {
                    const values = {stream: url, timeoutMs: String(timeoutMs), reason};
                    throw new SurfaceError(
                        "market-silent",
                        `No market from ${url} in ${timeoutMs} ms: ${reason}`,
                        values,
                    );
                }
                await sleep(POLL_MS);
            }
            return last;
        },
        close: () => {
            stop.abort();
            close();
        },
    };
}

/** The one of the two that the configuration names. */
export function openSource(
    {marketFile, marketStream}: {readonly marketFile?: string | undefined; readonly marketStream?: string | undefined},
    options: Omit<StreamOptions, "url">,
): TextSource {
    if (marketStream !== undefined) return streamSource({...options, url: marketStream});
    return fileSource(marketFile ?? "");
}
