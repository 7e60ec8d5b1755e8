/** `ballast solvency`: what the pool holds, owes and requires at a block, counted twice. */
import type {Command} from "commander";

import {formatAccount, formatE18, formatTime, InputError, instrumentName, parseAccount} from "../../sdk/index.js";
import {readStanding, solvencyOf} from "../../chain/solvency.js";
import type {Solvency} from "../../chain/solvency.js";
import {shorten, table} from "../../shared/table.js";
import {BrokenBooksError} from "../exit.js";
import {online, reading} from "../session.js";
import type {OnlineOptions} from "../session.js";

type Options = OnlineOptions & {readonly block?: string};

/** Decimals, 18 places, in USD where the name does not say otherwise. */
export type SolvencyState = {
    readonly block: number;
    readonly time: string;
    readonly accounts: number;
    readonly counts: readonly Readonly<Record<"name" | "books" | "contract" | "difference", string>>[];
    readonly tokens: readonly Readonly<Record<"name" | "held" | "claimed" | "over", string>>[];
    readonly unbalanced: readonly {readonly instrument: string; readonly size: string}[];
    readonly equity: string;
    readonly initialMargin: string;
    readonly maintenanceMargin: string;
    readonly badDebt: string;
    readonly belowMaintenance: readonly string[];
    readonly unpriced: readonly string[];
    readonly backstop: string;
    readonly paidByBackstop: string;
    readonly writtenDown: string;
    readonly holds: boolean;
};

/** As text: decimals, names, and what differs. */
export function solvencyState(found: Solvency): SolvencyState {
    const named = (id: string): string => formatAccount(parseAccount(id));
    return {
        block: found.block,
        time: formatTime(found.time),
        accounts: found.accounts,
        counts: found.counts.map(({name, booksE18, contractE18}) => ({
            name,
            books: formatE18(booksE18),
            contract: formatE18(contractE18),
            difference: formatE18(booksE18 - contractE18),
        })),
        tokens: found.tokens.map(({name, heldE18, claimedE18}) => ({
            name,
            held: formatE18(heldE18),
            claimed: formatE18(claimedE18),
            over: formatE18(heldE18 - claimedE18),
        })),
        unbalanced: found.unbalanced.map(({instrument, sizeE18}) => ({
            instrument: instrumentName(instrument),
            size: formatE18(sizeE18),
        })),
        equity: formatE18(found.equityE18),
        initialMargin: formatE18(found.initialE18),
        maintenanceMargin: formatE18(found.maintenanceE18),
        badDebt: formatE18(found.deficitE18),
        belowMaintenance: found.belowMaintenance.map(named),
        unpriced: found.unpriced.map(named),
        backstop: formatE18(found.backstopE18),
        paidByBackstop: formatE18(found.lossesE18.backstop),
        writtenDown: formatE18(found.lossesE18.writtenDown),
        holds: found.holds,
    };
}

export function describeSolvency(state: SolvencyState): string {
    const counts = state.counts.map((one) => [one.name, shorten(one.books), shorten(one.contract), one.difference]);
    const tokens = state.tokens.map((one) => [one.name, shorten(one.held), shorten(one.claimed), shorten(one.over)]);
    const sums = [
        ["equity of all accounts", state.equity],
        ["initial margin", state.initialMargin],
        ["maintenance margin", state.maintenanceMargin],
        ["bad debt", state.badDebt],
        ["backstop", state.backstop],
        ["paid by it so far", state.paidByBackstop],
        ["written down so far", state.writtenDown],
    ].map(([name = "", figure = ""]) => [name, shorten(figure, 2)]);
    const {belowMaintenance, unpriced, unbalanced} = state;
    return [
        `Block ${String(state.block)}, ${state.time}: ${String(state.accounts)} accounts`,
        table(["tokens", "in the vault", "claimed", "over"], tokens),
        table(["counted twice", "from events", "by the contracts", "difference"], counts),
        table(["sums", "USD"], sums),
        `below maintenance: ${belowMaintenance.length === 0 ? "nobody" : belowMaintenance.join(", ")}`,
        ...(unpriced.length > 0 ? [`without a price now: ${unpriced.join(", ")}`] : []),
        ...unbalanced.map(({instrument, size}) => `sizes of ${instrument} add up to ${size}`),
        state.holds ? "Every claim is covered, and both counts agree." : "THE BOOKS DO NOT ADD UP.",
    ].join("\n\n");
}

function blockOf({block}: Options): number | undefined {
    if (block === undefined) return undefined;
    if (/^\d+$/.test(block)) return Number(block);
    throw new InputError("number-malformed", `--block: "${block}" is not a block number`, {block});
}

async function solvency(options: Options): Promise<void> {
    const block = blockOf(options);
    await reading(options, async ({provider, deployment}) => {
        const source = {provider, deployment, block};
        const state = solvencyState(await solvencyOf(await readStanding(source), source));
        console.log(options.json === true ? JSON.stringify(state, null, 2) : describeSolvency(state));
        if (!state.holds) throw new BrokenBooksError();
    });
}

export function solvencyCommand(program: Command): void {
    online(program.command("solvency"))
        .description("tokens, claims, requirements and bad debt at a block, from events and from the contracts")
        .option("--block <number>", "the latest if left out; an old one needs a node that keeps its state")
        .action(solvency);
}
