/**
 * `npm run demo`: portfolios live through 8 to 16 March 2020 on a chain in this process; keepers close the ones that fall short,
 * and the books add up. `--prices FILE` replays other prices, `--from TIME` starts later in the file, `--out DIR` writes elsewhere.
 */
import {mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {parseArgs} from "node:util";

import hre from "hardhat";

import {formatTime} from "../sdk/index.js";
import {finalAccount} from "./account.js";
import {readBooks} from "./books.js";
import type {Expiries} from "./cast.js";
import {compareModels, twinDifferences} from "./comparison.js";
import type {Comparison} from "./comparison.js";
import {createMarket} from "./market.js";
import {parsePriceFile, readTime} from "./priceFile.js";
import type {PriceBar} from "./priceFile.js";
import {builtInPrices} from "./prices.js";
import {page} from "./report/page.js";
import {DemoRun} from "./run.js";
import {summaryOf, tell} from "./summary.js";
import type {Story} from "./summary.js";
import {barLine, eventLine, header, isWorthALine} from "./table.js";
import {createWorld} from "./world.js";
import type {WorldEvent} from "./world.js";

const DAY = 86_400;
const FRIDAY = 5;
const EXPIRY_SECOND = 8 * 3600;
const HEADER_EVERY = 24;
/** Hours from the start, 13 March 2020 00:00 and 01:00, in which blocks were full and no keeper got through. */
const CONGESTED = [120, 121];

/** The first Friday at least five days after the start, the one two weeks later, and the one a week after that. */
function expiriesFrom(start: number): Expiries {
    const midnight = Math.floor(start / DAY) * DAY;
    const isFriday = (day: number): boolean => new Date(day * 1000).getUTCDay() === FRIDAY;
    let near = midnight + 5 * DAY;
    while (!isFriday(near)) near += DAY;
    return {near: near + EXPIRY_SECOND, mid: near + 14 * DAY + EXPIRY_SECOND, far: near + 21 * DAY + EXPIRY_SECOND};
}

async function replay(bars: readonly PriceBar[], isBuiltIn: boolean): Promise<Story> {
    const expiries = expiriesFrom(bars[0]?.time ?? 0);
    const announced: string[] = [];
    const listeners: ((event: WorldEvent) => void)[] = [];
    const world = await createWorld(bars[0]?.time ?? 0, (event) => listeners.forEach((listen) => listen(event)));
    const market = createMarket(world, [expiries.near, expiries.mid, expiries.far]);
    let comparisons: Comparison[] = [];
    let lines = 0;
    const run = new DemoRun(world, market, {
        bars,
        expiries,
        congested: new Set(isBuiltIn ? CONGESTED : []),
        onBar(hour, bar, samples) {
            const happened = announced.splice(0);
            // Everybody deposits before the first hour; that is no news.
            if (hour > 0) happened.forEach((words) => console.log(`    ${words}`));
            if (!isWorthALine(hour, bars, happened.length > 0)) return;
            if (lines++ % HEADER_EVERY === 0) console.log(header());
            console.log(barLine(bar, samples));
        },
        async beforeFall(now) {
            comparisons = await compareModels(now);
        },
    });
    listeners.push((event) => {
        run.heed(event);
        const words = eventLine(run, event);
        if (words !== undefined) announced.push(words);
    });
    await run.run();
    announced.forEach((words) => console.log(`    ${words}`));
    const funding = await Promise.all(
        [1, 2].map(async (id) => (await world.ballast.clearinghouse.perpState(id)).cumulativeFundingE18),
    );
    return tell(run, bars, {
        books: await readBooks(run),
        comparisons,
        twin: await twinDifferences(run),
        fundingE18: {BTC: funding[0] ?? 0n, ETH: funding[1] ?? 0n},
    });
}

function writeResults(story: Story, out: string): void {
    mkdirSync(out, {recursive: true});
    writeFileSync(join(out, "summary.json"), `${JSON.stringify(summaryOf(story), null, 2)}\n`);
    writeFileSync(join(out, "report.html"), page(story));
    console.log(`\nReport: ${join(out, "report.html")}\nFigures: ${join(out, "summary.json")}`);
}

async function main(): Promise<boolean> {
    const {values} = parseArgs({
        options: {
            prices: {type: "string"},
            from: {type: "string", default: "0"},
            out: {type: "string", default: "out/demo"},
        },
    });
    const bars =
        values.prices === undefined
            ? builtInPrices()
            : parsePriceFile(readFileSync(values.prices, "utf8"), readTime(values.from));
    console.log("Compiling contracts (about half a minute the first time) ...");
    await hre.tasks.getTask("build").run({quiet: true});
    const [first] = bars;
    console.log(`Replaying ${bars.length} hours from ${formatTime(first?.time ?? 0)} on a chain in this process ...\n`);
    const began = Date.now();
    const story = await replay(bars, values.prices === undefined);
    console.log(finalAccount(story));
    writeResults(story, resolve(values.out));
    console.log(`Took ${Math.round((Date.now() - began) / 1000)} s.`);
    // What has to happen in the built-in crash need not happen under other prices.
    const kept = values.prices !== undefined || story.promises.every(({kept: happened}) => happened);
    return story.books.solvent && story.twin.different.length === 0 && kept;
}

process.exit((await main()) ? 0 : 1);
