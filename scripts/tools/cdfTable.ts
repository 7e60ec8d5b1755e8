/** Writes `contracts/risk/kernel/CdfTable.sol` from the sdk's construction. With `--check` fails when it would change. */
import {writeFileSync} from "node:fs";
import {join} from "node:path";

import {cdfTable, tableCode} from "../sdk/math/cdfTable.js";
import {read, ROOT} from "./repository.js";

export const TABLE_FILE = "contracts/risk/kernel/CdfTable.sol";
const HEX_DIGITS = 64;

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

if (process.argv[1]?.endsWith("cdfTable.ts") === true) {
    if (!process.argv.includes("--check")) writeFileSync(join(ROOT, TABLE_FILE), tableSource());
    else if (read(TABLE_FILE) !== tableSource()) {
        console.error(`${TABLE_FILE} is not what the sdk constructs: run npm run table`);
        process.exitCode = 1;
    }
}
