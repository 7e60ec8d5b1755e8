/**
 * Strategy rules of United States securities accounts: Regulation T, Cboe rule 10.3 and FINRA rule 4210, for options on single stocks, as
 * brokers state them (placetrade.com, "Margin Requirements US Options"; support.tastyworks.com, "Naked Short Call").
 *
 *   bought option        paid in full
 *   sold option          value + max(20 % of the underlying - out of the money, 10 % of the underlying; for puts 10 % of the strike)
 *   spread               the strikes' distance where the bought option is the worse one, nothing else; it expires no earlier
 *   iron condor          of a put spread and a call spread of one expiry the greater, if the puts are sold no higher than the calls
 *   straddle, strangle   the greater side, and the value of the other
 *   covered              what the option is in the money
 *   stock                50 % to open; 25 % long, 30 % short to keep
 *
 * The rules ask for cash; against equity that counts options at their mark, what options are worth net is added.
 *
 * Assumed: the percentages of stock, which those tables do not give, are the ones commonly known; the texts of the rules were not at hand.
 * Bitcoin and ether are margined like a stock, although no such account holds them; a perpetual or future is stock at spot, long and short
 * of one underlying net. Options are paired greedily, the pair that saves most first, and brokers may find better pairs. The account minimum
 * of 2,000 USD and the least charge per contract are left out.
 */
import {abs, max, min, mulDivUp, mulUp, sum} from "../math/index.js";
import {ONE_E18, parseE18} from "../units.js";
import type {Charge, UnderlyingBook, Venue, VenueLeg} from "./types.js";

export type RegTParams = {
    readonly optionE18: bigint;
    readonly optionLeastE18: bigint;
    readonly stockInitialE18: bigint;
    readonly longMaintenanceE18: bigint;
    readonly shortMaintenanceE18: bigint;
};

export const REG_T_FIGURES: RegTParams = {
    optionE18: parseE18("0.20"),
    optionLeastE18: parseE18("0.10"),
    stockInitialE18: parseE18("0.50"),
    longMaintenanceE18: parseE18("0.25"),
    shortMaintenanceE18: parseE18("0.30"),
};

type Option = Pick<VenueLeg, "kind" | "strikeE18" | "markE18">;

const inTheMoney = ({kind, strikeE18}: Option, spotE18: bigint): bigint =>
    kind === "CALL" ? spotE18 - strikeE18 : strikeE18 - spotE18;

/** What one option sold by itself asks for, its value included. */
export function nakedOption(params: RegTParams, option: Option, spotE18: bigint): bigint {
    const outE18 = max(-inTheMoney(option, spotE18), 0n);
    const baseE18 = option.kind === "CALL" ? spotE18 : option.strikeE18;
    return option.markE18 + max(mulUp(params.optionE18, spotE18) - outE18, mulUp(params.optionLeastE18, baseE18));
}

/** Something that stands against an option sold: per unit its charge, and what that saves. */
type Cover = {readonly short: number; readonly by: number; readonly costE18: bigint; readonly savedE18: bigint};

/** Place of the stock among what covers. */
const STOCK = -1;

function coverOf(sold: VenueLeg, bought: VenueLeg): bigint | undefined {
    if (sold.kind !== bought.kind || bought.expiry < sold.expiry) return undefined;
    const distanceE18 = bought.strikeE18 - sold.strikeE18;
    return max(sold.kind === "CALL" ? distanceE18 : -distanceE18, 0n);
}

function covers(params: RegTParams, {legs, spotE18}: UnderlyingBook, stockE18: bigint): Cover[] {
    const found = legs.flatMap((sold, short) => {
        if (sold.kind === "LINEAR" || sold.sizeE18 >= 0n) return [];
        const nakedE18 = nakedOption(params, sold, spotE18);
        const offer = (by: number, costE18: bigint): Cover => ({short, by, costE18, savedE18: nakedE18 - costE18});
        const spreads = legs.flatMap((bought, by) => {
            const costE18 = bought.kind !== "LINEAR" && bought.sizeE18 > 0n ? coverOf(sold, bought) : undefined;
            return costE18 === undefined ? [] : [offer(by, costE18)];
        });
        const isCovered = sold.kind === "CALL" ? stockE18 > 0n : stockE18 < 0n;
        return isCovered ? [...spreads, offer(STOCK, max(inTheMoney(sold, spotE18), 0n))] : spreads;
    });
    return found
        .filter(({savedE18}) => savedE18 > 0n)
        .sort((a, b) => (a.savedE18 === b.savedE18 ? a.short - b.short : a.savedE18 > b.savedE18 ? -1 : 1));
}

type Side = {readonly unitsE18: bigint; readonly nakedE18: bigint; readonly markE18: bigint};

/** Calls against puts, the dearest first: of each pair the greater charge, and the other's value. */
function nakedCharge(calls: readonly Side[], puts: readonly Side[]): bigint {
    const order = (sides: readonly Side[]): Side[] => [...sides].sort((a, b) => (a.nakedE18 > b.nakedE18 ? -1 : 1));
    const [left, right] = [order(calls), order(puts)];
    let chargeE36 = 0n;
    for (;;) {
        const [call, put] = [left[0], right[0]];
        if (call === undefined || put === undefined) break;
        const unitsE18 = min(call.unitsE18, put.unitsE18);
        const [greater, other] = call.nakedE18 >= put.nakedE18 ? [call, put] : [put, call];
        chargeE36 += unitsE18 * (greater.nakedE18 + other.markE18);
        for (const [sides, side] of [[left, call] as const, [right, put] as const]) {
            if (side.unitsE18 === unitsE18) sides.shift();
            else sides[0] = {...side, unitsE18: side.unitsE18 - unitsE18};
        }
    }
    chargeE36 += sum([...left, ...right].map(({unitsE18, nakedE18}) => unitsE18 * nakedE18));
    return mulDivUp(chargeE36, 1n, ONE_E18);
}

