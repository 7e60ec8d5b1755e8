/** What the tools and the architecture tests know about the tree: its files, its layers, and who imports whom. */
import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, posix} from "node:path";
import {fileURLToPath} from "node:url";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** One rank per room: a file imports from its own room and from rooms of lower rank. */
export const CONTRACT_RANKS: Readonly<Record<string, number>> = {
    types: 0,
    libraries: 1,
    interfaces: 2,
    risk: 3,
    oracle: 3,
    core: 4,
    governance: 5,
    liquidation: 5,
    settlement: 5,
    periphery: 6,
    crosschain: 6,
    proofs: 6,
};

/** Rooms that may import anything and are imported by tests only. */
export const TEST_ROOMS: readonly string[] = ["mocks", "test"];

export const SCRIPT_RANKS: Readonly<Record<string, number>> = {
    sdk: 0,
    shared: 1,
    chain: 2,
    store: 3,
    client: 4,
    keeper: 4,
    oracle: 4,
    simulators: 4,
    cli: 5,
    node: 5,
    demo: 6,
    stress: 7,
    tools: 8,
};

/** The rooms that may start a chain inside their own process. */
export const HARDHAT_ROOMS: readonly string[] = ["node", "demo", "stress", "tools"];

export type ImportEdge = {
    /** Path of the importing file, from the root of the repository. */
    readonly from: string;
    /** Path of the imported file, or the name of a package. */
    readonly to: string;
    readonly isPackage: boolean;
};

export function read(path: string): string {
    return readFileSync(join(ROOT, path), "utf8");
}

/** Every file below `folder` with one of the endings, sorted; none when the folder does not exist yet. */
export function filesIn(folder: string, ...endings: readonly string[]): string[] {
    let entries;
    try {
        entries = readdirSync(join(ROOT, folder), {recursive: true, withFileTypes: true});
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
    }
    return entries
        .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
        .map((entry) =>
            join(entry.parentPath, entry.name)
                .slice(ROOT.length + 1)
                .replaceAll("\\", "/"),
        )
        .sort();
}

/** Blanks comments and the contents of strings, and keeps every line where it is. */
export function codeOnly(source: string): string {
    const pattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
    return source.replace(pattern, (match) =>
        match.startsWith("/") ? match.replace(/[^\n]/g, " ") : `${match.charAt(0)}${" ".repeat(match.length - 2)}"`,
    );
}

const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|(?<![:"'])\/\/[^\n]*/g, " ");

const IMPORT = /(?:\b(?:import|export)\b[^;"'()]*?\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']/g;

/** The imports of one Solidity or TypeScript file. */
export function importsOf(path: string): ImportEdge[] {
    return [...withoutComments(read(path)).matchAll(IMPORT)].map(([, target = ""]) => {
        if (!target.startsWith(".")) return {from: path, to: target, isPackage: true};
        const to = posix.join(posix.dirname(path), target);
        return {from: path, to: path.endsWith(".ts") ? to.replace(/\.js$/, ".ts") : to, isPackage: false};
    });
}

/** The room of a path below `contracts/` or `scripts/`: the first folder, or undefined for a file beside the rooms. */
export function roomOf(path: string): string | undefined {
    const [, room, ...rest] = path.split("/");
    return rest.length > 0 ? room : undefined;
}

export type RankedHalf = {readonly folder: "contracts" | "scripts"; readonly ranks: Readonly<Record<string, number>>};

export const HALVES: readonly RankedHalf[] = [
    {folder: "contracts", ranks: CONTRACT_RANKS},
    {folder: "scripts", ranks: SCRIPT_RANKS},
];

/** True if an import inside one half climbs to a room of the same or a higher rank, or enters a room of tests. */
export function isUpward(edge: ImportEdge, {folder, ranks}: RankedHalf): boolean {
    const fromRoom = roomOf(edge.from);
    const toRoom = roomOf(edge.to);
    if (edge.isPackage || !edge.to.startsWith(`${folder}/`) || fromRoom === toRoom) return false;
    if (fromRoom === undefined || TEST_ROOMS.includes(fromRoom)) return false;
    if (toRoom === undefined) return true;
    return (ranks[toRoom] ?? Infinity) >= (ranks[fromRoom] ?? -1);
}

/** Contract sources that are meant for a real chain. */
export function productionContracts(): string[] {
    return filesIn("contracts", ".sol").filter((path) => !TEST_ROOMS.includes(roomOf(path) ?? ""));
}
