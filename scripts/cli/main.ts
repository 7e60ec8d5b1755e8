/** `ballast`: the command line. */
import {runProgram} from "./exit.js";
import {buildProgram} from "./program.js";

process.exitCode = await runProgram(buildProgram(), process.argv.slice(2));
