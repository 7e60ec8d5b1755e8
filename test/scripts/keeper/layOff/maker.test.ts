import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";

import {createSnapshotReader, expiriesOf} from "../../../../scripts/chain/snapshot.js";
import {markOf, reachE18} from "../../../../scripts/keeper/layOff/marks.js";
import {serveMaker} from "../../../../scripts/keeper/layOff/maker.js";
import {formatRequest} from "../../../../scripts/keeper/layOff/wire.js";
import type {Wanted} from "../../../../scripts/keeper/layOff/wire.js";
import {main} from "../../../../scripts/keeper/maker.js";
import {walletsOf} from "../../../../scripts/node/local.js";
import {listen} from "../../../../scripts/node/server.js";
import {future, option, perp} from "../../../../scripts/sdk/instruments.js";
import {quoteDomain, verifyQuote} from "../../../../scripts/sdk/quotes.js";
import {readQuote} from "../../../../scripts/shared/quoteFile.js";
import type {QuoteFile} from "../../../../scripts/shared/quoteFile.js";
import {makerOf} from "../../../support/layOff.js";
import type {Cast} from "../../../support/layOff.js";
import {BTC, createChain, deployWorld, deposit, E18, expiryAhead, idOf, now, report} from "../../../support/world.js";
import {DAY, figuresOf, trade, USD, usd} from "../../../support/world.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;
const BPS = 10_000n;

type Market = Cast & {readonly expiry: number};

/** A maker and an account with money, and a day on which things expire. */
async function fixture(): Promise<Market> {
    const world = await deployWorld(connection);
    const [short, maker, keeper, ...others] = world.owners.map((owner) => ({owner}));
    const expiry = await expiryAhead(world, 3);
    await report(world);
    await deposit(world, maker!, "USDC", 900_000n * USD);
    await deposit(world, keeper!, "USDC", 900_000n * USD);
    return {world, short: short!, maker: maker!, keeper: keeper!, wallet: undefined as never, others, expiry};
}

const requestOf = ({world, keeper}: Cast, legs: readonly Wanted[]) => ({
    chainId: world.deployment.chainId,
    clearinghouse: world.deployment.contracts.clearinghouse,
    account: idOf(keeper),
    legs,
});

async function marks(cast: Market, instruments: readonly bigint[]): Promise<readonly (bigint | undefined)[]> {
    const reader = createSnapshotReader(connection.ethers.provider, cast.world.deployment.contracts);
    const block = await connection.ethers.provider.getBlockNumber();
    const snapshot = await reader.snapshot(expiriesOf(instruments), block);
    return instruments.map((instrument) => markOf(snapshot, instrument));
}

describe("keeper: marks", () => {
    it("should be what a position of one is worth to the engine", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker, keeper, expiry} = cast;
        const instruments = [
            perp(BTC),
            future(BTC, expiry),
            option("CALL", BTC, expiry, 52_000n * 10n ** 8n),
            option("PUT", BTC, expiry, 49_000n * 10n ** 8n),
        ];
        await world.all.clearinghouse
            .connect(world.officers.steward)
            .setFees({linearE18: 0n, optionE18: 0n, optionCapE18: 0n});
        const before = (await figuresOf(world, keeper)).equityE18;
        const prices = [usd(50_000), usd(50_000), usd(500), usd(600)];
        await trade(
            world,
            maker,
            keeper,
            [...instruments.entries()].map(([n, instrument]) => ({instrument, sizeE18: -E18, priceE18: prices[n]!})),
        );
        await report(world);
        const found = await marks(cast, instruments);
        const gained = found.reduce<bigint>((sum, mark, n) => sum + mark! - prices[n]!, 0n);
        const {equityE18} = await figuresOf(world, keeper);
        // A few seconds of funding and interest.
        expect(equityE18 - before, "what was gained").to.be.closeTo(gained, E18);
        expect(found[2]! > 0n && found[2] !== found[3], "options differ").to.equal(true);
    });

    it("should be unknown without a price", async () => {
        const cast = await loadFixture(fixture);
        expect(await marks(cast, [perp(9)]), "an underlying that is none").to.deep.equal([undefined]);
        await time.increase(3 * DAY);
        expect(await marks(cast, [perp(BTC)]), "an old price").to.deep.equal([undefined]);
    });

    it("should allow options another distance than the rest", () => {
        const band = {bandBps: 50, optionBandBps: 1_000};
        expect(reachE18(perp(BTC), 20_000n, band)).to.equal(100n);
        expect(reachE18(option("PUT", BTC, 1_900_000_000, 10n ** 12n), 20_000n, band)).to.equal(2_000n);
    });
});

