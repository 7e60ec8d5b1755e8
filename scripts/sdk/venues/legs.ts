/** Legs of a prepared book as venues read them. What has settled carries no risk and is left out. */
import type {PreparedBook, QuotedLeg} from "../book/question.js";
import {lnRatioE18, mulDivDown, mulDown, sqrtE18, sum} from "../math/index.js";
import * as black76 from "../risk/black76.js";
import {yearsOf} from "../risk/marketReader.js";
import {volAt} from "../risk/revaluation.js";
import {strikeE18} from "../risk/addOns.js";
import {evaluate} from "../risk/riskEngine.js";
import type {ExpiryMarket, UnderlyingMarket} from "../risk/types.js";
import {ONE_E18} from "../units.js";
import type {UnderlyingBook, VenueLeg} from "./types.js";

const DAY_SECONDS = 86_400n;

type Terms = Pick<VenueLeg, "name" | "sizeE18" | "expiry" | "yearsE18" | "daysE18" | "priceE18">;

/** A perpetual or a future. */
export const linearLeg = (terms: Terms): VenueLeg => ({
    ...terms,
    kind: "LINEAR",
    strikeE18: 0n,
    discountE18: ONE_E18,
    volE18: 0n,
    markE18: terms.priceE18,
    deltaE18: ONE_E18,
});

type OptionTerms = Terms & Pick<VenueLeg, "strikeE18" | "discountE18" | "volE18"> & {kind: black76.OptionKind};

/** An option, valued by the plain reading of Black-76. */
export function optionLeg(terms: OptionTerms): VenueLeg {
    const option = black76.terms(terms.kind, terms.priceE18, terms.strikeE18, terms.discountE18);
    const wE18 = mulDown(terms.volE18, sqrtE18(terms.yearsE18));
    return {...terms, markE18: black76.price(option, wE18), deltaE18: black76.delta(option, wE18)};
}

function legOf({name, instrument, sizeE18}: QuotedLeg, market: ExpiryMarket, now: number): VenueLeg {
    const {expiry, kind} = instrument;
    const seconds = expiry > now ? expiry - now : 0;
    const terms: Terms = {
        name,
        sizeE18,
        expiry,
        yearsE18: yearsOf(seconds),
        daysE18: mulDivDown(BigInt(seconds), ONE_E18, DAY_SECONDS),
        priceE18: market.priceE18,
    };
    if (kind !== "CALL" && kind !== "PUT") return linearLeg(terms);
    const strike = strikeE18(instrument);
    const volE18 = volAt(market, lnRatioE18(market.priceE18, strike));
    return optionLeg({...terms, kind, strikeE18: strike, discountE18: market.discountE18, volE18});
}

function legsOf({legs, question}: PreparedBook, market: UnderlyingMarket): VenueLeg[] {
    const own = legs.filter(({instrument, sizeE18}) => instrument.underlying === market.underlying && sizeE18 !== 0n);
    return own.flatMap((leg) => {
        const expiry = market.expiries.find((one) => one.expiry === leg.instrument.expiry);
        return expiry === undefined || expiry.phase === "SETTLED" ? [] : [legOf(leg, expiry, question.market.now)];
    });
}

/** What the book holds, by underlying. */
export function venueBooks(prepared: PreparedBook): UnderlyingBook[] {
    const {names, question, assets} = prepared;
    return evaluate(question).markets.map((market) => {
        const coins = assets.filter(({params}) => params.underlying === market.underlying);
        return {
            name: names[market.underlying] ?? "",
            spotE18: market.spotE18,
            coinsE18: sum(coins.map(({unitsE18}) => unitsE18)),
            legs: legsOf(prepared, market),
        };
    });
}
