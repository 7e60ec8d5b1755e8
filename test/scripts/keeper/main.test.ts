import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";
import {network} from "hardhat";

import {answerToFlags, main} from "../../../scripts/keeper/main.js";
import {walletsOf} from "../../../scripts/node/local.js";
import {listen} from "../../../scripts/node/server.js";

const [wallet] = walletsOf(1);
const KEY = {KEEPER_PRIVATE_KEY: wallet!.privateKey};
const NOBODY = wallet!.address;

describe("keeper program", () => {
    const folder = mkdtempSync(join(tmpdir(), "keeper-main-"));
    const configFile = join(folder, "keeper.json");

    after(() => {
        rmSync(folder, {recursive: true, force: true});
    });

    /** The failure that ends a start, undefined for none. */
    async function start(changes: object, env: NodeJS.ProcessEnv = KEY): Promise<{code?: string; message: string}> {
        const names = ["vault", "clearinghouse", "riskEngine", "priceOracle", "liquidator"];
        const contracts = Object.fromEntries(names.map((name) => [name, NOBODY]));
        const config = {rpcUrl: "http://127.0.0.1:9", chainId: "31337", contracts, account: `${NOBODY}/0`, ...changes};
        writeFileSync(
            configFile,
            JSON.stringify({...config, logLevel: "error", stateFile: join(folder, "state.json")}),
        );
        const outcome: unknown = await main(configFile, env, new AbortController().signal).catch(
            (error: unknown) => error,
        );
        return outcome instanceof Error ? outcome : {message: "started"};
    }

    it("should fail at once where no node answers", async () => {
        expect(await start({}), "failure").to.have.property("code", "no-node");
    });

    it("should name a wrong field and a missing key before it asks for a node", async () => {
        expect(await start({colour: "red"}), "failure")
            .to.have.property("message")
            .that.includes("colour");
        expect(await start({}, {}), "failure").to.have.property("message", "KEEPER_PRIVATE_KEY is not set");
    });

    it("should fail on another chain, and where there is no contract", async () => {
        const connection = await network.create();
        const server = await listen(connection.provider, 0);
        try {
            const other = await start({rpcUrl: server.url, chainId: "1"});
            expect(other, "another chain").to.have.property("code", "wrong-chain");
            expect(await start({rpcUrl: server.url}), "no contract").to.have.property("code", "no-code");
        } finally {
            await server.close();
            await connection.close();
        }
    });

    it("should explain itself, and refuse a flag that it does not know", () => {
        const help = answerToFlags(["keeper.json", "--help"]);
        expect(help, "help").to.include({code: 0});
        expect(help?.text, "help").to.contain("KEEPER_PRIVATE_KEY");
        const wrong = {code: 2, text: 'Unknown option "--once" (--help says what there is)'};
        expect(answerToFlags(["--once", "keeper.json"]), "unknown flag").to.deep.equal(wrong);
        expect(answerToFlags(["keeper.json"]), "no flag").to.equal(undefined);
    });
});
