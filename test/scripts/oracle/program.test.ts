import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";
import {network} from "hardhat";

import {walletsOf} from "../../../scripts/node/local.js";
import {listen} from "../../../scripts/node/server.js";
import {SENDER_KEY, SIGNER_KEYS} from "../../../scripts/oracle/config.js";
import {EXIT_FAILURE, EXIT_INPUT, EXIT_REFUSED, main} from "../../../scripts/oracle/main.js";

const E18 = 10n ** 18n;
const DAY = 86_400;
/** Far ahead of the test chain's clock, at eight in the morning. */
const EXPIRY = Date.UTC(2031, 2, 7, 8) / 1000;
const MAX_AGE = 900;
const BOUNDS = {
    maxAgeSeconds: MAX_AGE,
    maxRatioStepE18: E18 / 50n,
    minRatioE18: E18 / 2n,
    maxRatioE18: 2n * E18,
    maxVolStepE18: E18 / 5n,
};

const [admin, sender, one, two, three, stranger] = walletsOf(6);
const signers = [one!, two!, three!];
const keysOf = (wallets: readonly {readonly privateKey: string}[]): string =>
    wallets.map(({privateKey}) => privateKey).join(",");
const KEYS = {[SIGNER_KEYS]: keysOf(signers), [SENDER_KEY]: sender!.privateKey};

type Line = Readonly<Record<string, unknown>> & {readonly event: string};
type Outcome = {readonly code: number; readonly text: string; readonly lines: readonly Line[]};

