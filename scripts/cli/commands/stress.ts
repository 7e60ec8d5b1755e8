/** `ballast stress --scenario FILE`: every account as it would stand after a shock, by the twin on live state. */
import type {Command} from "commander";
import {z} from "zod";

import {assessAll, readStanding} from "../../chain/solvency.js";
import type {Standing} from "../../chain/solvency.js";
import {formatAccount, formatE18, InputError, parseAccount, parseE18, underlyingNumber} from "../../sdk/index.js";
import {divDown, max, min, sum, toE18} from "../../sdk/math/index.js";
import {shifted} from "../../sdk/risk/index.js";
import type {Assessment, Shift} from "../../sdk/risk/index.js";
import {tokenOf} from "../../shared/deployment.js";
import {shorten, table} from "../../shared/table.js";
import {online, reading, readInput} from "../session.js";
import type {OnlineOptions, Session} from "../session.js";

type Options = OnlineOptions & {readonly scenario: string; readonly top?: string};

const ONE_E18 = 10n ** 18n;

const schema = z.strictObject({
    name: z.string().optional(),
    /** Relative moves by underlying, such as {"BTC": "-0.3"}; coins by the number of their feed. */
    prices: z.record(z.string(), z.string()),
    /** Relative move of every volatility. */
    volatility: z.string().optional(),
});

/** Thrown away: everything; more than a hundredfold would be a slipped digit. */
const LEAST_E18 = -ONE_E18;
const MOST_E18 = 100n * ONE_E18;

function factorOf(field: string, move: string): bigint {
    const moveE18 = parseE18(move);
    if (moveE18 > LEAST_E18 && moveE18 <= MOST_E18) return ONE_E18 + moveE18;
    throw new InputError("number-out-of-range", `${field}: a move of ${move} is not above -1 and at most 100`, {move});
}

/** Reads a scenario file. */
export function readScenario(text: string): {readonly name: string; readonly shift: Shift} {
    const {name = "shock", prices, volatility = "0"} = schema.parse(JSON.parse(text));
    const factors = Object.entries(prices).map(([key, move]): [number, bigint] => [
        /^\d+$/.test(key) ? Number(key) : underlyingNumber(key),
        factorOf(`prices.${key}`, move),
    ]);
    return {name, shift: {factorsE18: new Map(factors), volFactorE18: factorOf("volatility", volatility)}};
}

export type StressState = {
    readonly scenario: string;
    readonly block: number;
    readonly accounts: number;
    readonly unpriced: number;
    readonly belowMaintenance: number;
    readonly insolvent: number;
    /** What books would owe. */
    readonly deficits: string;
    readonly backstop: string;
    /** If the budgets of the backstop allow it. */
    readonly paidByBackstop: string;
    readonly writtenDown: string;
    readonly short: readonly {
        readonly account: string;
        readonly equityBefore: string;
        readonly equityAfter: string;
        readonly maintenanceAfter: string;
        readonly healthAfter: string;
    }[];
};

/** What a shock makes of everybody. */
export function stressState(
    standing: Standing,
    {name, shift}: ReturnType<typeof readScenario>,
    backstopE18: bigint,
): StressState {
    const before = assessAll(standing, standing.market);
    const after = assessAll(standing, shifted(standing.market, shift));
    const known = [...after].filter((one): one is [string, Assessment] => one[1] !== undefined);
    const short = known.filter(([, {equityE18, maintenanceE18}]) => equityE18 < maintenanceE18);
    const deficitE18 = sum(known.map(([, {equityE18}]) => max(0n - equityE18, 0n)));
    const shortfall = ([, one]: [string, Assessment]): bigint => one.equityE18 - one.maintenanceE18;
    return {
        scenario: name,
        block: standing.block,
        accounts: after.size,
        unpriced: after.size - known.length,
        belowMaintenance: short.length,
        insolvent: known.filter(([, {equityE18}]) => equityE18 < 0n).length,
        deficits: formatE18(deficitE18),
        backstop: formatE18(backstopE18),
        paidByBackstop: formatE18(min(deficitE18, backstopE18)),
        writtenDown: formatE18(max(deficitE18 - backstopE18, 0n)),
        short: short
            .sort((a, b) => (shortfall(a) < shortfall(b) ? -1 : 1))
            .map(([account, {equityE18, maintenanceE18}]) => ({
                account: formatAccount(parseAccount(account)),
                equityBefore: formatE18(before.get(account)?.equityE18 ?? 0n),
                equityAfter: formatE18(equityE18),
                maintenanceAfter: formatE18(maintenanceE18),
                healthAfter: formatE18(divDown(equityE18, maintenanceE18)),
            })),
    };
}

export function describeStress(state: StressState, top: number): string {
    const {short} = state;
    const rows = short
        .slice(0, top)
        .map((one) => [
            one.account,
            shorten(one.equityBefore, 2),
            shorten(one.equityAfter, 2),
            shorten(one.maintenanceAfter, 2),
            shorten(one.healthAfter),
        ]);
    const sums = [
        ["accounts below maintenance", String(state.belowMaintenance)],
        ["of them owing more than they have", String(state.insolvent)],
        ["what those owe, USD", shorten(state.deficits, 2)],
        ["backstop holds, USD", shorten(state.backstop, 2)],
        ["backstop would pay, USD, its budgets aside", shorten(state.paidByBackstop, 2)],
        ["written down over all cash, USD", shorten(state.writtenDown, 2)],
    ];
    const more = short.length > rows.length ? [`and ${String(short.length - rows.length)} more`] : [];
    return [
        `${state.scenario}, at block ${String(state.block)}: ${String(state.accounts)} accounts`,
        table(["", "after the shock"], sums),
        ...(state.unpriced > 0 ? [`${String(state.unpriced)} accounts have no price now and are left out`] : []),
        ...(rows.length > 0 ? [table(["account", "equity", "after", "MM after", "health"], rows)] : []),
        ...more,
    ].join("\n\n");
}

async function backstopE18({ballast, deployment}: Session, block: number): Promise<bigint> {
    const {decimals} = tokenOf(deployment, deployment.settlementToken);
    return toE18(await ballast.backstop.totalAssets({blockTag: block}), decimals);
}

async function stress(options: Options): Promise<void> {
    const scenario = readInput("--scenario", options.scenario, readScenario);
    const top = Number(options.top ?? "20");
    if (!Number.isInteger(top) || top < 0) {
        throw new InputError("number-malformed", `--top: "${options.top ?? ""}" is not a number of accounts`);
    }
    await reading(options, async (session) => {
        const standing = await readStanding(session);
        const state = stressState(standing, scenario, await backstopE18(session, standing.block));
        console.log(options.json === true ? JSON.stringify(state, null, 2) : describeStress(state, top));
    });
}

export function stressCommand(program: Command): void {
    online(program.command("stress"))
        .description("every account after a shock of prices and volatility, on live state")
        .requiredOption("--scenario <file>", 'JSON: {"prices": {"BTC": "-0.3"}, "volatility": "0.5"}')
        .option("--top <number>", "accounts in the table, the shortest first (20)")
        .action(stress);
}
