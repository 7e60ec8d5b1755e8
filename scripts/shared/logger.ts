/** JSON logs: one line per event, with a stable `event` name in snake_case; bigint as decimal text. */
import {pino, type DestinationStream, type Logger} from "pino";

/** Writes one line: a stable event name, and fields. */
export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** A copy in which every bigint is decimal text, at any depth. */
export function withoutBigints(value: unknown): unknown {
    if (typeof value === "bigint") return value.toString();
    if (Array.isArray(value)) return value.map(withoutBigints);
    if (value === null || typeof value !== "object" || value instanceof Error) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutBigints(inner)]));
}

/** Everything after the host of an address may hold a key, and so may what stands before it. */
const ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>{}|\\^]+/gi;

/** A text in which every address is its host alone. */
export const withHostsOnly = (text: string): string =>
    text.replace(ADDRESS, (address) => {
        const {host} = URL.canParse(address) ? new URL(address) : {host: ""};
        return host === "" ? "(address)" : host;
    });

/** Causes of causes, no deeper. */
const MOST_CAUSES = 4;

/** Values that an error of ours says why with. */
function detailsOf(error: Error): object {
    const {details} = error as {readonly details?: unknown};
    if (typeof details !== "object" || details === null) return {};
    const texts = Object.entries(details).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return {details: Object.fromEntries(texts.map(([name, text]) => [name, withHostsOnly(text)]))};
}

/** What of an error may be written down: no other field, because requests hang on errors of nodes, with their addresses. */
export function plainError(error: unknown, depth = 0): unknown {
    if (!(error instanceof Error)) return typeof error === "string" ? withHostsOnly(error) : typeof error;
    const {code, cause} = error as {readonly code?: unknown; readonly cause?: unknown};
    return {
        type: error.name,
        message: withHostsOnly(error.message),
        ...(typeof code === "string" || typeof code === "number" ? {code} : {}),
        ...detailsOf(error),
        stack: withHostsOnly(error.stack ?? ""),
        ...(cause === undefined || depth === MOST_CAUSES ? {} : {cause: plainError(cause, depth + 1)}),
    };
}

export function createLogger(component: string, level: string, stream?: DestinationStream): Logger {
    const options = {
        level,
        base: {component},
        formatters: {log: (fields: Record<string, unknown>) => withoutBigints(fields) as Record<string, unknown>},
        redact: ["privateKey", "*.privateKey"],
        // What is an error here is plain already; the usual serialiser would join its causes to one text.
        serializers: {err: (plain: unknown) => plain},
    };
    return stream === undefined ? pino(options) : pino(options, stream);
}

/** Adapts a logger to `Log`; a field `error` makes the line an error. */
export function logWith(logger: Logger): Log {
    return (event, fields = {}) => {
        const {error, ...rest} = fields;
        if (error === undefined) logger.info({event, ...rest});
        else logger.error({event, ...rest, err: plainError(error)});
    };
}
