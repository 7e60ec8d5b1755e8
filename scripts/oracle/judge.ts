/** Whether a co-signer may sign a report: the oracle's rules, and its own market within stated tolerances. Pure. */
import {abs, max, mulFloor, sqrtE18} from "../sdk/math/index.js";
import {totalVariance, volatility} from "../sdk/risk/svi.js";
import type {Surface, SurfaceReport} from "../sdk/surfaces.js";
import {formatE18, ONE_E18} from "../sdk/units.js";
import {SurfaceError} from "./failures.js";
import {YEAR_SECONDS} from "./market.js";
import type {Market} from "./market.js";
import type {OracleState} from "./publisher.js";
import {buildReports, checkReports, surfaceKey, towards} from "./reports.js";
import {placeOf} from "./wire.js";
import type {Refusal} from "./wire.js";

export type Tolerance = {
    /** Relative distance of forwards. */
    readonly forwardE18: bigint;
    /** Distance of discount factors. */
    readonly discountE18: bigint;
    /** Distance of annual volatilities within one standard deviation of the forward; it grows in proportion beyond. */
    readonly volE18: bigint;
    /** Age of the own market, and distance of a report's time from it. */
    readonly maxMarketAgeSeconds: number;
    readonly maxApartSeconds: number;
};

export type RefusalCode =
    /** Another chain or contract. */
    | "wrong-oracle"
    /** The own market has no such surface. */
    | "no-own-surface"
    | "own-market-old"
    | "time-apart"
    | "forward-apart"
    | "discount-apart"
    | "vol-apart"
    /** The rules of the oracle, by their names. */
    | SurfaceError["code"];

export function refusal(code: RefusalCode, message: string, details: Readonly<Record<string, string>> = {}): Refusal {
    return {code, message, details};
}

/** Log-strikes at which volatilities are compared, in halves of a standard deviation from the forward outward, five to either side. */
const HALVES = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n].flatMap((half) => (half === 0n ? [half] : [-half, half]));

/** The first strike at which two smiles are too far apart; each volatility as of its own report. */
function volsApart(proposed: Surface, own: Surface, expiry: number, toleranceE18: bigint): Refusal | undefined {
    const yearsOf = ({publishedAt}: Surface): bigint => (BigInt(expiry - publishedAt) * ONE_E18) / BigInt(YEAR_SECONDS);
    const deviationE18 = sqrtE18(totalVariance(own, 0n));
    for (const half of HALVES) {
        const kE18 = (half * deviationE18) / 2n;
        const theirs = volatility(proposed, kE18, yearsOf(proposed));
        const ours = volatility(own, kE18, yearsOf(own));
        const allowed = (toleranceE18 * max(abs(half), 2n)) / 2n;
        if (abs(theirs - ours) <= allowed) continue;
        const values = {
            proposed: formatE18(theirs),
            own: formatE18(ours),
            logStrike: formatE18(kE18),
            allowed: formatE18(allowed),
        };
        const message = `Volatility ${values.proposed} at log-strike ${values.logStrike}, the own market says ${values.own}`;
        return refusal("vol-apart", message, values);
    }
    return undefined;
}

function figuresApart(proposed: SurfaceReport, own: Surface, tolerance: Tolerance): Refusal | undefined {
    const {surface, expiry} = proposed;
    const forward = {proposed: formatE18(surface.forwardRatioE18), own: formatE18(own.forwardRatioE18)};
    if (abs(surface.forwardRatioE18 - own.forwardRatioE18) > mulFloor(own.forwardRatioE18, tolerance.forwardE18)) {
        const message = `Forward over spot ${forward.proposed}, the own market says ${forward.own}`;
        return refusal("forward-apart", message, forward);
    }
    const discount = {proposed: formatE18(surface.discountE18), own: formatE18(own.discountE18)};
    if (abs(surface.discountE18 - own.discountE18) > tolerance.discountE18) {
        const message = `Discount factor ${discount.proposed}, the own market says ${discount.own}`;
        return refusal("discount-apart", message, discount);
    }
    return volsApart(surface, own, expiry, tolerance.volE18);
}

/** A proposal that breaks a rule of the oracle is refused whole: its proposer is out of order. */
function rulesBroken(reports: readonly SurfaceReport[], {accepted, bounds, now}: OracleState): Refusal | undefined {
    try {
        checkReports(reports, accepted, bounds, now);
        return undefined;
    } catch (error) {
        if (!(error instanceof SurfaceError)) throw error;
        return refusal(error.code, error.message, error.details);
    }
}

/**
 * A refusal, or undefined for "sign", by report. The own market walks toward its figures in the oracle's steps as the proposer's
 * does, so that two markets which agree also agree half-way.
 */
export function judge(
    reports: readonly SurfaceReport[],
    market: Market,
    state: OracleState,
    tolerance: Tolerance,
): readonly (Refusal | undefined)[] {
    const broken = rulesBroken(reports, state);
    if (broken !== undefined) return reports.map(() => broken);
    const ageSeconds = state.now - market.time;
    if (ageSeconds > tolerance.maxMarketAgeSeconds) {
        const values = {ageSeconds: String(ageSeconds), most: String(tolerance.maxMarketAgeSeconds)};
        const old = refusal("own-market-old", `The own market is ${ageSeconds} seconds old`, values);
        return reports.map(() => old);
    }
    const own = new Map(buildReports(market).map((report) => [placeOf(report), report]));
    return reports.map((report) => {
        const mine = own.get(placeOf(report));
        if (mine === undefined) return missing(report, market);
        const apart = report.surface.publishedAt - market.time;
        if (Math.abs(apart) > tolerance.maxApartSeconds) {
            const values = {proposed: String(report.surface.publishedAt), own: String(market.time)};
            return refusal("time-apart", `The report is ${apart} seconds from the own market`, values);
        }
        const last = state.accepted.get(placeOf(report));
        return figuresApart(report, towards(mine, last, state.bounds).surface, tolerance);
    });
}

function missing({underlying, expiry}: SurfaceReport, {omitted = []}: Market): Refusal {
    const known = omitted.find((one) => one.underlying === underlying && one.expiry === expiry);
    const place = surfaceKey(underlying, expiry);
    const reason = known === undefined ? "it is not in it" : `${known.error.code}: ${known.error.message}`;
    return refusal("no-own-surface", `The own market has no surface ${place}: ${reason}`, {place, reason});
}
