/** `ballast`: the command line. One file per command under commands/. */
import {Command} from "commander";

import {marginCommand} from "./commands/margin.js";
import {priceCommand} from "./commands/price.js";
import {runProgram} from "./exit.js";

const program = new Command("ballast")
    .description("Cross-margin clearing protocol: prices and margin")
    .addHelpText("after", "\nExit codes: 0 done, 1 failed, 2 wrong input.")
    .exitOverride();

marginCommand(program);
priceCommand(program);

process.exitCode = await runProgram(program, process.argv.slice(2));
