/** Times one price update from its arrival to the ordered list, and counts whom the screen missed. */
import {parametersOf} from "../../../deploy/parameters/index.js";
import {auctionCurve, keeperPay} from "../../../deploy/structs.js";
import {decide} from "../../keeper/strategy.js";
import type {Decision, Keeper, Market as KeeperMarket} from "../../keeper/strategy.js";
import {accountId} from "../../sdk/ids.js";
import type {AccountId} from "../../sdk/ids.js";
import {assessBook} from "../../sdk/risk/index.js";
import type {Book, Market} from "../../sdk/risk/index.js";
import {createScan} from "../../sdk/scan/index.js";
import type {Found, Scan} from "../../sdk/scan/index.js";
import {ONE_E18, parseE18} from "../../sdk/units.js";
import {marketAt, PARAMETERS, populate} from "./population.js";

const MICROSECONDS = 1_000_000;
const BLOCK_SECONDS = 12;
/** Updates before the one that is timed. */
const WARM_UPS = 2;
const FALL_E18 = parseE18("0.97");
const VERIFIED_AT_ONCE = 2_000;

/** Processor seconds of each step of an update, and what came of it. */
export type Figure = {
    readonly accounts: number;
    readonly positions: number;
    readonly instruments: number;
    readonly scenarios: number;
    readonly repriceSeconds: number;
    readonly screenSeconds: number;
    readonly decideSeconds: number;
    readonly orderSeconds: number;
    readonly seconds: number;
    readonly accountsPerSecond: number;
    readonly positionsPerSecond: number;
    /** Positions per second of the first two steps, which look at every account. */
    readonly screenedPerSecond: number;
    readonly asked: number;
    readonly short: number;
    readonly actions: number;
    readonly verified: number;
    readonly falseNegatives: number;
};

/** What a keeper of an empty auction house would see: nobody is on the clock yet. */
function keeperMarket(nowSeconds: number): KeeperMarket {
    const parameters = parametersOf("local");
    const {risk} = parameters;
    return {
        blockNumber: 2,
        nowSeconds: BigInt(nowSeconds),
        curve: auctionCurve(parameters),
        pay: keeperPay(parameters),
        dataFees: {startWei: 0n, takeWei: 0n},
        reserveBaseE18: risk.reserveBase,
        reservePerPositionE18: risk.reservePerPosition,
        baseFeeWei: 100_000_000n,
        feePerGasWei: 110_000_000n,
        nativePriceE18: parseE18("3000"),
    };
}

const KEEPER: Keeper = {
    account: accountId(`0x${"ff".repeat(20)}`),
    excessE18: 1_000_000n * ONE_E18,
    minProfitE18: 0n,
    useE18: ONE_E18,
};

/** What to do about the short ones, the most profitable after gas first. */
function ordered({short}: Found, {now}: Market): readonly Decision[] {
    const candidates = short.map((one) => ({
        ...one,
        auction: {startedAt: 0n, insolventAt: 0n},
        stoppedSeconds: 0n,
        openAt: 0n,
        lastCheckedBlock: 1,
    }));
    return decide(candidates, keeperMarket(now), KEEPER);
}

/** Processor time of this process: what one core needs, however busy the machine is with others. */
function timed<T>(work: () => T): {readonly result: T; readonly seconds: number} {
    const begun = process.cpuUsage();
    const result = work();
    const {user, system} = process.cpuUsage(begun);
    return {result, seconds: (user + system) / MICROSECONDS};
}

type Update = Pick<
    Figure,
    "repriceSeconds" | "screenSeconds" | "decideSeconds" | "orderSeconds" | "asked" | "short" | "actions"
> & {readonly found: ReadonlySet<AccountId>};

function update(scan: Scan, market: Market): Update {
    const repriced = timed(() => scan.reprice(market, PARAMETERS));
    const screened = timed(() => scan.suspects());
    const decided = timed(() => scan.find(screened.result));
    const actions = timed(() => ordered(decided.result, market));
    const {short, asked} = decided.result;
    return {
        repriceSeconds: repriced.seconds,
        screenSeconds: screened.seconds,
        decideSeconds: decided.seconds,
        orderSeconds: actions.seconds,
        asked,
        short: short.length,
        actions: actions.result.length,
        found: new Set(short.map(({account}) => account)),
    };
}

/** Accounts that the exact twin calls short and the list has not. */
export function missed(
    books: ReadonlyMap<AccountId, Book>,
    market: Market,
    found: ReadonlySet<AccountId>,
    most: number,
    progress: (line: string) => void,
): number {
    let [asked, count] = [0, 0];
    for (const [account, book] of books) {
        if (asked === most) break;
        const {equityE18, maintenanceE18} = assessBook({book, market, parameters: PARAMETERS});
        if (equityE18 < maintenanceE18 && !found.has(account)) count += 1;
        asked += 1;
        if (asked % VERIFIED_AT_ONCE === 0) progress(`${asked} of ${most} accounts verified`);
    }
    return count;
}

export function measure(accounts: number, seed: number, verify: number, progress: (line: string) => void): Figure {
    progress(`${accounts} accounts: filling the scan`);
    const scan = createScan();
    scan.reprice(marketAt(0, ONE_E18), PARAMETERS);
    const books = populate(scan, accounts, seed);
    progress(`${accounts} accounts: updating`);
    for (let i = 1; i <= WARM_UPS; i++) update(scan, marketAt(i * BLOCK_SECONDS, ONE_E18));
    const market = marketAt((WARM_UPS + 1) * BLOCK_SECONDS, FALL_E18);
    const {found, ...timings} = update(scan, market);
    const {repriceSeconds, screenSeconds, decideSeconds, orderSeconds} = timings;
    const seconds = repriceSeconds + screenSeconds + decideSeconds + orderSeconds;
    const {positions, instruments} = scan.size();
    const verified = Math.min(verify, accounts);
    return {
        accounts,
        positions,
        instruments,
        scenarios: Math.max(...[...PARAMETERS.underlyings.values()].map(({grid}) => grid.length)),
        ...timings,
        seconds,
        accountsPerSecond: accounts / seconds,
        positionsPerSecond: positions / seconds,
        screenedPerSecond: positions / (repriceSeconds + screenSeconds),
        verified,
        falseNegatives: missed(books, market, found, verified, progress),
    };
}
