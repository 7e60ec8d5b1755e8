/** Keepers who compete: each looks at its own times, wants its own discount, bites as much as it can carry, and pays its gas. */
import {explainError, ONE_E18, parseE18} from "../sdk/index.js";
import {abs, min, mulDown, mulUp} from "../sdk/math/index.js";
import {RefusedError} from "../demo/world.js";
import type {House} from "./house.js";
import type {Random} from "../shared/random.js";

export type Style = {
    readonly id: string;
    /** Looks at every so many looks. */
    readonly every: number;
    readonly biteE18: bigint;
    /** Least discount, as a part of the slice's maintenance. */
    readonly wantsE18: bigint;
};

export const STYLES: readonly Style[] = [
    {id: "swift", every: 1, biteE18: parseE18("0.35"), wantsE18: parseE18("0.015")},
    {id: "heron", every: 1, biteE18: ONE_E18, wantsE18: parseE18("0.03")},
    {id: "raven", every: 2, biteE18: parseE18("0.6"), wantsE18: parseE18("0.02")},
    {id: "owl", every: 3, biteE18: ONE_E18, wantsE18: parseE18("0.06")},
];

/** USD each keeper begins with. */
export const CAPITAL = "20000000";

export type Takings = {
    readonly id: string;
    /** Discounts and start pay, USD. */
    gainE18: bigint;
    gasCostE18: bigint;
    takes: number;
    /** Takes that somebody faster made impossible, by the error's name. */
    readonly lost: Map<string, number>;
};

/** What a keeper did, for the ledger. */
export type Deed = {readonly account: string; readonly gasUsed: bigint; readonly keeper: string};

/** Refusals that mean "not now": somebody was faster, the price is not there yet, or capital is short. */
const NOT_NOW = new Set([
    "Liquidator_CheckedThisBlock",
    "Liquidator_PriceAboveLimit",
    "Liquidator_AlreadyStarted",
    "Liquidator_NoAuction",
    "Liquidator_NotShort",
    "Liquidator_DustLeft",
    "Liquidator_NoImprovement",
    "Liquidator_StillShort",
    "RiskEngine_BelowInitial",
]);

/** As keepers are paid for: what a take of a small book needs. */
const TAKE_GAS = 1_200_000n;

type Wish = {readonly style: Style; readonly fractionE18: bigint; readonly limitE18: bigint};

export class Keepers {
    readonly takings: ReadonlyMap<string, Takings>;
    readonly #house: House;
    readonly #random: Random;
    #look = 0;
    #turn = 0;
    /** Wei and USD per coin now. */
    gasPriceWei = 0n;
    nativeE18 = 0n;

    constructor(house: House, random: Random) {
        this.#house = house;
        this.#random = random;
        this.takings = new Map(
            STYLES.map(({id}) => [id, {id, gainE18: 0n, gasCostE18: 0n, takes: 0, lost: new Map<string, number>()}]),
        );
    }

    costE18(gas: bigint): bigint {
        return mulUp(gas * this.gasPriceWei, this.nativeE18);
    }

    /** The next in turn starts an auction. */
    async start(
        account: string,
        witness: {own: readonly number[]; joint: readonly number[]},
    ): Promise<Deed | undefined> {
        const style = STYLES[this.#turn++ % STYLES.length];
        if (style === undefined) return undefined;
        const own = this.#party(style);
        const {liquidator} = this.#house.world.as(own.wallet);
        const terms = {own: [...witness.own], joint: [...witness.joint]};
        return this.#send(style, account, () => liquidator.start(account, terms, own.account, this.#house.world.gas()));
    }

    /** One look at one auction. Everybody decides on what he sees; who comes second may find it gone. */
    async bid(account: string): Promise<Deed[]> {
        const order = this.#shuffled().filter(({every}) => this.#look % every === 0);
        const wishes: Wish[] = [];
        for (const style of order) {
            const wish = await this.#wish(style, account);
            if (wish !== undefined) wishes.push(wish);
            if (wishes.length === 2) break;
        }
        const deeds: Deed[] = [];
        for (const {style, fractionE18, limitE18} of wishes) {
            const own = this.#party(style);
            const {liquidator} = this.#house.world.as(own.wallet);
            const gas = this.#house.world.gas();
            const deed = await this.#send(style, account, () =>
                liquidator.take(account, own.account, fractionE18, limitE18, "0x", gas),
            );
            if (deed === undefined) continue;
            const takings = this.takings.get(style.id);
            if (takings !== undefined) takings.takes += 1;
            deeds.push(deed);
        }
        return deeds;
    }

    nextLook(): void {
        this.#look += 1;
    }

    async cancel(account: string): Promise<Deed | undefined> {
        const [style] = STYLES;
        if (style === undefined) return undefined;
        const {liquidator} = this.#house.world.as(this.#party(style).wallet);
        return this.#send(style, account, () => liquidator.cancel(account, this.#house.world.gas()));
    }

    /** Hands what was taken to the market maker. */
    async layOff(): Promise<void> {
        for (const party of this.#house.keepers) await this.#house.desk.close(party);
    }

    async #wish(style: Style, account: string): Promise<Wish | undefined> {
        const {liquidator} = this.#house.world.ballast;
        const preview = async (fractionE18: bigint) => {
            try {
                return await liquidator.previewTake(account, fractionE18);
            } catch (error) {
                const known = explainError(error);
                if (known !== undefined && NOT_NOW.has(known.name)) return undefined;
                throw error;
            }
        };
        const whole = await preview(ONE_E18);
        if (whole === undefined || whole.fractionE18 === 0n) return undefined;
        const bite = whole.equityE18 < 0n ? ONE_E18 : min(style.biteE18, whole.fractionE18);
        const terms = (await preview(bite)) ?? whole;
        const fractionE18 = terms === whole ? ONE_E18 : bite;
        const wishedE18 = mulDown(mulDown(terms.maintenanceE18, terms.fractionE18), style.wantsE18);
        if (terms.discountE18 < wishedE18 || terms.discountE18 < this.costE18(TAKE_GAS)) return undefined;
        return {
            style,
            fractionE18,
            limitE18: terms.priceE18 + mulDown(abs(terms.priceE18), parseE18("0.001")) + ONE_E18,
        };
    }

    async #send(
        style: Style,
        account: string,
        call: () => Parameters<House["world"]["done"]>[0],
    ): Promise<Deed | undefined> {
        const takings = this.takings.get(style.id);
        try {
            const {gasUsed} = await this.#house.world.done(call());
            if (takings !== undefined) takings.gasCostE18 += this.costE18(gasUsed);
            return {account, gasUsed, keeper: style.id};
        } catch (error) {
            if (!(error instanceof RefusedError) || !NOT_NOW.has(error.error)) throw error;
            takings?.lost.set(error.error, (takings.lost.get(error.error) ?? 0) + 1);
            return undefined;
        }
    }

    #party(style: Style) {
        const found = this.#house.keepers.find(({id}) => id === style.id);
        if (found === undefined) throw new Error(`Nobody is called ${style.id}`);
        return found;
    }

    #shuffled(): Style[] {
        const left = [...STYLES];
        return STYLES.map(() => left.splice(this.#random.below(left.length), 1)).flat();
    }
}
