/** Blocks of docs/margin.md for who trades: the worked book, step by step. */
import {mulDivDown, sum} from "../../sdk/math/index.js";
import {moveOf} from "../../sdk/risk/index.js";
import type {Report} from "../../sdk/risk/index.js";
import {ONE_E18, parseE18} from "../../sdk/units.js";
import {cut, percent, row, table, whole} from "./text.js";
import {at, changes, distanceE18, liquidationPrice, models, worked} from "./worked.js";
import type {ModelRow, Worked} from "./worked.js";

const HEALTH_DECIMALS = 3;
const SECONDS_PER_DAY = 86_400;

const e18 = (text: string): bigint => parseE18(text);
const nameOf = ({prepared}: Worked, underlying: number): string => prepared.names[underlying] ?? "";
const title = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`;

const healthOf = ({equityE18, maintenanceE18}: Pick<Report, "equityE18" | "maintenanceE18">): string =>
    cut((equityE18 * ONE_E18) / maintenanceE18, HEALTH_DECIMALS);

function book({prepared, result}: Worked): string {
    const {cashE18} = prepared.question.book;
    const rows = [
        row("cash", whole(cashE18), "", ""),
        ...result.collateral.map(({asset, units, price}) => row(asset, whole(e18(units)), whole(e18(price)), "")),
        ...result.legs.map(({instrument, size, price, entry}) =>
            row(instrument, whole(e18(size)), cut(e18(price)), entry === null ? "" : whole(e18(entry))),
        ),
    ];
    return table([":held", "size", "price now", "entered at"], rows);
}

function equity({prepared, report, result}: Worked): string {
    const rows = [
        row("cash, a debt at one dollar", "", cut(prepared.question.book.cashE18)),
        ...result.collateral.map(({asset, credited, price, value}) =>
            row(`${asset}: units that count × price`, `${whole(e18(credited))} × ${cut(e18(price))}`, cut(e18(value))),
        ),
        ...result.legs.map(({instrument, size, price, value}) =>
            row(`${instrument}: size × price`, `${whole(e18(size))} × ${cut(e18(price))}`, cut(e18(value))),
        ),
        ...prepared.legs
            .filter(({quoteE18}) => quoteE18 !== 0n)
            .map((leg) => row(`${leg.name}: entered for`, "", cut(leg.quoteE18))),
        row("**equity E**", "", `**${cut(report.equityE18)}**`),
    ];
    return table([":", "", "USD"], rows);
}

function shocks({prepared, evaluation, result}: Worked): string {
    const [option] = result.legs.filter(({vol}) => vol !== null);
    const expiry = evaluation.markets.flatMap(({expiries}) => expiries).find(({yearsE18}) => yearsE18 > 0n);
    const volE18 = e18(option?.vol ?? "0");
    const {volUpE18 = 0n, volDownE18 = 0n} = expiry ?? {};
    const days = ((expiry?.expiry ?? 0) - prepared.question.market.now) / SECONDS_PER_DAY;
    const states = [
        ["up", volUpE18],
        ["down", volDownE18],
    ] as const;
    const rows = states.map(([state, factorE18]) =>
        row(
            state,
            String(days),
            cut(factorE18, 4),
            `${percent(volE18, 0)} → ${percent(mulDivDown(volE18, factorE18, ONE_E18))}`,
        ),
    );
    return table([":volatility", "days left", "factor", "implied volatility"], rows);
}

function scenarios({evaluation, report}: Worked): string {
    const [bitcoin, ether] = report.underlyings;
    const [first, second] = evaluation.markets;
    const rows = (first?.scenarios ?? []).map((scenario, s) => {
        const losses = [bitcoin, ether].map((one) => one?.lossE18[s] ?? 0n);
        const marks = [bitcoin?.binding, ether?.binding, report.groupBinding[0]].map((place) => place === s);
        const figures = [...losses, losses.reduce<bigint>((a, b) => a + b, 0n)].map((loss, i) =>
            marks[i] === true ? `**${cut(loss)}**` : cut(loss),
        );
        const other = second?.scenarios[s];
        const move = (one: typeof scenario | undefined): string => (one === undefined ? "" : percent(moveOf(one)));
        const weights = [scenario.weightE18, other?.weightE18 ?? 0n].map((weight) => cut(weight, 4)).join(", ");
        return row(String(s), move(scenario), move(other), scenario.vol.toLowerCase(), weights, ...figures);
    });
    const heads = ["number", "BTC moves", "ETH moves", ":volatility", "weights", "loss BTC", "loss ETH", "together"];
    return table(heads, rows);
}

function charges(worked_: Worked): string {
    const {evaluation, report} = worked_;
    const columns = report.underlyings.map((one, i) => ({...one, capE18: evaluation.parts[i]?.capE18 ?? 0n}));
    const rows = (
        [
            ["net delta, units, collateral included", ({deltaE18}) => cut(deltaE18, 4)],
            ["scan: greatest weighted loss", ({scanE18}) => cut(scanE18)],
            ["roll", ({rollE18}) => cut(rollE18)],
            ["hedged-delta floor, before the scan", ({floorDeltaE18}) => cut(floorDeltaE18)],
            ["short-option floor, before the scan", ({floorShortE18}) => cut(floorShortE18)],
            ["**add-on**: the greatest of roll and what a floor has above the scan", ({addOnE18}) => cut(addOnE18)],
            ["**concentration**", ({concentrationE18}) => cut(concentrationE18)],
            ["cap: the most its terms can lose", ({capE18}) => cut(capE18)],
        ] satisfies [string, (column: (typeof columns)[number]) => string][]
    ).map(([label, figure]) => row(label, ...columns.map(figure)));
    const heads = [":USD where nothing else is said", ...columns.map(({underlying}) => nameOf(worked_, underlying))];
    return table(heads, rows);
}

/** The scan of the group and both requirements, written out. */
function sums({prepared, evaluation, report}: Worked): string {
    const {parameters, book: held} = prepared.question;
    const blendE18 = parameters.blendsE18.get(report.groups[0] ?? 0) ?? 0n;
    const place = report.groupBinding[0] ?? 0;
    const jointE18 = report.underlyings.reduce((total, one) => total + (one.lossE18[place] ?? 0n), 0n);
    const [bitcoin = 0n, ether = 0n] = evaluation.parts.map(({scanE18}) => scanE18);
    const {initialRatioE18, reserveBaseE18, reservePerPositionE18} = parameters.global;
    const extras = report.underlyings.map(({addOnE18, concentrationE18}) => [addOnE18, concentrationE18] as const);
    const terms = [report.groupScanE18[0] ?? 0n, ...extras.flat(), report.reserveE18].map((term) => cut(term));
    const own = `${cut(ONE_E18 - blendE18, 1)} × (${cut(bitcoin)} + ${cut(ether)})`;
    const [base, each] = [reserveBaseE18, reservePerPositionE18].map((figure) => cut(figure));
    const withheld = report.underlyings.map(({withheldE18}) => withheldE18);
    return [
        "```",
        `scan of the group   ${cut(blendE18, 1)} × ${cut(jointE18)} + ${own} = ${cut(report.groupScanE18[0] ?? 0n)}`,
        `keeper reserve      ${base ?? ""} + ${held.positions.length} × ${each ?? ""} = ${cut(report.reserveE18)}`,
        `maintenance MM      ${terms.join(" + ")} = ${cut(report.maintenanceE18)}`,
        `profit withheld     ${withheld.map((term) => cut(term)).join(" + ")} = ${cut(sum(withheld))}`,
        `initial IM          ${cut(report.maintenanceE18)} / ${cut(initialRatioE18, 1)} + ${cut(sum(withheld))} = ${cut(report.initialE18)}`,
        `health E / MM       ${cut(report.equityE18)} / ${cut(report.maintenanceE18)} = ${healthOf(report)}`,
        `excess E − IM       ${cut(report.equityE18 - report.initialE18)}`,
        "```",
    ].join("\n");
}

