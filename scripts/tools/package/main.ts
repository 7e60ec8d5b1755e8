/**
 * Builds the kit's package: `npm run build:sdk`, then `npm pack ./dist`. With `--deployment FILE`, as often as there are files, the
 * package knows those deployments by name; `--out FOLDER` builds elsewhere.
 */
import {readFileSync} from "node:fs";
import {join, resolve} from "node:path";

import {readDeployment} from "../../client/deployments.js";
import {ROOT} from "../repository.js";
import {readArguments, runTool} from "../usage.js";
import {packageFiles, writePackage} from "./build.js";
import {PACKAGE_NAME} from "./manifest.js";

const HELP = `npm run build:sdk -- [options]

Builds the kit as a package, ready for \`npm pack ./dist\`.

  --deployment FILE   build these addresses in, as often as there are files
  --out FOLDER        where to build (dist)
  --help              this text

Exit codes: 0 built, 1 failed, 2 bad input.`;

function main(args: readonly string[]): number {
    const {values} = readArguments(args, {
        deployment: {type: "string", multiple: true, default: []},
        out: {type: "string", default: "dist"},
    });
    const deployments = values.deployment.map((path) => readDeployment(readFileSync(path, "utf8")));
    const files = packageFiles(deployments);
    const folder = resolve(ROOT, values.out);
    writePackage(folder, files);
    const bytes = [...files.values()].reduce((total, text) => total + Buffer.byteLength(text), 0);
    const networks = deployments.map(({network}) => network).join(", ");
    console.log(
        `${PACKAGE_NAME}: ${files.size} files, ${Math.round(bytes / 1000)} kB in ${join(values.out)}; networks: ${networks || "none"}`,
    );
    return 0;
}

process.exitCode = await runTool(process.argv.slice(2), HELP, main);
