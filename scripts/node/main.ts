/**
 * `npm start`: a local chain on 127.0.0.1:8545 with Ballast deployed, prices and surfaces that move, and a keeper; addresses are
 * printed and written to out/local/deployment.json. Ctrl-C stops it. `--port N`, `--prices SECONDS`, `--out DIR`.
 */
import {parseArgs} from "node:util";

import hre, {network} from "hardhat";

import {createLogger, logWith} from "../shared/logger.js";
import {startLocal} from "./local.js";
import type {LocalChain} from "./local.js";

const SURFACE_SECONDS = 60;

function wholeNumber(name: string, text: string): number {
    if (!/^\d+$/.test(text)) throw new Error(`--${name}: "${text}" is not a whole number`);
    return Number(text);
}

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

async function main(): Promise<void> {
    const {values} = parseArgs({
        options: {
            port: {type: "string", default: "8545"},
            prices: {type: "string", default: "15"},
            out: {type: "string", default: "out/local"},
            verbose: {type: "boolean", default: false},
        },
    });
    console.log("Compiling contracts (about half a minute the first time) ...");
    await hre.tasks.getTask("build").run({quiet: true});
    console.log("Starting the chain and deploying ...");
    const local = await startLocal({
        network,
        port: wholeNumber("port", values.port),
        folder: values.out,
        priceSeconds: wholeNumber("prices", values.prices),
        surfaceSeconds: SURFACE_SECONDS,
        log: logWith(createLogger("local", values.verbose ? "info" : "error")),
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

await main();
process.exit(0);
