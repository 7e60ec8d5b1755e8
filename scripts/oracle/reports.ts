/** The pure core of the publisher: a market becomes reports, and reports are held to every rule of the surface oracle. */
import {formatE18, ONE_E18} from "../sdk/units.js";
import {abs, divDown, max, min, mulDivDown, mulDown} from "../sdk/math/index.js";
import {isAcceptable, totalVariance, volatility} from "../sdk/risk/svi.js";
import type {Surface, SurfaceReport} from "../sdk/surfaces.js";
import {SurfaceError} from "./failures.js";
import {YEAR_SECONDS} from "./market.js";
import type {Market} from "./market.js";

/** Bounds of the surface oracle; fractions have 18 decimals. */
export type SurfaceBounds = {
    readonly maxAgeSeconds: number;
    readonly maxRatioStepE18: bigint;
    readonly minRatioE18: bigint;
    readonly maxRatioE18: bigint;
    readonly maxVolStepE18: bigint;
};

/** Surfaces the oracle holds, by `underlying:expiry`, fresh or not. */
export type Accepted = ReadonlyMap<string, Surface>;

export const MAX_DISCOUNT_E18 = (105n * ONE_E18) / 100n;

/** A step is aimed this far inside its bound, so that no rounding carries it over. */
const INSIDE_E18 = 999_999n * 10n ** 12n;

export const surfaceKey = (underlying: number, expiry: number): string => `${underlying}:${expiry}`;

/** One report per unexpired expiry, ascending, as of the market's time. */
export function buildReports(market: Market): readonly SurfaceReport[] {
    const reports = market.underlyings.flatMap(({underlying, spotE18, expiries}) =>
        expiries
            .filter(({expiry}) => expiry > market.time)
            .map(({expiry, forwardE18, discountE18, smile}) => {
                const forwardRatioE18 = divDown(forwardE18, spotE18);
                return {
                    underlying,
                    expiry,
                    surface: {publishedAt: market.time, forwardRatioE18, discountE18, ...smile},
                };
            }),
    );
    reports.sort((one, other) => one.underlying - other.underlying || one.expiry - other.expiry);
    return Object.freeze(reports);
}

/** Annual volatility at the money, as the oracle computes it. */
export function atmVolatility(surface: Surface, expiry: number): bigint {
    const yearsE18 = mulDivDown(BigInt(expiry - surface.publishedAt), ONE_E18, BigInt(YEAR_SECONDS));
    return volatility(surface, 0n, yearsE18);
}

/** Variance at the money over the time that is left. */
export function varianceLeft(surface: Surface, expiry: number, now: number): bigint {
    const variance = totalVariance(surface, 0n);
    return mulDivDown(variance, BigInt(expiry - now), BigInt(expiry - surface.publishedAt));
}

const within = (value: bigint, reference: bigint, distanceE18: bigint): boolean =>
    abs(value - reference) * ONE_E18 <= reference * distanceE18;

function failure(code: SurfaceError["code"], {underlying, expiry}: SurfaceReport, values: object): SurfaceError {
    const details = Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
            name,
            typeof value === "bigint" ? formatE18(value) : String(value),
        ]),
    );
    const listed = Object.entries(details).map(([name, value]) => `${name} ${value}`);
    const place = surfaceKey(underlying, expiry);
    return new SurfaceError(code, `Surface ${place} fails the ${code} rule: ${listed.join(", ")}`, {place, ...details});
}

function checkTime(report: SurfaceReport, acceptedAt: number, {maxAgeSeconds}: SurfaceBounds, now: number): void {
    const {expiry} = report;
    const {publishedAt} = report.surface;
    const inTime = publishedAt + maxAgeSeconds >= now && publishedAt > acceptedAt && publishedAt <= now;
    if (!inTime || expiry <= now) throw failure("time", report, {publishedAt, acceptedAt, now, expiry});
}

function checkShape(report: SurfaceReport): void {
    const {discountE18, aE18, bE18, rhoE18, sigmaE18} = report.surface;
    if (discountE18 <= 0n || discountE18 > MAX_DISCOUNT_E18) throw failure("discount", report, {discountE18});
    if (!isAcceptable(report.surface)) throw failure("butterfly", report, {aE18, bE18, rhoE18, sigmaE18});
}

