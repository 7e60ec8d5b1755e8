import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {mock} from "node:test";

import {expect} from "chai";
import {Contract, JsonRpcProvider, JsonRpcSigner} from "ethers";
import type {HDNodeWallet} from "ethers";
import {network} from "hardhat";

import {deployBallast} from "../../../deploy/deployBallast.js";
import {runProgram} from "../../../scripts/cli/exit.js";
import {buildProgram} from "../../../scripts/cli/program.js";
import {walletsOf} from "../../../scripts/node/local.js";
import {listen} from "../../../scripts/node/server.js";
import type {RunningServer} from "../../../scripts/node/server.js";
import {feedOnce, firstPrices, mint, publishSurfaces} from "../../../scripts/node/services.js";
import type {Chain} from "../../../scripts/node/services.js";

type Run = {readonly code: number; readonly out: string; readonly err: string};

const KEY = "BALLAST_PRIVATE_KEY";
const SHORT_FUTURE = 1;
const PAUSE = ["function pauseFeed(uint16 feedId)"];

describe("ballast, online", () => {
    let folder: string;
    let server: RunningServer;
    let provider: JsonRpcProvider;
    let file: string;
    let maker: HDNodeWallet;
    let taker: HDNodeWallet;
    let chain: Chain;
    let crash: (factor: bigint) => Promise<void>;
    let close: () => Promise<void>;

    /** Runs a command in this process as one of the wallets and keeps what it prints. */
    async function ballast(who: HDNodeWallet | undefined, ...args: readonly string[]): Promise<Run> {
        const printed = {out: [] as string[], err: [] as string[]};
        mock.method(console, "log", (...words: unknown[]) => printed.out.push(words.join(" ")));
        mock.method(console, "error", (...words: unknown[]) => printed.err.push(words.join(" ")));
        process.env[KEY] = who?.privateKey ?? "";
        try {
            const program = buildProgram();
            for (const command of [program, ...program.commands]) {
                command.configureOutput({
                    writeErr: (text) => printed.err.push(text),
                    writeOut: (text) => printed.out.push(text),
                });
            }
            const flags = ["--rpc", server.url, "--deployment", file];
            const offline = args[0] === "price" || args.includes("--book");
            const code = await runProgram(program, offline ? args : [...args, ...flags]);
            return {code, out: printed.out.join("\n"), err: printed.err.join("\n")};
        } finally {
            mock.restoreAll();
            Reflect.deleteProperty(process.env, KEY);
        }
    }

    const json = async (who: HDNodeWallet, ...args: readonly string[]): Promise<Record<string, unknown>> => {
        const {code, out, err} = await ballast(who, ...args, "--json");
        expect(err).to.equal("");
        expect(code).to.equal(0);
        return JSON.parse(out) as Record<string, unknown>;
    };

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "ballast-"));
        const connection = await network.create();
        const deployment = await deployBallast(connection);
        server = await listen(connection.provider, 0);
        provider = new JsonRpcProvider(server.url, undefined, {cacheTimeout: -1, staticNetwork: true});
        provider.pollingInterval = 20;
        file = join(folder, "deployment.json");
        writeFileSync(file, JSON.stringify(deployment));
        const skip = async (seconds: number): Promise<void> => {
            await provider.send("evm_increaseTime", [seconds]);
            await provider.send("evm_mine", []);
        };
        chain = {deployment, provider, log: () => undefined, skip};
        const signers = await connection.ethers.getSigners();
        const prices = firstPrices();
        const publishers = signers.filter(({address}) => deployment.actors.surfaceSigners.includes(address));
        await feedOnce(chain, signers[0]!, prices);
        await publishSurfaces(chain, publishers, prices);
        crash = async (percent) => {
            for (const quote of prices.values()) {
                quote.spot = {...quote.spot, priceE18: (quote.spot.priceE18 * percent) / 100n};
            }
            await skip(SHORT_FUTURE);
            await feedOnce(chain, signers[0]!, prices);
        };
        const wallets = walletsOf(20);
        maker = wallets[10]!;
        taker = wallets[11]!;
        for (const {address} of [maker, taker]) await mint(chain, signers[0]!, address, {USDC: "300000"});
        close = () => connection.close();
    });

    after(async () => {
        provider.destroy();
        await server.close();
        await close();
        rmSync(folder, {recursive: true, force: true});
    });

    it("should show a plan and send nothing without --yes", async () => {
        const {code, out, err} = await ballast(taker, "deposit", "1000", "USDC");
        expect(code).to.equal(3);
        expect(out).to.contain("1000 USDC").and.contain("300000 USDC");
        expect(err).to.contain("--yes");
        expect((await json(taker, "account"))["cash"]).to.equal("0");
    });

    it("should deposit, with the allowance", async () => {
        const result = await json(taker, "deposit", "20000", "USDC", "--yes");
        expect(result).to.include({action: "deposit", sent: true});
        await json(maker, "deposit", "250000", "usdc", "--yes");
        expect(await json(taker, "account")).to.include({
            cash: "20000",
            equity: "20000",
            state: "healthy",
            health: null,
        });
    });

    it("should withdraw what is free, and say in words why not more", async () => {
        await json(taker, "withdraw", "5000", "USDC", "--yes");
        expect((await json(taker, "account"))["cash"]).to.equal("15000");
        const {code, err} = await ballast(taker, "withdraw", "15001", "USDC", "--yes");
        expect(code).to.equal(4);
        expect(err).to.match(/^error: RiskEngine_BelowInitial: .*equity -1, initial 0/);
    });

    it("should sign a quote and fill it", async () => {
        const path = join(folder, "quote.json");
        const signed = await ballast(
            maker,
            "trade",
            "sign",
            "--leg",
            "BTC-PERP:-2@60000",
            "--units",
            "1",
            "--out",
            path,
        );
        expect(signed.code, signed.err).to.equal(0);
        expect(JSON.parse(readFileSync(path, "utf8"))).to.deep.include({
            legs: [{instrument: "BTC-PERP", sizePerUnit: "-2", price: "60000"}],
            units: "1",
            signer: maker.address,
        });
        const plan = await ballast(taker, "trade", "fill", path, "--units", "0.5");
        expect(plan.code).to.equal(3);
        expect(plan.out)
            .to.contain("buy 1 at 60000")
            .and.match(/fee +30\b/);

        await json(taker, "trade", "fill", path, "--units", "0.5", "--yes");
        const state = await json(taker, "account", "--liquidation-price", "BTC");
        expect(state["positions"]).to.deep.equal([{instrument: "BTC-PERP", size: "1"}]);
        const {below} = state["liquidationPrices"] as {below: string};
        expect(Number(below)).to.be.within(40_000, 60_000);

        const margin = await json(taker, "margin", "--account", `${taker.address}/0`);
        expect(margin["maintenanceMargin"]).to.equal(state["maintenanceMargin"]);
        const [btc] = margin["underlyings"] as {underlying: string; delta: string; losses: string[]}[];
        expect(btc).to.include({underlying: "BTC", delta: "1"});
        expect(btc?.losses).to.have.lengthOf(24);
        const leftAlone = margin["leftAlone"] as string[];
        expect(leftAlone).to.have.lengthOf(24);
        const least = Math.min(...leftAlone.map(Number));
        expect(Number(leftAlone[margin["bindingScenario"] as number])).to.equal(least);
        expect(Number(margin["left"])).to.be.at.most(least);
        const {out} = await ballast(undefined, "margin", "--account", `${taker.address}/0`);
        expect(out)
            .to.match(/left until maintenance/)
            .and.match(/\* binds/);

        const more = await ballast(taker, "trade", "fill", path, "--units", "0.6", "--yes");
        expect(more.code).to.equal(4);
        expect(more.err).to.contain("Clearinghouse_Overfilled");
    });

    it("should say what trades would do that nobody has signed", async () => {
        const leg = ["--leg", "BTC-PERP:0.1@60000"];
        const preview = await json(taker, "trade", "preview", ...leg);
        expect(preview).to.include({account: `${taker.address}/0`, fee: "3", suffices: true});
        const made = await json(taker, "trade", "preview", ...leg, "--maker", "--with", `${maker.address}/0`);
        expect(made).to.include({fee: "0"});
        const lot = ["--leg", "BTC-PERP:0.01@60000"];
        const most = await json(taker, "trade", "most", ...lot, "--leg", "BTC-PERP:-0.01@60000");
        const [buys, sells] = most["sizes"] as {instrument: string; size: string; stoppedBy: string}[];
        expect(buys).to.include({instrument: "BTC-PERP", stoppedBy: "margin"});
        expect(Number(buys?.size)).to.be.within(0, 1);
        // The account is long one already.
        expect(Number(sells?.size)).to.be.below(-1);
        const hedge = await json(taker, "trade", "hedge", "--leg", "BTC-PERP:-1@60000");
        expect(hedge).to.include({outcome: "unneeded", instrument: null, size: "0"});
        const text = await ballast(taker, "trade", "preview", "--leg", "BTC-PERP:100@60000");
        expect(text.out)
            .to.contain("does not suffice")
            .and.match(/fee +3,?000/);
        expect((await ballast(taker, "trade", "most", ...lot)).out).to.match(/BTC-PERP +0\.\d+ +margin/);
        expect((await ballast(taker, "trade", "hedge", ...leg)).out).to.contain("requirement is met");
    });

    it("should count what the pool holds and owes, from events and from the contracts", async () => {
        const state = await json(taker, "solvency");
        expect(state).to.include({accounts: 3, holds: true, badDebt: "0", backstop: "30"});
        const counts = state["counts"] as {name: string; books: string; difference: string}[];
        expect(counts.map(({difference}) => difference)).to.deep.equal(counts.map(() => "0"));
        expect(counts.find(({name}) => name === "cash supplied")?.books).to.equal("265000");
        expect(counts.find(({name}) => name === "open interest of BTC")?.books).to.equal("1");
        const before = await json(taker, "solvency", "--block", String(Number(state["block"]) - 1));
        expect(before["block"]).to.equal(Number(state["block"]) - 1);
        const {code, out} = await ballast(undefined, "solvency");
        expect(code).to.equal(0);
        expect(out)
            .to.match(/USDC +265,000 +265,000 +0/)
            .and.contain("both counts agree");
    });

    it("should end with 5 when the vault lacks a token that is claimed", async () => {
        const {vault} = chain.deployment.contracts;
        const {address} = chain.deployment.tokens["USDC"]!;
        const token = new Contract(address, ["function transfer(address to, uint256 amount) returns (bool)"], provider);
        const snapshot = (await provider.send("evm_snapshot", [])) as string;
        await provider.send("hardhat_impersonateAccount", [vault]);
        await provider.send("hardhat_setBalance", [vault, "0xde0b6b3a7640000"]);
        const thief = new JsonRpcSigner(provider, vault);
        const sent = (await token.connect(thief).getFunction("transfer").send(maker.address, 1n)) as {
            wait: () => Promise<unknown>;
        };
        await sent.wait();
        const {code, out, err} = await ballast(undefined, "solvency");
        await provider.send("evm_revert", [snapshot]);
        expect(code).to.equal(5);
        expect(out).to.contain("DO NOT ADD UP");
        expect(err).to.contain("not covered");
    });

    it("should show everybody's health, and the moves that would close him", async () => {
        const {out} = await ballast(undefined, "monitor");
        expect(out).to.match(/^block \d+ .* BTC [\d,.]+ /);
        expect(out).to.contain("3 healthy, 0 called, 0 short, 0 insolvent, 0 in auction");
        // 14,970 of cash behind one bitcoin at 60,000, of which 16 % and more must be left.
        const [, down] = /BTC -(\d+\.\d) %/.exec(out) ?? [];
        expect(Number(down)).to.be.within(8, 12);
        const view = JSON.parse((await ballast(undefined, "monitor", "--json", "--all", "--top", "0")).out) as {
            accounts: {distances: unknown[]}[];
        };
        expect(view.accounts).to.have.lengthOf(3);
        expect(view.accounts.flatMap(({distances}) => distances)).to.deep.equal([]);
        expect((await ballast(undefined, "monitor", "--top", "1")).out).to.contain("and 1 more");
    });

    it("should show price ranges and the volatility behind them, and take the step that is due", async () => {
        const plan = await ballast(maker, "volatility", "--step");
        expect([plan.code, plan.out]).to.deep.equal([3, "move price ranges\n  BTC  sampled\n  ETH  sampled"]);
        const {result} = await json(maker, "volatility", "--step", "--yes");
        expect(result).to.deep.equal({BTC: "sampled", ETH: "sampled"});
        expect(await json(maker, "volatility", "--step", "--yes")).to.deep.include({
            result: {BTC: "none", ETH: "none"},
        });
        const [btc] = (await json(maker, "volatility")) as unknown as readonly Record<string, string>[];
        const {sampledAt, ...shown} = btc!;
        const calm = {underlying: "BTC", volatility: "0", range: "0.16", goal: "0.16", wanted: "0.16", announced: ""};
        expect(shown).to.deep.equal(calm);
        expect(sampledAt).to.match(/^\d{4}-\d\d-\d\dT/);
        const {out} = await ballast(maker, "volatility");
        expect(out).to.match(/^BTC +0 +0\.16 +0\.16 +0\.16 /m);
        const guardian = new Contract(chain.deployment.contracts.priceOracle, PAUSE, await provider.getSigner(3));
        const restart: unknown = await provider.send("evm_snapshot", []);
        await ((await guardian.getFunction("pauseFeed").send(1)) as {wait(): Promise<unknown>}).wait();
        await chain.skip(3600);
        const refused = await json(maker, "volatility", "--step", "--yes");
        expect((refused["result"] as Record<string, string>)["BTC"]).to.equal("PriceOracle_FeedPaused");
        await provider.send("evm_revert", [restart]);
    });

    it("should say who falls short after a shock", async () => {
        const path = join(folder, "shock.json");
        const shock = async (scenario: unknown): Promise<Record<string, unknown>> => {
            writeFileSync(path, JSON.stringify(scenario));
            return json(taker, "stress", "--scenario", path);
        };
        const calm = await shock({prices: {}});
        expect(calm).to.include({accounts: 3, belowMaintenance: 0, deficits: "0", unpriced: 0});
        // One bitcoin bought at 60,000 on 14,970 of cash: a fall by a half leaves 15,000 too little; the backstop has the fee.
        const fallen = await shock({name: "half", prices: {BTC: "-0.5"}, volatility: "1"});
        expect(fallen).to.include({scenario: "half", belowMaintenance: 1, insolvent: 1, paidByBackstop: "30"});
        expect(Number(fallen["deficits"]) - Number(fallen["writtenDown"])).to.be.within(29.999, 30.001);
        expect(Number(fallen["deficits"])).to.be.within(14_000, 16_000);
        const {out} = await ballast(undefined, "stress", "--scenario", path, "--top", "0");
        expect(out)
            .to.match(/half, at block \d+: 3 accounts/)
            .and.contain("and 1 more");
        expect((await ballast(undefined, "stress", "--scenario", path)).out).to.contain(`${taker.address}/0`);
    });

    it("should refuse a quote that was changed", async () => {
        const path = join(folder, "forged.json");
        const quote = JSON.parse(readFileSync(join(folder, "quote.json"), "utf8")) as object;
        writeFileSync(path, JSON.stringify({...quote, units: "2"}));
        const {code, err} = await ballast(taker, "trade", "fill", path, "--yes");
        expect(code).to.equal(2);
        expect(err).to.contain("is signed by");
    });

    it("should name what is wrong with the input", async () => {
        const scenario = (content: unknown): string => {
            const path = join(folder, `${JSON.stringify(content).replace(/\W/g, "")}.json`);
            writeFileSync(path, JSON.stringify(content));
            return path;
        };
        const wrong: readonly (readonly [readonly string[], RegExp])[] = [
            [["deposit", "abc", "USDC"], /"abc" is not a decimal number/],
            [["deposit", "0", "USDC"], /above zero/],
            [["deposit", "1", "DOGE"], /"DOGE" is not a token/],
            [["deposit", "1", "USDC", "--account", "0x12"], /"0x12"/],
            [["withdraw", "1", "USDC", "--to", "nobody"], /--to/],
            [["trade", "sign", "--leg", "BTC-PERP"], /--leg/],
            [["trade", "fill", join(folder, "none.json")], /none\.json/],
            [["trade", "preview", "--leg", "BTC-PERP:1"], /--leg/],
            [["trade", "most"], /--leg/],
            [["trade", "hedge", "--leg", "BTC-PERP:1@1", "--lot", "0"], /--lot/],
            [["trade", "most", "--leg", "BTC-PERP:1@1", "--with", "0x12"], /"0x12"/],
            [["liquidate", "0x12"], /"0x12"/],
            [["monitor", "--watch", "soon"], /--watch/],
            [["monitor", "--top", "-1"], /--top/],
            [["margin"], /one of --book/],
            [["solvency", "--block", "now"], /--block/],
            [["stress", "--scenario", join(folder, "none.json")], /none\.json/],
            [["stress", "--scenario", scenario({prices: {BTC: "-1"}})], /prices\.BTC: a move of -1/],
            [["stress", "--scenario", scenario({prices: {DOGE: "1"}})], /DOGE/],
            [["stress", "--scenario", scenario({price: {}})], /prices/],
            [["stress", "--scenario", scenario({prices: {}}), "--top", "few"], /--top/],
        ];
        for (const [args, message] of wrong) {
            const {code, err} = await ballast(taker, ...args);
            expect(code, args.join(" ")).to.equal(2);
            expect(err, args.join(" ")).to.match(message);
        }
        expect((await ballast(undefined, "deposit", "1", "USDC")).err).to.contain(KEY);
        expect((await ballast(taker, "deposit", "1")).code).to.equal(2);
        expect((await ballast(taker, "nonsense")).code).to.equal(2);
    });

    it("should refuse a chain that the deployment is not on", async () => {
        const real = file;
        file = join(folder, "elsewhere.json");
        writeFileSync(file, JSON.stringify({...chain.deployment, chainId: 1}));
        const {code, err} = await ballast(taker, "account");
        file = join(folder, "broken.json");
        writeFileSync(file, "{}");
        const broken = await ballast(taker, "account");
        file = real;
        expect(code).to.equal(2);
        expect(err).to.contain("chain 31337, the deployment on 1");
        expect(broken.code).to.equal(2);
        expect(broken.err).to.contain("--deployment").and.contain("network");
    });

    it("should list accounts, the weakest first, and liquidate a short one", async () => {
        const healthy = await ballast(maker, "liquidate", `${taker.address}/0`, "--yes");
        expect(healthy.code).to.equal(4);
        expect(healthy.err).to.contain("Liquidator_NotShort");

        await crash(82n);
        const {out} = await ballast(undefined, "monitor", "--json");
        const {accounts: states, zones} = JSON.parse(out) as {
            accounts: {account: string; state: string}[];
            zones: Record<string, number>;
        };
        expect(zones).to.include({healthy: 2, liquidatable: 1});
        expect(states.map(({account}) => account)).to.deep.equal([`${taker.address}/0`, `${maker.address}/0`]);
        expect(states[0]?.state).to.equal("liquidatable");

        const sale = ["trade", "hedge", "--leg", "BTC-PERP:-1@48000", "--leg", "BTC-PERP:-1@49000"];
        const hedge = await json(taker, ...sale);
        expect(hedge).to.include({outcome: "cures", instrument: "BTC-PERP"});
        expect(Number(hedge["size"])).to.be.within(-1, 0);
        const words = (await ballast(taker, ...sale)).out;
        expect(words)
            .to.contain(`by ${String(hedge["size"])} BTC-PERP`)
            .and.match(/of it fee/);

        const target = `${taker.address}/0`;
        const started = await json(maker, "liquidate", target, "--yes");
        expect(started).to.include({action: "start auction", sent: true});
        const taken = await json(maker, "liquidate", target, "--fraction", "1", "--max-price", "10000", "--yes");
        expect(taken).to.include({action: "take slice", sent: true});
        const after = await json(taker, "account");
        expect(Number(after["health"] ?? "Infinity")).to.be.above(1);
    });
});
