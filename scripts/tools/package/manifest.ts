/** What stands around the kit's code in its package: package.json, the page, the licence, the known addresses. */
import type {Deployment} from "../../shared/deployment.js";
import {read} from "../repository.js";
import {packaged} from "./compile.js";
import type {Files} from "./compile.js";
import {PackageError} from "./failures.js";

/** Entry points by the path that integrators import. */
export const ENTRIES: Readonly<Record<string, string>> = {
    ".": "scripts/sdk/index.ts",
    "./client": "scripts/client/index.ts",
    "./risk": "scripts/sdk/risk/index.ts",
    "./trade": "scripts/sdk/trade/index.ts",
    "./book": "scripts/sdk/book/index.ts",
    "./math": "scripts/sdk/math/index.ts",
    "./auction": "scripts/sdk/auction.ts",
    "./abi": "scripts/sdk/abi/index.ts",
};

export const PACKAGE_NAME = "@ballast/sdk";
/** Brought by whoever uses the kit, so that its objects and theirs are of one kind. */
const PEERS = ["ethers"];
const DEPENDENCIES = ["zod"];
export const PACKAGES: readonly string[] = [...PEERS, ...DEPENDENCIES];

type RootManifest = {
    readonly version: string;
    readonly license: string;
    readonly devDependencies: Readonly<Record<string, string>>;
};

const versionsOf = (names: readonly string[], {devDependencies}: RootManifest): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, `^${devDependencies[name] ?? ""}`]));

export function manifest(): Readonly<Record<string, unknown>> {
    const root = JSON.parse(read("package.json")) as RootManifest;
    const targets = Object.entries(ENTRIES).map(([path, source]) => {
        const built = `./${packaged(source)}`;
        return [path, {types: built.replace(/ts$/, "d.ts"), default: built.replace(/ts$/, "js")}] as const;
    });
    return {
        name: PACKAGE_NAME,
        version: root.version,
        description:
            "Kit for integrators of Ballast: accounts, quotes, margin off chain, and every action with a preview",
        license: root.license,
        type: "module",
        sideEffects: false,
        engines: {node: ">=20"},
        exports: {...Object.fromEntries(targets), "./package.json": "./package.json"},
        files: ["lib", "typechain-types"],
        peerDependencies: versionsOf(PEERS, root),
        dependencies: versionsOf(DEPENDENCIES, root),
    };
}

/** The page of the kit without links and marks that lead nowhere outside the repository. */
export const readme = (page: string): string =>
    page.replace(/<!--[^>]*-->\n*/g, "").replace(/\[([^\]]+)\]\((?!https?:)[^)]+\)/g, "$1");

/** The module that knows addresses by network. */
export function addressesModule(deployments: readonly Deployment[]): string {
    const chains = deployments.map(({chainId, network}) => `${chainId} ${network}`);
    const twice = chains.find((chain, index) => chains.indexOf(chain) !== index);
    if (twice !== undefined) throw new PackageError("two-deployments", `Two deployments of ${twice}`, {network: twice});
    return `export const ADDRESSES = ${JSON.stringify(deployments, null, 4)};\n`;
}

/** Everything that is no code. */
export const paperwork = (): Files =>
    new Map([
        ["package.json", `${JSON.stringify(manifest(), null, 4)}\n`],
        ["README.md", readme(read("docs/sdk.md"))],
        ["LICENSE", read("LICENSE")],
    ]);
