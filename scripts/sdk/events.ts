/** Events of the contracts: typed names and values, and a sentence with human units. */
import {Interface, Result} from "ethers";
import type {ParamType} from "ethers";

import {EVENTS} from "./abi/events/index.js";
import type {EventValues} from "./abi/events/index.js";
import {sentenceOf, show, wordsOf} from "./words.js";
import type {Units} from "./words.js";

/** Contracts that have events, by the names that a deployment gives them. */
export type EventContract = keyof EventValues;
export const EVENT_CONTRACTS = Object.keys(EVENTS) as readonly EventContract[];

/** One event of one contract. */
export type EventOf<C extends EventContract, N extends keyof EventValues[C]> = {
    readonly contract: C;
    readonly name: N;
    /** Values by name: ids of accounts and instruments as such, every number a bigint. */
    readonly values: EventValues[C][N];
    /** The same in human units. */
    readonly words: Readonly<Record<string, string>>;
    /** One sentence for people. */
    readonly sentence: string;
};

/** Any event; `contract` and `name` say which. */
export type BallastEvent = {
    [C in EventContract]: {[N in keyof EventValues[C]]: EventOf<C, N>}[keyof EventValues[C]];
}[EventContract];

/** What a log says, whoever delivers it. */
export type RawLog = {readonly address: string; readonly topics: readonly string[]; readonly data: string};

export type EventDecoder = {
    /** The event in a log; undefined if the log is of another contract or of no event that the kit knows. */
    readonly decode: (log: RawLog) => BallastEvent | undefined;
    /** All events of some logs, in order; other logs are passed over. */
    readonly decodeAll: (logs: readonly RawLog[]) => BallastEvent[];
};

type Known = {readonly coder: Interface; readonly units: ReadonlyMap<string, readonly Units[]>};

function knownOf(contract: EventContract): Known {
    const entries: readonly {readonly fragment: string; readonly units: readonly Units[]}[] = EVENTS[contract];
    const coder = new Interface(entries.map(({fragment}) => fragment));
    const units = entries.map(
        ({fragment, units: own}) => [coder.getEvent(fragment.slice("event ".length))?.topicHash ?? "", own] as const,
    );
    return {coder, units: new Map(units)};
}

const KNOWN = new Map(EVENT_CONTRACTS.map((contract) => [contract, knownOf(contract)] as const));

/** Lists as arrays, structs as objects. */
function plainOf(value: unknown, {arrayChildren, components}: ParamType): unknown {
    if (!(value instanceof Result)) return value;
    if (arrayChildren !== null) return value.toArray().map((item) => plainOf(item, arrayChildren));
    return valuesOf(components ?? [], value);
}

/** What ethers decoded, by name. */
export const valuesOf = (inputs: readonly ParamType[], args: Result): Readonly<Record<string, unknown>> =>
    Object.fromEntries(inputs.map((input, index) => [input.name, plainOf(args[index] as unknown, input)]));

function decodeIn(contract: EventContract, {topics, data}: RawLog): BallastEvent | undefined {
    const known = KNOWN.get(contract);
    const parsed = topics.length === 0 ? null : known?.coder.parseLog({topics: [...topics], data});
    if (known === undefined || parsed === null || parsed === undefined) return undefined;
    const {fragment, args} = parsed;
    const values = valuesOf(fragment.inputs, args);
    const units = known.units.get(fragment.topicHash) ?? [];
    const words = Object.fromEntries(
        fragment.inputs.map(({name}, index) => [name, show(values[name], units[index] ?? "plain")]),
    );
    const event = {contract, name: fragment.name, values, words, sentence: sentenceOf(wordsOf(fragment.name), words)};
    // The generated types and the fragments have one source.
    return event as unknown as BallastEvent;
}

/** A decoder for the contracts of a deployment: `eventDecoder(deployment.contracts)`. */
export function eventDecoder(addresses: Readonly<Partial<Record<EventContract, string>>>): EventDecoder {
    const contracts = new Map(
        EVENT_CONTRACTS.flatMap((contract) => {
            const address = addresses[contract];
            return address === undefined ? [] : [[address.toLowerCase(), contract] as const];
        }),
    );
    const decode = (log: RawLog): BallastEvent | undefined => {
        const contract = contracts.get(log.address.toLowerCase());
        return contract === undefined ? undefined : decodeIn(contract, log);
    };
    return {decode, decodeAll: (logs) => logs.map(decode).filter((event) => event !== undefined)};
}

/** The events of one kind, with the types of their values. */
export const eventsOf = <C extends EventContract, N extends keyof EventValues[C]>(
    events: readonly BallastEvent[],
    contract: C,
    name: N,
): EventOf<C, N>[] =>
    events.filter((event) => event.contract === contract && event.name === name) as unknown as EventOf<C, N>[];
