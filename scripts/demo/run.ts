/** The replay itself: bar by bar prices, trades, calls, auctions, settlement; keeps what the report needs. */
import {Contract} from "ethers";

import {parametersOf} from "../../deploy/parameters/index.js";
import {FEED_ABI} from "../chain/contracts.js";
import {future, ONE_E18, parseE18} from "../sdk/index.js";
import {abs, divDown, max, min, mulDivFloor, mulFloor} from "../sdk/math/index.js";
import {CAST, DEPOSITOR, hourOf, KEEPERS, MAKER} from "./cast.js";
import type {Expiries, Member, Order} from "./cast.js";
import {Keepers} from "./keepers.js";
import type {Seen} from "./keepers.js";
import {deposit} from "./deposit.js";
import type {DemoMarket} from "./market.js";
import {Mirror} from "./mirror.js";
import {hourOfLargestFall} from "./priceFile.js";
import type {PriceBar} from "./priceFile.js";
import {scalingFor} from "./sizes.js";
import type {Scaling} from "./sizes.js";
import {Desk, partyOf} from "./trading.js";
import type {Party} from "./trading.js";
import {RefusedError} from "./world.js";
import type {World, WorldEvent} from "./world.js";

export type Sample = {
    readonly time: number;
    readonly equityE18: bigint;
    readonly initialE18: bigint;
    readonly maintenanceE18: bigint;
};

export type History = {
    readonly bars: readonly PriceBar[];
    readonly samples: ReadonlyMap<string, Sample[]>;
    readonly events: readonly WorldEvent[];
    /** Leverage of accounts that opened at the limit, at opening and one bar before the largest fall. */
    readonly notes: string[];
};

export type RunOptions = {
    readonly bars: readonly PriceBar[];
    readonly expiries: Expiries;
    /** Hours in which no keeper's transaction is mined. */
    readonly congested: ReadonlySet<number>;
    readonly onBar: (hour: number, bar: PriceBar, samples: ReadonlyMap<string, Sample>) => void;
    /** Called once, in the hour before the largest fall of BTC. */
    readonly beforeFall: (run: DemoRun) => Promise<void>;
};

const FIRST_CAST_WALLET = 10;
const DAY_BARS = 24;
const CALM_GAS_WEI = 20_000_000_000n;
const PANIC_GAS_WEI = 300_000_000_000n;
const PANIC_FALL_E18 = parseE18("0.85");
/** Minutes of an hour at which the keepers look at running auctions. */
const LOOKS = [4, 10, 16, 24, 32, 40, 50];
/** Premium of perpetuals: this share of the day's return, at most 0.3 %. */
const PREMIUM_SHARE_E18 = parseE18("0.03");
const PREMIUM_MOST_E18 = parseE18("0.003");
const LARGEST_MULTIPLE = parseE18("500");

export class DemoRun {
    readonly world: World;
    readonly market: DemoMarket;
    readonly parties: ReadonlyMap<string, Party>;
    readonly mirror: Mirror;
    readonly events: WorldEvent[] = [];
    readonly samples = new Map<string, Sample[]>(CAST.map(({id}) => [id, []]));
    readonly notes: string[] = [];
    /** Leverage of the account that opened at the limit, one bar before the first great fall. */
    fallLeverageE18 = 0n;
    readonly #options: RunOptions;
    readonly #desk: Desk;
    readonly #keepers: Keepers;
    readonly #called = new Set<string>();
    readonly #answered = new Set<string>();
    readonly #left = new Set<string>();
    readonly #auctions = new Set<string>();
    readonly #fall: number;
    readonly #scaling: Scaling;
    #settled = false;

