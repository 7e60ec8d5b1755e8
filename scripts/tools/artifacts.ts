/** The compiled contracts, read from the build folder: run `npm run compile` first. */
import {filesIn, read, roomOf, TEST_ROOMS} from "./repository.js";

export type AbiItem = {
    readonly type: string;
    readonly name?: string;
    readonly stateMutability?: string;
    readonly inputs?: readonly AbiInput[];
};

export type AbiInput = {readonly name: string; readonly type: string; readonly components?: readonly AbiInput[]};

export type Artifact = {
    readonly contractName: string;
    readonly sourceName: string;
    readonly inputSourceName: string;
    readonly buildInfoId: string;
    readonly abi: readonly AbiItem[];
    readonly deployedBytecode: string;
};

/** Artifacts of contracts meant for a real chain. */
export function productionArtifacts(): Artifact[] {
    return filesIn("artifacts/contracts", ".json")
        .map((path) => JSON.parse(read(path)) as Artifact)
        .filter(({sourceName}) => !TEST_ROOMS.includes(roomOf(sourceName) ?? ""));
}

/** Those that get an address of their own: code to run and at least one function to call. */
export function deployables(): Artifact[] {
    return productionArtifacts().filter(
        ({abi, deployedBytecode}) =>
            deployedBytecode.length > 2 && abi.some(({type}) => ["function", "fallback", "receive"].includes(type)),
    );
}

export const codeSize = ({deployedBytecode}: Artifact): number => (deployedBytecode.length - 2) / 2;

type Positions = Readonly<Record<string, readonly {readonly start: number; readonly length: number}[]>>;

/** Runtime code of a contract, ours or of a package, and where its constructor writes values into it. */
export function expectedCode(contractName: string): {bytecode: string; immutables: Positions[string]} {
    const path = filesIn("artifacts", ".json").find((file) =>
        file.endsWith(`/${contractName}.sol/${contractName}.json`),
    );
    if (path === undefined) throw new Error(`${contractName} is not compiled; run \`npm run compile\``);
    const {deployedBytecode, immutableReferences = {}} = JSON.parse(read(path)) as Artifact & {
        readonly immutableReferences?: Positions;
    };
    return {bytecode: deployedBytecode, immutables: Object.values(immutableReferences).flat()};
}
