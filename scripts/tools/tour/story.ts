/** The scenes of docs/tour.md that need a chain or a book: what is typed, by whom, and what happens in between. */
import {wordsOf} from "./words.js";
import {openStage} from "./stage.js";
import type {Stage} from "./stage.js";

/** One view: a command, and what it prints. */
export type Capture = {
    readonly command: string;
    readonly output: string;
};

type Scene =
    | {readonly name: string; readonly command: string; readonly user?: 0 | 1; readonly parts?: number}
    | {readonly act: (stage: Stage, captures: Map<string, Capture>) => void | Promise<void>};

const ROUNDS = 3;
const LEFT_PERCENT = 75n;
export const SHOCK = '{"prices": {"BTC": "-0.3", "ETH": "-0.4"}, "volatility": "0.5"}';
export const KEEPER = "node scripts/run.mjs scripts/keeper/main.ts keeper.json";
export const HEALTH = "curl -s http://127.0.0.1:9464/health";
const LEGS = "--leg BTC-PERP:0.5@60000 --leg BTC-27MAR26-66000-C:-0.5@900";
const MAKER_LEGS = "--leg BTC-PERP:-0.5@60000 --leg BTC-27MAR26-66000-C:0.5@900";

const SCENES: readonly Scene[] = [
    {name: "book", command: "npx ballast margin --book docs/examples/covered.json"},
    {name: "compare", command: "npx ballast compare --book docs/examples/covered.json", parts: 2},
    {name: "plan", command: "npx ballast deposit 20000 USDC"},
    {name: "deposit", command: "npx ballast deposit 20000 USDC --yes"},
    {name: "sign", command: `npx ballast trade sign ${MAKER_LEGS} --out quote.json`},
    {name: "second", command: "npx ballast deposit 10000 USDC --yes", user: 1},
    {name: "preview", command: `npx ballast trade preview ${LEGS}`, user: 1},
    {
        name: "most",
        command: "npx ballast trade most --leg BTC-PERP:0.01@60000 --leg BTC-27MAR26-66000-C:-0.1@900",
        user: 1,
    },
    {name: "fill", command: "npx ballast trade fill quote.json --yes", user: 1},
    {name: "account", command: "npx ballast account --liquidation-price BTC", user: 1},
    {name: "monitor", command: "npx ballast monitor"},
    {name: "solvency", command: "npx ballast solvency"},
    {act: (stage) => stage.write("crash.json", SHOCK)},
    {name: "stress", command: "npx ballast stress --scenario crash.json"},
    {act: (stage) => stage.move(LEFT_PERCENT)},
    {name: "fallen", command: "npx ballast monitor"},
    {
        name: "hedge",
        command: "npx ballast trade hedge --leg BTC-PERP:-0.5@45000 --leg BTC-27MAR26-66000-C:0.5@100",
        user: 1,
    },
    {
        act: async (stage, captures) => {
            const {log, health} = await stage.keep(ROUNDS);
            captures.set("keeper", {command: KEEPER, output: log.join("\n")});
            captures.set("health", {command: HEALTH, output: health});
        },
    },
    {name: "rescued", command: "npx ballast monitor"},
];

/** Exit codes of commands that did what they are for; a plan ends with 3. */
const FINE = [0, 3];

/** What differs from run to run: hashes (a quote has a random number in it), the clock of the machine, how long something took. */
export const steady = (text: string): string =>
    text.replace(/0x[0-9a-f]{64}/g, (hex) => (isAccount(hex) ? hex : "0x…")).replace(/"(time|ms)":\d+/g, '"$1":…');

/** An account is a word too: an owner and, behind it, a small number. */
const isAccount = (hex: string): boolean => /0{20}[0-9a-f]{4}$/.test(hex);

/** The first so many parts of an answer, as blank lines part them. */
function shortened(text: string, parts = Infinity): string {
    const all = text.split("\n\n");
    return all.length > parts ? [...all.slice(0, parts), "…"].join("\n\n") : text;
}

/** Plays all scenes on a chain of its own. */
export async function captureAll(): Promise<ReadonlyMap<string, Capture>> {
    const stage = await openStage();
    const captures = new Map<string, Capture>();
    try {
        for (const scene of SCENES) {
            if ("act" in scene) {
                await scene.act(stage, captures);
                continue;
            }
            const {name, command, user = 0, parts} = scene;
            const {code, out, err} = await stage.ballast(user, wordsOf(command).slice("npx ballast".split(" ").length));
            if (!FINE.includes(code)) throw new Error(`${command} ended with ${code}: ${err}`);
            captures.set(name, {command, output: shortened(`${out}${err}`, parts)});
        }
    } finally {
        await stage.close();
    }
    return new Map(
        [...captures].map(([name, {command, output}]) => [name, {command, output: steady(output).trimEnd()}]),
    );
}
