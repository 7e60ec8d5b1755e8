import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";

import {createMakers} from "../../../../scripts/keeper/layOff/makers.js";
import {formatRequest, parseRequest} from "../../../../scripts/keeper/layOff/wire.js";
import {parseKeeperConfig} from "../../../../scripts/keeper/config.js";
import {accountId} from "../../../../scripts/sdk/ids.js";
import {perp} from "../../../../scripts/sdk/instruments.js";
import {Servers} from "../../../support/layOff.js";

const ADDRESS = `0x${"11".repeat(20)}`;
const REQUEST = {
    chainId: 31_337,
    clearinghouse: ADDRESS,
    account: accountId(ADDRESS, 3n),
    legs: [
        {instrument: perp(1), sizeE18: -(10n ** 18n)},
        {instrument: perp(2), sizeE18: 5n},
    ],
};

describe("keeper: what makers are asked", () => {
    it("should come out of the wire as it went in", () => {
        expect(parseRequest(formatRequest(REQUEST))).to.deep.equal(REQUEST);
        expect(JSON.parse(formatRequest(REQUEST))).to.deep.equal({
            chainId: 31_337,
            clearinghouse: ADDRESS,
            account: `${ADDRESS}/3`,
            legs: [
                {instrument: "BTC-PERP", sizeE18: "-1000000000000000000"},
                {instrument: "ETH-PERP", sizeE18: "5"},
            ],
        });
    });

    it("should be refused when it is something else", () => {
        const raw = JSON.parse(formatRequest(REQUEST)) as Record<string, unknown>;
        for (const [name, change] of Object.entries({
            "another field": {extra: 1},
            "no legs": {legs: []},
            "a size of zero": {legs: [{instrument: "BTC-PERP", sizeE18: "0"}]},
            "a size with a point": {legs: [{instrument: "BTC-PERP", sizeE18: "1.5"}]},
            "an unknown instrument": {legs: [{instrument: "XYZ-PERP", sizeE18: "1"}]},
            "no address": {clearinghouse: "0x12"},
            "no account": {account: "me"},
        })) {
            expect(() => parseRequest(JSON.stringify({...raw, ...change})), name).to.throw();
        }
    });
});

describe("keeper: makers", () => {
    const servers = new Servers();
    const folder = mkdtempSync(join(tmpdir(), "makers-"));
    afterEach(() => servers.close());
    after(() => rmSync(folder, {recursive: true}));

    /** What is heard, and what is logged of each maker. */
    async function ask(urls: readonly string[], quotesFile?: string): Promise<readonly [unknown[], unknown[]]> {
        const told: unknown[] = [];
        const log = (event: string, {maker, reason, quotes}: Readonly<Record<string, unknown>> = {}): void => {
            told.push([event, maker, reason ?? quotes]);
        };
        const heard = await createMakers({urls, quotesFile, timeoutMs: 300, log})(REQUEST);
        return [heard.map(({raw}) => raw), told];
    }

    it("should ask all at once, and wait no longer than the slowest may take", async () => {
        const silent = await Promise.all([0, 1, 2].map(() => servers.answering(() => undefined)));
        const good = await servers.answering((body) => [{asked: parseRequest(body).legs.length}]);
        const before = performance.now();
        const [heard, told] = await ask([...silent, good]);
        expect(performance.now() - before, "not one after the other").to.be.lessThan(800);
        expect(heard, "heard").to.deep.equal([{asked: 2}]);
        const names = silent.map((url) => ["maker_failed", new URL(url).host, "silent"]);
        expect(told, "told").to.have.deep.members([...names, ["maker_answered", new URL(good).host, 1]]);
    });

    it("should tell who is away, refuses, redirects, answers rubbish or too much", async () => {
        const cases = {
            "too-long": await servers.answering(() => "x".repeat(300_000)),
            garbage: await servers.answering(() => '"quote"'),
            away: "http://127.0.0.1:9/path/with/KEY",
        };
        for (const [reason, url] of Object.entries(cases)) {
            const [heard, told] = await ask([url]);
            expect([heard, told], reason).to.deep.equal([[], [["maker_failed", new URL(url).host, reason]]]);
        }
        const many = await servers.answering(() => Array.from({length: 257}, () => ({})));
        expect((await ask([many]))[1], "too many").to.deep.equal([["maker_failed", new URL(many).host, "too-long"]]);
    });

    it("should read a file of one quote or of several, and every file of a folder", async () => {
        writeFileSync(join(folder, "b.json"), '[{"n": 2}, {"n": 3}]');
        writeFileSync(join(folder, "a.json"), '{"n": 1}');
        writeFileSync(join(folder, "c.json"), '{"n":');
        writeFileSync(join(folder, "notes.txt"), "nothing");
        mkdirSync(join(folder, "empty"));
        const [heard, told] = await ask([], folder);
        expect(heard, "in order").to.deep.equal([{n: 1}, {n: 2}, {n: 3}]);
        expect(told, "and the torn one").to.have.deep.members([
            ["maker_answered", "file", 1],
            ["maker_answered", "file", 2],
            ["maker_failed", "file", "garbage"],
        ]);
        expect(await ask([], join(folder, "empty")), "an empty folder").to.deep.equal([[], []]);
        expect(await ask([], join(folder, "none")), "no file").to.deep.equal([[], [["maker_failed", "file", "away"]]]);
    });
});

describe("keeper: settings of laying off", () => {
    const raw = {
        rpcUrl: "http://127.0.0.1:8545",
        chainId: "1",
        contracts: Object.fromEntries(
            ["vault", "clearinghouse", "riskEngine", "priceOracle", "liquidator"].map((name) => [name, ADDRESS]),
        ),
        account: `${ADDRESS}/0`,
    };
    const closeOut = {contracts: {...raw.contracts, closeOut: ADDRESS}};

    it("should be off by default, and have defaults when on", () => {
        const {makers, hedge, sweepEverySeconds} = parseKeeperConfig(raw);
        expect({makers, hedge, sweepEverySeconds}).to.deep.equal({
            makers: [],
            hedge: undefined,
            sweepEverySeconds: 600,
        });
        const on = parseKeeperConfig({...raw, ...closeOut, makers: ["http://maker"], hedge: {}});
        expect(on.hedge).to.deep.equal({bandBps: 50, optionBandBps: 1_000});
        expect(parseKeeperConfig({...raw, sweepEverySeconds: null}).sweepEverySeconds, "off").to.equal(null);
    });

    it("should refuse a way to lay off without quotes, and quotes without a way", () => {
        for (const [change, said] of [
            [closeOut, "contracts.closeOut and hedge need makers or a quotesFile"],
            [{hedge: {}}, "contracts.closeOut and hedge need makers or a quotesFile"],
            [{makers: ["http://maker"]}, "quotes are of no use without contracts.closeOut or hedge"],
            [{quotesFile: "quotes"}, "quotes are of no use without contracts.closeOut or hedge"],
            [{...closeOut, makers: ["no url"]}, "makers.0"],
            [{hedge: {bandBps: 10_001}, quotesFile: "quotes"}, "hedge.bandBps"],
        ] as const) {
            expect(() => parseKeeperConfig({...raw, ...change}), said).to.throw(said);
        }
    });
});
