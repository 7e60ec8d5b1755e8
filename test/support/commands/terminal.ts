/** A terminal in an empty folder, beside a local chain: runs `ballast` in this process and everything else as a process. */
import {spawn} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {mock} from "node:test";
import {setTimeout} from "node:timers/promises";
import {stripVTControlCharacters} from "node:util";

import type {Command as Program} from "commander";

import {runProgram} from "../../../scripts/cli/exit.js";
import {buildProgram} from "../../../scripts/cli/program.js";
import {main as keeper} from "../../../scripts/keeper/main.js";
import {main as publisher} from "../../../scripts/oracle/main.js";
import {ROOT} from "../../../scripts/tools/repository.js";
import {filled} from "./rules.js";
import type {Names, Parsed} from "./rules.js";

export type Run = {readonly code: number; readonly out: string; readonly err: string};

const MOST_MS = 60_000;

/** Everything below a command of the program, itself included. */
const family = (program: Program): Program[] => [program, ...program.commands.flatMap(family)];

/** Runs something of this process with its own variables, in a folder, and keeps what it prints. */
async function inFolder(
    folder: string,
    env: Readonly<Record<string, string>>,
    act: (keep: {out: string[]; err: string[]}) => Promise<number>,
): Promise<Run> {
    const kept = {out: [] as string[], err: [] as string[]};
    const home = process.cwd();
    const before = new Map(Object.keys(env).map((name) => [name, process.env[name]]));
    mock.method(console, "log", (...words: unknown[]) => kept.out.push(`${words.join(" ")}\n`));
    mock.method(console, "error", (...words: unknown[]) => kept.err.push(`${words.join(" ")}\n`));
    mock.method(process.stdout, "write", (text: string) => kept.out.push(text) > 0);
    try {
        process.chdir(folder);
        Object.assign(process.env, env);
        const code = await act(kept);
        return {code, out: kept.out.join(""), err: kept.err.join("")};
    } finally {
        mock.restoreAll();
        process.chdir(home);
        for (const [name, value] of before) {
            if (value === undefined) Reflect.deleteProperty(process.env, name);
            else process.env[name] = value;
        }
    }
}

/** One command of `ballast`, as its launcher runs it. */
export const ballastIn = (
    folder: string,
    env: Readonly<Record<string, string>>,
    args: readonly string[],
): Promise<Run> =>
    inFolder(folder, env, (kept) => {
        const program = buildProgram();
        for (const command of family(program)) {
            command.configureOutput({
                writeOut: (text) => kept.out.push(text),
                writeErr: (text) => kept.err.push(text),
            });
        }
        return runProgram(program, args);
    });

/** A process in a folder. Not the synchronous kind: the chain that it talks to may live in this process. */
export function processIn(
    folder: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
): Promise<Run> {
    const child = spawn(command, args, {
        cwd: folder,
        env: {...process.env, NODE_OPTIONS: "", NO_COLOR: "1", ...env},
        timeout: MOST_MS,
        stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.setEncoding("utf8").on("data", (text: string) => out.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => err.push(text));
    return new Promise((settle, reject) => {
        child.on("error", reject).on("close", (code) => {
            const [printed, complained] = [out, err].map((texts) => stripVTControlCharacters(texts.join("")));
            settle({code: code ?? -1, out: printed ?? "", err: complained ?? ""});
        });
    });
}

export type Terminal = {
    readonly folder: string;
    /** Variables that `export` has set; a page begins with those that the chain needs. */
    readonly variables: Map<string, string>;
    readonly run: (parsed: Parsed, names: Names) => Promise<Run>;
    readonly close: () => void;
};

const DONE: Run = {code: 0, out: "", err: ""};

export function openTerminal(): Terminal {
    const folder = mkdtempSync(join(tmpdir(), "ballast-"));
    symlinkSync(join(ROOT, "docs"), join(folder, "docs"), "junction");
    const variables = new Map<string, string>();
    const environment = ({env}: Parsed, names: Names): Record<string, string> => ({
        ...Object.fromEntries(variables),
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, names[name] ?? value])),
    });

    /** `export NAME=VALUE`, and `echo TEXT > FILE`. */
    function set({script, args}: Parsed): Run {
        if (script === "export") {
            const [, name = "", value = ""] = /^(\w+)=(.*)$/.exec(args[0] ?? "") ?? [];
            variables.set(name, value);
            return DONE;
        }
        const [text = "", arrow, file = ""] = args;
        if (arrow !== ">" || file === "") return {...DONE, code: 1, err: "echo only writes a file"};
        writeFileSync(join(folder, file), `${text}\n`);
        return DONE;
    }

    /** Until the state file says that it has looked. */
    async function keepOnce(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
        const stop = new AbortController();
        const [file = "keeper.json"] = args;
        const {stateFile} = JSON.parse(readFileSync(file, "utf8")) as {readonly stateFile: string};
        const ended = keeper(file, env, stop.signal);
        const looked = (async () => {
            while (!existsSync(stateFile)) await setTimeout(50, undefined, {signal: stop.signal});
        })().catch(() => undefined);
        await Promise.race([ended, looked]);
        stop.abort();
        await ended;
        return existsSync(stateFile) ? 0 : 1;
    }

    const publishOnce = (
        args: readonly string[],
        env: Readonly<Record<string, string>>,
        out: string[],
    ): Promise<number> => {
        const write = (text: string): void => void out.push(text);
        return publisher(args, {env, signal: new AbortController().signal, out: {write}});
    };

    async function run(parsed: Parsed, names: Names): Promise<Run> {
        const args = filled(parsed.args, names);
        const env = environment(parsed, names);
        switch (parsed.kind) {
            case "ballast":
                return ballastIn(folder, env, args);
            case "keeper":
                return inFolder(folder, env, () => keepOnce(args, env));
            case "publisher":
                return inFolder(folder, env, ({out}) => publishOnce(args, env, out));
            case "process":
                return processIn(ROOT, "npm", ["run", "--silent", parsed.script, "--", ...args], env);
            case "setting":
                return set(parsed);
            case "read":
            case "foreign":
                throw new Error(`${parsed.command.text} is not run`);
        }
    }
    return {folder, variables, run, close: () => rmSync(folder, {recursive: true, force: true})};
}

/** Writes a file below a folder, with the folders on the way. */
export function put(folder: string, name: string, text: string): string {
    const path = join(folder, name);
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, text);
    return path;
}