function hedges(): string {
    const rows = changes().map(([label, {report}]) => {
        const besideE18 = report.underlyings.reduce((sum, one) => sum + one.addOnE18 + one.concentrationE18, 0n);
        const binding = [...report.underlyings.map((one) => one.binding), ...report.groupBinding].join(", ");
        const figures = [report.groupScanE18[0] ?? 0n, besideE18, report.maintenanceE18, report.initialE18];
        return row(label, binding, ...figures.map((figure) => cut(figure)));
    });
    return table([":book", "binds BTC, ETH, group", "scan", "add-ons, concentration", "MM", "IM"], rows);
}

function modelRows(): string {
    const rows = models().map(({model, whole: all, linear}: ModelRow) => {
        const pair = (report: Report | undefined): string[] =>
            report === undefined ? ["refused", "–"] : [cut(report.maintenanceE18), cut(report.initialE18)];
        return row(title(model), ...pair(all), ...pair(linear));
    });
    return table([":model", "MM, whole book", "IM", "MM, without its options", "IM"], rows);
}

const SPOTS_E18 = ["55000", "60000", "65000", "70000", "75000", "80000", "85000"].map(parseE18);

function spots(worked_: Worked): string {
    const [bitcoin] = worked_.report.underlyings;
    const rows = SPOTS_E18.map((spotE18) => {
        const report = at(worked_, {underlying: bitcoin?.underlying ?? 0, spotE18});
        const figures = [report.equityE18, report.maintenanceE18, report.equityE18 - report.maintenanceE18];
        return row(cut(spotE18, 0), ...figures.map((figure) => cut(figure)), healthOf(report));
    });
    return table(["BTC spot", "E", "MM", "E − MM", "health"], rows);
}

function prices(worked_: Worked): string {
    const rows = worked_.report.underlyings.map(({underlying, spotE18}) => {
        const found = ([-1n, 1n] as const).map((direction) => {
            const priceE18 = liquidationPrice(worked_, underlying, direction);
            return priceE18 === undefined
                ? "never"
                : `${cut(priceE18, 0)}, ${percent(distanceE18(spotE18, priceE18), 1)} away`;
        });
        return row(nameOf(worked_, underlying), cut(spotE18, 0), ...found);
    });
    return table([":", "spot", "short below", "short above"], rows);
}

export function traderBlocks(): Readonly<Record<string, string>> {
    const one = worked();
    return {
        book: book(one),
        equity: equity(one),
        shocks: shocks(one),
        scenarios: scenarios(one),
        charges: charges(one),
        sums: sums(one),
        hedges: hedges(),
        distance: [spots(one), prices(one)].join("\n\n"),
        models: modelRows(),
    };
}
