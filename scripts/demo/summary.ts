/** Everything that happened, in figures: what the report draws, the final account prints, and `summary.json` holds. */
import {formatE18, formatTime, ONE_E18} from "../sdk/index.js";
import {divDown, mulDown, sum} from "../sdk/math/index.js";
import type {Books, Slice} from "./books.js";
import {slicesOf} from "./books.js";
import {CAST, DEPOSITOR, KEEPERS, MAKER} from "./cast.js";
import type {Comparison} from "./comparison.js";
import type {DemoRun, Sample} from "./run.js";
import type {PriceBar} from "./priceFile.js";

export type Point = {readonly time: number; readonly equityE18: bigint; readonly healthE18: bigint | undefined};

export type AccountStory = {
    readonly id: string;
    readonly role: string;
    readonly start: Point;
    readonly worst: Point;
    readonly end: Point;
    readonly called: boolean;
    /** Called, answered by a deposit, and at or above its initial requirement afterwards. */
    readonly cured: boolean;
    readonly liquidated: boolean;
    readonly closedE18: bigint;
    readonly slices: readonly Slice[];
    /** Equity below zero when it was taken. */
    readonly insolvent: boolean;
    /** What liquidation cost the owner. */
    readonly costE18: bigint;
};

/** What is left of a replay when it is over. */
export type Witnessed = Pick<DemoRun, "events" | "samples" | "notes" | "fallLeverageE18" | "nameOf"> & {
    party(id: string): {readonly account: string};
};

export type Story = {
    readonly run: Witnessed;
    readonly bars: readonly PriceBar[];
    readonly accounts: readonly AccountStory[];
    readonly books: Books;
    readonly comparisons: readonly Comparison[];
    readonly twin: {readonly compared: number; readonly different: readonly string[]};
    readonly fundingE18: Readonly<Record<string, bigint>>;
    readonly settlements: readonly {readonly underlying: number; readonly expiry: number; readonly priceE18: bigint}[];
    readonly promises: readonly {readonly promise: string; readonly kept: boolean}[];
};

const FIVE_E18 = 5n * ONE_E18;

const pointOf = ({time, equityE18, maintenanceE18}: Sample): Point => ({
    time,
    equityE18,
    healthE18: maintenanceE18 > 0n ? divDown(equityE18, maintenanceE18) : undefined,
});

function isWorse(one: Point, other: Point): boolean {
    if (one.healthE18 === undefined) return false;
    return other.healthE18 === undefined || one.healthE18 < other.healthE18;
}

function pointsOf(samples: readonly Sample[]): {readonly start: Point; readonly worst: Point; readonly end: Point} {
    const points = samples.map(pointOf);
    const open = points.filter(({healthE18}) => healthE18 !== undefined);
    const [first] = points;
    const last = points.at(-1);
    if (first === undefined || last === undefined) throw new Error("Nothing was observed");
    const lowest = points.reduce((low, point) => (point.equityE18 < low.equityE18 ? point : low), first);
    const worst = open.reduce((low, point) => (isWorse(point, low) ? point : low), open[0] ?? lowest);
    return {start: open[0] ?? first, worst, end: last};
}

/** Called, then a deposit, then at least the initial requirement at the next look. */
function wasCured(run: Witnessed, id: string): boolean {
    const {account} = run.party(id);
    const own = run.events.filter(({log}) => log.args["account"] === account);
    const call = own.findIndex(({log}) => log.name === "MarginCall");
    if (call < 0 || !own.slice(call).some(({log}) => log.name === "Deposited")) return false;
    const next = (run.samples.get(id) ?? []).find(({time}) => time > (own[call]?.time ?? 0));
    return next !== undefined && next.equityE18 >= next.initialE18;
}

function storyOf(run: Witnessed, id: string, role: string, slices: readonly Slice[]): AccountStory {
    const {account} = run.party(id);
    const own = slices.filter((slice) => slice.account === account);
    const left = own.reduce((rest, {fractionE18}) => mulDown(rest, ONE_E18 - fractionE18), ONE_E18);
    const costs = own.filter(({equityE18}) => equityE18 >= 0n).map(({worthE18, priceE18}) => worthE18 - priceE18);
    return {
        id,
        role,
        ...pointsOf(run.samples.get(id) ?? []),
        called: run.events.some(({log}) => log.name === "MarginCall" && log.args["account"] === account),
        cured: wasCured(run, id),
        liquidated: own.length > 0,
        closedE18: ONE_E18 - left,
        slices: own,
        insolvent: own.some(({equityE18}) => equityE18 < 0n),
        costE18: sum(costs),
    };
}

