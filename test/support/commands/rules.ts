/** What becomes of a command that a page names: it is run here, or it is read and the reason stands beside it. */
import {EXIT_NOT_CONFIRMED} from "../../../scripts/cli/exit.js";
import {wordsOf} from "../../../scripts/tools/tour/words.js";
import type {Command} from "./extract.js";

export type Kind =
    /** A command of `ballast`, run in this process in the order of the page. */
    | "ballast"
    /** A shell's own word: a variable, a file. */
    | "setting"
    /** Run as a process of its own, as typed. */
    | "process"
    /** The keeper, until it has looked once. */
    | "keeper"
    /** A maker, until it answers. */
    | "maker"
    /** The publisher, once. */
    | "publisher"
    /** The indexer, until it is at the head. */
    | "indexer"
    /** Not run: the script exists and takes the arguments. */
    | "read"
    /** Not run and not ours. */
    | "foreign";

export type Parsed = {
    readonly command: Command;
    readonly kind: Kind;
    /** Variables before the command. */
    readonly env: Readonly<Record<string, string>>;
    /** The script of package.json, or the file, that is started. */
    readonly script: string;
    readonly args: readonly string[];
};

/** Why a script of package.json is not run by the test of the commands. */
export const NOT_RUN: Readonly<Record<string, string>> = {
    setup: "every command begins with it",
    test: "is what runs this",
    "test:sol": "a part of npm test",
    "test:ts": "a part of npm test",
    "compile:strict": "minutes; a step of CI",
    lint: "a step of CI",
    typecheck: "a step of CI",
    format: "rewrites files; its check is a step of CI",
    ci: "is made of these",
    docs: "rewrites pages; its check is a step of CI",
    "docs:check": "a step of CI",
    snapshots: "minutes, rewrites files; its check is a step of CI",
    "snapshots:check": "a minute; a step of CI",
    models: "ten seconds; its check is a step of CI",
    demo: "half a minute; a step of CI",
    start: "does not end; the walk-through runs on the chain that it starts",
    "build:sdk": "the test of the package builds, packs and uses it",
    backtest: "half a minute; its parts have tests",
    manipulation: "its page is held to what it prints",
    stress: "minutes; its parts have tests",
    closing: "ten seconds; its parts have tests",
    "sweep:gas": "ten seconds; its parts have tests",
    "bench:gas": "a minute; the quick one is part of snapshots:check",
    "bench:scan": "a minute; a small one is on the tour",
    "bench:fit": "ten seconds; its parts have tests",
    "bench:keeper": "a minute; its parts have tests",
    coverage: "minutes",
    "fuzz:long": "hours",
    "fuzz:twin": "hours; npm test asks about fewer books",
    mutate: "minutes for each edit",
    publisher: "a co-signer does not end; its test asks one over HTTP",
    deploy: "needs a network and a key; test/deploy deploys",
};

const FOREIGN = [
    /^npx -y @foundry-rs\/anvil /,
    /^npx -y -p node@\d+ -p npm@\d+ -- npm install /,
    // On the tour: a run of the keeper answers it there.
    /^curl -s http:\/\/127\.0\.0\.1:\d+\/health$/,
    /^npm pack( \.\/dist)?$/,
] as const;

const ASSIGNMENT = /^([A-Z][A-Z0-9_]*)=(.*)$/;

function kindOf(script: string, args: readonly string[]): Kind {
    if (script === "ballast") return "ballast";
    if (script === "publisher" && args[0] !== "sign") return "publisher";
    if (script === "scripts/keeper/main.ts") return "keeper";
    if (script === "scripts/keeper/maker.ts") return "maker";
    if (script === "scripts/store/main.ts") return "indexer";
    if (script === "deploy:check" && args.length > 0) return "process";
    if (Object.hasOwn(NOT_RUN, script)) return "read";
    throw new Error("no class");
}

type Started = {readonly script: string; readonly args: readonly string[]};

/** `npm run NAME -- …`, `npm test -- …`: without the dashes npm keeps flags to itself. */
function npmScript(script: string | undefined, [separator, ...args]: readonly string[]): Started {
    if (script === undefined) throw new Error("no class");
    if (separator !== undefined && separator !== "--") throw new Error("npm wants -- before the arguments");
    return {script, args};
}

function scriptOf([program, ...words]: readonly string[]): Started {
    const [first = "", second = "", ...rest] = words;
    switch (`${program ?? ""} ${first}`) {
        case "npx ballast":
            return {script: "ballast", args: words.slice(1)};
        case "node scripts/run.mjs":
            return {script: second, args: rest};
        case "npm run":
            return npmScript(words[1], rest);
        case "npm test":
        case "npm start":
            return npmScript(first, words.slice(1));
        default:
            throw new Error("no class");
    }
}

/** The class of a command. @throws Error for one that nobody knows */
export function parseCommand(command: Command): Parsed {
    const {page, line, text} = command;
    const of = (kind: Kind, script = "", args: readonly string[] = []): Parsed => ({
        command,
        kind,
        env: {},
        script,
        args,
    });
    if (FOREIGN.some((pattern) => pattern.test(text))) return of("foreign");
    const words = wordsOf(text);
    if (words[0] === "export" || words[0] === "echo") return of("setting", words[0], words.slice(1));
    const at = words.findIndex((word) => !ASSIGNMENT.test(word));
    const env = Object.fromEntries(
        words.slice(0, at).map((word): [string, string] => {
            const [, name = "", value = ""] = ASSIGNMENT.exec(word) ?? [];
            return [name, value];
        }),
    );
    try {
        const {script, args} = scriptOf(words.slice(at));
        return {...of(kindOf(script, args), script, args), env};
    } catch (error) {
        throw new Error(`${page}:${line}: ${text}: ${(error as Error).message}`, {cause: error});
    }
}

export type Names = Readonly<Record<string, string>>;

/** What stands for something in a command that is not meant to be copied; a file is named by the flag before it. */
export function filled(args: readonly string[], names: Names): string[] {
    return args.map((arg, index) => {
        const before = args[index - 1] ?? "";
        const bare = arg.replace(/^\[(.*)\]$/, "$1");
        const named = names[`${before} ${bare}`] ?? names[bare];
        if (named !== undefined) return named;
        return bare.replace(
            /^INSTRUMENT:(SIZE|LOT|MOST)@PRICE$/,
            (_, kind: string) => names[`INSTRUMENT:${kind}`] ?? bare,
        );
    });
}

/** How a command of `ballast` ends as the page has it: without --yes nothing is sent. */
export function wantedCode(args: readonly string[]): number {
    const writes =
        ["deposit", "withdraw", "liquidate"].includes(args[0] ?? "") || (args[0] === "trade" && args[1] === "fill");
    return writes && !args.includes("--yes") ? EXIT_NOT_CONFIRMED : 0;
}
