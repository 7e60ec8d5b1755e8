import {expect} from "chai";

import {codeOnly, filesIn, productionContracts, read} from "../../scripts/tools/repository.js";

type Finding = {readonly file: string; readonly line: number; readonly code: string};

/** Lines of code, without comments and strings, that match. */
function linesMatching(files: readonly string[], pattern: RegExp): Finding[] {
    return files.flatMap((file) => {
        const original = read(file).split("\n");
        return codeOnly(read(file))
            .split("\n")
            .flatMap((code, index) =>
                pattern.test(code) ? [{file, line: index + 1, code: (original[index] ?? "").trim()}] : [],
            );
    });
}

const show = (findings: readonly Finding[]): string[] =>
    findings.map(({file, line, code}) => `${file}:${line}: ${code}`);

/** Divisions outside `libraries/math` that decide no value. */
const PLAIN_DIVISIONS: readonly {readonly file: string; readonly code: string; readonly because: string}[] = [];

/** Hard limits of lines by folder, first match wins; for TypeScript the linter's are narrower. */
const MAX_LINES: readonly (readonly [prefix: string, lines: number])[] = [
    ["contracts/core/", 600],
    ["contracts/interfaces/", 500],
    ["contracts/libraries/", 300],
    ["contracts/types/", 300],
    ["", 600],
];

describe("architecture: sources", () => {
    const contracts = productionContracts();
    const tests = filesIn("test", ".test.ts");

    it("should convert decimals in one file", () => {
        const elsewhere = contracts.filter((file) => file !== "contracts/libraries/math/Decimals.sol");
        expect(show(linesMatching(elsewhere, /\b10\s*\*\*/))).to.deep.equal([]);
    });

    it("should divide values in libraries/math only", () => {
        const elsewhere = contracts.filter((file) => !file.startsWith("contracts/libraries/math/"));
        const divisions = linesMatching(elsewhere, /[\w)\]]\s*\/=?\s*[\w(]|\b(?:div|sdiv)\(/);
        const isPlain = ({file, code}: Finding): boolean =>
            PLAIN_DIVISIONS.some((plain) => plain.file === file && code.includes(plain.code));
        expect(show(divisions.filter((finding) => !isPlain(finding)))).to.deep.equal([]);
        const stale = PLAIN_DIVISIONS.filter(
            (plain) => !divisions.some(({file, code}) => file === plain.file && code.includes(plain.code)),
        );
        expect(stale, "exceptions that no source needs any more").to.deep.equal([]);
    });

    it("should keep files within their size", () => {
        const folders = ["contracts", "scripts", "deploy", "test"];
        const tooLong = folders
            .flatMap((folder) => filesIn(folder, ".sol", ".ts", ".mjs"))
            .flatMap((file) => {
                const limit = MAX_LINES.find(([prefix]) => file.startsWith(prefix))?.[1] ?? 0;
                const lines = read(file).split("\n").length - 1;
                return lines > limit ? [`${file}: ${lines} lines, at most ${limit}`] : [];
            });
        expect(tooLong).to.deep.equal([]);
    });

    it("should leave nothing for later in what ships", () => {
        const files = ["contracts", "scripts", "deploy"].flatMap((folder) => filesIn(folder, ".sol", ".ts", ".mjs"));
        const unfinished = files.filter((file) => /\b(TODO|FIXME|XXX|HACK)\b|\bplaceholder\b/i.test(read(file)));
        expect(unfinished).to.deep.equal([]);
    });

    it("should run every test", () => {
        const others = tests.filter((file) => !file.startsWith("test/architecture/"));
        const pattern = /\b(?:describe|context|it|before|after)\.(?:only|skip)\b|\b(?:xit|xdescribe|xcontext)\(/;
        expect(show(linesMatching(others, pattern))).to.deep.equal([]);
    });

    it("should assert reverts by name", () => {
        expect(show(linesMatching(tests, /\.to\.be\.reverted(?!With)\b/))).to.deep.equal([]);
    });
});
