/**
 * The protocol's books rebuilt from events alone: a pure reducer over decoded logs, in order. What it holds equals storage after every
 * event (EVT-1); it needs no chain, no clock and no call.
 */

/** A decoded log: the event's name and its arguments by name. */
export interface LedgerEvent {
    readonly name: string;
    readonly args: Readonly<Record<string, unknown>>;
}

/** One account's books. Zero entries are removed. */
export interface AccountBooks {
    /** Principal behind the cash balance, 18 decimals over an index of 27. */
    principalE18: bigint;
    readonly unitsE18: Map<number, bigint>;
    readonly sizeE18: Map<bigint, bigint>;
    readonly quoteE18: Map<number, bigint>;
    readonly operators: Map<string, {readonly rights: number; readonly expiresAt: number}>;
    /** Number of the margin model. */
    model: number;
    epoch: bigint;
    auction: boolean;
    /** Unix time at which the running auction was recorded as insolvent; 0 = it is not. */
    insolventAt: number;
}

export interface Ledger {
    readonly accounts: Map<string, AccountBooks>;
    supplyIndexE27: bigint;
    borrowIndexE27: bigint;
    netSettledE18: bigint;
    readonly funding: Map<number, {readonly cumulativeE18: bigint; readonly premiumE18: bigint}>;
    /** Settlement price by `underlying:expiry`. */
    readonly settlements: Map<string, bigint>;
    /** Units filled by quote hash. */
    readonly fills: Map<string, bigint>;
}

const RAY = 10n ** 27n;

/** Thrown when a log lacks an argument that the reducer needs: the ABI and the ledger disagree. */
export class MalformedEventError extends Error {
    readonly code = "LEDGER_MALFORMED_EVENT";
    readonly event: string;
    readonly argument: string;
    readonly value: unknown;

    constructor(event: string, argument: string, value: unknown) {
        super(`Event ${event} has no usable argument ${argument}: ${String(value)}`);
        this.event = event;
        this.argument = argument;
        this.value = value;
    }
}

export function emptyLedger(): Ledger {
    return {
        accounts: new Map(),
        supplyIndexE27: RAY,
        borrowIndexE27: RAY,
        netSettledE18: 0n,
        funding: new Map(),
        settlements: new Map(),
        fills: new Map(),
    };
}

/** Books of an account, created empty when the account is new. */
export function booksOf(ledger: Ledger, account: string): AccountBooks {
    const known = ledger.accounts.get(account);
    if (known !== undefined) return known;
    const books: AccountBooks = {
        principalE18: 0n,
        unitsE18: new Map(),
        sizeE18: new Map(),
        quoteE18: new Map(),
        operators: new Map(),
        model: 0,
        epoch: 0n,
        auction: false,
        insolventAt: 0,
    };
    ledger.accounts.set(account, books);
    return books;
}

function big({name, args}: LedgerEvent, key: string): bigint {
    const value = args[key];
    if (typeof value !== "bigint") throw new MalformedEventError(name, key, value);
    return value;
}

function bigs({name, args}: LedgerEvent, key: string): readonly bigint[] {
    const value: unknown = args[key];
    if (Array.isArray(value) && value.every((item) => typeof item === "bigint")) return value;
    throw new MalformedEventError(name, key, value);
}

function text({name, args}: LedgerEvent, key: string): string {
    const value = args[key];
    if (typeof value !== "string") throw new MalformedEventError(name, key, value);
    return value;
}

const count = (event: LedgerEvent, key: string): number => Number(big(event, key));

function put<K>(map: Map<K, bigint>, key: K, value: bigint): void {
    if (value === 0n) map.delete(key);
    else map.set(key, value);
}

function add<K>(map: Map<K, bigint>, key: K, change: bigint): void {
    put(map, key, (map.get(key) ?? 0n) + change);
}

type Reducer = (ledger: Ledger, event: LedgerEvent) => void;

const account = (ledger: Ledger, event: LedgerEvent): AccountBooks => booksOf(ledger, text(event, "account"));

