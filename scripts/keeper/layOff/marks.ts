/** What an instrument is worth by the risk twin, and whether a price is near enough. */
import type {Snapshot} from "../../chain/snapshot.js";
import {InputError} from "../../sdk/failures.js";
import {decodeInstrument, isOption} from "../../sdk/instruments.js";
import {mulDivDown, mulDivUp} from "../../sdk/math/index.js";
import {legValue} from "../../sdk/risk/revaluation.js";
import {underlyingMarket} from "../../sdk/risk/riskEngine.js";
import {ONE_E18} from "../../sdk/units.js";

/** Ten thousandths of the mark. */
export type Band = {readonly bandBps: number; readonly optionBandBps: number};

const ONE_BPS = 10_000n;

/** Mark of one unit, USD, 18 decimals; undefined while the market has no price for it. */
export function markOf({market, parameters}: Pick<Snapshot, "market" | "parameters">, id: bigint): bigint | undefined {
    const position = {instrument: id, sizeE18: ONE_E18};
    try {
        const priced = underlyingMarket({market, parameters}, decodeInstrument(id).underlying, [position]);
        const [expiry] = priced.expiries;
        return expiry === undefined ? undefined : legValue({scenarios: []}, expiry, position).markE18;
    } catch (error) {
        if (error instanceof InputError && error.code === "market-missing") return undefined;
        throw error;
    }
}

/** How far a price may be from the mark. */
export function reachE18(id: bigint, markE18: bigint, {bandBps, optionBandBps}: Band): bigint {
    const bps = isOption(decodeInstrument(id).kind) ? optionBandBps : bandBps;
    return mulDivDown(markE18, BigInt(bps), ONE_BPS);
}

/** Part of a figure in ten thousandths, in favour of who does not pay it. */
export const partOf = (valueE18: bigint, bps: number): bigint => mulDivUp(valueE18, BigInt(bps), ONE_BPS);