    constructor(world: World, market: DemoMarket, options: RunOptions) {
        this.world = world;
        this.market = market;
        this.#options = options;
        this.#scaling = scalingFor(options.bars[0]);
        this.#fall = hourOfLargestFall(options.bars);
        const parties = CAST.flatMap(({id}, index): [string, Party][] => {
            const wallet = world.wallets[FIRST_CAST_WALLET + index];
            return wallet === undefined ? [] : [[id, partyOf(id, wallet)]];
        });
        this.parties = new Map(parties);
        this.#desk = new Desk(world, market, this.party(MAKER));
        this.#keepers = new Keepers(
            world,
            KEEPERS.map((id) => this.party(id)),
        );
        this.mirror = new Mirror(world, market, parametersOf("local"));
    }

    /** Takes note of something that happened on chain. */
    heed(event: WorldEvent): void {
        this.events.push(event);
        const account = String(event.log.args["account"] ?? "");
        if (event.log.name === "AuctionStarted") this.#auctions.add(account);
        if (event.log.name === "AuctionEnded") this.#auctions.delete(account);
        if (event.log.name !== "MarginCall") return;
        for (const {id, account: own} of this.parties.values()) if (own === account) this.#called.add(id);
    }

    /** Accounts under auction now. */
    get auctions(): number {
        return this.#auctions.size;
    }

    nameOf(account: string): string {
        return [...this.parties.values()].find((party) => party.account === account)?.id ?? "protocol";
    }

    party(id: string): Party {
        const found = this.parties.get(id);
        if (found === undefined) throw new Error(`Nobody is called ${id}`);
        return found;
    }

    async #fund(): Promise<void> {
        for (const {id, deposits} of CAST) {
            for (const [symbol, amount] of Object.entries(deposits))
                await deposit(this.world, this.party(id), symbol, this.#scaling.amount(symbol, amount));
        }
    }

    #setDay(hour: number): void {
        const {bars} = this.#options;
        const nowE18 = parseE18(bars[hour]?.BTC ?? "0");
        const beforeE18 = parseE18(bars[Math.max(hour - DAY_BARS, 0)]?.BTC ?? "0");
        const ratioE18 = divDown(nowE18, beforeE18);
        this.world.setGasPrice(ratioE18 < PANIC_FALL_E18 ? PANIC_GAS_WEI : CALM_GAS_WEI);
        const premiumE18 = mulFloor(ratioE18 - ONE_E18, PREMIUM_SHARE_E18);
        this.#desk.premiumE18 = max(-PREMIUM_MOST_E18, min(premiumE18, PREMIUM_MOST_E18));
    }

    async #settle(bar: PriceBar): Promise<void> {
        const {near} = this.#options.expiries;
        if (this.#settled || bar.time <= near) return;
        this.#settled = true;
        const {world} = this;
        const anyone = this.party(KEEPERS[0]);
        const {clearinghouse} = world.as(anyone.wallet);
        for (const underlying of [1, 2]) {
            const feed = new Contract(world.deployment.feeds[String(underlying)] ?? "", FEED_ABI, world.provider);
            const nextRound = (await feed.getFunction("latestRound").staticCall()) as bigint;
            await world.done(clearinghouse.settleExpiry(underlying, near, nextRound - 1n, nextRound, world.gas()));
        }
        for (const {account} of this.parties.values()) {
            await world.done(clearinghouse.settleAccount(account, world.gas()));
        }
    }

    async #carryOutPlans(hour: number): Promise<void> {
        const sight = {expiries: this.#options.expiries, spotE18: (id: number) => this.market.spotE18(id)};
        for (const {id, plan} of CAST) {
            for (const step of plan.filter((one) => hourOf(one, this.#fall) === hour)) {
                const orders = step.orders(sight).map(this.#scaling.order);
                await this.#open(id, orders, step.largest === true);
            }
        }
    }

    /** What margin or listing refuses is noted: on other prices than the built-in ones not every plan can be carried out. */
    async #open(id: string, orders: readonly Order[], largest: boolean): Promise<void> {
        try {
            if (largest) {
                await this.#desk.tradeLargest(this.party(id), orders, LARGEST_MULTIPLE);
                await this.#noteLeverage(id, "at opening");
            } else await this.#desk.trade(this.party(id), orders);
        } catch (error) {
            if (!(error instanceof RefusedError)) throw error;
            this.notes.push(`${id}: refused, ${error.message}`);
        }
    }

    /** Leverage = value of linear positions at spot over equity. */
    async leverageE18(id: string): Promise<bigint> {
        const {account} = this.party(id);
        const {clearinghouse, riskEngine} = this.world.ballast;
        const [positions] = await clearinghouse.positionsOf(account);
        const grossE18 = positions.reduce(
            (total, {instrument, sizeE18}) =>
                total + mulFloor(abs(sizeE18), this.market.spotE18(Number(instrument >> 112n))),
            0n,
        );
        const {equityE18} = await riskEngine.assess(account);
        return equityE18 > 0n ? divDown(grossE18, equityE18) : 0n;
    }

    async #noteLeverage(id: string, when: string): Promise<void> {
        const tenths = mulDivFloor(await this.leverageE18(id), 100n, ONE_E18);
        this.notes.push(`${id}: leverage ${String(tenths).replace(/(\d\d)$/, ".$1")} ${when}`);
    }

    async #keepHabits(): Promise<void> {
        for (const {id, habits} of CAST) {
            if (habits === undefined) continue;
            const party = this.party(id);
            const {answersCalls, hedges} = habits;
            if (answersCalls !== undefined && this.#called.has(id) && !this.#answered.has(id)) {
                this.#answered.add(id);
                await deposit(this.world, party, answersCalls.token, answersCalls.amount);
            }
            if (habits.leavesAfterSlice === true && this.#wasSliced(id) && !this.#left.has(id)) {
                this.#left.add(id);
                await this.#desk.close(party);
            }
            if (hedges !== undefined) await this.#hedge(party, hedges);
        }
    }

    #wasSliced(id: string): boolean {
        const {account} = this.party(id);
        return this.events.some(({log}) => log.name === "SliceTaken" && log.args["account"] === account);
    }

    async #hedge(party: Party, habit: NonNullable<NonNullable<Member["habits"]>["hedges"]>): Promise<void> {
        await this.mirror.refresh();
        const book = await this.mirror.bookOf(party.account);
        if (book.positions.length === 0) return;
        const {underlyings} = this.mirror.report(book);
        const deltaE18 = underlyings.find(({underlying}) => underlying === habit.underlying)?.deltaE18 ?? 0n;
        if (abs(deltaE18) < habit.thresholdE18) return;
        const hundredth = ONE_E18 / 100n;
        const sizeE18 = -(deltaE18 / hundredth) * hundredth;
        const instrument = future(habit.underlying, this.#options.expiries[habit.expiry]);
        await this.#desk.trade(party, [{instrument, sizeE18}]);
    }

    async #look(time: number): Promise<Seen[]> {
        await this.mirror.refresh();
        const seen: Seen[] = [];
        for (const party of this.parties.values()) {
            if (party.id === DEPOSITOR) continue;
            const book = await this.mirror.bookOf(party.account);
            const {equityE18, initialE18, maintenanceE18} = this.mirror.assess(book);
            seen.push({party, equityE18, initialE18, maintenanceE18, auction: this.#auctions.has(party.account)});
            const sample = {time, equityE18, initialE18, maintenanceE18};
            this.samples.get(party.id)?.push(sample);
        }
        return seen;
    }

    /** The backstop's depositor holds shares, not an account. */
    async #lookAtBackstop(time: number): Promise<void> {
        const {backstop} = this.world.ballast;
        const {address} = this.party(DEPOSITOR).wallet;
        const assets = await backstop.previewRedeem(await backstop.balanceOf(address));
        const equityE18 = assets * 10n ** 12n;
        this.samples.get(DEPOSITOR)?.push({time, equityE18, initialE18: 0n, maintenanceE18: 0n});
    }

    async #liquidate(bar: PriceBar, seen: readonly Seen[]): Promise<void> {
        const watched = seen.filter(({party}) => !KEEPERS.some((id) => id === party.id));
        await this.#keepers.watch(watched, this.#called);
        for (const minute of LOOKS) {
            const running = watched.flatMap(({party}) => (this.#auctions.has(party.account) ? [party] : []));
            if (running.length === 0) return;
            await this.world.mineAt(bar.time + minute * 60);
            await this.#keepers.bid(running);
        }
    }

    async #bar(hour: number, bar: PriceBar): Promise<void> {
        this.#setDay(hour);
        await this.market.write(bar, hour);
        await this.#settle(bar);
        const free = !this.#options.congested.has(hour);
        if (free) await this.#keepers.layOff(this.#desk);
        await this.#carryOutPlans(hour);
        await this.#keepHabits();
        const seen = await this.#look(bar.time);
        await this.#lookAtBackstop(bar.time);
        const latest = new Map(
            [...this.samples].flatMap(([id, all]) => all.slice(-1).map((one) => [id, one] as const)),
        );
        if (free) await this.#liquidate(bar, seen);
        this.#options.onBar(hour, bar, latest);
    }

    async run(): Promise<History> {
        const {bars} = this.#options;
        await this.#fund();
        for (const [hour, bar] of bars.entries()) {
            await this.#bar(hour, bar);
            if (hour + 1 !== this.#fall) continue;
            this.fallLeverageE18 = await this.leverageE18("long-5x");
            await this.#noteLeverage("long-5x", "at the last close before the first great fall");
            await this.#options.beforeFall(this);
        }
        return {bars, samples: this.samples, events: this.events, notes: this.notes};
    }
}
