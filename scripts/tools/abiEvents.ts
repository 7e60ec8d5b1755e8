/** The part of `scripts/sdk/abi/` about events: one file per contract with fragments and units, and the types of their values. */
import {EventFragment} from "ethers";
import type {JsonFragment} from "ethers";

import {unitOf} from "./abiUnits.js";
import type {Typed} from "./abiUnits.js";

/** A compiled contract under the name that a deployment gives it. */
export type Emitter = {readonly key: string; readonly contract: string; readonly abi: readonly JsonFragment[]};

type Units = string | readonly Units[];

const upper = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, "_$&").toUpperCase();
const constantOf = ({contract}: Emitter): string => `${upper(contract)}_EVENTS`;
const typeOf = ({contract}: Emitter): string => `${contract}Events`;

const eventsOf = ({abi}: Emitter): JsonFragment[] =>
    abi
        .filter(({type, inputs}) => type === "event" && (inputs ?? []).length > 0)
        .sort(({name: a = ""}, {name: b = ""}) => (a < b ? -1 : 1));

const unitsOf = (value: Typed): Units => value.components?.map(unitsOf) ?? unitOf(value);

/** The type of a value in TypeScript, as the decoder gives it. */
function typeScriptOf(value: Typed): string {
    const {type = ""} = value;
    if (type.endsWith("[]")) return `readonly ${typeScriptOf({...value, type: type.slice(0, -2)})}[]`;
    if (value.components !== undefined) return fieldsOf(value.components);
    const unit = unitOf(value);
    if (unit === "account") return "AccountId";
    if (unit === "instrument") return "InstrumentId";
    if (type === "bool") return "boolean";
    return /^u?int/.test(type) ? "bigint" : "string";
}

const fieldsOf = (values: readonly Typed[]): string =>
    `{${values.map((value) => `readonly ${value.name ?? ""}: ${typeScriptOf(value)}`).join("; ")}}`;

function fileOf(emitter: Emitter): string {
    const events = eventsOf(emitter);
    const entries = events.map((event) =>
        JSON.stringify({
            fragment: EventFragment.from(event).format("full"),
            units: (event.inputs ?? []).map(unitsOf),
        }),
    );
    const types = events.map(({name = "", inputs = []}) => `    readonly ${name}: ${fieldsOf(inputs)};`);
    const text = types.join("\n");
    const brands = [
        ["AccountId", "ids"],
        ["InstrumentId", "instruments"],
    ].filter(([brand = ""]) => text.includes(`: ${brand}`));
    return [
        `/** Written by \`npm run abi\`: the events of ${emitter.contract}, how their values read, and their types. */`,
        ...brands.map(([brand = "", file = ""]) => `import type {${brand}} from "../../${file}.js";`),
        "",
        `export const ${constantOf(emitter)} = [`,
        ...entries.map((entry) => `    ${entry},`),
        "] as const;",
        "",
        `export type ${typeOf(emitter)} = {`,
        text,
        "};",
        "",
    ].join("\n");
}

function indexOf(emitters: readonly Emitter[]): string {
    return [
        "/** Written by `npm run abi`: the events by the name that a deployment gives their contract. */",
        ...emitters.flatMap((emitter) => [
            `import {${constantOf(emitter)}} from "./${emitter.contract}.js";`,
            `import type {${typeOf(emitter)}} from "./${emitter.contract}.js";`,
        ]),
        "",
        "export const EVENTS = {",
        ...emitters.map((emitter) => `    ${emitter.key}: ${constantOf(emitter)},`),
        "} as const;",
        "",
        "/** The values of each event. */",
        "export type EventValues = {",
        ...emitters.map((emitter) => `    readonly ${emitter.key}: ${typeOf(emitter)};`),
        "};",
        "",
    ].join("\n");
}

/** Files below the folder of ABIs, by path. Events without values say nothing of ours and are left out. */
export function eventFiles(contracts: readonly Emitter[]): [string, string][] {
    const emitters = contracts.filter((contract) => eventsOf(contract).length > 0);
    const files = emitters.map((emitter): [string, string] => [`events/${emitter.contract}.ts`, fileOf(emitter)]);
    return [...files, ["events/index.ts", indexOf(emitters)]];
}
