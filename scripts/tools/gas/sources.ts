/** Which file and function an instruction of a compiled contract comes from. */
import {filesIn, read} from "../repository.js";
import type {Artifact} from "../artifacts.js";

/** Where an instruction comes from; the compiler's own, such as encoding and allocation, has a contract for its place at most. */
export type Place = {readonly file: string; readonly name: string; readonly line: number};

type Range = {readonly start: number; readonly length: number; readonly file: number};
type Node = {
    readonly nodeType?: string;
    readonly name?: string;
    readonly kind?: string;
    readonly src?: string;
    readonly nodes?: readonly Node[];
};
type Output = {
    readonly sources: Readonly<Record<string, {readonly id: number; readonly ast: Node}>>;
    readonly contracts: Readonly<
        Record<
            string,
            Record<
                string,
                {readonly evm: {readonly deployedBytecode: {readonly object: string; readonly sourceMap: string}}}
            >
        >
    >;
};

const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** Number of the instruction at each byte that begins one. */
export function instructionsOf(code: string): ReadonlyMap<number, number> {
    // Places of linked addresses are letters in an object; they stand in arguments, never in instructions.
    const bytes = Buffer.from(code.replace(/[^0-9a-f]/gi, "0"), "hex");
    const found = new Map<number, number>();
    for (let pc = 0; pc < bytes.length; pc++) {
        found.set(pc, found.size);
        const op = bytes[pc] ?? 0;
        if (op >= PUSH1 && op <= PUSH32) pc += op - PUSH1 + 1;
    }
    return found;
}

/** The compressed list of the compiler, `start:length:file:…` per instruction; an empty field repeats the last one. */
export function rangesOf(sourceMap: string): Range[] {
    let [start, length, file] = [0, 0, -1];
    const or = (text: string | undefined, last: number): number =>
        text === undefined || text === "" ? last : Number(text);
    return sourceMap.split(";").map((entry) => {
        const [startText, lengthText, fileText] = entry.split(":");
        [start, length, file] = [or(startText, start), or(lengthText, length), or(fileText, file)];
        return {start, length, file};
    });
}

type Named = {readonly from: number; readonly to: number; readonly name: string};

/** Functions of a file by their extent. */
function functionsOf(node: Node): Named[] {
    const inner = (node.nodes ?? []).flatMap(functionsOf);
    if (!["FunctionDefinition", "ModifierDefinition"].includes(node.nodeType ?? "")) return inner;
    const [from = 0, length = 0] = (node.src ?? "").split(":").map(Number);
    const {name = "", kind = ""} = node;
    return [{from, to: from + length, name: name === "" ? kind : name}, ...inner];
}

type Source = {readonly file: string; readonly functions: readonly Named[]; readonly lineAt: (byte: number) => number};

/** Sources that are ours are on the disk; lines of the others are not counted. */
function sourceOf(name: string, ast: Node): Source {
    const own = /^project\/(contracts\/.*)$/.exec(name)?.[1];
    const bytes = Buffer.from(own === undefined ? "" : read(own));
    return {
        file: name.replace(/^project\/contracts\//, "").replace(/^npm\//, ""),
        functions: functionsOf(ast),
        lineAt: (byte) => (own === undefined ? 0 : bytes.subarray(0, byte).toString().split("\n").length),
    };
}

export type Placed = (pc: number) => Place | undefined;

/** Finds an instruction's place by its position in the code; undefined for contracts that were not compiled here. */
export function placesOf(contractName: string): Placed | undefined {
    const path = filesIn("artifacts/contracts", ".json").find((file) => file.endsWith(`/${contractName}.json`));
    if (path === undefined) return undefined;
    const {buildInfoId, inputSourceName} = JSON.parse(read(path)) as Artifact;
    const {output} = JSON.parse(read(`artifacts/build-info/${buildInfoId}.output.json`)) as {readonly output: Output};
    const code = output.contracts[inputSourceName]?.[contractName]?.evm.deployedBytecode;
    if (code === undefined) return undefined;
    const instructions = instructionsOf(code.object);
    const ranges = rangesOf(code.sourceMap);
    const files = new Map(Object.entries(output.sources).map(([name, {id, ast}]) => [id, sourceOf(name, ast)]));
    const known = new Map<number, Place | undefined>();
    return (pc) => {
        if (!known.has(pc)) {
            const range = ranges[instructions.get(pc) ?? -1];
            known.set(pc, range === undefined ? undefined : placeIn(files.get(range.file), range));
        }
        return known.get(pc);
    };
}

function placeIn(source: Source | undefined, {start, length}: Range): Place | undefined {
    const around = source?.functions.filter(({from, to}) => from <= start && start + length <= to).at(-1);
    if (source === undefined || around === undefined) return undefined;
    return {file: source.file, name: around.name, line: source.lineAt(start)};
}
