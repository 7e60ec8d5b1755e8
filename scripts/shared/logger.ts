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

export function createLogger(component: string, level: string, stream?: DestinationStream): Logger {
    const options = {
        level,
        base: {component},
        formatters: {log: (fields: Record<string, unknown>) => withoutBigints(fields) as Record<string, unknown>},
        redact: ["privateKey", "*.privateKey"],
    };
    return stream === undefined ? pino(options) : pino(options, stream);
}

/** Adapts a logger to `Log`; a field `error` makes the line an error. */
export function logWith(logger: Logger): Log {
    return (event, fields = {}) => {
        const {error, ...rest} = fields;
        if (error === undefined) logger.info({event, ...rest});
        else logger.error({event, ...rest, err: error});
    };
}
