/** Error of the engine's option prices against the formula, measured through the risk twin over the range it is stated for. */
import {instrumentId} from "../../sdk/instruments.js";
import {abs, expE18, lnE18, max, mulDivDown, mulDown} from "../../sdk/math/index.js";
import {black76, evaluate, reportOf} from "../../sdk/risk/index.js";
import type {Question, Scenario} from "../../sdk/risk/index.js";
import {ONE_E18, parseE18, strike} from "../../sdk/units.js";
import type {StrikeE8} from "../../sdk/units.js";
import {worked} from "./worked.js";

/** Where the error is stated: |ln(F / K)| and w, and how large it may be, as a part of the forward. */
export const STATED = {errorE18: parseE18("0.000000002"), lnMoneyness: 3, leastW: 1e-4, greatestW: 6} as const;

export type Measured = {
    readonly kind: black76.OptionKind;
    /** Greatest error of the value now and of a value under a scenario, as parts of the forward there. */
    readonly nowE18: bigint;
    readonly shockedE18: bigint;
    readonly prices: number;
};

const UNDERLYING = 1;
const YEAR_SECONDS = 365 * 86_400;
const FORWARD_E18 = parseE18("60000");
const SIZE_E18 = parseE18("1000");
/** Strikes have 8 decimals. */
const STRIKE_UNIT_E18 = 10n ** 10n;
const DECIMALS = 12;
const W_STEPS = 24;
const MONEYNESS_STEPS = 60;
const FACTORS = ["0.34", "0.67", "0.84", "1.19", "1.5", "5"] as const;

const number = (value: number): bigint => parseE18(value.toFixed(DECIMALS));
const W_E18 = Array.from({length: W_STEPS + 1}, (_, i) =>
    number(STATED.leastW * (STATED.greatestW / STATED.leastW) ** (i / W_STEPS)),
);
/** Steps that fall between the cells of the table, both ends included. */
const MONEYNESS_E18 = Array.from({length: MONEYNESS_STEPS + 1}, (_, i) =>
    number(STATED.lnMoneyness * ((2 * i) / MONEYNESS_STEPS - 1)),
);

const GRID: readonly Scenario[] = FACTORS.map(parseE18).map((factorE18) => ({
    factorE18,
    lnFactorE18: lnE18(factorE18),
    weightE18: ONE_E18,
    vol: "FLAT",
}));

/** A book of one option, a year before expiry, so that its annual volatility is w. */
function ask(base: Question, kind: black76.OptionKind, strikeE8: StrikeE8, wE18: bigint): Question {
    const {now} = base.market;
    const expiry = now + YEAR_SECONDS;
    const params = base.parameters.underlyings.get(UNDERLYING)?.params;
    if (params === undefined) throw new Error("The worked book has no parameters of its first underlying");
    const quote = {
        forwardNumeratorE18: ONE_E18,
        forwardDenominatorE18: ONE_E18,
        discountE18: ONE_E18,
        vol: {volE18: wE18},
    };
    return {
        book: {
            model: "SCENARIO",
            cashE18: 0n,
            collateral: [],
            quotes: [],
            positions: [
                {instrument: instrumentId({underlying: UNDERLYING, kind, expiry, strikeE8}), sizeE18: SIZE_E18},
            ],
        },
        market: {
            now,
            pricesE18: new Map([...base.market.pricesE18, [UNDERLYING, FORWARD_E18]]),
            underlyings: new Map([
                [
                    UNDERLYING,
                    {
                        markE18: FORWARD_E18,
                        fundingE18: 0n,
                        openInterestE18: 0n,
                        expiries: new Map([[expiry, quote]]),
                        settlements: new Map<number, bigint>(),
                    },
                ],
            ]),
        },
        parameters: {...base.parameters, underlyings: new Map([[UNDERLYING, {params, grid: GRID}]])},
    };
}

/** Errors of one option: of its value now, and of its values in scenarios that stay inside the stated range. */
function errorsOf(base: Question, kind: black76.OptionKind, lnMoneynessE18: bigint, wE18: bigint): [bigint, bigint[]] {
    const strikeE8 = strike(mulDown(FORWARD_E18, expE18(-lnMoneynessE18)) / STRIKE_UNIT_E18);
    const terms = black76.terms(kind, FORWARD_E18, strikeE8 * STRIKE_UNIT_E18, ONE_E18);
    const question = ask(base, kind, strikeE8, wE18);
    const report = reportOf(question, evaluate(question));
    const [part] = report.underlyings;
    const errorOf = (valueE18: bigint, priceE18: bigint, forwardE18: bigint): bigint =>
        mulDivDown(abs(valueE18 - mulDown(SIZE_E18, priceE18)), ONE_E18, mulDown(SIZE_E18, forwardE18));
    const now = errorOf(report.equityE18, black76.price(terms, wE18), FORWARD_E18);
    const limitE18 = number(STATED.lnMoneyness);
    const shocked = GRID.flatMap(({factorE18, lnFactorE18}, s) => {
        if (abs(terms.lnMoneynessE18 + lnFactorE18) > limitE18) return [];
        const valueE18 = report.equityE18 - (part?.lossE18[s] ?? 0n);
        const priceE18 = black76.priceAt(terms, factorE18, lnFactorE18, wE18);
        return [errorOf(valueE18, priceE18, mulDown(FORWARD_E18, factorE18))];
    });
    return [now, shocked];
}

/** The greatest errors over the whole range. */
export function measure(): Measured[] {
    const {question} = worked().prepared;
    return (["CALL", "PUT"] as const).map((kind) => {
        let [nowE18, shockedE18, prices] = [0n, 0n, 0];
        for (const wE18 of W_E18) {
            for (const lnMoneynessE18 of MONEYNESS_E18) {
                const [now, shocked] = errorsOf(question, kind, lnMoneynessE18, wE18);
                nowE18 = max(nowE18, now);
                shockedE18 = max(shockedE18, ...shocked);
                prices += 1 + shocked.length;
            }
        }
        return {kind, nowE18, shockedE18, prices};
    });
}
