/** The whole demo as a function: prices in, story out. */
import type {Comparison} from "./comparison.js";
import {compareModels, twinDifferences} from "./comparison.js";
import {readBooks} from "./books.js";
import {expiriesFor} from "./expiries.js";
import {createMarket} from "./market.js";
import type {PriceBar} from "./priceFile.js";
import {DemoRun} from "./run.js";
import type {Sample} from "./run.js";
import {tell} from "./summary.js";
import type {Story} from "./summary.js";
import {barLine, eventLine, header, isWorthALine} from "./table.js";
import {createWorld} from "./world.js";
import type {WorldEvent} from "./world.js";

const HEADER_EVERY = 24;
/** In the worst hour of March 2020 blocks were full: nobody liquidates in these two bars. */
const CONGESTED_FROM = Date.UTC(2020, 2, 13, 0) / 1000;
const CONGESTED_TO = Date.UTC(2020, 2, 13, 1) / 1000;

/** What holders of long perpetuals paid per unit since the start, by underlying, settlement coin. */
async function fundingOf(run: DemoRun): Promise<Record<string, bigint>> {
    const {clearinghouse} = run.world.ballast;
    const of = async (underlying: number): Promise<bigint> =>
        (await clearinghouse.perpMark(underlying, run.market.spotE18(underlying))).cumulativeFundingE18;
    return {BTC: await of(1), ETH: await of(2)};
}

/** Tells the bars that matter, and under each what happened in its hour. */
class Teller {
    readonly #print: (line: string) => void;
    readonly #bars: readonly PriceBar[];
    #lines = 0;
    #told = 0;

    constructor(print: (line: string) => void, bars: readonly PriceBar[]) {
        this.#print = print;
        this.#bars = bars;
    }

    tell(run: DemoRun, hour: number, samples: ReadonlyMap<string, Sample>): void {
        const happened = run.events.slice(this.#told).flatMap((event) => eventLine(run, event) ?? []);
        this.#told = run.events.length;
        const bar = this.#bars[hour];
        if (bar === undefined || !isWorthALine(hour, this.#bars, happened.length > 0)) return;
        if (this.#lines++ % HEADER_EVERY === 0) this.#print(header());
        this.#print(barLine(bar, samples, run.auctions));
        // Everybody deposits before the first hour; that is no news.
        if (hour > 0) happened.forEach((words) => this.#print(`    ${words}`));
    }
}

export async function play(bars: readonly PriceBar[], print: (line: string) => void): Promise<Story> {
    const expiries = expiriesFor(bars);
    const isCongested = ({time}: PriceBar): boolean => time >= CONGESTED_FROM && time <= CONGESTED_TO;
    const congested = new Set([...bars.entries()].filter(([, bar]) => isCongested(bar)).map(([hour]) => hour));
    const teller = new Teller(print, bars);
    const listeners: ((event: WorldEvent) => void)[] = [];
    const world = await createWorld(bars[0]?.time ?? 0, (event) => listeners.forEach((listen) => listen(event)));
    const market = createMarket(world, [expiries.near, expiries.mid, expiries.far]);
    let comparisons: readonly Comparison[] = [];
    const run = new DemoRun(world, market, {
        bars,
        expiries,
        congested,
        onBar: (hour, _, samples) => teller.tell(run, hour, samples),
        beforeFall: async (now) => {
            comparisons = await compareModels(now);
        },
    });
    listeners.push((event) => run.heed(event));
    await run.run();
    const books = await readBooks(run);
    const twin = await twinDifferences(run);
    return tell(run, bars, {books, comparisons, twin, fundingE18: await fundingOf(run)});
}
