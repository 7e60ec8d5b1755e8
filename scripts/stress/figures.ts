/** What a run comes to, as text that a file can hold: USD with 18 decimals as decimal strings, shares as text. */
import {formatE18, ONE_E18} from "../sdk/index.js";
import {divDown, max, sum} from "../sdk/math/index.js";
import type {Liquidation} from "./ledger.js";
import type {Protections} from "./protections.js";
import type {Outcome} from "./run.js";

/** The smallest figure that so many percent of all do not pass; undefined of none. */
export function percentile(values: readonly number[], percent: number): number | undefined {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}

/** Deleveraging instead of the last layer: what rule-based closing of winners at the bankruptcy price would take. */
export type Deleveraging = {
    readonly lossE18: string;
    /** Who pays by write-down, and the share of his cash that each loses. */
    readonly writeDown: {readonly accounts: number; readonly share: string};
    /** Who pays pro rata to his profit, the greatest share of an account's equity, and how many of them lose a hedge. */
    readonly deleverage: {readonly accounts: number; readonly greatestShare: string; readonly hedgesBroken: number};
};

const share = (part: bigint, whole: bigint): string => formatE18(whole > 0n ? divDown(part, whole) : 0n);
const total = (all: readonly Liquidation[], read: (one: Liquidation) => bigint): bigint => sum(all.map(read));

function deleveragingOf({winners, cashHolders, positiveCashE18}: Outcome, lossE18: bigint): Deleveraging {
    const profits = sum(winners.map(({profitE18}) => profitE18));
    const asked = winners.filter(({equityE18}) => equityE18 > 0n);
    const parts = asked.map(({profitE18, equityE18}) =>
        divDown(profits > 0n ? (lossE18 * profitE18) / profits : 0n, max(equityE18, 1n)),
    );
    return {
        lossE18: formatE18(lossE18),
        writeDown: {accounts: cashHolders, share: share(lossE18, positiveCashE18)},
        deleverage: {
            accounts: asked.length,
            greatestShare: formatE18(parts.reduce((most, one) => max(most, one), 0n)),
            hedgesBroken: asked.filter(({hedged}) => hedged).length,
        },
    };
}

export type KeeperFigures = {
    readonly id: string;
    readonly takes: number;
    readonly profitE18: string;
    readonly gasE18: string;
    /** Refusals by the error's name. */
    readonly lost: Readonly<Record<string, number>>;
};

export type Figures = {
    readonly protections: Protections;
    readonly accounts: number;
    readonly solvent: {readonly looks: number; readonly covered: number; readonly first: string | null};
    readonly liquidations: {
        readonly started: number;
        readonly ended: number;
        readonly sold: number;
        readonly slices: number;
        /** Whose books, left alone, would never have owed anything at any later look. */
        readonly needless: number;
    };
    readonly badDebt: {
        readonly totalE18: string;
        readonly soldE18: string;
        readonly stillOwedE18: string;
        readonly accountsOwing: number;
    };
    readonly paid: {
        readonly accountsE18: string;
        readonly backstopE18: string;
        readonly writtenDownE18: string;
        readonly startPayE18: string;
        /** Holes and what keepers gained by discounts: the layers come to it to the unit. */
        readonly lossE18: string;
        readonly addsUp: boolean;
    };
    readonly latencySeconds: {readonly median: number | null; readonly ninetyFifth: number | null};
    readonly spillover: string;
    readonly closedE18: string;
    readonly keepers: readonly KeeperFigures[];
    readonly mostGas: string;
    readonly lastLayer: Deleveraging;
};

export function figuresOf(outcome: Outcome): Figures {
    const {liquidations: all, takings, solvency} = outcome;
    const sold = all.filter(({slices}) => slices > 0);
    const latencies = sold.map(({breachAt, firstSliceAt}) => (firstSliceAt ?? breachAt) - breachAt);
    const closedE18 = total(all, (one) => one.closedE18);
    const holeE18 = total(all, (one) => one.holeE18);
    const keeperE18 = total(all, (one) => one.keeperE18);
    const layers = {
        accountsE18: total(all, (one) => one.accountE18),
        backstopE18: total(all, (one) => one.backstopE18),
        writtenDownE18: total(all, (one) => one.writtenDownE18),
    };
    const badE18 = holeE18 + outcome.deficitAtEndE18;
    return {
        protections: outcome.protections,
        accounts: outcome.opened,
        solvent: {looks: solvency.looks, covered: solvency.covered, first: solvency.first ?? null},
        liquidations: {
            started: all.length,
            ended: all.filter(({endedAt}) => endedAt !== undefined).length,
            sold: sold.length,
            slices: sold.reduce((count, {slices}) => count + slices, 0),
            needless: sold.filter(({leftAloneE18}) => leftAloneE18 === undefined || leftAloneE18 >= 0n).length,
        },
        badDebt: {
            totalE18: formatE18(badE18),
            soldE18: formatE18(holeE18),
            stillOwedE18: formatE18(outcome.deficitAtEndE18),
            accountsOwing: outcome.insolventAtEnd,
        },
        paid: {
            accountsE18: formatE18(layers.accountsE18),
            backstopE18: formatE18(layers.backstopE18),
            writtenDownE18: formatE18(layers.writtenDownE18),
            startPayE18: formatE18(total(all, (one) => one.startPayE18)),
            lossE18: formatE18(holeE18 + keeperE18),
            addsUp: layers.accountsE18 + layers.backstopE18 + layers.writtenDownE18 === holeE18 + keeperE18,
        },
        latencySeconds: {median: percentile(latencies, 50) ?? null, ninetyFifth: percentile(latencies, 95) ?? null},
        spillover: share(
            total(all, (one) => one.profitableE18),
            closedE18,
        ),
        closedE18: formatE18(closedE18),
        keepers: takings.map(({id, gainE18, gasCostE18, takes, lost}) => ({
            id,
            takes,
            profitE18: formatE18(gainE18 - gasCostE18),
            gasE18: formatE18(gasCostE18),
            lost: Object.fromEntries([...lost].sort(([a], [b]) => (a < b ? -1 : 1))),
        })),
        mostGas: String(outcome.mostGas),
        lastLayer: deleveragingOf(outcome, max(layers.writtenDownE18, badE18 > ONE_E18 ? badE18 : 0n)),
    };
}
