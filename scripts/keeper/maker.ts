/**
 * Reference maker: answers keepers' requests for quotes. `node scripts/run.mjs scripts/keeper/maker.ts CONFIG.json`, the key in
 * MAKER_PRIVATE_KEY. Ends by SIGINT or SIGTERM; exit code 0 then, 1 for a wrong set-up.
 */
import {readFileSync} from "node:fs";
import {once} from "node:events";
import {pathToFileURL} from "node:url";

import {getAddress, isAddress, JsonRpcProvider, Network, Wallet} from "ethers";
import {z} from "zod";

import {parseAccount} from "../sdk/ids.js";
import {createLogger, logWith} from "../shared/logger.js";
import {ConfigError, readConfig} from "./config.js";
import {createMaker, serveMaker} from "./layOff/maker.js";
import {requireChain} from "./setup.js";

const address = z
    .string()
    .refine((text) => isAddress(text), "not an address")
    .transform(getAddress);
const bps = z.int().min(0).max(10_000);

const schema = z.strictObject({
    rpcUrl: z.url(),
    chainId: z.coerce.number().int().positive(),
    contracts: z.strictObject({vault: address, clearinghouse: address, riskEngine: address}),
    /** Account that makes the quotes: `0xOwner/number`. It needs the margin for what it quotes. */
    account: z.string().transform(parseAccount),
    /** Ten thousandths of the mark. */
    spreadBps: bps.default(20),
    optionSpreadBps: bps.default(500),
    /** How long a quote stands after the block that it was priced on. */
    quoteSeconds: z.int().min(1).max(3_600).default(60),
    http: z.strictObject({host: z.string().default("127.0.0.1"), port: z.int().min(0).max(65_535)}),
    logLevel: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
});

/** @param onServed Told the address once requests are answered. */
export async function main(
    configPath: string,
    env: NodeJS.ProcessEnv,
    signal: AbortSignal,
    onServed: (url: string) => void = () => undefined,
): Promise<void> {
    const config = readConfig("Maker", schema, JSON.parse(readFileSync(configPath, "utf8")));
    const key = env["MAKER_PRIVATE_KEY"];
    if (key === undefined) throw new ConfigError("MAKER_PRIVATE_KEY is not set");
    const {rpcUrl, chainId, http, logLevel, ...terms} = config;
    const log = logWith(createLogger("maker", logLevel));
    const network = Network.from(chainId);
    const provider = new JsonRpcProvider(rpcUrl, network, {cacheTimeout: -1, staticNetwork: network});
    try {
        requireChain(BigInt(chainId), BigInt((await provider.send("eth_chainId", [])) as string));
        const signer = new Wallet(key);
        const served = await serveMaker(createMaker({provider, chainId, signer, ...terms}), http, log);
        log("maker_ready", {account: terms.account, signer: signer.address, url: served.url});
        onServed(served.url);
        if (!signal.aborted) await once(signal, "abort");
        await served.close();
    } finally {
        provider.destroy();
    }
}

const HELP = `node scripts/run.mjs scripts/keeper/maker.ts [CONFIG.json]

Answers keepers' requests for quotes at the mark less a spread, for trying them out: it hedges nothing. Without CONFIG it reads
maker.json. The key is in MAKER_PRIVATE_KEY. docs/keeper.md explains the file.

  --help   this text

Exit codes: 0 stopped by a signal, 1 wrong set-up, 2 an unknown flag.`;

function start(args: readonly string[]): void {
    const flag = args.find((arg) => arg.startsWith("-"));
    if (flag !== undefined) {
        const isHelp = flag === "--help" || flag === "-h";
        process.exitCode = isHelp ? 0 : 2;
        const text = isHelp ? HELP : `Unknown option "${flag}" (--help says what there is)`;
        (isHelp ? process.stdout : process.stderr).write(`${text}\n`);
        return;
    }
    const stop = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
    main(args[0] ?? "maker.json", process.env, stop.signal).catch((error: unknown) => {
        logWith(createLogger("maker", "info"))("maker_failed", {error});
        process.exitCode = 1;
    });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) start(process.argv.slice(2));
