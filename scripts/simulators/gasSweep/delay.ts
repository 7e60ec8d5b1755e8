/** The delay inequality with measured delays: the smallest shock of an underlying against a normal move until the sale, and its cost. */
import {NETWORKS, parametersOf} from "../../../deploy/parameters/index.js";
import type {NetworkName, Parameters} from "../../../deploy/parameters/index.js";
import {lawsOf} from "../../sdk/steward.js";
import type {Laws} from "../../sdk/steward.js";
import {defaultGrid} from "../../sdk/risk/index.js";

/** A hundred days: longer than any shock covers. */
const MOST_SECONDS = 8_640_000;

export type Delay = {
    readonly network: NetworkName;
    readonly underlying: string;
    readonly measured: Laws;
    /** With the reaction time that the steward holds parameters to. */
    readonly configured: Laws;
    readonly measuredSeconds: number;
    readonly configuredSeconds: number;
    /** Longest delay that the shock covers. */
    readonly mostSeconds: number;
};

type Underlying = Parameters["risk"]["underlyings"][number];

function lawsAt({priceRange, spread, impact, sigmaDay}: Underlying, feeE18: bigint, reactionSeconds: number): Laws {
    const params = {rangeE18: priceRange, spreadE18: spread, impactE18: impact, sigmaDayE18: sigmaDay};
    return lawsOf(params, defaultGrid(priceRange), {feeE18, reactionSeconds});
}

function mostSeconds(underlying: Underlying, feeE18: bigint): number {
    let [low, high] = [0, MOST_SECONDS];
    while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (lawsAt(underlying, feeE18, middle).coversDelay) low = middle;
        else high = middle;
    }
    return low;
}

/** Every underlying of every network. */
export function delaysOf(measuredSeconds: number): Delay[] {
    return NETWORKS.flatMap((network) => {
        const {risk, clearing, steward} = parametersOf(network);
        const feeE18 = clearing.fees.linear;
        return risk.underlyings.map((underlying) => ({
            network,
            underlying: underlying.name,
            measured: lawsAt(underlying, feeE18, measuredSeconds),
            configured: lawsAt(underlying, feeE18, steward.reactionSeconds),
            measuredSeconds,
            configuredSeconds: steward.reactionSeconds,
            mostSeconds: mostSeconds(underlying, feeE18),
        }));
    });
}
