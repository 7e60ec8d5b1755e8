/** `ballast monitor`: every account with a requirement, the weakest first, from events and by the twin. */
import {setTimeout} from "node:timers/promises";

import type {Command} from "commander";

import {readStanding} from "../../chain/solvency.js";
import type {Standing} from "../../chain/solvency.js";
import {InputError} from "../../sdk/index.js";
import {describeView, viewOf} from "../lookout.js";
import {online, reading} from "../session.js";
import type {OnlineOptions, Session} from "../session.js";

type Options = OnlineOptions & {readonly watch?: string; readonly all?: true; readonly top: string};

/** Clears a terminal, so that a view stands still while its figures move. */
const CLEAR = "\u001b[2J\u001b[H";

function numberOf(option: string, text: string, what: string): number {
    const number = Number(text);
    if (text !== "" && Number.isFinite(number) && number >= 0) return number;
    throw new InputError("number-malformed", `${option}: "${text}" is not a number of ${what}`, {[option]: text});
}

async function look(session: Session, options: Options, since?: Standing): Promise<Standing> {
    const top = numberOf("--top", options.top, "accounts");
    const standing = await readStanding({...session, since});
    const view = viewOf(standing, {all: options.all === true, top});
    const isLive = options.watch !== undefined && options.json !== true && process.stdout.isTTY;
    const text = options.json === true ? JSON.stringify(view) : describeView(view, top);
    console.log(isLive ? `${CLEAR}${text}` : text);
    return standing;
}

async function monitor(options: Options): Promise<void> {
    const seconds = numberOf("--watch", options.watch ?? "0", "seconds");
    numberOf("--top", options.top, "accounts");
    await reading(options, async (session) => {
        let standing = await look(session, options);
        while (seconds > 0) {
            await setTimeout(seconds * 1000);
            standing = await look(session, options, standing);
        }
    });
}

export function monitorCommand(program: Command): void {
    online(program.command("monitor"))
        .description(
            "all accounts with a requirement, the weakest first, with the moves of a price that would close them",
        )
        .option("--watch <seconds>", "look again every so many seconds until stopped")
        .option("--all", "also accounts without a requirement")
        .option("--top <number>", "accounts to show", "20")
        .action(monitor);
}
