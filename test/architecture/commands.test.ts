import {readFileSync} from "node:fs";
import {join} from "node:path";

import {expect} from "chai";
import type {Command as Program} from "commander";

import {buildProgram} from "../../scripts/cli/program.js";
import type {LocalChain} from "../../scripts/node/local.js";
import {filesIn, read, ROOT} from "../../scripts/tools/repository.js";
import {PAGE as TOUR} from "../../scripts/tools/tour/page.js";
import type {Run} from "../../scripts/tools/tour/terminal.js";
import {wordsOf} from "../../scripts/tools/tour/words.js";
import {prepare, startChain} from "../support/commands/chain.js";
import {commandsOf, loneFlags, strayCommands} from "../support/commands/extract.js";
import {entryOf, READERS, SCRIPTS} from "../support/commands/readers.js";
import {filled, NOT_RUN, parseCommand, wantedCode} from "../support/commands/rules.js";
import type {Names, Parsed} from "../support/commands/rules.js";
import {openTerminal, processIn, put} from "../support/commands/terminal.js";
import type {Terminal} from "../support/commands/terminal.js";

const PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ...filesIn("docs", ".md")];
/** Of every command its class, and what is wrong with those that have none. */
const PARSED: Parsed[] = [];
const UNKNOWN: string[] = [];
for (const command of PAGES.flatMap((page) => commandsOf(page, read(page)))) {
    try {
        PARSED.push(parseCommand(command));
    } catch (error) {
        UNKNOWN.push((error as Error).message);
    }
}
/** Processes at once. */
const WIDTH = 3;

const where = ({command: {page, line, text}}: Parsed): string => `${page}:${line}: ${text}`;

/** Does something for each, a few at a time, and keeps the order. */
async function each<T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    const rest = [...all.entries()];
    const worker = async (): Promise<void> => {
        for (let next = rest.shift(); next !== undefined; next = rest.shift()) results[next[0]] = await act(next[1]);
    };
    await Promise.all(Array.from({length: WIDTH}, worker));
    return results;
}

describe("architecture: commands of the pages", () => {
    it("should be of a class that is known", () => {
        expect(UNKNOWN, "commands that nobody knows").to.deep.equal([]);
        expect(PARSED.length, "commands").to.be.above(100);
    });

    it("should stand in blocks of commands, or between backticks", () => {
        expect(PAGES.flatMap((page) => strayCommands(page, read(page)))).to.deep.equal([]);
    });

    it("should name scripts that exist, and a reason only where one is not run", () => {
        const named = PARSED.filter(({kind}) => kind === "read");
        const scripts = new Set(named.map(({script}) => script));
        expect(
            [...scripts].filter((script) => SCRIPTS[script] === undefined),
            "scripts",
        ).to.deep.equal([]);
        expect(Object.keys(NOT_RUN), "reasons").to.have.members([...scripts]);
    });
});