const REDUCERS: Readonly<Record<string, Reducer>> = {
    CashChanged: (ledger, event) => {
        account(ledger, event).principalE18 = big(event, "principalAfter");
    },
    CollateralChanged: (ledger, event) => {
        put(account(ledger, event).unitsE18, count(event, "assetId"), big(event, "unitsAfterE18"));
    },
    PositionChanged: (ledger, event) => {
        put(account(ledger, event).sizeE18, big(event, "instrument"), big(event, "sizeAfterE18"));
    },
    PositionsMoved: (ledger, event) => {
        const [from, to] = [account(ledger, event), booksOf(ledger, text(event, "keeper"))];
        const [instruments, moved] = [bigs(event, "instruments"), bigs(event, "movedE18")];
        if (instruments.length !== moved.length) throw new MalformedEventError(event.name, "movedE18", moved);
        for (const [i, instrument] of instruments.entries()) {
            const movedE18 = moved[i] ?? 0n;
            add(from.sizeE18, instrument, -movedE18);
            add(to.sizeE18, instrument, movedE18);
        }
    },
    QuoteFigureChanged: (ledger, event) => {
        put(account(ledger, event).quoteE18, count(event, "underlying"), big(event, "quoteAfterE18"));
    },
    InterestAccrued: (ledger, event) => {
        ledger.supplyIndexE27 = big(event, "supplyIndexE27");
        ledger.borrowIndexE27 = big(event, "borrowIndexE27");
    },
    LossSocialised: (ledger, event) => {
        ledger.supplyIndexE27 = big(event, "supplyIndexAfterE27");
    },
    NetSettledChanged: (ledger, event) => {
        ledger.netSettledE18 = big(event, "netSettledAfterE18");
    },
    FundingAccrued: (ledger, event) => {
        const state = {cumulativeE18: big(event, "cumulativeFundingE18"), premiumE18: big(event, "premiumE18")};
        ledger.funding.set(count(event, "underlying"), state);
    },
    PremiumSampled: (ledger, event) => {
        const underlying = count(event, "underlying");
        const cumulativeE18 = ledger.funding.get(underlying)?.cumulativeE18 ?? 0n;
        ledger.funding.set(underlying, {cumulativeE18, premiumE18: big(event, "premiumAfterE18")});
    },
    ExpirySettled: (ledger, event) => {
        const key = `${String(count(event, "underlying"))}:${String(count(event, "expiry"))}`;
        ledger.settlements.set(key, big(event, "priceE18"));
    },
    QuoteFilled: (ledger, event) => {
        ledger.fills.set(text(event, "quoteHash"), big(event, "filledAfterE18"));
    },
    OperatorSet: (ledger, event) => {
        const {operators} = account(ledger, event);
        const rights = count(event, "rights");
        const operator = text(event, "operator");
        if (rights === 0) operators.delete(operator);
        else operators.set(operator, {rights, expiresAt: count(event, "expiresAt")});
    },
    ModelSet: (ledger, event) => {
        account(ledger, event).model = count(event, "model");
    },
    AllCancelled: (ledger, event) => {
        booksOf(ledger, text(event, "maker")).epoch = big(event, "epoch");
    },
    AuctionStarted: (ledger, event) => {
        account(ledger, event).auction = true;
    },
    InsolvencyRecorded: (ledger, event) => {
        account(ledger, event).insolventAt = count(event, "insolventAt");
    },
    AuctionEnded: (ledger, event) => {
        const books = account(ledger, event);
        books.auction = false;
        books.insolventAt = 0;
    },
};

/** Applies one event in place. Events that carry no books are passed over. */
export function applyEvent(ledger: Ledger, event: LedgerEvent): void {
    REDUCERS[event.name]?.(ledger, event);
}

/** Cash with interest up to the last index seen: claims rounded down, debts away from zero. 18 decimals. */
export function cashE18(ledger: Ledger, books: AccountBooks): bigint {
    const {principalE18} = books;
    if (principalE18 >= 0n) return (principalE18 * ledger.supplyIndexE27) / RAY;
    return -((-principalE18 * ledger.borrowIndexE27 + RAY - 1n) / RAY);
}

/** Sum of sizes per instrument over all accounts; every entry is zero when the books are whole (LED-1). */
export function sizeSums(ledger: Ledger): Map<bigint, bigint> {
    const sums = new Map<bigint, bigint>();
    for (const {sizeE18} of ledger.accounts.values()) {
        for (const [instrument, size] of sizeE18) sums.set(instrument, (sums.get(instrument) ?? 0n) + size);
    }
    return sums;
}
