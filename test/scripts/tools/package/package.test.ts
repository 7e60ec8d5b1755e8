import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";

import {expect} from "chai";

import {compile, importedPackages} from "../../../../scripts/tools/package/compile.js";
import {addressesModule, ENTRIES, manifest, PACKAGE_NAME, readme} from "../../../../scripts/tools/package/manifest.js";
import {EXAMPLES, outputOf} from "../../../../scripts/tools/sdkPage.js";
import {read} from "../../../../scripts/tools/repository.js";
import {openLocalChain} from "./chain.js";
import type {LocalChain} from "./chain.js";
import {compileIn, examplesIn, openProject, runIn} from "./project.js";
import type {Project} from "./project.js";

const CONSUMER = `
import {accountId, InputError, parsePrice, parseSize} from "${PACKAGE_NAME}";
import type {BallastEvent, PriceE18} from "${PACKAGE_NAME}";
import {deploymentOf, knownDeployments} from "${PACKAGE_NAME}/client";
import type {Ballast} from "${PACKAGE_NAME}/client";
import {assessBook} from "${PACKAGE_NAME}/risk";
import {maxWithdraw} from "${PACKAGE_NAME}/trade";
import {readBook} from "${PACKAGE_NAME}/book";
import {mulDivFloor} from "${PACKAGE_NAME}/math";
import {MARGIN_VAULT_ABI} from "${PACKAGE_NAME}/abi";
import * as auction from "${PACKAGE_NAME}/auction";

export const price: PriceE18 = parsePrice("60000.5");
// @ts-expect-error A size is not a price.
export const wrong: PriceE18 = parseSize("1");
// @ts-expect-error Nor is a number.
export const none: PriceE18 = 1n;
export const name = (event: BallastEvent): string =>
    event.contract === "vault" && event.name === "Deposited" ? event.values.account : event.sentence;
export const vault = (ballast: Ballast): Promise<bigint> => ballast.contracts.vault.assetCount();

export const answers = [
    accountId("0x70997970C51812dc3A010C7d01b50e0d17dc79C8"),
    price,
    mulDivFloor(-7n, 1n, 2n),
    MARGIN_VAULT_ABI.length > 50,
    [assessBook, maxWithdraw, readBook].every((part) => typeof part === "function"),
    Object.keys(auction).length > 0,
    knownDeployments().length,
    deploymentOf("local").chainId,
    InputError.name,
];
`;
const SHOW = `
import {answers} from "./consumer.js";
declare const console: {log(text: string): void};
console.log(answers.map(String).join(" "));
`;

