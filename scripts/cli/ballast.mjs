#!/usr/bin/env node
/** Launcher of the command line: makes the clone ready and runs main.ts on the pinned Node, in the caller's directory. */
import {run} from "../run.mjs";

process.exitCode = await run("scripts/cli/main.ts", process.argv.slice(2), process.cwd());
