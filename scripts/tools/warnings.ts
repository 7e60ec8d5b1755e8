/** Compiles everything from nothing and fails on any compiler warning about our own sources. */
import {spawnSync} from "node:child_process";
import {join} from "node:path";
import {stripVTControlCharacters} from "node:util";

import {ROOT} from "./repository.js";
import {NO_FLAGS, readArguments, runTool} from "./usage.js";

/**
 * Tests are built too, and with them contracts in settings that are never deployed. What is deployed is held to the limit by
 * `test/architecture/bytecode.test.ts`.
 */
const isAboutSize = (warning: string): boolean => /code size/i.test(warning);

const HELP = `npm run compile:strict

Compiles everything from nothing; any compiler warning about the sources of this repository is an error.

  --help   this text

Exit codes: 0 no warnings, 1 some, or no build, 2 bad input.`;

function main(args: readonly string[]): number {
    readArguments(args, NO_FLAGS);
    console.log("Compiling everything from nothing ...");
    const command = [join(ROOT, "scripts", "run.mjs"), "hardhat", "build", "--force"];
    const {status, stdout, stderr} = spawnSync(process.execPath, command, {cwd: ROOT, encoding: "utf8"});
    const output = stripVTControlCharacters(`${stdout}\n${stderr}`);
    const warnings = output
        .split(/^(?=Warning)/m)
        .filter((part) => part.startsWith("Warning") && /--> (?:\.\/)?(?:contracts|test)\//.test(part))
        .filter((part) => !isAboutSize(part));
    if (status !== 0) {
        console.error(output);
        return 1;
    }
    if (warnings.length > 0) {
        console.error(`${warnings.join("")}\n${warnings.length} compiler warnings`);
        return 1;
    }
    console.log("No compiler warnings.");
    return 0;
}

process.exitCode = await runTool(process.argv.slice(2), HELP, main);