describe("keeper: reference maker", () => {
    it("should quote each side at the mark less its spread, signed for who asks", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker, keeper, expiry} = cast;
        const call = option("CALL", BTC, expiry, 52_000n * 10n ** 8n);
        const legs = [
            {instrument: perp(BTC), sizeE18: -2n * E18},
            {instrument: call, sizeE18: 3n * E18},
            {instrument: option("CALL", BTC, expiry + 7 * DAY, 52_000n * 10n ** 8n), sizeE18: E18},
        ];
        const [perpMark, callMark] = await marks(cast, [perp(BTC), call]);
        const quotes = await makerOf(cast, maker)(requestOf(cast, legs));
        expect(quotes, "none without a surface").to.have.lengthOf(2);
        const domain = quoteDomain(BigInt(world.deployment.chainId), world.deployment.contracts.clearinghouse);
        for (const {signed} of quotes) {
            verifyQuote(domain, signed);
            expect([signed.quote.maker, signed.quote.taker], "whose and for whom").to.deep.equal([
                idOf(maker),
                idOf(keeper),
            ]);
            expect(signed.quote.deadline, "twenty minutes").to.equal((await now(world)) + 1_200);
        }
        const [bid, ask] = quotes.map(({signed: {quote}}) => ({...quote.legs[0]!, unitsE18: quote.unitsE18}));
        expect([bid!.sizePerUnitE18, bid!.unitsE18], "buys two").to.deep.equal([E18, 2n * E18]);
        expect([ask!.sizePerUnitE18, ask!.unitsE18], "sells three").to.deep.equal([-E18, 3n * E18]);
        expect((perpMark! - bid!.priceE18) * BPS, "a tenth of a per cent").to.be.closeTo(10n * perpMark!, BPS);
        expect((ask!.priceE18 - callMark!) * BPS, "a whole one").to.be.closeTo(100n * callMark!, BPS);
    });

    it("should quote nothing for another chain or clearinghouse", async () => {
        const cast = await loadFixture(fixture);
        const quote = makerOf(cast, cast.maker);
        const request = requestOf(cast, [{instrument: perp(BTC), sizeE18: E18}]);
        expect(await quote(request), "this one").to.have.lengthOf(1);
        expect(await quote({...request, chainId: 1}), "another chain").to.deep.equal([]);
        const other = cast.maker.owner.address;
        expect(await quote({...request, clearinghouse: other}), "another contract").to.deep.equal([]);
    });

    it("should say so when it is asked for something else, and when it fails itself", async () => {
        const cast = await loadFixture(fixture);
        const told: string[] = [];
        const log = (event: string): void => void told.push(event);
        const place = {host: "127.0.0.1", port: 0};
        const served = await serveMaker(makerOf(cast, cast.maker), place, log);
        const broken = await serveMaker(() => Promise.reject(new Error("no node")), place, log);
        try {
            const post = (url: string, body: string) => fetch(url, {method: "POST", body});
            const good = formatRequest(requestOf(cast, [{instrument: perp(BTC), sizeE18: E18}]));
            const answer = await post(served.url, good);
            expect(answer.status, "good").to.equal(200);
            expect(((await answer.json()) as unknown[]).map(readQuote), "quotes").to.have.lengthOf(1);
            for (const body of ["", "{", "{}", "[]"]) expect((await post(served.url, body)).status, body).to.equal(400);
            expect((await post(broken.url, good)).status, "broken").to.equal(500);
            const long: unknown = await post(served.url, "x".repeat(70_000)).catch((error: unknown) => error);
            expect(long, "cut off").to.be.instanceOf(Error);
        } finally {
            await served.close();
            await broken.close();
        }
        expect(told[0]).to.equal("quotes_given");
        expect(told.slice(1), "each of the five").to.deep.equal(Array.from({length: 5}, () => "request_failed"));
    });
});

describe("keeper: reference maker's program", () => {
    const folder = mkdtempSync(join(tmpdir(), "maker-"));
    const file = join(folder, "maker.json");
    const [wallet] = walletsOf(1);
    after(() => rmSync(folder, {recursive: true}));

    it("should answer until the signal, and not start with a wrong set-up", async () => {
        const cast = await loadFixture(fixture);
        const server = await listen(connection.provider, 0);
        const {vault, clearinghouse, riskEngine} = cast.world.deployment.contracts;
        const config = {
            rpcUrl: server.url,
            chainId: cast.world.deployment.chainId,
            contracts: {vault, clearinghouse, riskEngine},
            account: `${wallet!.address}/0`,
            http: {port: 0},
            logLevel: "error",
        };
        const run = async (
            change: object,
            env: NodeJS.ProcessEnv,
            onServed?: (url: string) => void,
        ): Promise<unknown> => {
            writeFileSync(file, JSON.stringify({...config, ...change}));
            const stop = new AbortController();
            const heard: unknown[] = [];
            await main(file, env, stop.signal, (url) => {
                const body = formatRequest(requestOf(cast, [{instrument: perp(BTC), sizeE18: E18}]));
                void fetch(url, {method: "POST", body})
                    .then((answer) => answer.json())
                    .then((quotes) => {
                        heard.push(quotes);
                        onServed?.(url);
                        stop.abort();
                    });
            });
            return heard[0];
        };
        const key = {MAKER_PRIVATE_KEY: wallet!.privateKey};
        try {
            const [quote] = (await run({}, key)) as [QuoteFile];
            expect(readQuote(quote).signed.signer, "by its key").to.equal(wallet!.address);
            for (const [said, change, env] of [
                ["colour", {colour: "red"}, key],
                ["MAKER_PRIVATE_KEY is not set", {}, {}],
                ["not on 1", {chainId: 1}, key],
            ] as const) {
                const failed: unknown = await run(change, env).catch((error: unknown) => error);
                expect(failed, said).to.have.property("message").that.includes(said);
            }
        } finally {
            await server.close();
        }
    });
});
