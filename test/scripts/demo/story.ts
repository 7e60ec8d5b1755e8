/** A small invented replay: two accounts, four bars, real event encodings. */
import {Interface} from "ethers";
import type {InterfaceAbi, LogDescription} from "ethers";

import {lossesOf} from "../../../scripts/demo/books.js";
import type {Books} from "../../../scripts/demo/books.js";
import {CAST} from "../../../scripts/demo/cast.js";
import type {PriceBar} from "../../../scripts/demo/priceFile.js";
import type {Sample} from "../../../scripts/demo/run.js";
import type {Witnessed} from "../../../scripts/demo/summary.js";
import type {WorldEvent} from "../../../scripts/demo/world.js";

export const E18 = 10n ** 18n;
export const HOUR = 3600;
export const START = Date.UTC(2020, 2, 12, 9) / 1000;

export const BARS: readonly PriceBar[] = [
    {time: START, BTC: "8000", ETH: "200"},
    {time: START + HOUR, BTC: "7000", ETH: "150"},
    {time: START + 2 * HOUR, BTC: "4000", ETH: "100"},
    {time: START + 3 * HOUR, BTC: "5000", ETH: "120"},
];

/** An event as the chain's own interface encodes and decodes it. */
export function event(time: number, abi: InterfaceAbi, name: string, values: readonly unknown[]): WorldEvent {
    const contract = new Interface(abi);
    const log: LogDescription | null = contract.parseLog(contract.encodeEventLog(name, values));
    if (log === null) throw new Error(`No event is called ${name}`);
    return {time, contract: "any", log};
}

/** Whole US dollars per bar: equity, initial and maintenance requirement. */
export const samplesOf = (figures: readonly (readonly [number, number, number])[]): Sample[] =>
    figures.map(([equity, initial, maintenance], bar) => ({
        time: START + bar * HOUR,
        equityE18: BigInt(equity) * E18,
        initialE18: BigInt(initial) * E18,
        maintenanceE18: BigInt(maintenance) * E18,
    }));

const padded = (index: number): string => `0x${String(index + 1).padStart(40, "0")}${"0".repeat(24)}`;

/** Account of a member of the cast in this replay. */
export const accountOf = (id: string): string => padded(CAST.findIndex((member) => member.id === id));

/** A replay in which those who are not named did nothing. */
export function witnessed(
    samples: Readonly<Record<string, readonly Sample[]>>,
    events: readonly WorldEvent[] = [],
    changes: Partial<Pick<Witnessed, "fallLeverageE18" | "notes">> = {},
): Witnessed {
    const idle = samplesOf(BARS.map(() => [100, 0, 0] as const));
    return {
        events: [...events],
        samples: new Map(CAST.map(({id}) => [id, [...(samples[id] ?? idle)]])),
        notes: [],
        fallLeverageE18: 5n * E18,
        nameOf: (account) => CAST.find(({id}) => accountOf(id) === account)?.id ?? "protocol",
        party: (id) => ({account: accountOf(id)}),
        ...changes,
    };
}

export const booksWith = (run: Witnessed, changes: Partial<Books> = {}): Books => ({
    tokens: [{token: "USDC", heldE18: 15n * E18 + 1n, claimsE18: 15n * E18}],
    zeroSum: [{instrument: "BTC-PERP", longE18: 65n * E18, sumE18: 0n}],
    losses: lossesOf(run.events, 0n),
    replay: {events: run.events.length, accounts: CAST.length, differences: [], sumsE18: new Map()},
    solvent: true,
    ...changes,
});