function checkSteps(report: SurfaceReport, last: Surface | undefined, bounds: SurfaceBounds): void {
    const ratio = report.surface.forwardRatioE18;
    const ratioBefore = last?.forwardRatioE18 ?? ratio;
    const inBounds = ratio >= bounds.minRatioE18 && ratio <= bounds.maxRatioE18;
    if (!inBounds || !within(ratio, ratioBefore, bounds.maxRatioStepE18)) {
        throw failure("forward", report, {ratio, ratioBefore});
    }
    const vol = atmVolatility(report.surface, report.expiry);
    const volBefore = last === undefined ? vol : atmVolatility(last, report.expiry);
    if (vol === 0n || !within(vol, volBefore, bounds.maxVolStepE18))
        throw failure("volatility", report, {vol, volBefore});
}

/** Fresh, unexpired surfaces of one underlying, ascending by expiry. */
function freshOf(all: Accepted, underlying: number, maxAgeSeconds: number, now: number): [number, Surface][] {
    return [...all]
        .filter(([key]) => key.startsWith(`${underlying}:`))
        .map(([key, surface]): [number, Surface] => [Number(key.slice(key.indexOf(":") + 1)), surface])
        .filter(([expiry, {publishedAt}]) => expiry > now && publishedAt + maxAgeSeconds >= now)
        .sort(([one], [other]) => one - other);
}

/** Throws the first rule of the oracle that a batch would break; what passes here passes there at the same time. */
export function checkReports(
    reports: readonly SurfaceReport[],
    accepted: Accepted,
    bounds: SurfaceBounds,
    now: number,
): void {
    const after = new Map(accepted);
    for (const report of reports) {
        const key = surfaceKey(report.underlying, report.expiry);
        const last = after.get(key);
        checkTime(report, last?.publishedAt ?? 0, bounds, now);
        checkShape(report);
        checkSteps(report, last, bounds);
        after.set(key, report.surface);
    }
    for (const report of reports) {
        const fresh = freshOf(after, report.underlying, bounds.maxAgeSeconds, now);
        const place = fresh.findIndex(([expiry]) => expiry === report.expiry);
        for (const [earlier, later] of [
            [fresh[place - 1], fresh[place]],
            [fresh[place], fresh[place + 1]],
        ]) {
            if (earlier === undefined || later === undefined) continue;
            const earlierVariance = varianceLeft(earlier[1], earlier[0], now);
            const laterVariance = varianceLeft(later[1], later[0], now);
            if (earlierVariance <= laterVariance) continue;
            throw failure("calendar", report, {earlier: earlier[0], earlierVariance, later: later[0], laterVariance});
        }
    }
}

/** Nearest value to a target within a relative step of what was accepted. */
function limited(target: bigint, accepted: bigint, stepE18: bigint): bigint {
    const reach = mulDown(mulDown(accepted, stepE18), INSIDE_E18);
    return max(min(target, accepted + reach), accepted - reach);
}

/**
 * A report that goes as far toward its target as one step allows: the forward ratio is held to its step, and the whole smile is
 * scaled in variance so that at-the-money volatility is. A target within reach comes back as it is.
 */
export function towards(report: SurfaceReport, last: Surface | undefined, bounds: SurfaceBounds): SurfaceReport {
    if (last === undefined) return report;
    const {surface, expiry} = report;
    const forwardRatioE18 = limited(surface.forwardRatioE18, last.forwardRatioE18, bounds.maxRatioStepE18);
    const target = atmVolatility(surface, expiry);
    const vol = limited(target, atmVolatility(last, expiry), bounds.maxVolStepE18);
    if (vol === target) return {...report, surface: {...surface, forwardRatioE18}};
    const scale = (figure: bigint): bigint => mulDivDown(mulDivDown(figure, vol, target), vol, target);
    // Level and slope scale variance at every strike alike; rounding up the level keeps its lowest point at or above zero.
    const scaled = {...surface, forwardRatioE18, aE18: scale(surface.aE18) + 2n, bE18: scale(surface.bE18)};
    return {...report, surface: scaled};
}
