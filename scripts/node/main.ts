/**
 * `npm start`: a local chain on 127.0.0.1:8545 with Ballast deployed, prices and surfaces that move, and a keeper; addresses are
 * printed and written to out/local/deployment.json. Ctrl-C stops it. Exit code 0 then, 1 after a failure, 2 for a wrong flag.
 */
import hre, {network} from "hardhat";

import {createLogger, logWith} from "../shared/logger.js";
import {startLocal} from "./local.js";
import type {LocalChain} from "./local.js";
import {HELP, parseOptions, UsageError} from "./options.js";
import type {Options} from "./options.js";

const SURFACE_SECONDS = 60;

function announce({url, deployment, file, users}: LocalChain): void {
    console.log(`\nBallast runs on ${url}, chain ${deployment.chainId}\n`);
    for (const [name, address] of Object.entries(deployment.contracts)) console.log(`  ${name.padEnd(15)} ${address}`);
    for (const [symbol, {address}] of Object.entries(deployment.tokens))
        console.log(`  ${symbol.padEnd(15)} ${address}`);
    console.log("\nAccounts with tokens to try (public test keys, worth nothing):");
    for (const {address, privateKey} of users) console.log(`  ${address}  ${privateKey}`);
    console.log(`\nAddresses are in ${file}. Try, in another terminal:`);
    console.log(`  export BALLAST_PRIVATE_KEY=${users[0]?.privateKey ?? ""}`);
    console.log("  npx ballast deposit 10000 USDC --yes && npx ballast account\n\nCtrl-C stops.");
}

async function serve({port, priceSeconds, out, verbose}: Options): Promise<void> {
    console.log("Compiling contracts (a minute or more the first time) ...");
    await hre.tasks.getTask("build").run({quiet: true});
    console.log("Starting the chain and deploying ...");
    const local = await startLocal({
        network,
        port,
        folder: out,
        priceSeconds,
        surfaceSeconds: SURFACE_SECONDS,
        log: logWith(createLogger("local", verbose ? "info" : "error")),
    });
    announce(local);
    const stopped = new Promise<void>((settle) => {
        for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => settle());
    });
    try {
        await Promise.race([stopped, local.failed]);
    } finally {
        console.log("\nStopping ...");
        await local.stop();
    }
}

async function main(args: readonly string[]): Promise<number> {
    try {
        const options = parseOptions(args);
        if (options.help) console.log(HELP);
        else await serve(options);
        return 0;
    } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        console.error(error.message);
        return 2;
    }
}

process.exit(await main(process.argv.slice(2)));
