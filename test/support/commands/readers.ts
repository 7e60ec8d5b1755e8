/** Reads arguments as the program itself does, without running it. */
import type {Command} from "commander";

import {parseOptions as demo} from "../../../scripts/demo/options.js";
import {parseOptions as node} from "../../../scripts/node/options.js";
import {buildProgram as backtest} from "../../../scripts/simulators/backtest/program.js";
import {buildProgram as manipulation} from "../../../scripts/simulators/manipulation/program.js";
import {buildProgram as stress} from "../../../scripts/stress/program.js";
import {buildProgram as benchGas} from "../../../scripts/tools/gas/program.js";
import {buildProgram as models} from "../../../scripts/tools/models/program.js";
import {read} from "../../../scripts/tools/repository.js";
import {buildProgram as benchKeeper} from "../../../scripts/tools/rush/program.js";
import {buildProgram as benchScan} from "../../../scripts/tools/scan/program.js";

const {scripts} = JSON.parse(read("package.json")) as {readonly scripts: Readonly<Record<string, string>>};

export const SCRIPTS = scripts;

/** The file of this repository that a script of package.json starts, if it is one that reads arguments. */
export const entryOf = (script: string): string | undefined =>
    /^(?:npm run --silent compile && )?node scripts\/run\.mjs (\S+\.ts)(?: --check)?$/.exec(scripts[script] ?? "")?.[1];

const parsing =
    (build: (run: () => Promise<void>) => Command) =>
    async (args: readonly string[]): Promise<void> => {
        const program = build(() => Promise.resolve());
        program.configureOutput({writeErr: () => undefined});
        await program.parseAsync([...args], {from: "user"});
    };

/** The option readers of the programs that have one apart from what they do; of the others the help is asked. */
export const READERS: Readonly<Record<string, (args: readonly string[]) => unknown>> = {
    "scripts/stress/main.ts": parsing(stress),
    "scripts/simulators/backtest/main.ts": parsing(backtest),
    "scripts/simulators/manipulation/main.ts": parsing((run) => manipulation(() => void run())),
    "scripts/tools/benchGas.ts": parsing(benchGas),
    "scripts/tools/benchScan.ts": parsing((run) => benchScan(() => void run())),
    "scripts/tools/benchKeeper.ts": parsing(benchKeeper),
    "scripts/tools/models.ts": parsing((run) => models(() => void run())),
    "scripts/demo/main.ts": demo,
    "scripts/node/main.ts": node,
};
