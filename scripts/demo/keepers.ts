/** Two keepers: they announce margin calls, start auctions by witness, take slices and lay them off to the market maker. */
import {explainError, ONE_E18, parseE18} from "../sdk/index.js";
import {abs, min, mulDown} from "../sdk/math/index.js";
import type {Desk, Party} from "./trading.js";
import {RefusedError} from "./world.js";
import type {World} from "./world.js";

export type KeeperStyle = {
    readonly party: Party;
    /** Most of a book taken at once. */
    readonly biteE18: bigint;
    /** Least discount as a fraction of the maintenance requirement of the slice. */
    readonly wantsE18: bigint;
};

/** An account as the keepers see it. */
export type Seen = {
    readonly party: Party;
    readonly equityE18: bigint;
    readonly initialE18: bigint;
    readonly maintenanceE18: bigint;
    readonly auction: boolean;
};

export const STYLES: Readonly<Record<string, {readonly biteE18: bigint; readonly wantsE18: bigint}>> = {
    kestrel: {biteE18: parseE18("0.35"), wantsE18: parseE18("0.02")},
    osprey: {biteE18: ONE_E18, wantsE18: parseE18("0.05")},
};

/** Refusals that mean "not now": somebody was faster, the price is not there yet, or capital is short. */
const NOT_NOW = new Set([
    "Liquidator_CheckedThisBlock",
    "Liquidator_PriceAboveLimit",
    "Liquidator_AlreadyStarted",
    "Liquidator_NoAuction",
    "Liquidator_NotShort",
    "Liquidator_NoMarginCall",
    "Liquidator_DustLeft",
    "Liquidator_NoImprovement",
    "RiskEngine_BelowInitial",
]);

async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
        await action();
        return true;
    } catch (error) {
        if (error instanceof RefusedError && NOT_NOW.has(error.error)) return false;
        throw error;
    }
}

/** Scenarios that show an account to be short: the worst of each underlying, the worst together. */
async function witnessOf({ballast}: World, account: string): Promise<{own: bigint[]; joint: bigint[]}> {
    const report = await ballast.riskEngine.report(await ballast.marginLens.bookOf(account).then(plainBook));
    return {own: report.underlyings.map(({binding}) => binding), joint: [...report.groupBinding]};
}

type RawBook = Awaited<ReturnType<World["ballast"]["marginLens"]["bookOf"]>>;

/** A book as it was read, in the shape in which it can be handed back. */
export function plainBook(book: RawBook, model = book.model): Parameters<World["ballast"]["riskEngine"]["report"]>[0] {
    return {
        model,
        cashE18: book.cashE18,
        collateral: book.collateral.map(({assetId, unitsE18}) => ({assetId, unitsE18})),
        quotes: book.quotes.map(({underlying, quoteE18}) => ({underlying, quoteE18})),
        positions: book.positions.map(({instrument, sizeE18}) => ({instrument, sizeE18})),
    };
}

export class Keepers {
    readonly #world: World;
    readonly #styles: readonly KeeperStyle[];
    #turn = 0;

    constructor(world: World, parties: readonly Party[]) {
        this.#world = world;
        this.#styles = parties.flatMap((party) => {
            const style = STYLES[party.id];
            return style === undefined ? [] : [{party, ...style}];
        });
    }

    /** Announces calls and starts auctions; the keepers take turns. */
    async watch(accounts: readonly Seen[], called: ReadonlySet<string>): Promise<void> {
        for (const {party, equityE18, initialE18, maintenanceE18, auction} of accounts) {
            const keeper = this.#styles[this.#turn % this.#styles.length]?.party;
            if (keeper === undefined || maintenanceE18 === 0n || auction) continue;
            const {liquidator} = this.#world.as(keeper.wallet);
            if (equityE18 < maintenanceE18) {
                const witness = await witnessOf(this.#world, party.account);
                const start = liquidator.start.bind(liquidator);
                await attempt(() => this.#world.done(start(party.account, witness, keeper.account, this.#world.gas())));
                this.#turn++;
            } else if (equityE18 < initialE18 && !called.has(party.id)) {
                await attempt(() => this.#world.done(liquidator.callMargin(party.account, this.#world.gas())));
            }
        }
    }

    /** One look at running auctions: whoever likes the price takes. True if somebody took. */
    async bid(accounts: readonly Party[]): Promise<boolean> {
        let took = false;
        for (const {account} of accounts) {
            for (const style of this.#styles) {
                if (await this.#take(style, account)) {
                    took = true;
                    break;
                }
            }
        }
        return took;
    }

    async #take({party, biteE18, wantsE18}: KeeperStyle, account: string): Promise<boolean> {
        const {liquidator} = this.#world.ballast;
        if ((await liquidator.auction(account)).startedAt === 0n) return false;
        const whole = await liquidator.previewTake(account, ONE_E18);
        if (whole.fractionE18 === 0n) {
            const own = this.#world.as(party.wallet).liquidator;
            return attempt(() => this.#world.done(own.cancel(account, this.#world.gas())));
        }
        const wishedE18 = mulDown(mulDown(whole.maintenanceE18, whole.fractionE18), wantsE18);
        if (whole.discountE18 < wishedE18) return false;
        // A part first, all that may be taken if a part is refused; of an insolvent book, all at once.
        const firstE18 = whole.equityE18 < 0n ? ONE_E18 : min(biteE18, whole.fractionE18);
        for (const fractionE18 of [firstE18, ONE_E18]) {
            const terms = await attemptView(() => liquidator.previewTake(account, fractionE18));
            if (terms === undefined) continue;
            const limitE18 = terms.priceE18 + mulDown(abs(terms.priceE18), parseE18("0.001")) + ONE_E18;
            const take = (): Promise<unknown> => {
                const own = this.#world.as(party.wallet).liquidator;
                return this.#world.done(
                    own.take(account, party.account, fractionE18, limitE18, "0x", this.#world.gas()),
                );
            };
            if (await attempt(take)) return true;
        }
        return false;
    }

    /** Hands what was taken to the market maker, so that the keepers stay flat. */
    async layOff(desk: Desk): Promise<void> {
        for (const {party} of this.#styles) await desk.close(party);
    }
}

async function attemptView<T>(view: () => Promise<T>): Promise<T | undefined> {
    try {
        return await view();
    } catch (error) {
        const known = explainError(error);
        if (known !== undefined && NOT_NOW.has(known.name)) return undefined;
        throw error;
    }
}
