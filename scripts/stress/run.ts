/** One crash on one chain: point by point prices, breaches, auctions, slices, and at every look whether all claims are covered. */
import {applyEvent, emptyLedger} from "../chain/ledger.js";
import type {Party} from "../demo/trading.js";
import type {WorldEvent} from "../demo/world.js";
import {decodeInstrument, parseE18} from "../sdk/index.js";
import type {InstrumentId} from "../sdk/index.js";
import {abs, max, min, mulDown, mulUp, sum} from "../sdk/math/index.js";
import type {Book} from "../sdk/risk/index.js";
import {openHouse} from "./house.js";
import type {House} from "./house.js";
import {CAPITAL, Keepers, STYLES} from "./keepers.js";
import type {Deed, Takings} from "./keepers.js";
import {addLegs, addSlice, newLiquidation} from "./ledger.js";
import type {Liquidation, Slice} from "./ledger.js";
import {grossE18, open} from "./open.js";
import type {Entries} from "./open.js";
import type {Point} from "./path.js";
import type {Trader} from "./population.js";
import type {Protections} from "./protections.js";
import {Random} from "../shared/random.js";
import {problemsOf} from "./solvency.js";

export type RunTerms = {
    readonly protections: Protections;
    readonly points: readonly Point[];
    readonly traders: readonly Trader[];
    readonly seed: number;
    /** Gas price of a calm day and factor on crash bars. */
    readonly gasPriceWei: bigint;
    readonly gasFactor: bigint;
    readonly onPoint: (done: number, all: number) => void;
};

export type Solvency = {
    looks: number;
    covered: number;
    /** The first look that was not covered, in words. */
    first: string | undefined;
};

export type Outcome = {
    readonly protections: Protections;
    readonly liquidations: readonly Liquidation[];
    readonly takings: readonly Takings[];
    readonly solvency: Solvency;
    readonly opened: number;
    readonly insolventAtEnd: number;
    readonly deficitAtEndE18: bigint;
    readonly mostGas: bigint;
    readonly prices: readonly {readonly time: number; readonly btc: string}[];
    readonly cashHolders: number;
    readonly positiveCashE18: bigint;
    readonly winners: readonly Winner[];
};

/** Who had gained in a market at the end of it: those whom deleveraging would ask. */
export type Winner = {
    readonly account: string;
    readonly profitE18: bigint;
    readonly equityE18: bigint;
    readonly hedged: boolean;
};

type Watched = {
    readonly trader: Trader;
    readonly party: Party;
    readonly entries: Entries;
    book: Book;
    /** Equity above maintenance and everything at risk, at the prices of the last assessment. */
    slackE18: bigint;
    grossE18: bigint;
    spots: readonly bigint[];
    assessedAt: number;
    breachAt: number | undefined;
    breachBlock: number;
    auction: Liquidation | undefined;
    ghost: Book | undefined;
};

/** While auctions run somebody looks so often. */
const LOOK_SECONDS = 300;
/** A book is assessed anew at least so often, however far from its limit. */
const STALE_POINTS = 24;
const BACKSTOP = "3000000";

export class StressRun {
    readonly #terms: RunTerms;
    readonly #events: WorldEvent[] = [];
    readonly #watched = new Map<string, Watched>();
    readonly #ledger: Liquidation[] = [];
    readonly #solvency: Solvency = {looks: 0, covered: 0, first: undefined};
    readonly #books = emptyLedger();
    #house: House | undefined;
    #keepers: Keepers | undefined;
    #mostGas = 0n;
    #read = 0;

    constructor(terms: RunTerms) {
        this.#terms = terms;
    }

    get #at(): House {
        if (this.#house === undefined) throw new Error("The house is not open yet");
        return this.#house;
    }

    get #bidders(): Keepers {
        if (this.#keepers === undefined) throw new Error("There are no keepers yet");
        return this.#keepers;
    }

