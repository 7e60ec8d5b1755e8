/** One rush: a crowd, keepers that know it, a price update, and blocks at a steady pace until nobody is short. */
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
import {Notes} from "./notes.js";
import type {Span} from "./notes.js";
import {startPace, watch} from "./pace.js";
import type {Spent} from "./pace.js";
import type {Options} from "./program.js";

export type Figures = {
    readonly accounts: number;
    readonly short: number;
    readonly keepers: number;
    readonly inFlight: number;
    readonly blockMs: number;
    /** The longest time between two blocks of the clearing. */
    readonly longestBlockMs: number;
    /** Of the first and the last start: milliseconds from the update until it was handed to the node, and blocks that had come by then. */
    readonly sentMs: Span;
    readonly sentAfter: Span;
    /** Blocks from the update to the block with the first start, the last first start, and the last end of an auction. */
    readonly blocks: {readonly firstStart: number; readonly lastStart: number; readonly cleared: number};
    /** For opening the accounts, for the keepers to meet them, and from the update until nobody was short. */
    readonly spent: {readonly opening: Spent; readonly meeting: Spent; readonly clearing: Spent};
    /** Auctions that each keeper has started. */
    readonly startsOfEach: readonly number[];
    readonly transactions: number;
    readonly failed: number;
    /** Of all their transactions, and the most in one block. */
    readonly gas: {readonly all: number; readonly fullestBlock: number};
    readonly leftShort: number;
};

const START = Date.UTC(2026, 2, 13, 8) / 1000;
const DAY = 86_400;
const CALM = {BTC: "60000", ETH: "3000"};
const FALLEN = {BTC: "54600", ETH: "2730"};
const MOST_ROUNDS = 60;
const ENOUGH_SECONDS = 1_000_000;
/** A keeper looks so often in the time of a block. */
const PARTS_OF_A_BLOCK = 4;
const TELL_EVERY = 1_000;
/** Rounds after which accounts are divided among keepers. */
const MEETINGS = 3;

type Setting = {readonly options: Options; readonly folder: string; readonly notes: Notes};

type Hired = {
    memory: Memory;
    readonly parts: KeeperParts;
    readonly short: () => number;
    readonly starts: () => number;
    readonly close: () => Promise<void>;
};

async function hire(world: World, {account, wallet}: Crowd["keepers"][number], setting: Setting): Promise<Hired> {
    const {options, folder, notes} = setting;
    const {vault, clearinghouse, riskEngine, priceOracle, liquidator, marginLens} = world.deployment.contracts;
    const config = parseKeeperConfig({
        rpcUrl: "http://127.0.0.1:8545",
        chainId: String(world.deployment.chainId),
        contracts: {vault, clearinghouse, riskEngine, priceOracle, liquidator, lens: marginLens},
        account: formatAccount(parseAccount(account)),
        firstBlock: world.deployment.block,
        sweepEverySeconds: ENOUGH_SECONDS,
        // The chain's base fee is nothing, and so is most of the pay.
        minProfit: "-1000",
        inFlight: options.inFlight,
        stateFile: join(folder, "state.json"),
        journalFile: join(folder, "journal.jsonl"),
        ...(options.keepers === 1 ? {} : {database: join(folder, "keepers.db")}),
        dryRun: false,
    });
    const {log, ...heard} = notes.listen();
    const {provider} = world;
    const keeper = await createKeeper(config, {provider, signer: wallet.connect(provider)}, log);
    return {...keeper, ...heard};
}

async function meet(hired: readonly Hired[]): Promise<void> {
    const rounds = hired.length === 1 ? 1 : MEETINGS;
    for (let round = 0; round < rounds; ++round) {
        for (const one of hired) one.memory = await tick(one.memory, one.parts);
    }
}

/** Rounds of one keeper, until a round finds nobody short. */
async function clear(keeper: Hired, blockMs: number): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; ++round) {
        keeper.memory = await tick(keeper.memory, keeper.parts);
        if (round > 0 && keeper.short() === 0) return;
        await setTimeout(blockMs / PARTS_OF_A_BLOCK);
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
    const {accounts, short, inFlight, blockMs, keepers} = options;
    const market = createMarket(world, [START + 14 * DAY]);
    await market.write({time: START, ...CALM}, 0);
    const opened = watch();
    const crowd = await gather(world, market, {
        ...{accounts, short, keepers},
        onProgress: (count) => {
            if (count % TELL_EVERY === 0) onProgress(`${count} of ${accounts} accounts are open`);
        },
    });
    const opening = opened();
    let head = 0;
    let headNow = (): number => head;
    const notes = new Notes(() => headNow());
    const hired: Hired[] = [];
    try {
        const met = watch();
        for (const one of crowd.keepers) hired.push(await hire(world, one, {options, folder, notes}));
        await meet(hired);
        const meeting = met();
        const known = hired.map(({memory}) => memory.state.accounts.size).join(" and ");
        onProgress(
            `${keepers === 1 ? "the keeper knows" : "the keepers know"} ${known} accounts after ${meeting.clock.toFixed(1)} s`,
        );
        const time = ((await world.provider.getBlock("latest"))?.timestamp ?? START) + 60;
        await market.write({time, ...FALLEN}, 1);
        const updated = await world.provider.getBlockNumber();
        head = updated;
        const cleared = watch();
        const updatedMs = Date.now();
        const pace = await startPace(world, blockMs);
        headNow = pace.head;
        await Promise.all(hired.map((one) => clear(one, blockMs)));
        const clearing = cleared();
        const longestBlockMs = await pace.stop();
        const starts = notes.minedAfter(updated, "start");
        return {
            ...{accounts, short, keepers, inFlight, blockMs, longestBlockMs},
            sentMs: notes.sentMs("start", updatedMs),
            sentAfter: notes.sentAfter("start", updated),
            blocks: {firstStart: starts.first, lastStart: starts.last, cleared: notes.minedAfter(updated).last},
            spent: {opening, meeting, clearing},
            startsOfEach: hired.map(({starts}) => starts()),
            transactions: notes.mined.length,
            failed: notes.failed,
            gas: notes.gas(),
            leftShort: await leftShort(world),
        };
    } finally {
        for (const {close} of hired) await close();
    }
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
