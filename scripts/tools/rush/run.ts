/** One rush: a crowd, a keeper that knows it, a price update, and blocks at a steady pace until nobody is short. */
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout} from "node:timers/promises";

import {createMarket} from "../../demo/market.js";
import {createWorld} from "../../demo/world.js";
import type {World} from "../../demo/world.js";
import {assessAll, readStanding} from "../../chain/solvency.js";
import {parseKeeperConfig} from "../../keeper/config.js";
import {tick} from "../../keeper/keeper.js";
import type {KeeperParts, Memory} from "../../keeper/keeper.js";
import {createKeeper} from "../../keeper/setup.js";
import {formatAccount, parseAccount} from "../../sdk/index.js";
import {gather} from "./crowd.js";
import type {Crowd} from "./crowd.js";
import type {Options} from "./program.js";

export type Figures = {
    readonly accounts: number;
    readonly short: number;
    readonly inFlight: number;
    readonly blockMs: number;
    /** Blocks from the update to the block with the first start, the last first start, and the last end of an auction. */
    readonly blocks: {readonly firstStart: number; readonly lastStart: number; readonly cleared: number};
    /** Seconds in which the keeper met the crowd, and those from the update until nobody was short. */
    readonly seconds: {readonly meeting: number; readonly clearing: number};
    readonly transactions: number;
    readonly failed: number;
    /** Of all its transactions, and the most in one block. */
    readonly gas: {readonly all: number; readonly fullestBlock: number};
    readonly leftShort: number;
};

const START = Date.UTC(2026, 2, 13, 8) / 1000;
const DAY = 86_400;
const CALM = {BTC: "60000", ETH: "3000"};
const FALLEN = {BTC: "54600", ETH: "2730"};
const MOST_ROUNDS = 60;
const ENOUGH_SECONDS = 1_000_000;
/** The keeper looks so often in the time of a block. */
const PARTS_OF_A_BLOCK = 4;

type Setting = {readonly inFlight: number; readonly folder: string; readonly log: KeeperParts["log"]};

async function keeperOf(
    world: World,
    crowd: Crowd,
    {inFlight, folder, log}: Setting,
): Promise<{readonly memory: Memory; readonly parts: KeeperParts}> {
    const {vault, clearinghouse, riskEngine, priceOracle, liquidator, marginLens} = world.deployment.contracts;
    const config = parseKeeperConfig({
        rpcUrl: "http://127.0.0.1:8545",
        chainId: String(world.deployment.chainId),
        contracts: {vault, clearinghouse, riskEngine, priceOracle, liquidator, lens: marginLens},
        account: formatAccount(parseAccount(crowd.keeper)),
        firstBlock: world.deployment.block,
        sweepEverySeconds: ENOUGH_SECONDS,
        // The chain's base fee is nothing, and so is most of the pay.
        minProfit: "-1000",
        inFlight,
        stateFile: join(folder, "state.json"),
        journalFile: join(folder, "journal.jsonl"),
        dryRun: false,
    });
    const signers = await world.connection.ethers.getSigners();
    const signer = signers[crowd.keeperWallet];
    if (signer === undefined) throw new Error("The keeper has no key");
    return createKeeper(config, {provider: world.connection.ethers.provider, signer}, log);
}

type Noted = {readonly action: string; readonly block: number; readonly gas: number};

/** What a keeper's log says of its actions. */
class Notes {
    readonly mined: Noted[] = [];
    failed = 0;
    /** Of the last round. */
    short = 0;
    firstMs: number | undefined;

    readonly log: KeeperParts["log"] = (event, fields = {}) => {
        if (event === "tick_finished") this.short = Number(fields["short"]);
        if (event === "action_failed") this.failed += 1;
        if (event !== "action_mined") return;
        this.firstMs ??= Date.now();
        const [block, gas] = [Number(fields["block"]), Number(fields["gasUsed"])];
        this.mined.push({action: String(fields["action"]), block, gas});
    };

    /** Blocks from `from` to the ones with such an action. */
    after(from: number, isMeant: (action: string) => boolean): {readonly first: number; readonly last: number} {
        const blocks = this.mined.filter(({action}) => isMeant(action)).map(({block}) => block - from);
        return {first: Math.min(...blocks), last: Math.max(...blocks)};
    }

    gas(): Figures["gas"] {
        const perBlock = new Map<number, number>();
        for (const {block, gas} of this.mined) perBlock.set(block, (perBlock.get(block) ?? 0) + gas);
        const all = this.mined.reduce((sum, {gas}) => sum + gas, 0);
        return {all, fullestBlock: Math.max(0, ...perBlock.values())};
    }
}

/** Rounds of the keeper while blocks come at their pace, until a round finds nobody short. */
async function clear(world: World, start: Memory, parts: KeeperParts, notes: Notes, blockMs: number): Promise<void> {
    const {provider} = world.connection;
    await provider.request({method: "evm_setAutomine", params: [false]});
    const pace = setInterval(() => void provider.request({method: "evm_mine", params: []}), blockMs);
    try {
        let memory = start;
        for (let round = 0; round < MOST_ROUNDS; ++round) {
            memory = await tick(memory, parts);
            if (round > 0 && notes.short === 0) return;
            await setTimeout(blockMs / PARTS_OF_A_BLOCK);
        }
    } finally {
        clearInterval(pace);
        await provider.request({method: "evm_setAutomine", params: [true]});
    }
}

async function leftShort({provider, deployment}: World): Promise<number> {
    const standing = await readStanding({provider, deployment});
    const judged = [...assessAll(standing, standing.market).values()];
    return judged.filter((one) => one === undefined || one.equityE18 < one.maintenanceE18).length;
}

async function race(
    world: World,
    options: Options,
    folder: string,
    onProgress: (line: string) => void,
): Promise<Figures> {
    const {accounts, short, inFlight, blockMs} = options;
    const market = createMarket(world, [START + 14 * DAY]);
    await market.write({time: START, ...CALM}, 0);
    const onOpened = (opened: number): void => {
        if (opened % 1000 === 0) onProgress(`${opened} of ${accounts} accounts are open`);
    };
    const crowd = await gather(world, market, {accounts, short, onProgress: onOpened});
    const notes = new Notes();
    const {memory, parts} = await keeperOf(world, crowd, {inFlight, folder, log: notes.log});
    const metMs = Date.now();
    const met = await tick(memory, parts);
    const meeting = (Date.now() - metMs) / 1000;
    onProgress(`the keeper knows ${met.state.accounts.size} accounts after ${meeting.toFixed(1)} s`);
    const time = ((await world.provider.getBlock("latest"))?.timestamp ?? START) + 60;
    await market.write({time, ...FALLEN}, 1);
    const updated = await world.provider.getBlockNumber();
    const updatedMs = Date.now();
    await clear(world, met, parts, notes, blockMs);
    const starts = notes.after(updated, (action) => action === "start");
    return {
        ...{accounts, short, inFlight, blockMs},
        blocks: {firstStart: starts.first, lastStart: starts.last, cleared: notes.after(updated, () => true).last},
        seconds: {meeting, clearing: (Date.now() - updatedMs) / 1000},
        transactions: notes.mined.length,
        failed: notes.failed,
        gas: notes.gas(),
        leftShort: await leftShort(world),
    };
}

export async function rush(options: Options, onProgress: (line: string) => void): Promise<Figures> {
    const world = await createWorld(START, () => undefined);
    const folder = mkdtempSync(join(tmpdir(), "ballast-rush-"));
    try {
        return await race(world, options, folder, onProgress);
    } finally {
        rmSync(folder, {recursive: true, force: true});
        await world.connection.close();
    }
}
