/** `npm run manipulation`: what it costs to move a settlement price, and what that earns, by averaging window. */
import {codeOf} from "../../shared/options.js";
import {describe} from "./describe.js";
import {ManipulationError} from "./failures.js";
import {figuresOf} from "./figures.js";
import {buildProgram} from "./program.js";

process.exitCode = await codeOf(
    process.argv.slice(2),
    () => buildProgram((terms) => console.log(describe(figuresOf(terms)))),
    [ManipulationError],
);
