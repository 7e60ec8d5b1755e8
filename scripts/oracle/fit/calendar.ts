/** Expiries side by side: at no strike that both stand for may variance fall from one to the next. */
import {formatE18} from "../../sdk/units.js";
import {totalVariance} from "../../sdk/risk/svi.js";
import type {Smile} from "../../sdk/risk/svi.js";
import {crossingOf, overlap, toRaw} from "./crossing.js";
import type {Span} from "./crossing.js";
import {FitError} from "./failures.js";
import type {FitQuality} from "./expiry.js";

/** An expiry with its smile; without `quality` the smile was given and is not for a fit to leave out. */
export type Calendared = {
    readonly expiry: number;
    readonly smile: Smile;
    readonly quality?: FitQuality;
    /** Log-strikes of its quotes; beyond them a fit is an extrapolation, which nothing holds to its neighbours. */
    readonly quoted?: Span;
};

/** What a smile that was given stands for: strikes from half of the forward to twice as much. */
const GIVEN: Span = {low: -Math.LN2, high: Math.LN2};

export type Sorted<Entry> = {
    readonly kept: readonly Entry[];
    readonly dropped: readonly {readonly entry: Entry; readonly error: FitError}[];
};

/** Of two expiries that cannot both stand the one goes whose smile fits its quotes less well. */
export function dropFalling<Entry extends Calendared>(ascending: readonly Entry[]): Sorted<Entry> {
    const kept = [...ascending];
    const dropped: {readonly entry: Entry; readonly error: FitError}[] = [];
    for (let place = 1; place < kept.length;) {
        const [earlier, later] = [kept[place - 1], kept[place]];
        const error = earlier === undefined || later === undefined ? undefined : fallOf(earlier, later);
        const goes = error === undefined ? undefined : worse(earlier, later);
        if (error === undefined || goes === undefined) {
            place += 1;
            continue;
        }
        dropped.push({entry: goes, error});
        kept.splice(kept.indexOf(goes), 1);
        place = Math.max(place - 1, 1);
    }
    return {kept, dropped};
}

/** Why two neighbours cannot both stand; undefined if they can. At the money the word is the oracle's own, in integers. */
export function fallOf(earlier: Calendared, later: Calendared): FitError | undefined {
    const [before, after] = [totalVariance(earlier.smile, 0n), totalVariance(later.smile, 0n)];
    if (before > after) return fallAt({earlier, later}, {k: "0", before: formatE18(before), after: formatE18(after)});
    const span = overlap(earlier.quoted ?? GIVEN, later.quoted ?? GIVEN);
    const crossing = span.low < span.high ? crossingOf(toRaw(earlier.smile), toRaw(later.smile), span) : undefined;
    if (crossing === undefined) return undefined;
    const [k, ...variances] = [crossing.k, crossing.earlier, crossing.later].map((figure) => figure.toFixed(DECIMALS));
    return fallAt({earlier, later}, {k: k ?? "", before: variances[0] ?? "", after: variances[1] ?? ""});
}

const DECIMALS = 8;

function fallAt(
    {earlier, later}: {readonly earlier: Calendared; readonly later: Calendared},
    {k, before, after}: {readonly k: string; readonly before: string; readonly after: string},
): FitError {
    const values = {
        earlier: String(earlier.expiry),
        earlierVariance: before,
        later: String(later.expiry),
        laterVariance: after,
        k,
    };
    const message = `Variance falls from ${before} to ${after} at the later expiry, at log-strike ${k}`;
    return new FitError("fit-calendar", message, values);
}

/** The fitted one with the greater error; undefined when both were given. */
function worse<Entry extends Calendared>(one: Entry | undefined, other: Entry | undefined): Entry | undefined {
    const fitted = [one, other].filter((entry) => entry?.quality !== undefined);
    const [first, second] = fitted;
    if (second === undefined) return first;
    return (first?.quality?.rmsVol ?? 0) > (second.quality?.rmsVol ?? 0) ? first : second;
}
