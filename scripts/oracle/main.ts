/**
 * `npm run publisher -- [CONFIG.json] [--once] [--dry-run]`: publishes surfaces from a market file or stream. Keys come from the
 * environment. Nothing is sent unless the configuration says `"dryRun": false`. Ends by SIGINT or SIGTERM after the round in hand.
 * `npm run publisher -- sign [CONFIG.json] [--port N]`: signs what others publish, if its own market agrees.
 */
import {pathToFileURL} from "node:url";

import type {DestinationStream} from "pino";

import {InputError} from "../sdk/failures.js";
import {explainError} from "../sdk/errors.js";
import {createLogger, logWith} from "../shared/logger.js";
import {parseCosignerConfig, parseKeys, parsePublisherConfig, parseSignerKey, SettingError} from "./config.js";
import {runCosigner} from "./cosigner.js";
import {SurfaceError} from "./failures.js";
import {HELP, parseFlags, parseSignFlags, SIGN} from "./flags.js";
import {runPublisher} from "./program.js";
import {readSetting} from "./source.js";

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
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
    const [first, ...rest] = args;
    const isCosigner = first === SIGN;
    try {
        await (isCosigner ? cosign(rest, surroundings) : publish(args, surroundings));
        return 0;
    } catch (error) {
        const log = logWith(createLogger(isCosigner ? "cosigner" : "publisher", "info", surroundings.out));
        const refusal = explainError(error);
        const event = isCosigner ? "cosigner_failed" : "publisher_failed";
        log(event, refusal === undefined ? {error} : {error, refusal: refusal.sentence});
        return exitCodeOf(error);
    }
}

async function publish(args: readonly string[], {env, signal, out}: Surroundings): Promise<void> {
    const flags = parseFlags(args);
    if (flags.help) {
        out.write(HELP);
        return;
    }
    const file = parsePublisherConfig(readSetting("configuration", flags.configFile));
    const config = flags.dryRun ? {...file, dryRun: true} : file;
    const log = logWith(createLogger("publisher", config.logLevel, out));
    const keys = parseKeys(env, config.cosigners.length > 0);
    await runPublisher({config, keys, once: flags.once, log, signal});
}

async function cosign(args: readonly string[], {env, signal, out}: Surroundings): Promise<void> {
    const flags = parseSignFlags(args);
    if (flags.help) {
        out.write(HELP);
        return;
    }
    const file = parseCosignerConfig(readSetting("configuration", flags.configFile));
    const config = flags.port === undefined ? file : {...file, port: flags.port};
    const log = logWith(createLogger("cosigner", config.logLevel, out));
    await runCosigner({config, key: parseSignerKey(env), log, signal});
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
