/** The keeper's program in a process of its own, which can be killed at any moment. */
import {spawn} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {once} from "node:events";
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {pathToFileURL} from "node:url";

import {ROOT} from "../../../scripts/tools/repository.js";
import {configOf, countRounds} from "./keepers.js";
import type {Rounds} from "./keepers.js";
import type {Keeperhood, Street} from "./street.js";

export type ChildKeeper = Rounds & {
    /** No last word, no last write: SIGKILL. */
    kill(): Promise<unknown>;
    /** SIGTERM; the exit code. */
    stop(): Promise<number | null>;
};

const LOADER = pathToFileURL(join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")).href;
const PROGRAM = join(ROOT, "scripts", "keeper", "main.ts");

export function runChild(
    street: Street,
    who: Keeperhood,
    folder: string,
    change: Readonly<Record<string, unknown>> = {},
): ChildKeeper {
    const file = join(folder, "keeper.json");
    writeFileSync(file, JSON.stringify(configOf(street, who, folder, change)));
    const rounds = countRounds();
    const child = spawn(process.execPath, ["--import", LOADER, PROGRAM, file], {
        cwd: ROOT,
        env: {...process.env, NODE_OPTIONS: "", KEEPER_PRIVATE_KEY: who.wallet.privateKey},
        stdio: ["ignore", "pipe", "inherit"],
    });
    listenTo(child, rounds);
    const ended = once(child, "exit") as Promise<[number | null]>;
    void ended.then(() => rounds.end());
    const end = async (signal: NodeJS.Signals): Promise<number | null> => {
        child.kill(signal);
        const [code] = await ended;
        return code;
    };
    return {...rounds, kill: () => end("SIGKILL"), stop: () => end("SIGTERM")};
}

/** Every line of its log is one event; a kill may tear the last. */
function listenTo({stdout}: ChildProcess, {log}: Rounds): void {
    createInterface({input: stdout!}).on("line", (line) => {
        const event = /"event":"(\w+)"/.exec(line)?.[1];
        if (event !== undefined) log(event);
    });
}
