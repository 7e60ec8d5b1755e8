import {spawn} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";
import {network} from "hardhat";

import {walletsOf} from "../../../scripts/node/local.js";
import {listen} from "../../../scripts/node/server.js";
import {SENDER_KEY, SIGNER_KEYS} from "../../../scripts/oracle/config.js";
import {EXIT_FAILURE, EXIT_INPUT, main} from "../../../scripts/oracle/main.js";
import {ROOT} from "../../../scripts/tools/repository.js";

const E18 = 10n ** 18n;
const EXPIRIES = [Date.UTC(2031, 2, 7, 8) / 1000, Date.UTC(2031, 3, 4, 8) / 1000];
const BOUNDS = {
    maxAgeSeconds: 900,
    maxRatioStepE18: E18 / 50n,
    minRatioE18: E18 / 2n,
    maxRatioE18: 2n * E18,
    maxVolStepE18: E18 / 5n,
};
const FORWARD = 50_010;

const [admin, sender, one, two, three, stranger] = walletsOf(6);
const signers = [one!, two!, three!];

type Line = Readonly<Record<string, unknown>> & {readonly event: string};
type Outcome = {readonly code: number; readonly lines: readonly Line[]; readonly text: string};
type Cosigner = {readonly url: string; readonly lines: readonly Line[]; readonly stop: () => Promise<number>};

/** A smile around a volatility, quoted with half a point to either side. */
const quotes = (vol: number): object[] =>
    Array.from({length: 11}, (_, index) => {
        const distance = (index - 5) / 20;
        const at = vol + 0.3 * distance * distance - 0.05 * distance;
        return {strike: FORWARD * (1 + distance), bidVol: at - 0.005, askVol: at + 0.005, size: 3};
    });

