/**
 * A process that works on accounts as keepers do, for tests: `DATABASE SETTINGS FOLDER HOLDER LEASE_MS own|all`,
 * on those of its own shards or on whatever it gets a lease for. Each piece of work makes a
 * file that must not be there yet and removes it: two at the same account at the same time end in failure. Prints one line per
 * piece, and ends by SIGTERM.
 */
import {linkSync, unlinkSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";

import {withLease} from "../../scripts/store/leases.js";
import {accountsOf, balanceShards, leaveShards} from "../../scripts/store/shards.js";
import {openSource} from "../../scripts/store/source.js";
import type {SourceSettings} from "../../scripts/store/source.js";
import {openStore} from "../../scripts/store/store.js";
import {randomFrom} from "./bits.js";

const WORK_MS = 4;

async function main([
    database = "",
    settings = "",
    folder = "",
    holder = "",
    leaseText = "",
    which = "",
]: readonly string[]): Promise<void> {
    const leaseMs = Number(leaseText);
    const {chainId, ...rest} = JSON.parse(settings) as Omit<SourceSettings, "chainId"> & {readonly chainId: string};
    const store = await openStore(database);
    const source = await openSource(store, {...rest, chainId: BigInt(chainId)});
    const stop = new AbortController();
    process.on("SIGTERM", () => stop.abort());

    // Linked rather than written: a mark is there with its holder's name or not at all, whenever the process is killed.
    const own = join(folder, `holder-${holder}`);
    writeFileSync(own, holder);

    // In an order of its own: two that walk in step would never meet, leases or not.
    const random = randomFrom(BigInt(holder.charCodeAt(0)));
    const shuffled = (accounts: readonly string[]): string[] =>
        accounts
            .map((account) => [random.below(1n << 64n), account] as const)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([, account]) => account);

    while (!stop.signal.aborted) {
        const held = await balanceShards(store, source, {holder, leaseMs});
        const shards = which === "own" ? held : Array.from({length: source.shards}, (_, shard) => shard);
        for (const account of shuffled(await store.read((tx) => accountsOf(tx, source, shards)))) {
            const request = {kind: "work" as const, key: account, holder, leaseMs};
            await withLease(store, source, request, async () => {
                const mark = join(folder, account);
                linkSync(own, mark);
                await sleep(WORK_MS);
                unlinkSync(mark);
                process.stdout.write(`${holder} ${account}\n`);
            });
        }
        await sleep(1);
    }
    await leaveShards(store, source, {holder, leaseMs});
    await store.close();
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