    async run(): Promise<Outcome> {
        const {points, traders, protections, seed, onPoint} = this.#terms;
        this.#house = await openHouse({
            protections,
            points,
            traders,
            keepers: STYLES.map(({id}) => id),
            backstop: protections === "on" ? BACKSTOP : "0",
            keeperCapital: CAPITAL,
            onEvent: (event) => {
                this.#events.push(event);
                applyEvent(this.#books, {
                    name: event.log.name,
                    args: event.log.args.toObject() as Record<string, unknown>,
                });
            },
        });
        this.#keepers = new Keepers(this.#house, new Random(seed + 1));
        for (const [index, point] of points.entries()) {
            await this.#point(index, point, points[index + 1]?.time ?? point.time);
            onPoint(index + 1, points.length);
        }
        return this.#outcome();
    }

    async #point(index: number, point: Point, nextTime: number): Promise<void> {
        const house = this.#at;
        const {gasPriceWei, gasFactor} = this.#terms;
        house.world.setGasPrice(0n);
        await house.market.write({time: point.time, ...point.written}, index);
        await house.mirror.refresh();
        if (index === 0) await this.#openAll();
        this.#bidders.gasPriceWei = point.crash ? gasPriceWei * gasFactor : gasPriceWei;
        this.#bidders.nativeE18 = house.market.spotE18(2);
        await this.#assessAll(index, point);
        await this.#startAuctions(point.time);
        let time = point.time + 60;
        while (this.#auctions().length > 0 && time < nextTime - 60) {
            await house.world.mineAt(time);
            await this.#lookAtAuctions();
            time += LOOK_SECONDS;
        }
        await this.#bidders.layOff();
        await this.#checkSolvency(point.time);
    }

    async #openAll(): Promise<void> {
        const house = this.#at;
        for (const trader of this.#terms.traders) {
            const party = house.parties.get(trader.id);
            const entries = await open(house, trader);
            if (party === undefined || entries === undefined) continue;
            this.#watched.set(party.account, {
                trader,
                party,
                entries,
                book: await house.mirror.bookOf(party.account),
                slackE18: 0n,
                grossE18: 0n,
                spots: [],
                assessedAt: -STALE_POINTS,
                breachAt: undefined,
                breachBlock: 0,
                auction: undefined,
                ghost: undefined,
            });
        }
        await house.mirror.refresh();
    }

    #auctions(): Watched[] {
        return [...this.#watched.values()].filter(({auction}) => auction !== undefined);
    }

    /** Whether prices can have moved enough since the last assessment to matter. */
    #mayBeShort(one: Watched, index: number, spots: readonly bigint[]): boolean {
        if (one.auction !== undefined || one.breachAt !== undefined || index - one.assessedAt >= STALE_POINTS)
            return true;
        const moves = spots.map((spot, place) => {
            const before = one.spots[place] ?? spot;
            return (abs(spot - before) * parseE18("1")) / before;
        });
        return mulUp(one.grossE18 * 2n, max(moves[0] ?? 0n, moves[1] ?? 0n)) >= one.slackE18;
    }

    async #assessAll(index: number, point: Point): Promise<void> {
        const {mirror, world} = this.#at;
        const spots = [parseE18(point.truth.BTC), parseE18(point.truth.ETH)];
        const truth = new Map(spots.map((spot, place) => [place + 1, spot]));
        const block = await world.provider.getBlockNumber();
        for (const one of this.#watched.values()) {
            if (one.ghost !== undefined) this.#lookAtGhost(one, truth);
            if (one.book.positions.length === 0 || !this.#mayBeShort(one, index, spots)) continue;
            const {equityE18, maintenanceE18} = mirror.assessAt(one.book, truth);
            one.slackE18 = equityE18 - maintenanceE18;
            one.grossE18 = grossE18(one.book, (id) => spots[id - 1] ?? 0n);
            [one.spots, one.assessedAt] = [spots, index];
            if (one.slackE18 >= 0n) {
                if (one.auction === undefined) one.breachAt = undefined;
            } else if (one.breachAt === undefined) {
                [one.breachAt, one.breachBlock] = [point.time, block];
            }
        }
    }

    /** What would have become of a book that was sold. */
    #lookAtGhost(one: Watched, truth: ReadonlyMap<number, bigint>): void {
        const sold = this.#ledger.findLast(({account}) => account === one.trader.id);
        if (one.ghost === undefined || sold === undefined) return;
        const {equityE18} = this.#at.mirror.assessAt(one.ghost, truth);
        sold.leftAloneE18 = sold.leftAloneE18 === undefined ? equityE18 : min(sold.leftAloneE18, equityE18);
    }

    async #startAuctions(time: number): Promise<void> {
        const {mirror} = this.#at;
        for (const one of this.#watched.values()) {
            if (one.auction !== undefined || one.breachAt === undefined) continue;
            one.book = await mirror.bookOf(one.party.account);
            const {equityE18, maintenanceE18} = mirror.assess(one.book);
            // True prices show it, those of the feeds do not yet.
            if (equityE18 >= maintenanceE18) continue;
            const report = mirror.report(one.book);
            const witness = {own: report.underlyings.map(({binding}) => binding), joint: report.groupBinding};
            const deed = await this.#bidders.start(one.party.account, witness);
            if (deed === undefined) continue;
            const {id, kind} = one.trader;
            const who = {account: id, kind, breachAt: one.breachAt, breachBlock: one.breachBlock};
            one.auction = newLiquidation(who, time);
            one.ghost ??= one.book;
            this.#ledger.push(one.auction);
            this.#book(one.auction, deed);
            await this.#digest();
        }
    }

    async #lookAtAuctions(): Promise<void> {
        for (const one of this.#auctions()) {
            const before = await this.#at.mirror.bookOf(one.party.account);
            for (const deed of await this.#bidders.bid(one.party.account)) {
                if (one.auction !== undefined) this.#book(one.auction, deed);
            }
            await this.#digest(before);
            if (one.auction === undefined) continue;
            const {equityE18, maintenanceE18} = this.#at.mirror.assess(one.book);
            if (equityE18 > mulUp(maintenanceE18, parseE18("1.26"))) {
                const deed = await this.#bidders.cancel(one.party.account);
                if (deed !== undefined) this.#book(one.auction, deed);
                await this.#digest();
            }
        }
        this.#bidders.nextLook();
    }

    #book(one: Liquidation, {gasUsed}: Deed): void {
        one.gas += gasUsed;
        one.gasPriceWei = this.#bidders.gasPriceWei;
        one.gasCostE18 += this.#bidders.costE18(gasUsed);
        this.#mostGas = max(this.#mostGas, gasUsed);
    }

    /** Takes in what the contracts have said since the last time. */
    async #digest(before?: Book): Promise<void> {
        const {mirror, world} = this.#at;
        const block = await world.provider.getBlockNumber();
        for (const {time, log} of this.#events.slice(this.#read)) {
            const one = this.#watched.get(String(log.args["account"] ?? ""));
            if (one?.auction === undefined) continue;
            if (log.name === "AuctionStarted") this.#pay(one.auction, log.args.toObject() as Record<string, unknown>);
            if (log.name === "SliceTaken") {
                this.#slice(one, log.args.toObject() as Record<string, unknown>, {time, block}, before ?? one.book);
                one.book = await mirror.bookOf(one.party.account);
            }
            if (log.name === "AuctionEnded") {
                one.auction.endedAt = time;
                [one.auction, one.breachAt, one.assessedAt] = [undefined, undefined, -STALE_POINTS];
            }
        }
        this.#read = this.#events.length;
    }

    #gain(keeper: unknown, gainE18: bigint): void {
        const party = this.#at.keepers.find(({account}) => account === keeper);
        const takings = party === undefined ? undefined : this.#bidders.takings.get(party.id);
        if (takings !== undefined) takings.gainE18 += gainE18;
    }

    #pay(auction: Liquidation, args: Record<string, unknown>): void {
        const payE18 = args["payE18"] as bigint;
        auction.startPayE18 += payE18;
        this.#gain(args["keeper"], payE18);
    }

    #slice(one: Watched, args: Record<string, unknown>, at: {time: number; block: number}, before: Book): void {
        if (one.auction === undefined) return;
        const slice = args as unknown as Slice;
        const gainBefore = one.auction.keeperE18;
        addSlice(one.auction, slice, at);
        this.#gain(args["keeper"], one.auction.keeperE18 - gainBefore);
        const {market} = this.#at;
        const legs = before.positions.map(({instrument, sizeE18}) => {
            const id = instrument as InstrumentId;
            const nowE18 = market.fairE18(id);
            const spotE18 = market.spotE18(decodeInstrument(id).underlying);
            return {sizeE18, spotE18, nowE18, entryE18: one.entries.get(id) ?? nowE18};
        });
        addLegs(one.auction, legs, slice.fractionE18);
    }

    async #checkSolvency(time: number): Promise<void> {
        const problems = await problemsOf(this.#at.world, this.#books);
        this.#solvency.looks += 1;
        if (problems.length === 0) this.#solvency.covered += 1;
        else this.#solvency.first ??= `at ${time}: ${problems.join(", ")}`;
    }

    async #outcome(): Promise<Outcome> {
        const {mirror, world} = this.#at;
        await mirror.refresh();
        const ends = [...this.#watched.values()].map((one) => ({one, ...mirror.assess(one.book)}));
        const owed = ends.filter(({equityE18}) => equityE18 < 0n);
        const {suppliedE18} = await world.ballast.vault.cashTotals();
        const holders = await Promise.all(ends.map(({one}) => world.ballast.vault.cashOf(one.party.account)));
        return {
            protections: this.#terms.protections,
            liquidations: this.#ledger,
            takings: [...this.#bidders.takings.values()],
            solvency: this.#solvency,
            opened: this.#watched.size,
            insolventAtEnd: owed.length,
            deficitAtEndE18: -sum(owed.map(({equityE18}) => equityE18)),
            mostGas: this.#mostGas,
            prices: this.#terms.points.map(({time, truth}) => ({time, btc: truth.BTC})),
            cashHolders: holders.filter((cashE18) => cashE18 > 0n).length,
            positiveCashE18: suppliedE18,
            winners: ends.flatMap(({one, equityE18}) => this.#winnerOf(one, equityE18)),
        };
    }

    #winnerOf(one: Watched, equityE18: bigint): Winner[] {
        const {market} = this.#at;
        const gains = one.book.positions.map(({instrument, sizeE18}) => {
            const id = instrument as InstrumentId;
            const nowE18 = market.fairE18(id);
            return (
                mulDown(abs(sizeE18), abs(nowE18 - (one.entries.get(id) ?? nowE18))) *
                ((nowE18 - (one.entries.get(id) ?? nowE18)) * sizeE18 < 0n ? -1n : 1n)
            );
        });
        const profitE18 = sum(gains.filter((gain) => gain > 0n));
        if (profitE18 === 0n) return [];
        return [{account: one.trader.id, profitE18, equityE18, hedged: gains.some((gain) => gain < 0n)}];
    }
}
