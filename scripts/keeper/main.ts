/**
 * Reference keeper. `node scripts/run.mjs scripts/keeper/main.ts CONFIG.json`, the key in KEEPER_PRIVATE_KEY. Sends nothing
 * unless the configuration says `"dryRun": false`. Ends by SIGINT or SIGTERM after the round in hand; exit code 0 then,
 * 1 after too many failures or a wrong set-up.
 */
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

import {JsonRpcProvider, Network, Wallet} from "ethers";

import {createLogger, logWith} from "../shared/logger.js";
import {ConfigError, parseKeeperConfig} from "./config.js";
import {runKeeper} from "./keeper.js";
import {createKeeper, requireChain} from "./setup.js";

export async function main(configPath: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
    const config = parseKeeperConfig(JSON.parse(readFileSync(configPath, "utf8")));
    const log = logWith(createLogger("keeper", config.logLevel));
    const key = env["KEEPER_PRIVATE_KEY"];
    if (key === undefined) throw new ConfigError("KEEPER_PRIVATE_KEY is not set");
    // The chain is named by the configuration and asked for here, so a node that is away is an error at once.
    const network = Network.from(config.chainId);
    const provider = new JsonRpcProvider(config.rpcUrl, network, {cacheTimeout: -1, staticNetwork: network});
    try {
        requireChain(config.chainId, BigInt((await provider.send("eth_chainId", [])) as string));
        const {memory, parts, close} = await createKeeper(config, {provider, signer: new Wallet(key, provider)}, log);
        await runKeeper(memory, parts, signal).finally(close);
    } finally {
        provider.destroy();
    }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
    const stop = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
    main(process.argv[2] ?? "keeper.json", process.env, stop.signal).catch((error: unknown) => {
        logWith(createLogger("keeper", "info"))("keeper_failed", {error});
        process.exitCode = 1;
    });
}