describe("publisher program", () => {
    const folder = mkdtempSync(join(tmpdir(), "publisher-"));
    const marketFile = join(folder, "market.json");
    const configFile = join(folder, "publisher.json");
    const chain = {url: "", oracle: "", close: (): Promise<void> => Promise.resolve()};
    let connection: Awaited<ReturnType<typeof network.create>>;

    before(async () => {
        connection = await network.create();
        const server = await listen(connection.provider, 0);
        chain.url = server.url;
        chain.close = () => server.close();
    });

    beforeEach(async () => {
        const {ethers, networkHelpers} = connection;
        await networkHelpers.time.increase(2 * MAX_AGE);
        const manager = await ethers.deployContract("AccessManager", [admin!.address]);
        const addresses = signers.map(({address}) => address);
        const oracle = await ethers.deployContract("SurfaceOracle", [await manager.getAddress(), addresses, 2, BOUNDS]);
        chain.oracle = await oracle.getAddress();
        writeConfig();
    });

    after(async () => {
        await chain.close();
        await connection.close();
        rmSync(folder, {recursive: true, force: true});
    });

    const oracleNow = async () => connection.ethers.getContractAt("SurfaceOracle", chain.oracle);
    const now = (): Promise<number> => connection.networkHelpers.time.latest();
    /** Time of the accepted surface, 0 without one. */
    const publishedAt = async (): Promise<number> =>
        Number((await (await oracleNow()).lastSurface(1, EXPIRY)).publishedAt);

    function writeConfig(changes: Readonly<Record<string, unknown>> = {}): void {
        const config = {
            rpcUrl: chain.url,
            chainId: 31_337,
            surfaceOracle: chain.oracle,
            marketFile,
            dryRun: false,
            ...changes,
        };
        writeFileSync(configFile, JSON.stringify(config));
    }

    function writeMarket(time: number, vol = "0.6", changes: object = {}): void {
        const quote = {forward: "50010", smile: {vol}};
        const day = new Date(EXPIRY * 1000).toISOString().slice(0, 10);
        const market = {
            now: new Date(time * 1000).toISOString(),
            underlyings: {BTC: {spot: "50000", expiries: {[day]: quote}}},
            ...changes,
        };
        writeFileSync(marketFile, JSON.stringify(market));
    }

    async function run(
        args: readonly string[] = [configFile, "--once"],
        env: Readonly<Record<string, string | undefined>> = KEYS,
        onLine: (line: Line) => void = () => undefined,
        signal: AbortSignal = new AbortController().signal,
    ): Promise<Outcome> {
        let text = "";
        const lines: Line[] = [];
        const out = {
            write: (chunk: string) => {
                text += chunk;
                if (!chunk.startsWith("{")) return;
                const line = JSON.parse(chunk) as Line;
                lines.push(line);
                onLine(line);
            },
        };
        const code = await main(args, {env, signal, out});
        return {code, text, lines};
    }

    const events = ({lines}: Outcome): string[] => lines.map(({event}) => event);
    const lastError = ({lines}: Outcome): {readonly code?: string; readonly message: string} =>
        lines.at(-1)!["err"] as {readonly code?: string; readonly message: string};

    describe("given a sound market", () => {
        it("should publish it once, from the paying key, and end with 0", async () => {
            const time = await now();
            writeMarket(time);
            const outcome = await run();
            expect(outcome.code, outcome.text).to.equal(0);
            expect(events(outcome), "events").to.deep.equal([
                "publisher_ready",
                "surfaces_published",
                "publisher_stopped",
            ]);
            expect(await publishedAt(), "time of the accepted surface").to.equal(time);
            const tx = await connection.ethers.provider.getTransaction(String(outcome.lines[1]!["tx"]));
            expect(tx?.from, "payer of the transaction in the log").to.equal(sender!.address);
        });

        it("should let the first signer pay where no other key is given", async () => {
            writeMarket(await now());
            const outcome = await run(undefined, {[SIGNER_KEYS]: keysOf(signers)});
            expect(outcome.lines[0]!["sender"], "sender").to.equal(one!.address);
            expect(outcome.code, outcome.text).to.equal(0);
        });

        it("should send nothing in a rehearsal: by default, and by --dry-run whatever the file says", async () => {
            writeMarket(await now());
            for (const [changes, args] of [
                [{dryRun: undefined}, [configFile, "--once"]],
                [{dryRun: false}, [configFile, "--once", "--dry-run"]],
            ] as const) {
                writeConfig(changes);
                const outcome = await run(args);
                expect(events(outcome)[1], args.join(" ")).to.equal("surfaces_simulated");
                expect(outcome.code, args.join(" ")).to.equal(0);
                expect(await publishedAt(), "accepted surface").to.equal(0);
            }
        });

        it("should not send a second time what the oracle has", async () => {
            writeMarket(await now());
            await run();
            const outcome = await run();
            expect(events(outcome), "second run").to.deep.equal([
                "publisher_ready",
                "nothing_new",
                "publisher_stopped",
            ]);
        });

        it("should go on round after round, read the file anew, and end with 0 on a signal", async () => {
            writeConfig({everySeconds: 1});
            const first = await now();
            writeMarket(first);
            const stop = new AbortController();
            const times: unknown[] = [];
            const outcome = await run(
                [configFile],
                KEYS,
                ({event, marketTime}) => {
                    if (event !== "surfaces_published") return;
                    times.push(marketTime);
                    // Publishing took a block, so the chain is at least a second further.
                    if (times.length === 1) writeMarket(first + 1, "0.61");
                    else stop.abort();
                },
                stop.signal,
            );
            expect(times, "market times of the two publications").to.deep.equal([first, first + 1]);
            expect(outcome.code, outcome.text).to.equal(0);
            expect(events(outcome).at(-1), "last event").to.equal("publisher_stopped");
        });
    });

    describe("given a market that the rules refuse", () => {
        it("should end with 1 and name the rule when the source stands still", async () => {
            writeMarket((await now()) - MAX_AGE - 60);
            const outcome = await run();
            expect(outcome.code, outcome.text).to.equal(EXIT_FAILURE);
            expect(lastError(outcome).code, "code of the failure").to.equal("time");
        });

        it("should stop after as many failures in a row as the file allows", async () => {
            writeConfig({everySeconds: 1, maxFailures: 2});
            writeMarket((await now()) - MAX_AGE - 60);
            const outcome = await run([configFile]);
            expect(events(outcome), "events").to.deep.equal([
                "publisher_ready",
                "round_failed",
                "round_failed",
                "publisher_failed",
            ]);
            expect(outcome.code, "exit code").to.equal(EXIT_FAILURE);
        });

        it("should end with 4 and say the contract's error in words when only the contract knows better", async () => {
            const many = Object.fromEntries(
                Array.from({length: 64}, (_, week) => {
                    const day = new Date((EXPIRY + week * DAY) * 1000).toISOString().slice(0, 10);
                    return [day, {forward: "50010", smile: {vol: "0.6"}}];
                }),
            );
            writeMarket(await now(), "0.6", {underlyings: {BTC: {spot: "50000", expiries: many}}});
            const outcome = await run();
            expect(outcome.code, outcome.text).to.equal(EXIT_REFUSED);
            expect(outcome.lines.at(-1)!["refusal"], "refusal").to.match(/expiries/i);
        });
    });

    describe("given wrong input", () => {
        const settings: readonly (readonly [string, string, () => void | Promise<void>, object?, string[]?])[] = [
            ["an unknown flag", "--onse", () => undefined, KEYS, ["--onse"]],
            ["two files", "One configuration file", () => undefined, KEYS, ["a.json", "b.json"]],
            ["no such file", "configuration: ENOENT", () => undefined, KEYS, ["absent.json"]],
            ["a file that is not JSON", "not JSON", () => writeFileSync(configFile, "{")],
            ["an unknown field", "colour", () => writeConfig({colour: "red"})],
            ["a wrong address", "surfaceOracle: not an address", () => writeConfig({surfaceOracle: "0x12"})],
            ["no keys", `${SIGNER_KEYS} is not set`, () => undefined, {}],
            ["a short key", `${SIGNER_KEYS}: key 2`, () => undefined, {[SIGNER_KEYS]: `${one!.privateKey},0x1234`}],
            ["a key twice", "a key twice", () => undefined, {[SIGNER_KEYS]: keysOf([one!, one!])}],
            ["a wrong paying key", SENDER_KEY, () => undefined, {...KEYS, [SENDER_KEY]: "secret"}],
            ["a stranger's key", "no signer", () => undefined, {[SIGNER_KEYS]: keysOf([one!, stranger!])}],
            ["too few keys", "1 keys cannot make 2", () => undefined, {[SIGNER_KEYS]: keysOf([one!])}],
            ["another chain", "not on 1", () => writeConfig({chainId: 1})],
            ["no contract", "No code", () => writeConfig({surfaceOracle: stranger!.address})],
            ["no market file", "marketFile: ENOENT", () => rmSync(marketFile)],
            ["a market that is not JSON", "not JSON", () => writeFileSync(marketFile, "now")],
            [
                "an unknown underlying",
                "DOGE",
                async () => writeMarket(await now(), "0.6", {underlyings: {DOGE: {spot: 1, expiries: {}}}}),
            ],
            [
                "a spot of zero",
                "BTC.spot",
                async () => writeMarket(await now(), "0.6", {underlyings: {BTC: {spot: 0, expiries: {}}}}),
            ],
        ];
        for (const [what, words, prepare, env, args] of settings) {
            it(`should end with 2 and name it: ${what}`, async () => {
                writeMarket(await now());
                await prepare();
                const outcome = await run(args ?? [configFile, "--once"], (env ?? KEYS) as Record<string, string>);
                expect(outcome.code, outcome.text).to.equal(EXIT_INPUT);
                expect(lastError(outcome).message, "message").to.include(words);
                expect(outcome.text, "a key in the log").to.not.match(/secret"|0x1234|[0-9a-f]{64}/);
            });
        }
    });

    it("should end with 1 at once where no node answers", async () => {
        writeConfig({rpcUrl: "http://127.0.0.1:9"});
        const outcome = await run();
        expect(outcome.code, outcome.text).to.equal(EXIT_FAILURE);
        expect(events(outcome), "events").to.deep.equal(["publisher_failed"]);
    });

    it("should explain itself", async () => {
        const {code, text} = await run(["--help"], {});
        expect(code, "exit code").to.equal(0);
        for (const word of ["--once", "--dry-run", SIGNER_KEYS, SENDER_KEY]) expect(text, "help").to.include(word);
    });
});