describe("the kit as a package", () => {
    let chain: LocalChain;
    let project: Project;

    before(async () => {
        chain = await openLocalChain();
        project = await openProject([chain.deployment]);
    });

    after(async () => {
        await chain.close();
        project.remove();
    });

    it("should hold code, types and paperwork, and nothing else", () => {
        const strange = project.packed.filter(
            (path) => !/^(lib|typechain-types)\/.+\.(d\.ts|js)$|^(package\.json|README\.md|LICENSE)$/.test(path),
        );
        expect(strange, "other files").to.deep.equal([]);
        const targets = Object.values(ENTRIES).map((path) => path.replace("scripts/", "lib/"));
        const wanted = targets.flatMap((path) => [path.replace(/ts$/, "js"), path.replace(/ts$/, "d.ts")]);
        expect(
            wanted.filter((path) => !project.packed.includes(path)),
            "missing",
        ).to.deep.equal([]);
        expect(
            project.packed.filter((path) => /hardhat|\/(keeper|demo|cli|node|tools|mocks|test)\//i.test(path)),
            "not ours",
        ).to.deep.equal([]);
    });

    it("should name in its manifest what it imports, and only that", () => {
        const made = manifest() as Readonly<Record<string, Record<string, string>>>;
        expect({...made["peerDependencies"], ...made["dependencies"]}, "packages").to.have.all.keys("ethers", "zod");
        expect(manifest(), "no part of it acts when it is loaded").to.include({sideEffects: false, type: "module"});
        expect(manifest(), "and it may be published").to.not.have.any.keys("private", "devDependencies", "scripts");
    });

    it("should work in an empty project, types and code", async () => {
        const folder = join(project.folder, "consumer");
        mkdirSync(folder);
        writeFileSync(join(folder, "consumer.ts"), CONSUMER);
        writeFileSync(join(folder, "main.ts"), SHOW);
        expect(await compileIn(project, "consumer", {types: [], skipLibCheck: false}), "types").to.include({
            code: 0,
            out: "",
        });
        const {code, out, err} = await runIn(project, "consumer/main.js");
        expect([code, err], "runs").to.deep.equal([0, ""]);
        const account = `0x70997970c51812dc3a010c7d01b50e0d17dc79c8${"0".repeat(24)}`;
        expect(out.trim(), "answers").to.equal(
            `${account} 60000500000000000000000 -4 true true true 1 31337 InputError`,
        );
    });

    describe("the examples of docs/sdk.md", () => {
        it("should be all there is in the folder, and have right types", async () => {
            expect(examplesIn(project).sort(), "files").to.deep.equal(["setup", ...EXAMPLES].sort());
            expect(await compileIn(project, "examples", {types: ["node"], skipLibCheck: true}), "types").to.include({
                code: 0,
                out: "",
            });
        });

        for (const name of EXAMPLES) {
            it(`should run ${name}.ts and print what the page shows`, async () => {
                const file = join(project.folder, "deployment.json");
                writeFileSync(file, JSON.stringify(chain.deployment));
                const {code, out, err} = await runIn(project, `examples/${name}.js`, {
                    RPC_URL: chain.url,
                    DEPLOYMENT: file,
                    ALICE_KEY: chain.alice.privateKey,
                    BOB_KEY: chain.bob.privateKey,
                });
                expect(err, "errors").to.equal("");
                expect(code, "exit code").to.equal(0);
                expect(out, "output").to.equal(outputOf(name));
            });
        }
    });
});

describe("tools: package", () => {
    it("should not compile what needs Node", () => {
        expect(() => compile(["scripts/shared/files.ts"]), "node:fs")
            .to.throw("node:fs")
            .that.includes({code: "type-errors"});
    });

    it("should refuse an import of anything that its users do not have", () => {
        const files = new Map([
            ["lib/a.js", 'import {x} from "ethers";\nimport "zod/mini";\nimport {y} from "./b.js"; // from "hardhat"'],
            ["LICENSE", 'from "anything"'],
        ]);
        expect(importedPackages(files, ["ethers", "zod"]), "packages").to.deep.equal(["ethers", "zod"]);
        files.set("lib/b.d.ts", 'export declare const z: import("@nomicfoundation/hardhat-ethers/types").Z;');
        expect(() => importedPackages(files, ["ethers", "zod"]), "foreign")
            .to.throw("lib/b.d.ts imports @nomicfoundation/hardhat-ethers/types")
            .that.includes({code: "foreign-import"});
    });

    it("should know no network twice", () => {
        const deployment = {network: "local", chainId: 5} as Parameters<typeof addressesModule>[0][number];
        expect(addressesModule([deployment]), "once").to.contain('"network": "local"');
        expect(() => addressesModule([deployment, deployment]), "twice")
            .to.throw("Two deployments of 5 local")
            .that.includes({code: "two-deployments"});
    });

    it("should leave links of the repository out of its page", () => {
        const page = "<!-- a: begin, written -->\n\nsee [units](units.md) and [there](https://example.org)\n";
        expect(readme(page)).to.equal("see units and [there](https://example.org)\n");
    });

    it("should leave the repository's own package private", () => {
        expect(JSON.parse(read("package.json")), "manifest").to.include({private: true, name: "ballast"});
    });
});
