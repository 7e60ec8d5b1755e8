/** A terminal in an empty folder, beside a local chain: runs `ballast` in this process and everything else as a process. */
import {spawn} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {setTimeout} from "node:timers/promises";
import {stripVTControlCharacters} from "node:util";

import {main as keeper} from "../../../scripts/keeper/main.js";
import {main as maker} from "../../../scripts/keeper/maker.js";
import {main as publisher} from "../../../scripts/oracle/main.js";
import {parseIndexerConfig} from "../../../scripts/store/config.js";
import {main as indexer} from "../../../scripts/store/main.js";
import type {Command as IndexerCommand} from "../../../scripts/store/main.js";
import {ROOT} from "../../../scripts/tools/repository.js";
import {ballastIn, inFolder} from "../../../scripts/tools/tour/terminal.js";
import type {Run} from "../../../scripts/tools/tour/terminal.js";
import {filled} from "./rules.js";
import type {Names, Parsed} from "./rules.js";

const MOST_MS = 60_000;
/** So long the indexer keeps up with a chain on which nothing happens. */
const FOLLOW_MS = 500;

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

    /** Until it answers. */
    async function serveOnce(
        [file = "maker.json"]: readonly string[],
        env: Readonly<Record<string, string>>,
    ): Promise<number> {
        const stop = new AbortController();
        await maker(file, env, stop.signal, () => stop.abort());
        return 0;
    }

    function index([command, file = ""]: readonly string[]): Promise<boolean> {
        const config = parseIndexerConfig(JSON.parse(readFileSync(file, "utf8")));
        const stop = command === "follow" ? AbortSignal.timeout(FOLLOW_MS) : new AbortController().signal;
        return indexer(command as IndexerCommand, config, () => undefined, stop);
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
            case "maker":
                return inFolder(folder, env, () => serveOnce(args, env));
            case "publisher":
                return inFolder(folder, env, ({out}) => publishOnce(args, env, out));
            case "indexer":
                return inFolder(folder, env, async () => ((await index(args)) ? 0 : 1));
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
