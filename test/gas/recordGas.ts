import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";

import {expect} from "chai";

import {ROOT} from "../../scripts/tools/repository.js";

export {steadyClock} from "../../scripts/tools/gas/clock.js";

/** The most gas one transaction may use on the main network since the Osaka fork (EIP-7825). */
export const TX_GAS_CAP = 2n ** 24n;

/** Chain of the gas tests: a fixed start, so that timestamps cost the same calldata on every day. */
export const GAS_CHAIN = {override: {initialDate: "2030-01-01T08:00:00Z"}} as const;

const SNAPSHOT = process.env["GAS_SNAPSHOT"] ?? join(ROOT, "snapshots", "gas.json");
const isUpdate = process.env["UPDATE_SNAPSHOTS"] === "1";

/** Holds the gas of one labelled case to `snapshots/gas.json`, exactly; writes it there when UPDATE_SNAPSHOTS=1. */
export function recordGas(label: string, gas: bigint): void {
    const recorded = existsSync(SNAPSHOT) ? (JSON.parse(readFileSync(SNAPSHOT, "utf8")) as Record<string, number>) : {};
    if (!isUpdate) {
        expect(Number(gas), `gas of "${label}"; run \`npm run snapshots\` if the change is meant`).to.equal(
            recorded[label],
        );
        return;
    }
    recorded[label] = Number(gas);
    const sorted = Object.entries(recorded).sort(([a], [b]) => (a < b ? -1 : 1));
    mkdirSync(dirname(SNAPSHOT), {recursive: true});
    writeFileSync(SNAPSHOT, `${JSON.stringify(Object.fromEntries(sorted), null, 4)}\n`);
}
