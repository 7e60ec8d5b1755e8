/** What a monitor shows: every account with a requirement, the weakest first, and how far prices are from closing the first of them. */
import type {Standing} from "../chain/solvency.js";
import {assessAll} from "../chain/solvency.js";
import {bookOf} from "../chain/rebuild.js";
import {formatAccount, formatE18, formatTime, parseAccount, UNDERLYINGS, zoneOf} from "../sdk/index.js";
import type {Zone} from "../sdk/index.js";
import {divDown} from "../sdk/math/index.js";
import type {Assessment} from "../sdk/risk/index.js";
import {liquidationPrices} from "../sdk/trade/prices.js";
import {shorten, table} from "../shared/table.js";

/** Moves of one price alone, as fractions of it, at which the account is short; null = none in sight. */
export type Distance = {readonly underlying: string; readonly down: string | null; readonly up: string | null};

export type Watched = {
    readonly account: string;
    readonly equity: string;
    readonly initialMargin: string;
    readonly maintenanceMargin: string;
    /** Equity over maintenance; null without a requirement. */
    readonly health: string | null;
    readonly state: Zone;
    readonly inAuction: boolean;
    readonly positions: number;
    readonly distances: readonly Distance[];
};

export type View = {
    readonly block: number;
    readonly time: string;
    readonly prices: Readonly<Record<string, string>>;
    readonly zones: Readonly<Record<Zone, number>>;
    readonly auctions: number;
    /** Accounts that cannot be judged, because something they hold has no price. */
    readonly unpriced: number;
    readonly accounts: readonly Watched[];
};

export type ViewOptions = {
    /** Also accounts without a requirement. */
    readonly all: boolean;
    /** For so many of the weakest the distances are worked out. */
    readonly top: number;
};

const nameOf = (id: number): string => UNDERLYINGS[id] ?? String(id);

/** As a fraction of spot, rounded towards the danger. */
const fraction = (priceE18: bigint | undefined, spotE18: bigint): string | null =>
    priceE18 === undefined ? null : formatE18(divDown(priceE18 - spotE18, spotE18));

function distancesOf({ledger, market, parameters}: Standing, id: string): Distance[] {
    const books = ledger.accounts.get(id);
    if (books === undefined) return [];
    const question = {book: bookOf(ledger, books), market, parameters};
    const exposed = [...market.underlyings.keys()].map((underlying): Distance => {
        const {lowerE18, upperE18} = liquidationPrices(question, underlying);
        const spotE18 = market.pricesE18.get(underlying) ?? 1n;
        return {
            underlying: nameOf(underlying),
            down: fraction(lowerE18, spotE18),
            up: fraction(upperE18, spotE18),
        };
    });
    return exposed.filter(({down, up}) => down !== null || up !== null);
}

const healthE18 = ({equityE18, maintenanceE18}: Assessment): bigint => divDown(equityE18, maintenanceE18);

export function viewOf(standing: Standing, {all, top}: ViewOptions): View {
    const {ledger, market} = standing;
    const judged = [...assessAll(standing, market)];
    const known = judged.filter((one): one is [string, Assessment] => one[1] !== undefined);
    const held = known.filter(([, {maintenanceE18}]) => maintenanceE18 > 0n);
    held.sort(([, a], [, b]) => (healthE18(a) < healthE18(b) ? -1 : 1));
    const rest = all ? known.filter(([, {maintenanceE18}]) => maintenanceE18 === 0n) : [];
    const zones = {healthy: 0, restricted: 0, liquidatable: 0, insolvent: 0};
    for (const [, one] of known) zones[zoneOf(one)] += 1;
    return {
        block: standing.block,
        time: formatTime(standing.time),
        prices: Object.fromEntries(
            [...market.underlyings.keys()].map((id) => [nameOf(id), formatE18(market.pricesE18.get(id) ?? 0n)]),
        ),
        zones,
        auctions: [...ledger.accounts.values()].filter(({auction}) => auction).length,
        unpriced: judged.length - known.length,
        accounts: [...held, ...rest].map(([id, one], place) => ({
            account: formatAccount(parseAccount(id)),
            equity: formatE18(one.equityE18),
            initialMargin: formatE18(one.initialE18),
            maintenanceMargin: formatE18(one.maintenanceE18),
            health: one.maintenanceE18 === 0n ? null : formatE18(healthE18(one)),
            state: zoneOf(one),
            inAuction: ledger.accounts.get(id)?.auction ?? false,
            positions: ledger.accounts.get(id)?.sizeE18.size ?? 0,
            distances: place < top && one.maintenanceE18 > 0n ? distancesOf(standing, id) : [],
        })),
    };
}

const CELLS = 20;
/** A bar is full at a health of two. */
const FULL = 2;

/** Health as a bar from nothing to two, with a mark where it is one. */
export function bar(health: string): string {
    const filled = Math.max(0, Math.min(CELLS, Math.floor((Number(health) / FULL) * CELLS)));
    const cells = `${"█".repeat(filled)}${"·".repeat(CELLS - filled)}`;
    return `${cells.slice(0, CELLS / 2)}|${cells.slice(CELLS / 2)}`;
}

const percent = (move: string | null): string => {
    if (move === null) return "";
    const hundredths = Math.round(Number(move) * 1000) / 10;
    return `${hundredths > 0 ? "+" : ""}${hundredths.toFixed(1)} %`;
};

const describeDistances = (distances: readonly Distance[]): string =>
    distances
        .map(({underlying, down, up}) => [underlying, percent(down), percent(up)].filter((part) => part !== ""))
        .map((parts) => parts.join(" "))
        .join(", ");

/** Words for what an account is in: a margin call between initial and maintenance margin, an auction below. */
function stateOf({state, inAuction}: Watched): string {
    if (inAuction) return "auction";
    return state === "restricted" ? "call" : state;
}

export function describeView(view: View, top: number): string {
    const {zones, accounts} = view;
    const prices = Object.entries(view.prices).map(([name, price]) => `${name} ${shorten(price, 2)}`);
    const shown = accounts.slice(0, top);
    const rows = shown.map((one) => [
        one.account,
        one.health === null ? "" : bar(one.health),
        shorten(one.health, 3),
        stateOf(one),
        shorten(one.equity, 0),
        shorten(one.initialMargin, 0),
        shorten(one.maintenanceMargin, 0),
        describeDistances(one.distances),
    ]);
    const counts = [
        `${String(zones.healthy)} healthy`,
        `${String(zones.restricted)} called`,
        `${String(zones.liquidatable)} short`,
        `${String(zones.insolvent)} insolvent`,
        `${String(view.auctions)} in auction`,
        ...(view.unpriced > 0 ? [`${String(view.unpriced)} without a price`] : []),
    ];
    const head = ["account", "health 0 to 2", "", "state", "equity", "IM", "MM", "short at"];
    const more = accounts.length > shown.length ? [`and ${String(accounts.length - shown.length)} more`] : [];
    return [
        `block ${String(view.block)}  ${view.time}  ${prices.join("  ")}`,
        counts.join(", "),
        rows.length === 0 ? "no accounts" : table(head, rows),
        ...more,
    ].join("\n\n");
}
