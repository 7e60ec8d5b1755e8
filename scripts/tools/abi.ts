/**
 * Writes `scripts/sdk/abi/`: what the kit needs of the compiled contracts, so that it runs without a build folder.
 * One file of signatures per contract, one of all custom errors with the sentence of their documentation.
 * With `--check` fails when a file would change.
 */
import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";

import {ErrorFragment, Interface} from "ethers";
import type {JsonFragment} from "ethers";
import {format, resolveConfig} from "prettier";

import {filesIn, read, ROOT} from "./repository.js";

const FOLDER = "scripts/sdk/abi";

/** Contracts with an address of their own; while one is not compiled, its interface stands in. */
const CONTRACTS = [
    "MarginVault",
    "Clearinghouse",
    "RiskEngine",
    "RiskModels",
    "RiskGreeks",
    "RiskParameters",
    "PriceOracle",
    "SurfaceOracle",
    "Liquidator",
    "Backstop",
    "MarginLens",
    "TradeLens",
    "CloseOut",
    "AccessManager",
] as const;

type Artifact = {
    readonly contractName: string;
    readonly sourceName: string;
    readonly inputSourceName?: string;
    readonly abi: readonly JsonFragment[];
    readonly buildInfoId?: string;
};
type UserDoc = {readonly errors?: Readonly<Record<string, readonly {readonly notice?: string}[]>>};
type BuildOutput = {output: {contracts: Record<string, Record<string, {userdoc?: UserDoc}>>}};

const buildOutputs = new Map<string, BuildOutput>();

function userDocOf({buildInfoId, inputSourceName, sourceName, contractName}: Artifact): UserDoc {
    if (buildInfoId === undefined) return {};
    const output =
        buildOutputs.get(buildInfoId) ??
        (JSON.parse(read(`artifacts/build-info/${buildInfoId}.output.json`)) as BuildOutput);
    buildOutputs.set(buildInfoId, output);
    return output.output.contracts[inputSourceName ?? `project/${sourceName}`]?.[contractName]?.userdoc ?? {};
}

