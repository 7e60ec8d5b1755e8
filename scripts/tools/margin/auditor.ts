/** Blocks of docs/margin.md for who checks: parameters, formulas, errors, invariants. */
import {formatE18} from "../../sdk/units.js";
import type {UnderlyingParams} from "../../sdk/risk/index.js";
import {filesIn, read} from "../repository.js";
import {FORMULAS, KEPT_BY, roundingOf, sourceOf} from "./formulas.js";
import type {Formula} from "./formulas.js";
import {measure, STATED} from "./kernel.js";
import {percent, row, table, whole} from "./text.js";
import {worked} from "./worked.js";

const plain = (valueE18: bigint): string => formatE18(valueE18);
const share = (valueE18: bigint): string => {
    const [, decimals = ""] = formatE18(valueE18 * 100n).split(".");
    return percent(valueE18, decimals.length);
};

const PARAMETERS: readonly (readonly [name: string, meaning: string, figure: (params: UnderlyingParams) => string])[] =
    [
        ["range", "regular prices fall by this, and rise by as much in the logarithm", ({rangeE18}) => share(rangeE18)],
        ["rise", "of volatility in the up state, at 30 days", ({volUpE18}) => share(volUpE18)],
        ["fall", "of volatility in the down state, at 30 days", ({volDownE18}) => share(volDownE18)],
        ["floor, up", "least annual volatility there", ({volFloorUpE18}) => share(volFloorUpE18)],
        ["floor, down", "least annual volatility there", ({volFloorDownE18}) => share(volFloorDownE18)],
        [
            "p, below 30 days",
            "how fast the moves of volatility fade with time",
            ({powerShortE18}) => plain(powerShortE18),
        ],
        ["p, from 30 days on", "the same", ({powerLongE18}) => plain(powerLongE18)],
        ["r_min", "least roll, of spot", ({rollMinE18}) => share(rollMinE18)],
        ["r_year", "roll by year to expiry", ({rollYearE18}) => share(rollYearE18)],
        ["f_net", "hedged-delta floor, of what is net", ({floorNetE18}) => share(floorNetE18)],
        ["f_hedged", "hedged-delta floor, of what is hedged", ({floorHedgedE18}) => share(floorHedgedE18)],
        ["f_short", "short-option floor, of spot", ({floorShortE18}) => share(floorShortE18)],
        ["spread", "bid and ask apart", ({spreadE18}) => share(spreadE18)],
        ["Y", "strength of impact", ({impactE18}) => plain(impactE18)],
        ["σ_day", "volatility of a day", ({sigmaDayE18}) => share(sigmaDayE18)],
        ["ADV", "volume of a day, USD", ({advE18}) => whole(advE18)],
        ["lower", "open interest from which IM rises, USD", ({oiLowerE18}) => whole(oiLowerE18)],
        ["upper", "open interest at which IM is everything, USD", ({oiUpperE18}) => whole(oiUpperE18)],
    ];

function parameters(): string {
    const {names, question} = worked().prepared;
    const {underlyings, blendsE18, global, assets} = question.parameters;
    const columns = [...underlyings].sort(([a], [b]) => a - b);
    const own = PARAMETERS.map(([name, meaning, figure]) =>
        row(name, meaning, ...columns.map(([, {params}]) => figure(params))),
    );
    const [blendE18 = 0n] = [...blendsE18.values()];
    const [asset] = [...assets.values()];
    const shared = [
        row("ρ", "blend of their group", plain(blendE18)),
        row("ratio", "MM / IM without crowding and withheld profit", plain(global.initialRatioE18)),
        row(
            "base, per position",
            "keeper reserve, USD",
            [global.reserveBaseE18, global.reservePerPositionE18].map(plain).join(", "),
        ),
        row(
            "base, k",
            "weight of collateral inside the grid",
            [asset?.weightE18 ?? 0n, asset?.sizeE18 ?? 0n].map(plain).join(", "),
        ),
    ];
    return [
        table([":name", ":meaning", ...columns.map(([number]) => names[number] ?? "")], own),
        table([":name", ":meaning, for all", "figure"], shared),
    ].join("\n\n");
}

function formulas(rows: readonly Formula[]): string {
    const lines = rows.map((one) => {
        if (testFile(one.test) === undefined) throw new Error(`${one.code}: there is no test ${one.test}`);
        sourceOf(one.code);
        return row(one.what, one.formula, roundingOf(one), `\`${one.code}\``, `\`${one.test}\``);
    });
    return table([":what", ":formula", ":rounding", ":code", ":test"], lines);
}

/** The file behind a test's name below test/. */
function testFile(name: string): string | undefined {
    return filesIn("test", ".test.ts", ".t.sol").find((path) =>
        [".test.ts", ".t.sol"].some((end) => path === `test/${name}${end}`),
    );
}

const inForward = (errorE18: bigint): string => (Number(errorE18) / 1e18).toExponential(1);

function errors(): string {
    const rows = measure().map(({kind, nowE18, shockedE18, prices}) =>
        row(
            kind.toLowerCase(),
            prices.toLocaleString("en"),
            inForward(STATED.errorE18),
            ...[nowE18, shockedE18].map(inForward),
        ),
    );
    return table([":option", "prices", "stated", "measured, now", "measured, in a scenario"], rows);
}

const STATEMENT = /^\| (RSK-\d+) \| (.+?) \| .*\|$/gm;

function invariants(): string {
    const tests = filesIn("test", ".test.ts", ".sol").map((path) => ({path, text: read(path)}));
    const rows = [...read("docs/invariants.md").matchAll(STATEMENT)].map(([, id = "", statement = ""]) => {
        const pointers = KEPT_BY[id];
        if (pointers === undefined) throw new Error(`KEPT_BY does not say where ${id} is kept`);
        for (const pointer of pointers) if (!pointer.includes("/")) sourceOf(pointer);
        const holding = tests.filter(({text}) => new RegExp(`\\b${id}\\b`).test(text)).map(({path}) => path);
        const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");
        return row(
            id,
            statement,
            code(pointers),
            code(holding.map((path) => path.replace(/^test\//, "").replace(/\.(test\.ts|t\.sol|sol)$/, ""))),
        );
    });
    return table([":id", ":statement", ":code", ":tests"], rows);
}

export function auditorBlocks(): Readonly<Record<string, string>> {
    return {
        parameters: parameters(),
        values: formulas(FORMULAS.values),
        grid: formulas(FORMULAS.grid),
        "charges-formulas": formulas(FORMULAS.charges),
        "sums-formulas": formulas(FORMULAS.sums),
        errors: errors(),
        invariants: invariants(),
    };
}