describe("architecture: commands that are run", () => {
    let terminal: Terminal;
    let chain: LocalChain;
    let names: Names;

    before(async () => {
        terminal = openTerminal();
        chain = await startChain(terminal.folder);
        names = await prepare(terminal, chain);
    });

    after(async () => {
        await chain.stop();
        terminal.close();
    });

    /** A quote in the table is signed with the second key, so that the first one fills it. */
    function seat({command, args}: Parsed): void {
        if (command.isShown || args[0] !== "trade" || args[1] !== "fill") return;
        terminal.variables.set("BALLAST_PRIVATE_KEY", chain.users[0]?.privateKey ?? "");
    }

    /** What went wrong, if anything. */
    function complaint(parsed: Parsed, {code, out, err}: Run): string[] {
        const wanted = parsed.kind === "ballast" ? wantedCode(parsed.args) : 0;
        return code === wanted ? [] : [`${where(parsed)}: ended with ${code}, not ${wanted}: ${err}${out}`];
    }

    // The tour has a chain and a test of its own, which compares what is printed.
    for (const page of PAGES.filter((path) => path !== TOUR)) {
        const commands = PARSED.filter(
            ({command, kind}) => command.page === page && kind !== "read" && kind !== "foreign",
        );
        if (commands.length === 0) continue;
        it(`should work as ${page} has them, one after the other (${commands.length})`, async () => {
            const failures: string[] = [];
            for (const parsed of commands) {
                seat(parsed);
                const run = await terminal.run(parsed, names);
                failures.push(...complaint(parsed, run));
                if (parsed.args[1] === "sign" && !parsed.args.includes("--out")) {
                    put(terminal.folder, "signed.json", run.out);
                }
            }
            expect(failures.join("\n"), "commands that failed").to.equal("");
        });
    }

    it("should have left what the walk-through promises", async () => {
        const [first, second] = chain.users.map(({address}) => `${address}/0`);
        const key = {BALLAST_PRIVATE_KEY: "", BALLAST_RPC_URL: chain.url};
        for (const [name, value] of Object.entries(key)) terminal.variables.set(name, value);
        const of = async (account = ""): Promise<Record<string, unknown>> => {
            const text = `npx ballast account ${account} --json`;
            const parsed = parseCommand({page: "test", line: 1, text, isShown: true});
            return JSON.parse((await terminal.run(parsed, names)).out) as Record<string, unknown>;
        };
        expect((await of(first))["positions"]).to.deep.equal([{instrument: "BTC-PERP", size: "-0.5"}]);
        expect((await of(second))["positions"]).to.deep.equal([{instrument: "BTC-PERP", size: "0.5"}]);
        expect(readFileSync(join(terminal.folder, "hedged.svg"), "utf8"), "picture").to.match(/^<svg/);
    });

    it("should start as they are typed", async () => {
        const [npx, npm] = await Promise.all([
            processIn(ROOT, "npx", ["ballast", "--help"]),
            processIn(ROOT, "npm", ["run", "--silent", "ballast", "--", "--help"]),
        ]);
        for (const {code, err} of [npx, npm]) expect(code, err).to.equal(0);
        expect(npx.out, "npx and npm").to.equal(npm.out).and.contain("solvency");
    });
});