describe("publisher with co-signers", () => {
    const folder = mkdtempSync(join(tmpdir(), "cosigners-"));
    const chain = {url: "", oracle: "", close: (): Promise<void> => Promise.resolve()};
    /** Where a co-signer was and is no more. */
    let dead = "";
    const cosigners: Cosigner[] = [];
    const closing: (() => void)[] = [];
    let connection: Awaited<ReturnType<typeof network.create>>;

    before(async () => {
        connection = await network.create();
        const server = await listen(connection.provider, 0);
        chain.url = server.url;
        chain.close = () => server.close();
        const gone = await listen(connection.provider, 0);
        dead = gone.url;
        await gone.close();
    });

    beforeEach(async () => {
        const {ethers} = connection;
        const manager = await ethers.deployContract("AccessManager", [admin!.address]);
        const addresses = signers.map(({address}) => address);
        const oracle = await ethers.deployContract("SurfaceOracle", [await manager.getAddress(), addresses, 2, BOUNDS]);
        chain.oracle = await oracle.getAddress();
    });

    afterEach(async () => {
        for (const cosigner of cosigners.splice(0)) expect(await cosigner.stop(), "exit code").to.equal(0);
        for (const close of closing.splice(0)) close();
    });

    after(async () => {
        await chain.close();
        await connection.close();
        rmSync(folder, {recursive: true, force: true});
    });

    const now = (): Promise<number> => connection.networkHelpers.time.latest();
    const places = EXPIRIES.map((expiry) => `1:${expiry}`);

    function write(name: string, content: object): string {
        const path = join(folder, name);
        writeFileSync(path, JSON.stringify(content));
        return path;
    }

    function writeMarket(name: string, time: number, vols: readonly number[]): string {
        const expiries = Object.fromEntries(
            vols.map((vol, index) => {
                const day = new Date(EXPIRIES[index]! * 1000).toISOString().slice(0, 10);
                return [day, {future: {bid: FORWARD - 2, ask: FORWARD + 2}, quotes: quotes(vol)}];
            }),
        );
        const at = new Date(time * 1000).toISOString();
        return write(name, {now: at, underlyings: {BTC: {spot: "50000", expiries}}});
    }

    const basics = (): object => ({rpcUrl: chain.url, chainId: 31_337, surfaceOracle: chain.oracle});

    async function run(
        args: readonly string[],
        env: Readonly<Record<string, string>>,
        signal = new AbortController().signal,
        onLine: (line: Line) => void = () => undefined,
    ): Promise<Outcome> {
        const lines: Line[] = [];
        let text = "";
        const write = (chunk: string): void => {
            text += chunk;
            if (!chunk.startsWith("{")) return;
            const line = JSON.parse(chunk) as Line;
            lines.push(line);
            onLine(line);
        };
        const code = await main(args, {env, signal, out: {write}});
        return {code, lines, text};
    }

    /** A co-signer as it is started from a shell, on any free port, with a market file of its own. */
    async function startCosigner(key: string, marketFile: string, changes: object = {}): Promise<Cosigner> {
        const config = write(`cosigner-${cosigners.length}.json`, {...basics(), marketFile, ...changes});
        const stop = new AbortController();
        const lines: Line[] = [];
        const ended: {outcome?: Promise<Outcome>} = {};
        const url = await new Promise<string>((settle, reject) => {
            const args = ["sign", config, "--port", "0"];
            ended.outcome = run(args, {[SIGNER_KEYS]: key}, stop.signal, (line) => {
                lines.push(line);
                if (line.event === "cosigner_ready") settle(String(line["url"]));
                if (line.event === "cosigner_failed") reject(new Error(JSON.stringify(line)));
            });
        });
        const cosigner = {
            url,
            lines,
            stop: async () => {
                stop.abort();
                return (await ended.outcome!).code;
            },
        };
        cosigners.push(cosigner);
        return cosigner;
    }

    const publish = (marketFile: string, urls: readonly string[], env: object = {}, changes = {}): Promise<Outcome> => {
        const config = {...basics(), marketFile, cosigners: urls, dryRun: false, cosignerTimeoutMs: 20_000, ...changes};
        return run([write("publisher.json", config), "--once"], {[SENDER_KEY]: sender!.privateKey, ...env});
    };

    const ofEvent = ({lines}: Pick<Outcome, "lines">, event: string): Line[] =>
        lines.filter((line) => line.event === event);
    const accepted = async (): Promise<number[]> => {
        const oracle = await connection.ethers.getContractAt("SurfaceOracle", chain.oracle);
        return (await oracle.expiries(1)).map(Number);
    };
    const lastError = ({lines}: Outcome): {readonly code?: string; readonly message: string} =>
        lines.at(-1)!["err"] as {readonly code?: string; readonly message: string};

    describe("given two of three who agree, and one who is dead", () => {
        it("should publish fitted surfaces without any key of its own but the payer's", async () => {
            const time = await now();
            const first = await startCosigner(one!.privateKey, writeMarket("one.json", time, [0.6, 0.6]));
            const second = await startCosigner(three!.privateKey, writeMarket("three.json", time, [0.605, 0.602]));
            const market = writeMarket("market.json", time, [0.602, 0.6]);
            const outcome = await publish(market, [dead, second.url, first.url]);
            expect(outcome.code, outcome.text).to.equal(0);
            expect(await accepted(), "expiries on chain").to.deep.equal(EXPIRIES);
            const [absent] = ofEvent(outcome, "cosigner_passed_over");
            expect(absent?.["cosigner"], "gone on without").to.equal(dead);
            const [{fits} = {fits: []}] = ofEvent(outcome, "smiles_fitted");
            expect(
                (fits as {inside: number}[]).map(({inside}) => inside),
                "inside the spread",
            ).to.deep.equal([1, 1]);
            const tx = String(ofEvent(outcome, "surfaces_published")[0]?.["tx"]);
            const mined = await connection.ethers.provider.getTransaction(tx);
            expect(mined?.from, "payer").to.equal(sender!.address);
            expect(
                ofEvent(first, "report_signed").map(({place}) => place),
                "signed by one",
            ).to.deep.equal(places);
        });

        it("should take signatures in any order of co-signers, beside a key of its own", async () => {
            const time = await now();
            const last = await startCosigner(one!.privateKey, writeMarket("one.json", time, [0.6]));
            const market = writeMarket("market.json", time, [0.6]);
            const outcome = await publish(market, [dead, last.url], {[SIGNER_KEYS]: two!.privateKey});
            expect(outcome.code, outcome.text).to.equal(0);
            expect(await accepted(), "expiries on chain").to.deep.equal(EXPIRIES.slice(0, 1));
        });
    });

    describe("given a co-signer that is a process of its own", () => {
        it("should publish with its signature, and the process should end with 0 on a signal", async function () {
            this.timeout(60_000);
            const marketFile = writeMarket("own.json", await now(), [0.6]);
            const config = write("own-process.json", {...basics(), marketFile});
            const args = ["scripts/run.mjs", "scripts/oracle/main.ts", "sign", config, "--port", "0"];
            const env = {...process.env, [SIGNER_KEYS]: three!.privateKey};
            const child = spawn(process.execPath, args, {cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"]});
            const ended = once(child, "exit");
            const url = await new Promise<string>((settle, reject) => {
                void ended.then(() => reject(new Error("the co-signer ended early")));
                child.stdout.setEncoding("utf8").on("data", (text: string) => {
                    const ready = /"url":"([^"]+)"/.exec(text);
                    if (ready !== null) settle(ready[1]!);
                });
            });
            try {
                const market = writeMarket("market.json", await now(), [0.6]);
                const outcome = await publish(market, [url], {[SIGNER_KEYS]: one!.privateKey});
                expect(outcome.code, outcome.text).to.equal(0);
                expect(await accepted(), "expiries on chain").to.deep.equal(EXPIRIES.slice(0, 1));
            } finally {
                child.kill("SIGTERM");
            }
            expect((await ended)[0], "exit code").to.equal(0);
        });
    });

    describe("given one who is dead and one who refuses a wrong report", () => {
        it("should publish nothing and say who refused and why", async () => {
            const time = await now();
            const honest = await startCosigner(two!.privateKey, writeMarket("two.json", time, [0.6, 0.6]));
            const wrong = writeMarket("market.json", time, [0.8, 0.8]);
            const outcome = await publish(wrong, [honest.url, dead], {[SIGNER_KEYS]: one!.privateKey});
            expect(outcome.code, outcome.text).to.equal(EXIT_FAILURE);
            expect(lastError(outcome).code, "code").to.equal("signers");
            const refused = ofEvent(outcome, "cosigner_refused");
            expect(refused.map(({signer, place, code}) => [signer, place, code])).to.deep.equal(
                places.map((place) => [two!.address, place, "vol-apart"]),
            );
            expect(refused[0]!["reason"], "reason").to.match(/^Volatility 0\.(79|8).* the own market says 0\.(59|6)/);
            expect(await accepted(), "expiries on chain").to.deep.equal([]);
            expect(ofEvent(honest, "report_refused").length, "in the log of who refused").to.equal(2);
        });

        it("should publish the report that has its signatures and leave out the other", async () => {
            const time = await now();
            const honest = await startCosigner(two!.privateKey, writeMarket("two.json", time, [0.6, 0.6]));
            const half = writeMarket("market.json", time, [0.6, 0.7]);
            const outcome = await publish(half, [honest.url, dead], {[SIGNER_KEYS]: one!.privateKey});
            expect(outcome.code, outcome.text).to.equal(0);
            expect(await accepted(), "expiries on chain").to.deep.equal(EXPIRIES.slice(0, 1));
            const [unsigned] = ofEvent(outcome, "report_unsigned");
            expect(unsigned, "left out").to.deep.include({surface: places[1], signatures: 1, threshold: 2});
        });
    });

    describe("given one who does not answer as it should", () => {
        const impostor = async (answer: (respond: (status: number, body: string) => void) => void): Promise<string> => {
            const server = createServer((_, response) => {
                answer((status, body) => void response.writeHead(status).end(body));
            });
            await new Promise<void>((settle) => void server.listen(0, "127.0.0.1", settle));
            closing.push(() => {
                server.close();
                server.closeAllConnections();
            });
            return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        };
        const signed = (signer: string, place = places[0]!): string =>
            JSON.stringify({signer, verdicts: [{place, signature: `0x${"12".repeat(65)}`}]});

        for (const [code, what, answer] of [
            ["cosigner-timeout", "silence", () => undefined],
            ["cosigner-answer", "a status of failure", (respond) => respond(503, "away")],
            ["cosigner-answer", "no JSON", (respond) => respond(200, "hello")],
            ["cosigner-answer", "other JSON", (respond) => respond(200, "{}")],
            ["cosigner-answer", "a place not asked for", (respond) => respond(200, signed(two!.address, "7:7"))],
            ["cosigner-signature", "a signature of nobody", (respond) => respond(200, signed(two!.address))],
            ["cosigner-signature", "a stranger", (respond) => respond(200, signed(stranger!.address))],
        ] as readonly (readonly [string, string, Parameters<typeof impostor>[0]])[]) {
            it(`should go on without it and name ${code}: ${what}`, async () => {
                const time = await now();
                const url = await impostor(answer);
                const market = writeMarket("market.json", time, [0.6]);
                const env = {[SIGNER_KEYS]: one!.privateKey};
                const outcome = await publish(market, [url], env, {cosignerTimeoutMs: 500});
                expect(outcome.code, outcome.text).to.equal(EXIT_FAILURE);
                const [line] = ofEvent(outcome, "cosigner_passed_over");
                expect((line?.["err"] as {code: string}).code, outcome.text).to.equal(code);
                expect(lastError(outcome).message, "end").to.include("No report has 2 signatures, the most is 1");
            });
        }

        it("should name cosigner-unreachable where nobody listens", async () => {
            const market = writeMarket("market.json", await now(), [0.6]);
            const outcome = await publish(market, [dead], {[SIGNER_KEYS]: one!.privateKey});
            const [line] = ofEvent(outcome, "cosigner_passed_over");
            expect((line?.["err"] as {code: string}).code).to.equal("cosigner-unreachable");
        });

        it("should not wait for it when there are signatures enough", async () => {
            const time = await now();
            const silent = await impostor(() => undefined);
            const honest = await startCosigner(two!.privateKey, writeMarket("two.json", time, [0.6]));
            const market = writeMarket("market.json", time, [0.6]);
            const startedMs = performance.now();
            const outcome = await publish(market, [silent, honest.url], {[SIGNER_KEYS]: one!.privateKey});
            expect(outcome.code, outcome.text).to.equal(0);
            expect(performance.now() - startedMs, "milliseconds, of twenty thousand allowed").to.be.below(15_000);
            expect(ofEvent(outcome, "cosigner_passed_over"), "passed over").to.deep.equal([]);
        });
    });

    describe("a co-signer", () => {
        const post = async (url: string, body: string, path = "/sign"): Promise<[number, string]> => {
            const response = await fetch(`${url}${path}`, {method: "POST", body});
            return [response.status, await response.text()];
        };

        it("should say whose key it holds, and answer nothing but proposals", async () => {
            const {url} = await startCosigner(two!.privateKey, writeMarket("two.json", await now(), [0.6]));
            const health = await (await fetch(`${url}/health`)).json();
            expect(health, "health").to.deep.equal({signer: two!.address});
            expect((await post(url, "{}", "/keys"))[0], "another path").to.equal(404);
            for (const [status, words, body] of [
                [400, "not JSON", "hello"],
                [400, "reports", JSON.stringify({chainId: "1", surfaceOracle: chain.oracle, reports: []})],
                [400, "chainId", JSON.stringify({chainId: "x", surfaceOracle: chain.oracle, reports: []})],
                [413, "characters", "x".repeat(1_100_000)],
            ] as const) {
                const [found, text] = await post(url, body);
                expect(found, words).to.equal(status);
                expect(text, "words").to.include(words);
            }
        });

        const proposal = (changes: object = {}, surfaceOracle = chain.oracle): string => {
            const figures = {forwardRatioE18: String(E18), discountE18: String(E18), aE18: "1", bE18: "1"};
            const surface = {publishedAt: 1, ...figures, rhoE18: "0", mE18: "0", sigmaE18: "1", ...changes};
            const reports = [{underlying: 1, expiry: EXPIRIES[0], surface}];
            return JSON.stringify({chainId: "31337", surfaceOracle, reports});
        };

        it("should refuse for another oracle, and what no report can hold", async () => {
            const {url} = await startCosigner(two!.privateKey, writeMarket("two.json", await now(), [0.6]));
            const [, away] = await post(url, proposal({}, stranger!.address));
            expect(away, "another oracle").to.include('"code":"wrong-oracle"');
            const [status, text] = await post(url, proposal({sigmaE18: String(2n ** 64n)}));
            expect([status, text.includes("sigmaE18: out of range")], text).to.deep.equal([400, true]);
        });

        it("should say why when it has no market", async () => {
            const {url, lines} = await startCosigner(two!.privateKey, join(folder, "absent.json"));
            const [status, text] = await post(url, proposal());
            expect(status, text).to.equal(503);
            expect(text, "words").to.include("marketFile: ENOENT");
            expect(lines.at(-1)?.event, "log").to.equal("proposal_failed");
        });

        it("should not start with two keys, none, a stranger's, or flags and files that are wrong", async () => {
            const marketFile = writeMarket("two.json", await now(), [0.6]);
            const good = write("cosigner.json", {...basics(), marketFile});
            const both = write("both.json", {...basics(), marketFile, marketStream: "tcp://localhost:1"});
            const portless = write("portless.json", {...basics(), marketStream: "tcp://localhost"});
            const key = {[SIGNER_KEYS]: two!.privateKey};
            for (const [words, args, env] of [
                ["holds one key", [good], {[SIGNER_KEYS]: `${one!.privateKey},${two!.privateKey}`}],
                ["is not set", [good], {}],
                ["is no signer", [good], {[SIGNER_KEYS]: stranger!.privateKey}],
                ["--port must be", [good, "--port", "70000"], key],
                ["One configuration file", [good, both], key],
                ["Unknown option", [good, "--once"], key],
                ["one of them", [both], key],
                ["needs its port", [portless], key],
            ] as readonly (readonly [string, readonly string[], Record<string, string>])[]) {
                const outcome = await run(["sign", ...args], env);
                expect(outcome.code, outcome.text).to.equal(EXIT_INPUT);
                expect(outcome.lines.at(-1)!.event, "event").to.equal("cosigner_failed");
                expect(lastError(outcome).message, "message").to.include(words);
            }
        });

        it("should explain itself", async () => {
            const {code, text} = await run(["sign", "--help"], {});
            expect(code, "exit code").to.equal(0);
            for (const word of ["--port", "cosigner.json", SIGNER_KEYS]) expect(text, "help").to.include(word);
        });
    });

    it("should not start without a payer, or with too few hands for the threshold", async () => {
        const market = writeMarket("market.json", await now(), [0.6]);
        const poor = await publish(market, [dead, dead], {[SENDER_KEY]: ""});
        expect(lastError(poor).message, "no payer").to.include(`${SENDER_KEY} is not set`);
        const few = await publish(market, [dead]);
        expect(lastError(few).message, "one co-signer").to.include("0 keys and 1 co-signers cannot make 2");
        expect([poor.code, few.code], "exit codes").to.deep.equal([EXIT_INPUT, EXIT_INPUT]);
    });
});
