/** Where the gas of one transaction goes: by contract, by kind of instruction, by file and function of the source. */
import {Contract} from "ethers";

import {table} from "../../shared/table.js";
import {sizeLabel} from "./books.js";
import type {Size} from "./books.js";
import {COUNTS, measure} from "./measure.js";
import type {Name} from "./measure.js";
import {placesOf} from "./sources.js";
import type {Place, Placed} from "./sources.js";
import type {Stage} from "./stage.js";
import {costsOf, framesOf, KINDS, kindOf} from "./trace.js";
import type {Call, Cost, Step} from "./trace.js";

export type Share = {readonly label: string; readonly gas: number};

/** Sums by label, the greatest first. */
export function sharesOf<One extends Cost>(costs: readonly One[], labelOf: (cost: One) => string): Share[] {
    const sums = new Map<string, number>();
    for (const cost of costs) {
        const label = labelOf(cost);
        sums.set(label, (sums.get(label) ?? 0) + cost.gas);
    }
    return [...sums].map(([label, gas]) => ({label, gas})).sort((one, other) => other.gas - one.gas);
}

/** Rows of a list. */
const MOST = 40;
const MOST_INSTRUCTIONS = 24;
const PROXY_ABI = ["function aggregator() view returns (address)"];
/** Deployed under a name of its own, compiled under another. */
const COMPILED_AS: Readonly<Record<string, string>> = {
    manager: "AccessManager",
    vault: "MarginVault",
    previewEngine: "RiskEngine",
    previewModels: "RiskModels",
    previewGreeks: "RiskGreeks",
};

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Names of the contracts of a stage by address. */
async function namesOf({house: {deployment}, connection}: Stage): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    const add = (address: string, name: string): void => void names.set(address.toLowerCase(), name);
    for (const [name, address] of Object.entries(deployment.contracts)) {
        add(address, COMPILED_AS[name] ?? capital(name));
    }
    for (const {address} of Object.values(deployment.tokens)) add(address, "MockToken");
    for (const address of Object.values(deployment.feeds)) {
        const proxy = new Contract(address, PROXY_ABI, connection.ethers.provider);
        add(address, "ProxyFeed");
        add((await proxy.getFunction("aggregator")()) as string, "ProxiedAggregator");
    }
    return names;
}

async function traced({connection: {provider}}: Stage, hash: string): Promise<Cost[]> {
    const trace = (options: object): Promise<unknown> =>
        provider.request({method: "debug_traceTransaction", params: [hash, options]});
    const listed = await trace({disableMemory: true, disableStack: true, disableStorage: true});
    const {structLogs} = listed as {readonly structLogs: readonly Step[]};
    return costsOf(structLogs, framesOf((await trace({tracer: "callTracer"})) as Call));
}

const percent = (part: number, total: number): string => `${((part / total) * 100).toFixed(1)} %`;

function byInstruction(costs: readonly Cost[], total: number): string {
    const rows = sharesOf(costs, ({op}) => op)
        .slice(0, MOST_INSTRUCTIONS)
        .map(({label, gas}) => [label, gas.toLocaleString("en"), percent(gas, total)]);
    return table(["instruction", "gas", "share"], rows);
}

/** One row per contract, one column per kind of instruction. */
function grid(costs: readonly Located[]): string {
    const row = (label: string, own: readonly Located[]): string[] => {
        const kinds = new Map(sharesOf(own, ({op}) => kindOf(op)).map((share) => [share.label, share.gas]));
        const gas = own.reduce((sum, cost) => sum + cost.gas, 0);
        return [label, gas.toLocaleString("en"), ...KINDS.map((kind) => (kinds.get(kind) ?? 0).toLocaleString("en"))];
    };
    const rows = sharesOf(costs, ({contract}) => contract).map(({label}) =>
        row(
            label,
            costs.filter(({contract}) => contract === label),
        ),
    );
    rows.push(row("all", costs));
    return table(["contract", "gas", ...KINDS], rows);
}

const NO_PLACE: Place = {file: "(no source)", name: "(no source)", line: 0};

type Located = Cost & {readonly contract: string; readonly place: Place; readonly compiler: boolean};

/** Puts a place to every cost. What the compiler added by itself goes to the function that ran just before it. */
export function locate(
    costs: readonly Cost[],
    nameOf: (address: string) => string,
    placesIn: (contract: string) => Placed | undefined,
): Located[] {
    const last = new Map<string, Place>();
    const places = new Map<string, Placed | undefined>();
    return costs.map((cost) => {
        const contract = nameOf(cost.address);
        if (!places.has(contract)) places.set(contract, placesIn(contract));
        const place = places.get(contract)?.(cost.pc);
        if (place !== undefined) last.set(contract, place);
        return {...cost, contract, place: last.get(contract) ?? NO_PLACE, compiler: place === undefined};
    });
}

/** What was written and, beside it, what the compiler put around it. */
function written(title: string, costs: readonly Located[], labelOf: (cost: Located) => string, most: number): string {
    const total = costs.reduce((sum, {gas}) => sum + gas, 0);
    const around = new Map(
        sharesOf(
            costs.filter(({compiler}) => compiler),
            labelOf,
        ).map(({label, gas}) => [label, gas]),
    );
    const rows = sharesOf(costs, labelOf)
        .slice(0, most)
        .map(({label, gas}) => [
            label,
            gas.toLocaleString("en"),
            (around.get(label) ?? 0).toLocaleString("en"),
            percent(gas, total),
        ]);
    return table([title, "gas", "compiler's part", "share"], rows);
}

/** Traces one transaction of a book and says in words and figures where its gas went. */
export async function where(stage: Stage, size: Size, name: Name): Promise<string> {
    const run = (await measure(stage, size, name)).at(-1);
    if (run === undefined) throw new Error(`${name} was not measured`);
    const names = await namesOf(stage);
    const costs = locate(await traced(stage, run.hash), (address) => names.get(address) ?? address, placesOf);
    const total = costs.reduce((sum, {gas}) => sum + gas, 0);
    const engine = costs.filter(({contract}) => contract === "RiskEngine");
    const gas = (figure: bigint | number): string => figure.toLocaleString("en");
    return [
        `${name}, ${sizeLabel(size)}: ${gas(run.gas)} gas (${COUNTS[name]}), ${gas(total)} of it in instructions`,
        grid(costs),
        written("RiskEngine by file", engine, ({place}) => place.file, MOST),
        written("function", costs, ({contract, place}) => `${contract}: ${place.file} ${place.name}`, MOST),
        written("line of RiskEngine", engine, ({place}) => `${place.file}:${place.line} ${place.name}`, MOST),
        byInstruction(costs, total),
    ].join("\n\n");
}
