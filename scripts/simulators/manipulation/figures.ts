/** What moving a settlement price costs and earns, by averaging window: at the volatility of the parameters and at recorded expiries. */
import {parametersOf} from "../../../deploy/parameters/index.js";
import {ONE_E18, parseE18} from "../../sdk/index.js";
import {mulDivDown} from "../../sdk/math/index.js";
import {averageE18, straightLine} from "./average.js";
import {ASSETS, recordedExpiries} from "./expiries.js";
import type {Asset, Expiry} from "./expiries.js";
import {attackCostE18, bestAttack, breakEvenE18, pushesFor} from "./impact.js";
import type {Best, Market} from "./impact.js";

/** Seconds; 0 = the round that holds at the expiry. */
export const WINDOWS = [0, 300, 1800, 3600] as const;
const MOVES_E18 = ["0.0025", "0.005", "0.01", "0.02"].map(parseE18);
/** The move that recorded expiries are compared by. */
const MOVE_E18 = parseE18("0.01");
/** A round a minute; the feeds write more often when prices move. */
const PACE_SECONDS = 60;

export type Terms = {readonly recoverySeconds: number; readonly positionE18: bigint};

/** One figure for each of WINDOWS. */
type ByWindow<Figure> = readonly Figure[];

export type CostRow = {readonly asset: Asset; readonly moveE18: bigint; readonly costsE18: ByWindow<bigint>};
export type BestRow = {
    readonly asset: Asset;
    readonly best: ByWindow<Best>;
    readonly breakEvensE18: ByWindow<bigint>;
};
export type RecordedRow = {
    readonly expiry: Expiry;
    /** How many expiries of the asset the recorded window has. */
    readonly of: number;
    readonly costsE18: ByWindow<bigint>;
    readonly best: ByWindow<Best>;
    /** What one push, undone after the time of recovery, moves the average by. */
    readonly spikesE18: ByWindow<bigint>;
};
export type Figures = {
    readonly terms: Terms;
    readonly sigmasE18: Readonly<Record<Asset, bigint>>;
    readonly volumesE18: Readonly<Record<Asset, bigint>>;
    readonly costs: readonly CostRow[];
    readonly best: readonly BestRow[];
    readonly recorded: readonly RecordedRow[];
};

/** The market that the risk parameters describe. */
export function marketOf(asset: Asset): Market {
    const found = parametersOf("arbitrum").risk.underlyings.find(({name}) => name === asset);
    if (found === undefined) throw new RangeError(`No parameters for ${asset}`);
    return {sigmaDayE18: found.sigmaDay, impactE18: found.impact, volumeE18: found.averageDailyVolume};
}

const byWindow = <Figure>(terms: Terms, figure: (pushes: bigint, seconds: number) => Figure): ByWindow<Figure> =>
    WINDOWS.map((seconds) => figure(pushesFor(seconds, terms.recoverySeconds), seconds));

/** By how much one push before an expiry moves its average, along the recorded path. */
export function spikeE18({at, priceE18, before}: Expiry, windowSeconds: number, terms: Terms): bigint {
    const until = {at, priceE18};
    const pushedFrom = at - terms.recoverySeconds;
    const settled = (displacedE18: (at: number) => bigint): bigint =>
        averageE18(straightLine(before, until, {paceSeconds: PACE_SECONDS, displacedE18}), at, windowSeconds);
    const fairE18 = settled(() => 0n);
    const pushedE18 = settled((time) => (time >= pushedFrom ? MOVE_E18 : 0n));
    return mulDivDown(pushedE18 - fairE18, ONE_E18, fairE18);
}

/** The most volatile expiry of each asset in each window of prices: the cheapest to push. */
function cheapest(): readonly {readonly expiry: Expiry; readonly of: number}[] {
    const expiries = recordedExpiries();
    const names = new Set(expiries.map(({window}) => window));
    return [...names].flatMap((name) =>
        ASSETS.flatMap((asset) => {
            const all = expiries.filter((one) => one.window === name && one.asset === asset);
            const [expiry] = [...all].sort((a, b) => (a.sigmaDayE18 < b.sigmaDayE18 ? 1 : -1));
            return expiry === undefined ? [] : [{expiry, of: all.length}];
        }),
    );
}

export function figuresOf(terms: Terms): Figures {
    const {positionE18} = terms;
    return {
        terms,
        sigmasE18: {BTC: marketOf("BTC").sigmaDayE18, ETH: marketOf("ETH").sigmaDayE18},
        volumesE18: {BTC: marketOf("BTC").volumeE18, ETH: marketOf("ETH").volumeE18},
        costs: ASSETS.flatMap((asset) =>
            MOVES_E18.map((moveE18) => ({
                asset,
                moveE18,
                costsE18: byWindow(terms, (pushes) => attackCostE18(marketOf(asset), moveE18, pushes)),
            })),
        ),
        best: ASSETS.map((asset) => ({
            asset,
            best: byWindow(terms, (pushes) => bestAttack(marketOf(asset), positionE18, pushes)),
            breakEvensE18: byWindow(terms, (pushes) => breakEvenE18(marketOf(asset), MOVE_E18, pushes)),
        })),
        recorded: cheapest().map(({expiry, of}) => {
            const market = {...marketOf(expiry.asset), sigmaDayE18: expiry.sigmaDayE18};
            return {
                expiry,
                of,
                costsE18: byWindow(terms, (pushes) => attackCostE18(market, MOVE_E18, pushes)),
                best: byWindow(terms, (pushes) => bestAttack(market, positionE18, pushes)),
                spikesE18: byWindow(terms, (_, seconds) => spikeE18(expiry, seconds, terms)),
            };
        }),
    };
}
