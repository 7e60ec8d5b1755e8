import {existsSync} from "node:fs";
import {join} from "node:path";

import {expect} from "chai";

import {codeSize, deployables} from "../../scripts/tools/artifacts.js";
import {read, ROOT} from "../../scripts/tools/repository.js";

/** Limit of EIP-170. */
const MAX_CODE_SIZE = 24_576;

const FORBIDDEN: Readonly<Record<number, string>> = {0xf2: "CALLCODE", 0xf4: "DELEGATECALL", 0xff: "SELFDESTRUCT"};
const INVALID = 0xfe;
const JUMPDEST = 0x5b;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** The rooms that hold money or positions, or decide about them. */
const GUARDED = /^contracts\/(core|risk|liquidation)\//;

/**
 * Instructions of runtime code; the compiler's note at the end is data and left out, and so is what stands between it and the last
 * INVALID if nothing there can be jumped to: constants that the code copies from.
 */
function opcodes(bytecode: string): number[] {
    // Addresses of linked libraries are written as names between underscores until they are known.
    const bytes = Buffer.from(bytecode.slice(2).replace(/__\$\w{34}\$__/g, "00".repeat(20)), "hex");
    const noteLength = bytes.readUInt16BE(bytes.length - 2) + 2;
    const found: number[] = [];
    const code = bytes.subarray(0, bytes.length - noteLength);
    for (let at = 0; at < code.length; at++) {
        const opcode = code.readUInt8(at);
        found.push(opcode);
        if (opcode === INVALID && !code.subarray(at).includes(JUMPDEST)) break;
        if (opcode >= PUSH1 && opcode <= PUSH32) at += opcode - PUSH1 + 1;
    }
    return found;
}

describe("architecture: bytecode", () => {
    it("should fit every contract into the size limit", () => {
        const tooLarge = deployables().filter((artifact) => codeSize(artifact) > MAX_CODE_SIZE);
        expect(tooLarge.map(({contractName}) => contractName)).to.deep.equal([]);
    });

    it("should match snapshots/size.json", () => {
        const sizes = Object.fromEntries(deployables().map((artifact) => [artifact.contractName, codeSize(artifact)]));
        const path = "snapshots/size.json";
        const snapshot: unknown = existsSync(join(ROOT, path)) ? JSON.parse(read(path)) : {};
        expect(sizes, "run `npm run snapshots` if the change is meant").to.deep.equal(snapshot);
    });

    it("should neither run foreign code nor vanish", () => {
        const guarded = deployables().filter(({sourceName}) => GUARDED.test(sourceName));
        const offences = guarded.flatMap(({contractName, deployedBytecode}) =>
            [...new Set(opcodes(deployedBytecode))].flatMap((opcode) =>
                opcode in FORBIDDEN ? [`${contractName}: ${FORBIDDEN[opcode]}`] : [],
            ),
        );
        expect(offences).to.deep.equal([]);
    });
});