const artifacts: readonly Artifact[] = filesIn("artifacts", ".json")
    .filter((path) => !path.startsWith("artifacts/build-info/"))
    .map((path) => JSON.parse(read(path)) as Artifact)
    .filter(({sourceName}) => !/^contracts\/(mocks|test)\//.test(sourceName));

function artifactOf(name: string): Artifact | undefined {
    return (
        artifacts.find(({contractName}) => contractName === name) ??
        artifacts.find(({contractName}) => contractName === `I${name}`)
    );
}

const constantOf = (name: string): string => `${name.replace(/(?<=[a-z])[A-Z]/g, "_$&").toUpperCase()}_ABI`;

function contractFile(name: string, {abi}: Artifact): string {
    const fragments = new Interface(abi).fragments
        .filter(({type}) => type !== "constructor")
        .map((fragment) => fragment.format("full"))
        .sort();
    const lines = fragments.map((fragment) => `    ${JSON.stringify(fragment)},`);
    return `/** Written by \`npm run abi\` from the compiled ${name}. */\nexport const ${constantOf(name)} = [\n${lines.join("\n")}\n] as const;\n`;
}

/** "Thrown when a quote is past its deadline. Unix times, seconds." → "a quote is past its deadline". */
function sentenceOf(notice: string | undefined): string {
    const first = (notice ?? "").split(/\.(?:\s|$)/)[0] ?? "";
    return first
        .replace(/^Thrown (when|while|if) /, "")
        .replace(/"/g, "'")
        .trim();
}

/** Names of values that are moments, not durations. */
const MOMENTS: ReadonlySet<string> = new Set(
    "deadline expiry expirySeconds openAt closeAt nowSeconds publishedAt acceptedAt startedAt updatedAt atSeconds earlier later".split(
        " ",
    ),
);

/** How a value reads to a person: by the type that the source gives it, else by the suffix of its name. */
function unitOf({name = "", type = "", internalType = ""}: JsonFragment & {internalType?: string}): string {
    if (internalType === "AccountId") return "account";
    if (internalType === "InstrumentId") return "instrument";
    if (type === "bytes32" && name === "name") return "text";
    const scale = /E(?:8|18|27)$/.exec(name);
    if (scale !== null) return scale[0];
    if (MOMENTS.has(name)) return "time";
    return name.endsWith("Seconds") ? "duration" : "plain";
}

type ErrorEntry = {readonly fragment: string; readonly units: readonly string[]; readonly says: string};

function entriesOf(artifact: Artifact): (readonly [signature: string, entry: ErrorEntry])[] {
    const notices = userDocOf(artifact).errors ?? {};
    return artifact.abi
        .filter(({type}) => type === "error")
        .map((item) => {
            const fragment = ErrorFragment.from(item);
            const signature = fragment.format("sighash");
            const says = sentenceOf(notices[signature]?.[0]?.notice);
            return [signature, {fragment: fragment.format("full"), units: (item.inputs ?? []).map(unitOf), says}];
        });
}

/** Each error once, with its sentence if any of the contracts that can throw it has one. */
function errorEntries(): ErrorEntry[] {
    const found = new Map<string, ErrorEntry>();
    for (const [signature, entry] of artifacts.flatMap(entriesOf)) {
        if (entry.says !== "" || !found.has(signature)) found.set(signature, entry);
    }
    return [...found.values()].sort((a, b) => (a.fragment < b.fragment ? -1 : 1));
}

/** Our own errors are Component_Condition; the rest come with the libraries that the contracts stand on. */
const isOurs = ({fragment}: ErrorEntry): boolean => /^error \w+_/.test(fragment);

function errorsFile(constant: string, what: string, entries: readonly ErrorEntry[]): string {
    return [
        `/** Written by \`npm run abi\` from the compiled contracts: every custom error ${what}, how its values read, what it means. */`,
        `export const ${constant} = [`,
        ...entries.map((entry) => `    ${JSON.stringify(entry)},`),
        "] as const;",
        "",
    ].join("\n");
}

function errorFiles(): [string, string][] {
    const entries = errorEntries();
    const theirs = entries.filter((entry) => !isOurs(entry));
    return [
        ["errors.ts", errorsFile("ERRORS", "of our own", entries.filter(isOurs))],
        ["libraryErrors.ts", errorsFile("LIBRARY_ERRORS", "of the libraries they stand on", theirs)],
    ];
}

function indexFile(names: readonly string[]): string {
    const exports = names.map((name) => `export {${constantOf(name)}} from "./${name}.js";`);
    const errors = ['export {ERRORS} from "./errors.js";', 'export {LIBRARY_ERRORS} from "./libraryErrors.js";'];
    return ["/** Written by `npm run abi`. */", ...exports, ...errors, ""].join("\n");
}

/** Files by path, formatted like everything else. */
export async function abiFiles(): Promise<ReadonlyMap<string, string>> {
    const known = CONTRACTS.flatMap((name) => {
        const artifact = artifactOf(name);
        return artifact === undefined ? [] : [{name, artifact}];
    });
    const files: [string, string][] = known.map(({name, artifact}) => [`${name}.ts`, contractFile(name, artifact)]);
    files.push(...errorFiles(), ["index.ts", indexFile(known.map(({name}) => name))]);
    const options = (await resolveConfig(join(ROOT, "scripts/tools/abi.ts"))) ?? {};
    const formatted = files.map(async ([name, text]) => {
        return [`${FOLDER}/${name}`, await format(text, {...options, parser: "typescript"})] as const;
    });
    return new Map(await Promise.all(formatted));
}

/** Paths whose content is not what the compiled contracts ask for. */
export async function staleAbiFiles(): Promise<string[]> {
    return [...(await abiFiles())]
        .filter(([path, wanted]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), "utf8") !== wanted)
        .map(([path]) => path);
}

async function main(): Promise<void> {
    const stale = await staleAbiFiles();
    if (process.argv.includes("--check")) {
        if (stale.length > 0) throw new Error(`Run \`npm run abi\`; not current: ${stale.join(", ")}`);
        console.log("The kit's ABIs are current.");
        return;
    }
    const files = await abiFiles();
    mkdirSync(join(ROOT, FOLDER), {recursive: true});
    for (const path of stale) writeFileSync(join(ROOT, path), files.get(path) ?? "");
    console.log(stale.length > 0 ? `${stale.length} files written to ${FOLDER}` : "Nothing to change.");
}

if (process.argv[1] === import.meta.filename) await main();
