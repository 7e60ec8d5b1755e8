/**
 * Finds the short accounts among many: one market, one table of what a unit of each instrument is worth and loses, one sparse product
 * per account. Doubles choose whom to look at, see screen; whether an account is short, and by how much, is the exact twin's word.
 */
import {InputError} from "../failures.js";
import type {AccountId} from "../ids.js";
import {sum} from "../math/index.js";
import {assessBook, checkOrder} from "../risk/index.js";
import type {Assessment, Book, Market, RiskParameters} from "../risk/index.js";
import {intAt, putRun, roomyFloats} from "./columns.js";
import type {Entry} from "./columns.js";
import type {Prices} from "./market.js";
import {isClear, openScreen} from "./screen.js";
import {assetPlace, hold, instrumentPlace, openShelf, heldCount, release, reprice} from "./shelf.js";
import type {Keeping} from "./shelf.js";
import {emptySlots} from "./sums.js";
import type {Slots} from "./sums.js";
import {asDouble} from "./units.js";

/** An account below its maintenance requirement, by the exact twin. */
export type ShortAccount = Assessment & {readonly account: AccountId; readonly positions: number};

/** An account whose figures cannot be had now: the market lacks something that its book needs. */
export type Unreadable = {readonly account: AccountId; readonly error: InputError};

export type Found = {
    /** The greatest shortfall first, then by id. */
    readonly short: readonly ShortAccount[];
    readonly unreadable: readonly Unreadable[];
    /** Accounts that the exact twin was asked about. */
    readonly asked: number;
};

export type Scan = {
    /** Takes in an account, or what has become of it. */
    readonly put: (account: AccountId, book: Book) => void;
    readonly remove: (account: AccountId) => void;
    /** Takes in a market: every instrument that is held is priced again. */
    readonly reprice: (market: Market, parameters: RiskParameters) => void;
    /** Accounts that may be short under the last market: every one that is, and few others. */
    readonly suspects: () => readonly AccountId[];
    /** Those of some accounts that are short under the last market; of all accounts if none are named. */
    readonly find: (among?: readonly AccountId[]) => Found;
    /** Least that equity less maintenance of an account can be, USD, as a double; NaN where only the exact twin can tell. */
    readonly leastLeft: (account: AccountId) => number;
    readonly size: () => {readonly accounts: number; readonly positions: number; readonly instruments: number};
};

type Kept = {readonly account: AccountId; readonly book: Book; readonly positions: number};

/** What the columns can hold: the scenario model, and no collateral below zero. */
const fitsScreen = ({model, collateral}: Book): boolean =>
    model === "SCENARIO" && collateral.every(({unitsE18}) => unitsE18 >= 0n);

function byShortfall(one: ShortAccount, other: ShortAccount): number {
    const difference = other.maintenanceE18 - other.equityE18 - (one.maintenanceE18 - one.equityE18);
    if (difference !== 0n) return difference > 0n ? 1 : -1;
    return one.account < other.account ? -1 : 1;
}

/** The exact twin's word on those that the screen does not clear. */
function decide(asked: readonly Kept[], prices: Prices): Found {
    const short: ShortAccount[] = [];
    const unreadable: Unreadable[] = [];
    for (const {account, book, positions} of asked) {
        try {
            const assessment = assessBook({book, ...prices});
            if (assessment.equityE18 < assessment.maintenanceE18) short.push({account, positions, ...assessment});
        } catch (error) {
            if (!(error instanceof InputError)) throw error;
            unreadable.push({account, error});
        }
    }
    return {short: short.sort(byShortfall), unreadable, asked: asked.length};
}

const SETTLED: Book = {model: "SCENARIO", cashE18: 0n, collateral: [], quotes: [], positions: []};

/** Writes a book into the columns. Whatever may be wrong with it is found before anything is written. */
function fill(keeping: Keeping, slots: Slots, slot: number, book: Book): void {
    checkOrder(book);
    const open = book.positions.filter(({sizeE18}) => sizeE18 !== 0n);
    const positions = open.map(({instrument, sizeE18}): Entry => {
        return {place: instrumentPlace(keeping, instrument), units: asDouble(sizeE18)};
    });
    const collateral = book.collateral
        .filter(({unitsE18}) => unitsE18 !== 0n)
        .map(({assetId, unitsE18}): Entry => ({place: assetPlace(keeping, assetId), units: asDouble(unitsE18)}));
    const {starts, counts, places} = slots.positions;
    const start = intAt(starts, slot);
    const released = places.slice(start, start + intAt(counts, slot));
    // Held before what they replace is released, so that what stays is not priced again.
    for (const {place} of positions) hold(keeping, place);
    for (const place of released) release(keeping, place);
    putRun(slots.positions, slot, positions);
    putRun(slots.collateral, slot, collateral);
    slots.cash = roomyFloats(slots.cash, slot + 1);
    slots.quotes = roomyFloats(slots.quotes, slot + 1);
    slots.cash[slot] = asDouble(book.cashE18);
    slots.quotes[slot] = asDouble(sum(book.quotes.map(({quoteE18}) => quoteE18)));
}

function toldPrices({prices}: Keeping): Prices {
    if (prices === undefined) throw new InputError("market-missing", "The scan has no market yet");
    return prices;
}

export function createScan(): Scan {
    const slots = emptySlots();
    const keeping = openShelf();
    const screen = openScreen(keeping.shelf, slots);
    const slotOf = new Map<AccountId, number>();
    const kept: (Kept | undefined)[] = [];
    const free: number[] = [];

    const leastLeft = (slot: number, {book}: Kept): number => {
        if (!fitsScreen(book)) return NaN;
        const left = screen.leastLeft(slot);
        return isClear(left) ? left : screen.leastLeftCapped(slot);
    };
    const known = (account: AccountId): {readonly slot: number; readonly one: Kept} => {
        const slot = slotOf.get(account) ?? -1;
        const one = kept[slot];
        if (one !== undefined) return {slot, one};
        throw new InputError("account-unknown", `Account ${account} is not in the scan`, {account});
    };

    const suspects = (): readonly AccountId[] => {
        toldPrices(keeping);
        const found: AccountId[] = [];
        for (const [slot, one] of kept.entries()) {
            if (one !== undefined && !isClear(leastLeft(slot, one))) found.push(one.account);
        }
        return found;
    };

    return {
        put: (account, book) => {
            const slot = slotOf.get(account) ?? free.at(-1) ?? kept.length;
            fill(keeping, slots, slot, book);
            if (slot === free.at(-1) && !slotOf.has(account)) free.pop();
            slotOf.set(account, slot);
            kept[slot] = {account, book, positions: intAt(slots.positions.counts, slot)};
        },
        remove: (account) => {
            const {slot} = known(account);
            fill(keeping, slots, slot, SETTLED);
            slotOf.delete(account);
            kept[slot] = undefined;
            free.push(slot);
        },
        reprice: (market, parameters) => reprice(keeping, market, parameters),
        leastLeft: (account) => {
            const {slot, one} = known(account);
            return leastLeft(slot, one);
        },
        suspects,
        find: (among = suspects()) =>
            decide(
                among.map((account) => known(account).one),
                toldPrices(keeping),
            ),
        size: () => ({
            accounts: slotOf.size,
            positions: kept.reduce((count, one) => count + (one?.positions ?? 0), 0),
            instruments: heldCount(keeping),
        }),
    };
}