function promisesOf(accounts: readonly AccountStory[], books: Books, run: Witnessed): Story["promises"] {
    const sliced = accounts.some(({slices, insolvent, end}) => slices.length > 1 && !insolvent && end.equityE18 > 0n);
    const insolvent = accounts.some((one) => one.insolvent) && books.losses.backstopE18 > 0n;
    const settled = run.events.some(({log}) => log.name === "ExpirySettled");
    const funding = run.events.some(
        ({log}) => log.name === "FundingAccrued" && (log.args["cumulativeFundingE18"] as bigint) !== 0n,
    );
    return [
        {promise: "a long perpetual at five times its equity before the fall", kept: run.fallLeverageE18 >= FIVE_E18},
        {promise: "a margin call cured by a deposit", kept: accounts.some(({cured}) => cured)},
        {promise: "an account closed by slices that survives with equity", kept: sliced},
        {promise: "an insolvent account for which the backstop pays", kept: insolvent},
        {promise: "an expiry settled inside the window", kept: settled},
        {promise: "funding accrued", kept: funding},
    ];
}

export type StoryParts = Pick<Story, "books" | "comparisons" | "twin" | "fundingE18">;

export function tell(run: Witnessed, bars: readonly PriceBar[], parts: StoryParts): Story {
    const slices = slicesOf(run.events);
    const accounts = CAST.map(({id, role}) => storyOf(run, id, role, slices));
    const settlements = run.events
        .filter(({log}) => log.name === "ExpirySettled")
        .map(({log: {args}}) => ({
            underlying: Number(args["underlying"]),
            expiry: Number(args["expiry"]),
            priceE18: args["priceE18"] as bigint,
        }));
    return {run, bars, accounts, ...parts, settlements, promises: promisesOf(accounts, parts.books, run)};
}

const roles = (id: string): string =>
    id === MAKER ? "maker" : id === DEPOSITOR ? "backstop" : KEEPERS.some((one) => one === id) ? "keeper" : "trader";

const figuresOf = ({start, worst, end}: AccountStory, figure: (point: Point) => string | null): object => ({
    start: figure(start),
    worst: figure(worst),
    end: figure(end),
});

const liquidationJson = (run: Witnessed, slice: Slice): object => ({
    time: formatTime(slice.time),
    account: run.nameOf(slice.account),
    keeper: run.nameOf(slice.keeper),
    fraction: formatE18(slice.fractionE18),
    equityBefore: formatE18(slice.equityE18),
    maintenanceBefore: formatE18(slice.maintenanceE18),
    worth: formatE18(slice.worthE18),
    price: formatE18(slice.priceE18),
    backstopPaid: formatE18(slice.backstopE18),
    socialised: formatE18(slice.socialisedE18),
});

function losses({losses: {addsUp, ...layers}}: Books): object {
    const figures = Object.entries(layers).map(
        ([name, value]) => [name.replace(/E18$/, ""), formatE18(value)] as const,
    );
    return {...Object.fromEntries(figures), addsUp};
}

/** What `summary.json` holds: decimal strings, nothing that differs between two runs. */
export function summaryOf({run, bars, accounts, books, comparisons, twin, ...story}: Story): object {
    const [first] = bars;
    return {
        solvent: books.solvent,
        tokens: Object.fromEntries(
            books.tokens.map(({token, heldE18, claimsE18}) => [
                token,
                {held: formatE18(heldE18), claims: formatE18(claimsE18)},
            ]),
        ),
        zeroSum: Object.fromEntries(books.zeroSum.map(({instrument, sumE18}) => [instrument, formatE18(sumE18)])),
        accounts: accounts.map((one) => ({
            name: one.id,
            role: one.role,
            kind: roles(one.id),
            equity: figuresOf(one, ({equityE18}) => formatE18(equityE18)),
            health: figuresOf(one, ({healthE18}) => (healthE18 === undefined ? null : formatE18(healthE18))),
            worstAt: formatTime(one.worst.time),
            called: one.called,
            cured: one.cured,
            liquidated: one.liquidated,
            insolvent: one.insolvent,
            closedFraction: formatE18(one.closedE18),
            liquidationCost: formatE18(one.costE18),
        })),
        liquidations: accounts.flatMap(({slices}) => slices.map((slice) => liquidationJson(run, slice))),
        losses: losses(books),
        models: comparisons.map(({id, scenarioE18, isolatedE18, equityE18}) => ({
            account: id,
            scenario: formatE18(scenarioE18),
            isolated: formatE18(isolatedE18),
            equity: formatE18(equityE18),
        })),
        twin: {compared: twin.compared, different: twin.different},
        funding: Object.fromEntries(Object.entries(story.fundingE18).map(([name, value]) => [name, formatE18(value)])),
        settlements: story.settlements.map(({underlying, expiry, priceE18}) => ({
            underlying,
            expiry: formatTime(expiry),
            price: formatE18(priceE18),
        })),
        replay: {events: books.replay.events, accounts: books.replay.accounts, differences: books.replay.differences},
        notes: run.notes,
        promises: Object.fromEntries(story.promises.map(({promise, kept}) => [promise, kept])),
        window: {from: formatTime(first?.time ?? 0), to: formatTime(bars.at(-1)?.time ?? 0)},
        bars: bars.length,
    };
}
