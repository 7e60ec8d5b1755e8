/**
 * `npm run publisher -- [CONFIG.json] [--once] [--dry-run]`: publishes surfaces from a market file. Keys come from the environment.
 * Nothing is sent unless the configuration says `"dryRun": false`. Ends by SIGINT or SIGTERM after the round in hand.
 */
import {pathToFileURL} from "node:url";

import type {DestinationStream} from "pino";

import {InputError} from "../sdk/failures.js";
import {explainError} from "../sdk/errors.js";
import {createLogger, logWith} from "../shared/logger.js";
import {HELP, parseFlags, parseKeys, parsePublisherConfig, SettingError} from "./config.js";
import {SurfaceError} from "./failures.js";
import {readSetting, runPublisher} from "./program.js";

export const EXIT_FAILURE = 1;
export const EXIT_INPUT = 2;
export const EXIT_REFUSED = 4;

export type Surroundings = {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
    /** Where the log goes; help is written there too. */
    readonly out: DestinationStream;
};

/** @returns the exit code; whatever ended the program is the last line of its log. */
export async function main(args: readonly string[], {env, signal, out}: Surroundings): Promise<number> {
    const first = logWith(createLogger("publisher", "info", out));
    try {
        const flags = parseFlags(args);
        if (flags.help) {
            out.write(HELP);
            return 0;
        }
        const file = parsePublisherConfig(readSetting("configuration", flags.configFile));
        const config = flags.dryRun ? {...file, dryRun: true} : file;
        const log = logWith(createLogger("publisher", config.logLevel, out));
        await runPublisher({config, keys: parseKeys(env), once: flags.once, log, signal});
        return 0;
    } catch (error) {
        const refusal = explainError(error);
        first("publisher_failed", refusal === undefined ? {error} : {error, refusal: refusal.sentence});
        return exitCodeOf(error);
    }
}

function exitCodeOf(error: unknown): number {
    if (error instanceof SettingError || error instanceof InputError) return EXIT_INPUT;
    if (error instanceof SurfaceError && error.code === "market-malformed") return EXIT_INPUT;
    return explainError(error) === undefined ? EXIT_FAILURE : EXIT_REFUSED;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
    const stop = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
    const surroundings = {env: process.env, signal: stop.signal, out: process.stdout};
    process.exitCode = await main(process.argv.slice(2), surroundings);
}
