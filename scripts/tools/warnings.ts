/** Compiles everything from nothing and fails on any compiler warning about our own sources. */
import {spawnSync} from "node:child_process";
import {join} from "node:path";
import {stripVTControlCharacters} from "node:util";

import {ROOT} from "./repository.js";

/**
 * Tests are built too, and with them contracts in settings that are never deployed. What is deployed is held to the limit by
 * `test/architecture/bytecode.test.ts`.
 */
const isAboutSize = (warning: string): boolean => /code size/i.test(warning);

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
    process.exitCode = 1;
} else if (warnings.length > 0) {
    console.error(`${warnings.join("")}\n${warnings.length} compiler warnings`);
    process.exitCode = 1;
} else {
    console.log("No compiler warnings.");
}
