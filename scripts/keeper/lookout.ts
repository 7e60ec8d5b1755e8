/**
 * Whom to ask the chain about. Books are read when an event names their account, and the risk twin says after every block which of
 * them may be short; the chain is asked about those, about whoever is in an auction, and about whom the block was about. Every now
 * and then it is asked about everybody, for margin calls and in case anything was missed.
 */
import type {AccountId} from "../sdk/ids.js";
import {mulDivDown, mulDivUp} from "../sdk/math/index.js";
import type {Book} from "../sdk/risk/index.js";
import {createScan} from "../sdk/scan/index.js";
import {expiriesOf} from "../chain/snapshot.js";
import type {Indices, Snapshot, SnapshotReader} from "../chain/snapshot.js";
import type {Candidate} from "./strategy.js";

/** What a round has learned of accounts. */
export type Seen = {
    /** Accounts that events of this round name; all others are as they were. */
    readonly touched: ReadonlySet<AccountId>;
    /** Whether blocks were replaced, so that books may have been read from a block that is none any more. */
    readonly isRewound: boolean;
};

export type Lookout = {
    /** Accounts to ask the chain about at a block. */
    readonly whom: (
        accounts: ReadonlySet<AccountId>,
        seen: Seen,
        block: {readonly number: number; readonly seconds: bigint},
    ) => Promise<readonly AccountId[]>;
    /** Tells it what the chain has answered; who was asked about in vain is asked about again if in an auction. */
    readonly told: (answers: readonly Answer[]) => void;
    /** Books as they were last read. */
    readonly books: () => ReadonlyMap<AccountId, Book>;
};

/** What the chain says of an account; its book, where that comes along, need not be read apart. */
type Answer = Pick<Candidate, "account" | "auction"> & {readonly book?: Book};

/** A book as it was read, and the cash that the scan has been told since. */
type Kept = {readonly book: Book; readonly indices: Indices; readonly toldE18: bigint};

/**
 * Least cash by now: what is lent is written down when the pool loses, what is borrowed grows. Interest received is left out, and a
 * last decimal taken off, so that no account looks better than it is.
 */
export function leastCash(cashE18: bigint, then: Indices, now: Indices): bigint {
    if (cashE18 < 0n) return -mulDivUp(-cashE18, now.borrowIndexE27, then.borrowIndexE27) - 1n;
    if (now.supplyIndexE27 >= then.supplyIndexE27) return cashE18;
    return mulDivDown(cashE18, now.supplyIndexE27, then.supplyIndexE27);
}

const instrumentsOf = (books: readonly Book[]): bigint[] =>
    books.flatMap(({positions}) => positions.map(({instrument}) => instrument));

/** Reads books, so many at a time. */
async function readBooks(
    reader: SnapshotReader,
    accounts: readonly AccountId[],
    batchSize: number,
    blockNumber: number,
): Promise<ReadonlyMap<AccountId, Book>> {
    const read = new Map<AccountId, Book>();
    for (let from = 0; from < accounts.length; from += batchSize) {
        const some = accounts.slice(from, from + batchSize);
        const books = await Promise.all(some.map(async (one) => [one, await reader.book(one, blockNumber)] as const));
        for (const [account, book] of books) read.set(account, book);
    }
    return read;
}

export type LookoutOptions = {
    readonly sweepEverySeconds: number;
    readonly batchSize: number;
    /** Answers come with books, so none is read apart; an account without an answer is asked about again. */
    readonly booksCome?: boolean;
};

export function createLookout(reader: SnapshotReader, options: LookoutOptions): Lookout {
    const {sweepEverySeconds, batchSize, booksCome = false} = options;
    let scan = createScan();
    let kept = new Map<AccountId, Kept>();
    let sweptAt: bigint | undefined;
    let sweepsAt: bigint | undefined;
    let now: Indices | undefined;
    const inAuction = new Set<AccountId>();

    const keep = (account: AccountId, book: Book, indices: Indices): void => {
        kept.set(account, {book, indices, toldE18: book.cashE18});
        scan.put(account, book);
    };

    const forget = (account: AccountId): void => {
        if (kept.delete(account)) scan.remove(account);
    };

    /** What another keeper has taken over is his. */
    const keepOnly = (accounts: ReadonlySet<AccountId>): void => {
        for (const account of [...kept.keys()]) if (!accounts.has(account)) forget(account);
        for (const account of [...inAuction]) if (!accounts.has(account)) inAuction.delete(account);
    };

    const takeIn = (fresh: ReadonlyMap<AccountId, Book>, {market, parameters, indices}: Snapshot): void => {
        now = indices;
        for (const [account, book] of fresh) keep(account, book, indices);
        for (const [account, {book, indices: then, toldE18}] of kept) {
            const cashE18 = leastCash(book.cashE18, then, indices);
            if (cashE18 === toldE18) continue;
            kept.set(account, {book, indices: then, toldE18: cashE18});
            scan.put(account, {...book, cashE18});
        }
        scan.reprice(market, parameters);
    };

    return {
        books: () => new Map([...kept].map(([account, {book}]) => [account, book])),
        told: (answers) => {
            // A sweep counts once it has been answered.
            sweptAt = sweepsAt;
            for (const {account, auction, book} of answers) {
                if (book !== undefined && now !== undefined) keep(account, book, now);
                if (auction.startedAt > 0n) inAuction.add(account);
                else inAuction.delete(account);
            }
        },
        whom: async (accounts, {touched, isRewound}, {number, seconds}) => {
            if (isRewound) [scan, kept] = [createScan(), new Map<AccountId, Kept>()];
            keepOnly(accounts);
            const stale = [...accounts].filter((account) => touched.has(account) || !kept.has(account));
            if (booksCome) stale.forEach(forget);
            const fresh = await readBooks(reader, booksCome ? [] : stale, batchSize, number);
            const books = [...[...kept.values()].map(({book}) => book), ...fresh.values()];
            takeIn(fresh, await reader.snapshot(expiriesOf(instrumentsOf(books)), number));
            const isDue = sweptAt === undefined || seconds - sweptAt >= BigInt(sweepEverySeconds);
            sweepsAt = isDue ? seconds : sweptAt;
            if (isDue) return [...accounts];
            const {short, unreadable} = scan.find();
            return [...new Set([...[...short, ...unreadable].map(({account}) => account), ...inAuction, ...stale])];
        },
    };
}
