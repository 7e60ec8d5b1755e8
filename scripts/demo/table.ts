/** The live table: one line per hour that matters, the health of every book, and what happened in between. */
import {formatTime, formatUsd, ONE_E18} from "../sdk/index.js";
import {divDown} from "../sdk/math/index.js";
import {CAST, DEPOSITOR, KEEPERS, MAKER} from "./cast.js";
import type {DemoRun, Sample} from "./run.js";
import type {PriceBar} from "./priceFile.js";
import type {WorldEvent} from "./world.js";

const COLOUR = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
const paint = (code: number, text: string): string => (COLOUR ? `\u001b[${code}m${text}\u001b[0m` : text);
export const red = (text: string): string => paint(31, text);
export const green = (text: string): string => paint(32, text);
export const yellow = (text: string): string => paint(33, text);
export const dim = (text: string): string => paint(2, text);
export const bold = (text: string): string => paint(1, text);

const WIDTH = 8;
const SHOWN = CAST.filter(({id}) => id !== MAKER && id !== DEPOSITOR && !KEEPERS.some((keeper) => keeper === id));
/** In a calm market a line every so many hours. */
const CALM_EVERY = 12;
/** A move of the price from which every hour gets a line, as a share of it. */
const LIVELY_SHARE = 33n;

const shortName = (id: string): string => {
    const [first = "", second] = id.split("-");
    const name = second === undefined ? first : `${first.slice(0, 3)}-${second}`;
    return name.slice(0, WIDTH - 1);
};

export function header(): string {
    return bold(
        `${"UTC".padEnd(12)}${"BTC".padStart(7)}${"ETH".padStart(7)}${["<IM", "<MM", "auc"].map((name) => name.padStart(5)).join("")} ${SHOWN.map(({id}) => shortName(id).padStart(WIDTH)).join("")}`,
    );
}

function healthCell(sample: Sample | undefined): string {
    if (sample === undefined || sample.maintenanceE18 === 0n) return dim("·".padStart(WIDTH));
    const healthE18 = divDown(sample.equityE18, sample.maintenanceE18);
    const text = (healthE18 >= 100n * ONE_E18 ? ">99" : formatUsd(healthE18, 2)).padStart(WIDTH);
    if (healthE18 < ONE_E18) return red(text);
    return sample.equityE18 < sample.initialE18 ? yellow(text) : text;
}

/** Accounts below their initial and their maintenance requirement, and under auction. */
function counts(samples: ReadonlyMap<string, Sample>, auctions: number): string {
    const margined = [...samples.values()].filter(({maintenanceE18}) => maintenanceE18 > 0n);
    const called = margined.filter(({equityE18, initialE18}) => equityE18 < initialE18).length;
    const short = margined.filter(({equityE18, maintenanceE18}) => equityE18 < maintenanceE18).length;
    return [called, short, auctions].map((count) => (count === 0 ? "·" : String(count)).padStart(5)).join("");
}

export function barLine(bar: PriceBar, samples: ReadonlyMap<string, Sample>, auctions: number): string {
    const time = formatTime(bar.time).slice(5, 16).replace("T", " ");
    const price = (text: string): string => String(Math.round(Number(text))).padStart(7);
    return `${time.padEnd(12)}${price(bar.BTC)}${price(bar.ETH)}${counts(samples, auctions)} ${SHOWN.map(({id}) => healthCell(samples.get(id))).join("")}`;
}

const who = (run: DemoRun, account: unknown): string => run.nameOf(String(account));

const usd = (value: unknown): string => formatUsd(value as bigint, 0);
const percent = (value: unknown): string => `${formatUsd((value as bigint) * 100n, 0)} %`;

/** One line for what people want to see as it happens; nothing for the rest. */
export function eventLine(run: DemoRun, {log: {name, args}, contract}: WorldEvent): string | undefined {
    const account = who(run, args["account"]);
    switch (name) {
        case "MarginCall":
            return yellow(
                `margin call: ${account} is short of its initial requirement by ${usd(args["shortfallE18"])} USD`,
            );
        case "AuctionStarted":
            return red(
                `auction of ${account} started by ${who(run, args["keeper"])}: equity ${usd(args["equityE18"])}, needs ${usd(args["boundE18"])}`,
            );
        case "SliceTaken":
            return `  ${who(run, args["keeper"])} takes ${percent(args["fractionE18"])} of ${account} for ${usd(args["priceE18"])}`;
        case "AuctionEnded":
            return green(
                `auction of ${account} ended: equity ${usd(args["equityE18"])}, needs ${usd(args["maintenanceE18"])}`,
            );
        case "LossCovered":
            return red(`  the backstop pays ${usd(args["paidE18"])}`);
        case "LossSocialised":
            return red(`  ${usd(args["lossE18"])} is written down over all cash`);
        case "ExpirySettled":
            return `expiry ${formatTime(args["expiry"] as bigint)} settled at ${formatUsd(args["priceE18"] as bigint)}`;
        default:
            return name === "Deposited" &&
                contract === "vault" &&
                args["from"] !== run.world.deployment.contracts.backstop
                ? dim(`${account} deposits`)
                : undefined;
    }
}

/** Whether an hour deserves a line of its own. */
export function isWorthALine(hour: number, bars: readonly PriceBar[], happened: boolean): boolean {
    const cents = (text: string | undefined): bigint => BigInt(Math.round(Number(text ?? "0") * 100));
    const now = cents(bars[hour]?.BTC);
    const before = cents(bars[hour - 1]?.BTC);
    const move = now > before ? now - before : before - now;
    return happened || hour % CALM_EVERY === 0 || hour === bars.length - 1 || move * LIVELY_SHARE > now;
}
