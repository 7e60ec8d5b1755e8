/** `docs/errors.md`: selector, signature and meaning of every custom error, from the compiled contracts and their NatSpec. */
import {id} from "ethers";

import {productionArtifacts} from "./artifacts.js";
import {read} from "./repository.js";

type Parameter = {readonly name: string; readonly type: string; readonly components?: readonly Parameter[]};
type AbiError = {readonly type: string; readonly name: string; readonly inputs: readonly Parameter[]};
type Documented = {
    readonly abi: readonly (
        AbiError | {readonly type: "function" | "event" | "constructor" | "fallback" | "receive"}
    )[];
    readonly userdoc?: {readonly errors?: Readonly<Record<string, readonly {readonly notice?: string}[]>>};
};
type BuildOutput = {readonly output: {readonly contracts: Record<string, Record<string, Documented>>}};

type ErrorRow = {readonly selector: string; readonly name: string; readonly call: string; readonly meaning: string};

const canonical = ({type, components}: Parameter): string =>
    type.startsWith("tuple") ? `(${(components ?? []).map(canonical).join(",")})${type.slice(5)}` : type;

/** Only errors of our own, which follow the form Component_Condition. */
const isOurs = (item: Documented["abi"][number]): item is AbiError =>
    item.type === "error" && "name" in item && item.name.includes("_");

/** What the compiler said of each contract when its artifact was written; other outputs in the build folder may be older. */
function compiledContracts(): Documented[] {
    const outputs = new Map<string, BuildOutput>();
    return productionArtifacts().flatMap(({buildInfoId, inputSourceName, contractName}) => {
        const output =
            outputs.get(buildInfoId) ??
            (JSON.parse(read(`artifacts/build-info/${buildInfoId}.output.json`)) as BuildOutput);
        outputs.set(buildInfoId, output);
        return output.output.contracts[inputSourceName]?.[contractName] ?? [];
    });
}

/** One row for each error, whichever contracts declare, inherit or use it. */
export function errorRows(): ErrorRow[] {
    const rows = new Map<string, ErrorRow>();
    for (const {abi, userdoc} of compiledContracts()) {
        for (const {name, inputs} of abi.filter(isOurs)) {
            const signature = `${name}(${inputs.map(canonical).join(",")})`;
            const meaning = userdoc?.errors?.[signature]?.[0]?.notice ?? rows.get(name)?.meaning ?? "";
            const call = `${name}(${inputs.map((input) => `${canonical(input)} ${input.name}`).join(", ")})`;
            rows.set(name, {selector: id(signature).slice(0, 10), name, call, meaning});
        }
    }
    return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function errorsMarkdown(): string {
    const rows = errorRows();
    const components = [...new Set(rows.map(({name}) => name.split("_")[0] ?? ""))];
    const sections = components.map((component) => {
        const own = rows.filter(({name}) => name.startsWith(`${component}_`));
        const lines = own.map(
            ({selector, call, meaning}) => `| \`${selector}\` | \`${call}\` | ${meaning.replaceAll("|", "\\|")} |`,
        );
        return [`## ${component}`, "", "| selector | error | meaning |", "| --- | --- | --- |", ...lines, ""].join(
            "\n",
        );
    });
    return [
        "# Errors",
        "",
        `Every custom error of the contracts, ${rows.length} in all. Written by \`npm run docs\` from the compiled contracts: edit the NatSpec, not this page.`,
        "",
        ...sections,
    ].join("\n");
}
