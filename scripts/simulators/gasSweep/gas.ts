/** Gas of starting and taking a book, as recorded in snapshots/gas.json, straight lines between the recorded sizes. */
import {readFileSync} from "node:fs";

import {mulDivUp} from "../../sdk/math/index.js";
import {SweepError} from "./failures.js";

export type GasAt = (positions: number) => bigint;

/** The sizes of the gas tests of the liquidator. */
const SIZES = [1, 8, 32] as const;

const SNAPSHOT = new URL("../../../snapshots/gas.json", import.meta.url);

function recorded(gas: Readonly<Record<string, number>>, what: string): Map<number, bigint> {
    return new Map(
        SIZES.map((size) => {
            const label = `liquidator: ${what}, ${size} ${size === 1 ? "position" : "positions"}`;
            const found = gas[label];
            if (found === undefined) throw new SweepError("gas-unrecorded", `No gas of "${label}"`, {label});
            return [size, BigInt(found)];
        }),
    );
}

/** Beyond the largest size the last line goes on. */
function between(points: ReadonlyMap<number, bigint>): GasAt {
    return (positions) => {
        const place = SIZES.findIndex((size, i) => i > 0 && positions <= size);
        const [from = 0, to = 0] = place === -1 ? SIZES.slice(-2) : SIZES.slice(place - 1, place + 1);
        const [low = 0n, high = 0n] = [points.get(from), points.get(to)];
        return low + mulDivUp(high - low, BigInt(positions - from), BigInt(to - from));
    };
}

export type RecordedGas = {readonly start: GasAt; readonly take: GasAt};

export function recordedGas(
    gas: Readonly<Record<string, number>> = JSON.parse(readFileSync(SNAPSHOT, "utf8")) as Record<string, number>,
): RecordedGas {
    return {start: between(recorded(gas, "start by witness")), take: between(recorded(gas, "take to the target"))};
}