/** Units of an option sold that something stands against. */
type Paired = {readonly sold: VenueLeg; readonly bought: VenueLeg | undefined; readonly chargeE36: bigint};

type Matched = {readonly pairs: readonly Paired[]; readonly leftE18: ReadonlyMap<number, bigint>};

/** Pairs in the order of what they save, and the units that stay alone. */
function matched(params: RegTParams, book: UnderlyingBook, stockE18: bigint): Matched {
    const leftE18 = new Map(book.legs.map(({sizeE18}, place) => [place, abs(sizeE18)]));
    leftE18.set(STOCK, abs(stockE18));
    const pairs = covers(params, book, stockE18).flatMap(({short, by, costE18}): Paired[] => {
        const [shortE18, byE18, sold] = [leftE18.get(short) ?? 0n, leftE18.get(by) ?? 0n, book.legs[short]];
        const unitsE18 = min(shortE18, byE18);
        leftE18.set(short, shortE18 - unitsE18);
        leftE18.set(by, byE18 - unitsE18);
        return sold === undefined || unitsE18 === 0n
            ? []
            : [{sold, bought: book.legs[by], chargeE36: unitsE18 * costE18}];
    });
    return {pairs, leftE18};
}

const total = (pairs: readonly Paired[]): bigint => sum(pairs.map(({chargeE36}) => chargeE36));

/** Spreads of one expiry: at settlement either the calls or the puts are in the money, if they do not overlap. */
function spreadsCharge(pairs: readonly Paired[]): bigint {
    const sideOf = (kind: VenueLeg["kind"]): Paired[] => pairs.filter(({sold}) => sold.kind === kind);
    const [calls, puts] = [sideOf("CALL"), sideOf("PUT")];
    const isCondor = calls.every((call) => puts.every((put) => put.sold.strikeE18 <= call.sold.strikeE18));
    return isCondor ? max(total(calls), total(puts)) : total(pairs);
}

function pairedCharge(pairs: readonly Paired[]): bigint {
    const isVertical = ({sold, bought}: Paired): boolean => sold.expiry === bought?.expiry;
    const expiries = [...new Set(pairs.filter(isVertical).map(({sold}) => sold.expiry))];
    const verticals = expiries.map((expiry) =>
        spreadsCharge(pairs.filter((pair) => isVertical(pair) && pair.sold.expiry === expiry)),
    );
    return mulDivUp(sum(verticals) + total(pairs.filter((pair) => !isVertical(pair))), 1n, ONE_E18);
}

/** Charge of every option, cash rule. */
function optionRules(
    params: RegTParams,
    book: UnderlyingBook,
    stockE18: bigint,
): {pairedE18: bigint; nakedE18: bigint} {
    const {pairs, leftE18} = matched(params, book, stockE18);
    const sidesOf = (kind: VenueLeg["kind"]): Side[] =>
        book.legs.flatMap((leg, place) => {
            const unitsE18 = leftE18.get(place) ?? 0n;
            if (leg.kind !== kind || leg.sizeE18 >= 0n || unitsE18 === 0n) return [];
            return {unitsE18, nakedE18: nakedOption(params, leg, book.spotE18), markE18: leg.markE18};
        });
    return {pairedE18: pairedCharge(pairs), nakedE18: nakedCharge(sidesOf("CALL"), sidesOf("PUT"))};
}

export function regTCharge(params: RegTParams, book: UnderlyingBook): Charge {
    const {legs, spotE18, coinsE18} = book;
    const linear = legs.filter(({kind}) => kind === "LINEAR");
    const options = legs.filter(({kind}) => kind !== "LINEAR");
    const stockE18 = sum(linear.map(({sizeE18}) => sizeE18)) + coinsE18;
    const stockValueE18 = mulUp(abs(stockE18), spotE18);
    const maintenanceRateE18 = stockE18 < 0n ? params.shortMaintenanceE18 : params.longMaintenanceE18;
    const {pairedE18, nakedE18} = optionRules(params, book, stockE18);
    const worthE18 = mulDivUp(sum(options.map(({sizeE18, markE18}) => sizeE18 * markE18)), 1n, ONE_E18);
    const optionsE18 = pairedE18 + nakedE18 + worthE18;
    return {
        initialE18: max(mulUp(stockValueE18, params.stockInitialE18) + optionsE18, 0n),
        maintenanceE18: max(mulUp(stockValueE18, maintenanceRateE18) + optionsE18, 0n),
        worst: null,
        parts: [
            {name: "stock, maintenance", valueE18: mulUp(stockValueE18, maintenanceRateE18)},
            {name: "spreads and covered options", valueE18: pairedE18},
            {name: "naked options", valueE18: nakedE18},
            {name: "options, net worth", valueE18: worthE18},
        ],
    };
}

export const REG_T: Venue = {
    id: "reg-t",
    name: "Reg-T strategy rules",
    asOf: "as brokers state the rules",
    source: "placetrade.com, Margin Requirements US Options; support.tastyworks.com, Naked Short Call",
    assumptions: [
        "the texts of Regulation T, Cboe rule 10.3 and FINRA rule 4210 were not at hand; 50, 25 and 30 % of stock are what is commonly known",
        "bitcoin and ether are margined like single stocks, perpetuals and futures like the stock itself at spot",
        "options are paired greedily, the pair that saves most first; a broker may find better pairs",
        "no account minimum, no least charge per contract",
    ],
    charge: (book) => regTCharge(REG_T_FIGURES, book),
};
