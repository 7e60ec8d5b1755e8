/** Writes `contracts/risk/kernel/CdfTable.sol` from the sdk's construction. With `--check` fails when it would change. */
import {writeFileSync} from "node:fs";
import {join} from "node:path";

import {cdfTable, tableCode} from "../sdk/math/cdfTable.js";
import {read, ROOT} from "./repository.js";
import {readArguments, runTool} from "./usage.js";

export const TABLE_FILE = "contracts/risk/kernel/CdfTable.sol";
const HEX_DIGITS = 64;

const HELP = `npm run table

Writes ${TABLE_FILE} from the sdk's construction.

  --check   write nothing, fail when the file would change
  --help    this text

Exit codes: 0 done, 1 with --check if the file differs, 2 bad input.`;

/** The whole Solidity file. */
export function tableSource(): string {
    const hex = tableCode().slice("0x00".length);
    const lines = hex.match(new RegExp(`.{${HEX_DIGITS}}`, "g")) ?? [];
    return `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The normal distribution as data
/// @notice Code of this contract is a stop and ${cdfTable().length} words, one cubic each; Cdf says how to read them. Written by
/// \`npm run table\` from scripts/sdk/math/cdfTable.ts, where the construction is stated.
contract CdfTable {
    // prettier-ignore
    bytes private constant CODE =
        hex"00"
${lines.map((line) => `        hex"${line}"`).join("\n")};

    constructor() {
        bytes memory code = CODE;
        assembly ("memory-safe") {
            return(add(code, 0x20), mload(code))
        }
    }
}
`;
}

function main(args: readonly string[]): number {
    const {values} = readArguments(args, {check: {type: "boolean", default: false}});
    if (!values.check) {
        writeFileSync(join(ROOT, TABLE_FILE), tableSource());
        return 0;
    }
    if (read(TABLE_FILE) === tableSource()) return 0;
    console.error(`${TABLE_FILE} is not what the sdk constructs: run npm run table`);
    return 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await runTool(process.argv.slice(2), HELP, main);
