/** Text for values that JSON has no form for: whole numbers of any size, maps, and one text for equal values. */

type Json = string | number | boolean | null | readonly Json[] | {readonly [key: string]: Json};

const BIGINT = "$int";
const MAP = "$map";

/** Keys and entries of maps are in order, so equal values give equal text. */
export function encode(value: unknown): string {
    return JSON.stringify(toJson(value));
}

export function decode(text: string): unknown {
    return fromJson(JSON.parse(text) as Json);
}

function toJson(value: unknown): Json {
    switch (typeof value) {
        case "bigint":
            return {[BIGINT]: value.toString()};
        case "string":
        case "boolean":
            return value;
        case "number":
            if (Number.isSafeInteger(value)) return value;
            throw new TypeError(`${value} is not a whole number that text can hold`);
        case "object":
            return objectToJson(value);
        default:
            throw new TypeError(`A ${typeof value} has no text`);
    }
}

function objectToJson(value: object | null): Json {
    if (value === null) return null;
    if (Array.isArray(value)) return value.map(toJson);
    if (value instanceof Map) {
        const entries = [...value].map(([key, inner]): readonly [Json, Json] => [toJson(key), toJson(inner)]);
        return {
            [MAP]: entries
                .map((entry) => ({entry, key: sortKey(entry[0])}))
                .sort(byKey)
                .map(({entry}) => entry),
        };
    }
    return Object.fromEntries(
        Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, toJson(inner)]),
    );
}

const sortKey = (key: Json): string => JSON.stringify(key);
const byKey = (a: {readonly key: string}, b: {readonly key: string}): number => (a.key < b.key ? -1 : 1);

function fromJson(json: Json): unknown {
    if (json === null || typeof json !== "object") return json;
    if (Array.isArray(json)) return (json as readonly Json[]).map(fromJson);
    const object = json as Readonly<Record<string, Json>>;
    const {[BIGINT]: digits, [MAP]: entries} = object;
    if (typeof digits === "string") return BigInt(digits);
    if (Array.isArray(entries)) {
        return new Map(
            (entries as readonly (readonly [Json, Json])[]).map(([key, value]) => [fromJson(key), fromJson(value)]),
        );
    }
    return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, fromJson(value)]));
}
