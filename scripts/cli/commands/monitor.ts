/** `ballast monitor`: every account that ever traded or deposited, the weakest first. */
import {setTimeout} from "node:timers/promises";

import type {Command} from "commander";

import {InputError} from "../../sdk/index.js";
import {accountState, byHealth} from "../describeAccount.js";
import type {AccountState} from "../describeAccount.js";
import {online, reading} from "../session.js";
import type {OnlineOptions, Session} from "../session.js";
import {shorten, table} from "../../shared/table.js";
import {assetNames} from "./account.js";

type Options = OnlineOptions & {readonly watch?: string; readonly all?: true};

const BATCH = 50;

/** Accounts named by events of the vault and the clearinghouse. */
async function knownAccounts({ballast, deployment}: Session): Promise<string[]> {
    const {vault, clearinghouse} = ballast;
    const from = deployment.block;
    const logs = await Promise.all([
        vault.queryFilter(vault.filters.CashChanged(), from),
        vault.queryFilter(vault.filters.CollateralChanged(), from),
        clearinghouse.queryFilter(clearinghouse.filters.PositionChanged(), from),
    ]);
    return [...new Set(logs.flat().map(({args}) => args.account))];
}

async function look(session: Session, options: Options): Promise<AccountState[]> {
    const accounts = await knownAccounts(session);
    const assets = await assetNames(session);
    const states: AccountState[] = [];
    for (let at = 0; at < accounts.length; at += BATCH) {
        const ids = accounts.slice(at, at + BATCH);
        const views = await session.ballast.marginLens.accounts(ids);
        states.push(...views.map((view, index) => accountState(ids[index] ?? "", view, assets)));
    }
    return states.filter(({health}) => options.all === true || health !== null).sort(byHealth);
}

function report(states: readonly AccountState[], options: Options): void {
    if (options.json === true) {
        console.log(JSON.stringify(states));
        return;
    }
    const rows = states.map((one) => [
        one.account,
        one.auctionSince === null ? one.state : "auction",
        shorten(one.health),
        shorten(one.equity, 2),
        shorten(one.initialMargin, 2),
        shorten(one.maintenanceMargin, 2),
    ]);
    console.log(rows.length === 0 ? "no accounts" : table(["account", "state", "health", "equity", "IM", "MM"], rows));
}

async function monitor(options: Options): Promise<void> {
    const seconds = Number(options.watch ?? "0");
    if (!Number.isFinite(seconds) || seconds < 0) {
        throw new InputError("number-malformed", `--watch: "${options.watch ?? ""}" is not a number of seconds`);
    }
    await reading(options, async (session) => {
        report(await look(session, options), options);
        while (seconds > 0) {
            await setTimeout(seconds * 1000);
            report(await look(session, options), options);
        }
    });
}

export function monitorCommand(program: Command): void {
    online(program.command("monitor"))
        .description("all accounts with a requirement, the weakest first")
        .option("--watch <seconds>", "look again every so many seconds until stopped")
        .option("--all", "also accounts without a requirement")
        .action(monitor);
}
