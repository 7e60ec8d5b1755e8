import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";
import {JsonRpcProvider} from "ethers";
import {network} from "hardhat";

import {checkDeployment} from "../../../deploy/check.js";
import {parametersOf} from "../../../deploy/parameters/index.js";
import {ballastAt} from "../../../scripts/chain/contracts.js";
import {startLocal} from "../../../scripts/node/local.js";
import type {LocalChain} from "../../../scripts/node/local.js";
import {expiriesFrom} from "../../../scripts/node/services.js";
import {step} from "../../../scripts/node/walk.js";
import {accountId, parseE18} from "../../../scripts/sdk/index.js";
import {parseDeployment} from "../../../scripts/shared/deployment.js";
import {expectedCode} from "../../../scripts/tools/artifacts.js";

describe("local node", () => {
    let folder: string;
    let local: LocalChain;
    let provider: JsonRpcProvider;
    const events: string[] = [];

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "ballast-"));
        local = await startLocal({
            network,
            port: 0,
            folder,
            priceSeconds: 1,
            surfaceSeconds: 3600,
            log: (event) => events.push(event),
        });
        provider = new JsonRpcProvider(local.url, undefined, {cacheTimeout: -1, staticNetwork: true});
        provider.pollingInterval = 50;
    });

    after(() => {
        provider.destroy();
        rmSync(folder, {recursive: true, force: true});
    });

    const until = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
        for (let tries = 0; tries < 300; tries++) {
            if (await holds()) return;
            await new Promise((settle) => setTimeout(settle, 100));
        }
        throw new Error(`waited in vain until ${what}`);
    };

    it("should serve a deployment that passes its check", async () => {
        const deployment = parseDeployment(readFileSync(local.file, "utf8"));
        expect(deployment).to.deep.equal(local.deployment);
        const subject = {deployment, parameters: parametersOf("local"), provider, codeOf: expectedCode};
        expect(await checkDeployment(subject)).to.deep.equal([]);
    });

    it("should have prices and surfaces from the start, and move them", async () => {
        const {priceOracle, surfaceOracle} = ballastAt(local.deployment, provider);
        const first = await priceOracle.price(1);
        expect(await surfaceOracle.expiries(2)).to.have.lengthOf(3);
        await until("the price moves", async () => (await priceOracle.price(1)) !== first);
    });

    it("should run a keeper with capital", async () => {
        await until("the keeper is ready", () => events.includes("keeper_ready"));
        await until("the keeper looks around", () => events.includes("tick_finished"));
        const keeper = accountId("0x14dC79964da2C08b23698B3D3cc7Ca32193d9955");
        expect(await ballastAt(local.deployment, provider).vault.cashOf(keeper)).to.equal(parseE18("1000000"));
    });

    it("should let price ranges follow prices", async () => {
        await until("the driver took a sample", () => events.includes("driver_moved"));
        const {volatilityDriver} = ballastAt(local.deployment, provider);
        await until("both have one", async () => (await volatilityDriver.sampleOf(2)).sampledAt > 0n);
    });

    it("should answer batches, and refuse what is no request", async () => {
        const ask = async (body: string): Promise<unknown> => (await fetch(local.url, {method: "POST", body})).json();
        const one = {jsonrpc: "2.0", id: 1, method: "eth_chainId"};
        expect(await ask(JSON.stringify([one, {...one, id: 2}]))).to.deep.equal([
            {jsonrpc: "2.0", id: 1, result: "0x7a69"},
            {jsonrpc: "2.0", id: 2, result: "0x7a69"},
        ]);
        expect(await ask("{")).to.have.nested.property("error.code", -32_700);
        expect(await ask("{}")).to.have.nested.property("error.code", -32_600);
        expect(await ask(JSON.stringify({...one, method: "eth_nonsense"}))).to.have.nested.property("error.message");
        expect((await fetch(local.url)).status).to.equal(405);
    });

    it("should stop when told to", async () => {
        await local.stop();
        expect(events).to.include("keeper_stopped");
        expect(existsSync(join(folder, "keeper", "state.json"))).to.equal(true);
        const refused = await fetch(local.url, {method: "POST", body: "{}"}).catch((error: unknown) => error);
        expect(refused).to.be.instanceOf(TypeError);
    });
});

describe("local prices", () => {
    it("should walk the same way for the same seed, in small steps, within bounds", () => {
        const origin = parseE18("100");
        let walk = {priceE18: origin, seed: 1n};
        for (let count = 0; count < 5000; count++) {
            const next = step(walk, origin);
            expect(next).to.deep.equal(step(walk, origin));
            const move = next.priceE18 > walk.priceE18 ? next.priceE18 - walk.priceE18 : walk.priceE18 - next.priceE18;
            expect(move * 1000n <= walk.priceE18 * 4n).to.equal(true);
            walk = next;
        }
        expect(walk.priceE18).to.not.equal(origin);
    });

    it("should name Fridays at eight that are at least a day away", () => {
        const friday = Date.UTC(2026, 2, 27, 8) / 1000;
        const week = 7 * 86_400;
        expect(expiriesFrom(friday - 86_400)).to.deep.equal([friday, friday + week, friday + 2 * week]);
        expect(expiriesFrom(friday - 86_399)[0]).to.equal(friday + week);
    });
});
