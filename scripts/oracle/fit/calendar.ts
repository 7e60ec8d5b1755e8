/** Expiries side by side: at the money, variance must not fall from one to the next. */
import {formatE18} from "../../sdk/units.js";
import {totalVariance} from "../../sdk/risk/svi.js";
import type {Smile} from "../../sdk/risk/svi.js";
import {FitError} from "./failures.js";
import type {FitQuality} from "./expiry.js";

/** An expiry with its smile; without `quality` the smile was given and is not for a fit to leave out. */
export type Calendared = {readonly expiry: number; readonly smile: Smile; readonly quality?: FitQuality};

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

function fallOf(earlier: Calendared, later: Calendared): FitError | undefined {
    const [before, after] = [totalVariance(earlier.smile, 0n), totalVariance(later.smile, 0n)];
    if (before <= after) return undefined;
    const values = {
        earlier: String(earlier.expiry),
        earlierVariance: formatE18(before),
        later: String(later.expiry),
        laterVariance: formatE18(after),
    };
    const message = `Variance falls from ${values.earlierVariance} to ${values.laterVariance} at the later expiry`;
    return new FitError("fit-calendar", message, values);
}

/** The fitted one with the greater error; undefined when both were given. */
function worse<Entry extends Calendared>(one: Entry | undefined, other: Entry | undefined): Entry | undefined {
    const fitted = [one, other].filter((entry) => entry?.quality !== undefined);
    const [first, second] = fitted;
    if (second === undefined) return first;
    return (first?.quality?.rmsVol ?? 0) > (second.quality?.rmsVol ?? 0) ? first : second;
}
