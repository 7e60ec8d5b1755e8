/** Risk parameters of a book: the margin model's, with those the file replaces. */
import {defaultFigures, MAJORS_GROUP, underlyingParams} from "../risk/defaults.js";
import type {UnderlyingFigures} from "../risk/defaults.js";
import {defaultGrid, scenarioOf} from "../risk/grid.js";
import type {Scenario, UnderlyingParams, VolState} from "../risk/types.js";
import {ONE_E18, parseE18} from "../units.js";
import {numberOf} from "./names.js";
import type {Names} from "./names.js";
import {bookError} from "./schema.js";
import type {BookFile, BookScenario, UnderlyingOverrides} from "./schema.js";

/** Keys of `parameters` that name no underlying. */
const GENERAL = ["initialRatio", "reserveBase", "reservePerPosition", "blend", "scenarios", "collateral"];

const VOL_STATE: Readonly<Record<BookScenario["vol"], VolState>> = {up: "UP", down: "DOWN", flat: "FLAT"};

/** What the file replaces, by underlying. */
function overridesOf(file: BookFile, names: Names): ReadonlyMap<string, UnderlyingOverrides> {
    const own = Object.entries(file.parameters ?? {}).filter(([key]) => !GENERAL.includes(key));
    for (const [name] of own) {
        if (numberOf(names, name) === undefined)
            throw bookError(`parameters.${name}`, "names no underlying of the book");
    }
    // The general keys are gone, so that every value left is what `catchall` has read.
    return new Map(own as [string, UnderlyingOverrides][]);
}

function paramsOf(name: string, number: number, overrides: UnderlyingOverrides): UnderlyingParams {
    const defaults = Object.entries(defaultFigures(name)).map(([key, text]) => [key, parseE18(text)] as const);
    const own = Object.entries(overrides).filter(([, value]) => typeof value === "bigint");
    const figures = Object.fromEntries([...defaults, ...own]) as Record<keyof UnderlyingFigures, bigint>;
    if (figures.oiUpper <= figures.oiLower) {
        throw bookError(`parameters.${name}.oiUpper`, "must be above oiLower");
    }
    // Only BTC and ETH are known to move together; any other underlying is a group by itself.
    const group = overrides.group ?? (number <= 2 ? MAJORS_GROUP : number);
    return underlyingParams(group, figures);
}

const gridOf = (list: readonly BookScenario[]): Scenario[] =>
    list.map(({move, vol, weight}) => scenarioOf(move, VOL_STATE[vol], weight ?? ONE_E18));

export type UnderlyingRules = {readonly params: UnderlyingParams; readonly grid: readonly Scenario[]};

/** Parameters and scenarios of every underlying by number. */
export function rulesOf(file: BookFile, names: Names): ReadonlyMap<number, UnderlyingRules> {
    const overrides = overridesOf(file, names);
    return new Map(
        Object.entries(names).map(([number, name]) => {
            const own = overrides.get(name) ?? {};
            const list = own.scenarios ?? file.parameters?.scenarios;
            const rangeE18 = own.priceRange ?? parseE18(defaultFigures(name).priceRange);
            const grid = list === undefined ? defaultGrid(rangeE18) : gridOf(list);
            return [Number(number), {params: paramsOf(name, Number(number), own), grid}];
        }),
    );
}

/** Losses add scenario by scenario, so the underlyings of one book need lists of one length. */
export function checkLengths(rules: ReadonlyMap<number, UnderlyingRules>, used: readonly number[], names: Names): void {
    const [first, ...others] = used.map((number) => ({name: names[number], count: rules.get(number)?.grid.length}));
    const odd = others.find(({count}) => count !== first?.count);
    if (first === undefined || odd === undefined) return;
    const counts = `has ${odd.count} scenarios, that of ${first.name} ${first.count}`;
    throw bookError(`parameters.${odd.name}.scenarios`, `${counts}; parameters.scenarios sets one list for all`);
}