describe("architecture: commands that are read", () => {
    const asked = PARSED.filter(({kind}) => kind === "read");
    const bots = ["scripts/keeper/main.ts", "scripts/store/main.ts"];
    const entries = [...new Set([...Object.keys(SCRIPTS).flatMap((script) => entryOf(script) ?? []), ...bots])];
    const helps = new Map<string, string>();

    before(async () => {
        const runs = await each(entries, (entry) =>
            processIn(ROOT, process.execPath, ["scripts/run.mjs", entry, "--help"]),
        );
        for (const [index, entry] of entries.entries()) {
            const {code, out, err} = runs[index] ?? {code: -1, out: "", err: ""};
            expect(code, `${entry} --help: ${err}`).to.equal(0);
            helps.set(entry, out);
        }
    });

    it("should be explained by every program of package.json", () => {
        expect(helps.size, "programs").to.be.above(18);
        for (const [entry, help] of helps)
            expect(help, entry)
                .to.match(/--help/)
                .and.match(/[Ee]xit codes/);
    });

    it("should be taken by the program's own reader, or stand in its help", async () => {
        const failures: string[] = [];
        for (const parsed of asked) {
            const entry = entryOf(parsed.script);
            const reader = READERS[entry ?? ""];
            if (reader !== undefined) {
                await Promise.resolve()
                    .then(() => reader(parsed.args))
                    .catch((error: unknown) => failures.push(`${where(parsed)}: ${(error as Error).message}`));
                continue;
            }
            const help = helps.get(entry ?? "") ?? "";
            const flags = parsed.args.filter((arg) => arg.startsWith("-")).map((arg) => arg.split("=")[0] ?? "");
            const known = new Set(help.split(/[\s,.;`]+/));
            const unknown = [...flags, ...Object.keys(parsed.env)].filter((word) => !known.has(word));
            if (unknown.length > 0) failures.push(`${where(parsed)}: unknown: ${unknown.join(", ")}`);
            if (parsed.args.length > 0 && help === "") failures.push(`${where(parsed)}: nobody says what it takes`);
        }
        expect(failures.join("\n"), "commands").to.equal("");
    });

    it("should end with 2 for a flag that the program does not know", async () => {
        for (const [entry, reader] of Object.entries(READERS)) {
            const outcome: unknown = await Promise.resolve()
                .then(() => reader(["--no-such-flag"]))
                .catch((error: unknown) => error);
            expect(outcome, entry).to.be.instanceOf(Error).with.property("message").that.includes("--no-such-flag");
        }
        // What `npm test` does not know goes to Hardhat.
        const others = entries.filter((entry) => entry !== "scripts/tools/test.ts" && READERS[entry] === undefined);
        const runs = await each(others, (entry) =>
            processIn(ROOT, process.execPath, ["scripts/run.mjs", entry, "--no-such-flag"]),
        );
        const wrong = others.filter((_, index) => {
            const {code, out, err} = runs[index] ?? {code: 0, out: "", err: ""};
            return code !== 2 || !`${out}${err}`.includes("--no-such-flag");
        });
        expect(wrong, "programs that start all the same").to.deep.equal([]);
    });

    it("should know every flag that a page names on its own", () => {
        const family = (program: Program): Program[] => [program, ...program.commands.flatMap(family)];
        const known = [...helps.values(), ...family(buildProgram()).map((program) => program.helpInformation())].join(
            "\n",
        );
        const flags = new Set([...known.matchAll(/--[a-z][a-z-]*/g)].map(([flag]) => flag));
        const unknown = PAGES.flatMap((page) => loneFlags(page, read(page))).filter(({flag}) => !flags.has(flag));
        expect(unknown, "flags that nobody knows").to.deep.equal([]);
    });
});

describe("architecture: reading commands from pages", () => {
    const texts = (page: string): string[] => commandsOf("a.md", page).map(({text}) => text);

    it("should take blocks line by line, join lines that go on, and leave comments", () => {
        const page =
            '```\nnpm run a   # why; `-- --b` too\nX=1 Y=2 \\\nnpm run c -- --d "e f"\n\nls\n```\n\n```\nnpmish output\n```\n';
        expect(texts(page)).to.deep.equal(["npm run a", "npm run a -- --b", 'X=1 Y=2 npm run c -- --d "e f"', "ls"]);
        expect(wordsOf('npm run c -- --d "e f"')).to.deep.equal(["npm", "run", "c", "--", "--d", "e f"]);
    });

    it("should take words between backticks, and arguments with the command before them", () => {
        expect(texts("`npm test`, `-- --grep x`; `node` and `scripts/a.ts`")).to.deep.equal([
            "npm test",
            "npm test -- --grep x",
        ]);
        expect(texts("`npx ballast a`, the same with `--yes`")).to.deep.equal(["npx ballast a", "npx ballast a --yes"]);
        expect(texts("| command | does |\n| --- | --- |\n| `a X` | b, `--c` |\n")).to.deep.equal([
            "npx ballast a X",
            "npx ballast a X --c",
        ]);
    });

    it("should find commands where none should stand, and flags on their own", () => {
        expect(strayCommands("a.md", "```\n1 + 1\n$ npm run a\n```\n")).to.deep.equal(["a.md:3: npm run a"]);
        expect(loneFlags("a.md", "with `--b C`")).to.deep.equal([{at: "a.md:1", flag: "--b"}]);
    });

    it("should refuse what nobody knows, and arguments that npm would keep", () => {
        const parse = (text: string): unknown => parseCommand({page: "a.md", line: 3, text, isShown: true});
        for (const text of [
            "ls",
            "npm run nothing",
            "npm install x",
            "curl -s http://127.0.0.1",
            "npx hardhat build",
        ]) {
            expect(() => parse(text), text).to.throw(`a.md:3: ${text}: no class`);
        }
        expect(() => parse("npm run demo --json")).to.throw("npm wants -- before the arguments");
        expect(filled(["--book", "FILE", "[ACCOUNT]", "x"], {"--book FILE": "b", ACCOUNT: "a"})).to.deep.equal([
            "--book",
            "b",
            "a",
            "x",
        ]);
    });
});
