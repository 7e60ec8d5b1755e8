/**
 * Writes `scripts/sdk/abi/`: what the kit needs of the compiled contracts, so that it runs without a build folder.
 * One file of signatures per contract, one of the custom errors that it names, with the sentence of their documentation, and one of
 * its events.
 * With `--check` fails when a file would change.
 */
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";

import {ErrorFragment, Interface} from "ethers";
import type {JsonFragment} from "ethers";
import {format, resolveConfig} from "prettier";

import {eventFiles} from "./abiEvents.js";
import {unitOf} from "./abiUnits.js";
import {filesIn, read, ROOT} from "./repository.js";
import {readArguments, runTool} from "./usage.js";

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
    "SolvencyGate",
    "RiskSteward",
    "VolatilityDriver",
    "LastKnownRisk",
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

const snake = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, "_$&").toUpperCase();
const constantOf = (name: string): string => snake(`${name}Abi`);

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
const LIBRARIES = "libraries";
const componentOf = ({fragment}: ErrorEntry): string => /^error (\w+?)_/.exec(fragment)?.[1] ?? LIBRARIES;

const errorsOf = (component: string): string => snake(`${component}Errors`);

function errorsFile(component: string, entries: readonly ErrorEntry[]): string {
    const whose = component === LIBRARIES ? "the libraries that the contracts stand on" : component;
    return [
        `/** Written by \`npm run abi\`: every custom error of ${whose}, how its values read, what it means. */`,
        `export const ${errorsOf(component)} = [`,
        ...entries.map((entry) => `    ${JSON.stringify(entry)},`),
        "] as const;",
        "",
    ].join("\n");
}

/** One file of errors for each contract that gives them its name, one for the libraries, and one that has them all. */
function errorFiles(): [string, string][] {
    const entries = errorEntries();
    const ours = new Set(entries.map(componentOf).filter((component) => component !== LIBRARIES));
    const components = [...ours, LIBRARIES];
    const all = [
        "/** Written by `npm run abi`: every custom error that a call can end in, those of the libraries last. */",
        ...components.map((component) => `import {${errorsOf(component)}} from "./${component}.js";`),
        "",
        `export const ERRORS = [${components.map((component) => `...${errorsOf(component)}`).join(", ")}] as const;`,
        "",
    ].join("\n");
    const files = components.map((component): [string, string] => [
        `errors/${component}.ts`,
        errorsFile(
            component,
            entries.filter((entry) => componentOf(entry) === component),
        ),
    ]);
    return [...files, ["errors/index.ts", all]];
}

function indexFile(names: readonly string[]): string {
    const exports = names.map((name) => `export {${constantOf(name)}} from "./${name}.js";`);
    const rest = ['export {ERRORS} from "./errors/index.js";', 'export {EVENTS} from "./events/index.js";'];
    const types = 'export type {EventValues} from "./events/index.js";';
    return ["/** Written by `npm run abi`. */", ...exports, ...rest, types, ""].join("\n");
}

/** Contracts that a deployment calls otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = {MarginVault: "vault", AccessManager: "manager"};
const deployedAs = (name: string): string => OTHER_NAMES[name] ?? name.charAt(0).toLowerCase() + name.slice(1);

/** Files by path, formatted like everything else. */
export async function abiFiles(): Promise<ReadonlyMap<string, string>> {
    const known = CONTRACTS.flatMap((name) => {
        const artifact = artifactOf(name);
        return artifact === undefined ? [] : [{name, artifact}];
    });
    const files: [string, string][] = known.map(({name, artifact}) => [`${name}.ts`, contractFile(name, artifact)]);
    const emitters = known.map(({name, artifact: {abi}}) => ({key: deployedAs(name), contract: name, abi}));
    files.push(...errorFiles(), ...eventFiles(emitters), ["index.ts", indexFile(known.map(({name}) => name))]);
    const options = (await resolveConfig(join(ROOT, "scripts/tools/abi.ts"))) ?? {};
    const formatted = files.map(async ([name, text]) => {
        return [`${FOLDER}/${name}`, await format(text, {...options, parser: "typescript"})] as const;
    });
    return new Map(await Promise.all(formatted));
}

/** Paths whose content is not what the compiled contracts ask for, files that they do not ask for any more included. */
export async function staleAbiFiles(): Promise<string[]> {
    const wanted = await abiFiles();
    const changed = [...wanted]
        .filter(([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), "utf8") !== text)
        .map(([path]) => path);
    return [...changed, ...filesIn(FOLDER, ".ts").filter((path) => !wanted.has(path))];
}

const HELP = `npm run abi, npm run abi:check

Writes the ABIs of the kit from the compiled contracts.

  --check   write nothing, fail when a file would change
  --help    this text

Exit codes: 0 done, 1 with --check if a file differs, 2 bad input.`;

async function main(args: readonly string[]): Promise<number> {
    const {values} = readArguments(args, {check: {type: "boolean", default: false}});
    const stale = await staleAbiFiles();
    if (values.check) {
        const isCurrent = stale.length === 0;
        console.log(
            isCurrent ? "The kit's ABIs are current." : `Run \`npm run abi\`; not current: ${stale.join(", ")}`,
        );
        return isCurrent ? 0 : 1;
    }
    const files = await abiFiles();
    for (const path of stale) {
        const text = files.get(path);
        mkdirSync(dirname(join(ROOT, path)), {recursive: true});
        if (text === undefined) rmSync(join(ROOT, path));
        else writeFileSync(join(ROOT, path), text);
    }
    console.log(stale.length > 0 ? `${stale.length} files written to ${FOLDER}` : "Nothing to change.");
    return 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await runTool(process.argv.slice(2), HELP, main);
