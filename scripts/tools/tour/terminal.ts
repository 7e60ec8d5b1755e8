/** Runs `ballast` in this process, in a folder of its own, and keeps what it prints. */
import type {Command} from "commander";

import {runProgram} from "../../cli/exit.js";
import {buildProgram} from "../../cli/program.js";

export type Run = {readonly code: number; readonly out: string; readonly err: string};
export type Kept = {readonly out: string[]; readonly err: string[]};
export type Environment = Readonly<Record<string, string>>;

/** Sets variables; the answer puts them back. */
function setVariables(env: Environment): () => void {
    const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, env);
    return () => {
        for (const [name, value] of before) {
            if (value === undefined) Reflect.deleteProperty(process.env, name);
            else process.env[name] = value;
        }
    };
}

/** Takes what is printed; the answer lets it through again. */
function divert({out, err}: Kept): () => void {
    const {log, error} = console;
    const {stdout} = process;
    const write = stdout.write.bind(stdout);
    console.log = (...words: unknown[]) => void out.push(`${words.join(" ")}\n`);
    console.error = (...words: unknown[]) => void err.push(`${words.join(" ")}\n`);
    stdout.write = (text: string | Uint8Array) => out.push(String(text)) > 0;
    return () => {
        Object.assign(console, {log, error});
        stdout.write = write;
    };
}

/** Runs something in a folder, with its own variables. One at a time: a process has one folder. */
export async function inFolder(folder: string, env: Environment, act: (kept: Kept) => Promise<number>): Promise<Run> {
    const kept: Kept = {out: [], err: []};
    const home = process.cwd();
    const restore = [setVariables(env), divert(kept), () => process.chdir(home)];
    try {
        process.chdir(folder);
        const code = await act(kept);
        return {code, out: kept.out.join(""), err: kept.err.join("")};
    } finally {
        for (const put of restore) put();
    }
}

const family = (command: Command): Command[] => [command, ...command.commands.flatMap(family)];

/** One command of `ballast`, as its launcher runs it. */
export const ballastIn = (folder: string, env: Environment, args: readonly string[]): Promise<Run> =>
    inFolder(folder, env, ({out, err}) => {
        const program = buildProgram();
        for (const command of family(program)) {
            command.configureOutput({writeOut: (text) => out.push(text), writeErr: (text) => err.push(text)});
        }
        return runProgram(program, args);
    });
