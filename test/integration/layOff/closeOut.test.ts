import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";

import {parseRequest} from "../../../scripts/keeper/layOff/wire.js";
import {castOf, configOf, grant, keeping, makerOf, Servers, SPOT, wired} from "../../support/layOff.js";
import type {Cast, Entry} from "../../support/layOff.js";
import {BTC, createChain, deposit, E18, figuresOf, idOf, move, now, offer, pass} from "../../support/world.js";
import {start, trade, USD, usd} from "../../support/world.js";
import type {Side} from "../../support/world.js";
import {perp} from "../../../scripts/sdk/instruments.js";
import type {Quote, SignedQuote} from "../../../scripts/sdk/quotes.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const fixture = (): Promise<Cast> => castOf(connection);

/** A bid for so many bitcoin, signed and ready to travel. */
async function bid(
    cast: Cast,
    maker: Side,
    whole: number,
    sizeE18: bigint,
    terms: Partial<Quote> = {},
): Promise<ReturnType<typeof wired>> {
    const leg = {instrument: perp(BTC), sizeE18: E18, priceE18: usd(whole)};
    const item = await offer(cast.world, maker, cast.keeper, [leg], {unitsE18: sizeE18 as never, ...terms});
    const {quote, signer, signature} = item as unknown as SignedQuote;
    return wired(cast, {quote, signer, signature});
}

const brief = (entries: readonly Entry[]): string[] => entries.map(({action, outcome}) => `${action} ${outcome}`);

describe("keeper: close-out without capital", function () {
    this.timeout(120_000);
    const servers = new Servers();
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "close-out-"));
    });
    afterEach(async () => {
        await servers.close();
        rmSync(folder, {recursive: true, force: true});
    });

    const cashOf = ({world, keeper}: Cast): Promise<bigint> => world.all.vault.cashOf(idOf(keeper));
    const wordsOf = ({world, keeper}: Cast): Promise<readonly bigint[]> =>
        world.all.clearinghouse.positionWords(idOf(keeper));

    it("R28: should close a short account through makers without a deposit, and end flat with a gain", async () => {
        const cast = await loadFixture(fixture);
        const url = await servers.reference(cast, cast.maker);
        const keeper = await keeping(cast, folder, {makers: [url]});
        await keeper.round();
        const [entry, ...others] = keeper.done();
        expect([brief([entry!]), others], "one transaction").to.deep.equal([["close_out mined"], []]);
        const gained = await cashOf(cast);
        expect(await wordsOf(cast), "flat").to.deep.equal([]);
        expect(gained >= BigInt(entry!.details["minGainE18"]!), "no less than the limit").to.equal(true);
        expect(gained, "what was foretold, but for a second").to.be.closeTo(
            BigInt(entry!.details["gainE18"]!),
            usd(20),
        );
        expect(gained, "more than a thousand dollars of discount").to.be.greaterThan(usd(1_000));
        const {equityE18, maintenanceE18} = await figuresOf(cast.world, cast.short);
        expect(equityE18 * 100n, "and the account is at its target").to.be.at.least(maintenanceE18 * 124n);
        await keeper.round();
        expect(keeper.done(), "nothing is left to do").to.have.lengthOf(1);
    });

    it("should find quotes in files, each its maker's, and take the best first", async () => {
        const cast = await loadFixture(fixture);
        const [second] = cast.others;
        await deposit(cast.world, second!, "USDC", 900_000n * USD);
        const best = await bid(cast, second!, SPOT + 50, E18);
        const whole = await bid(cast, cast.maker, SPOT, 10n * E18);
        writeFileSync(join(folder, "best.json"), JSON.stringify(best));
        writeFileSync(join(folder, "rest.json"), JSON.stringify([whole]));
        const own = join(folder, "own");
        const keeper = await keeping(cast, own, {quotesFile: folder});
        await keeper.round();
        expect(keeper.done()[0], "both").to.deep.include({action: "close_out", outcome: "mined"});
        expect(keeper.done()[0]?.details["fills"], "of them").to.equal(2);
        const bought = await cast.world.all.clearinghouse.sizeOf(idOf(second!), perp(BTC));
        expect(bought, "all of the best").to.equal(E18);
    });

    it("should close the part that quotes reach for", async () => {
        const cast = await loadFixture(fixture);
        const part = await bid(cast, cast.maker, SPOT, E18 / 2n);
        const url = await servers.answering(() => [part]);
        const keeper = await keeping(cast, folder, {makers: [url]});
        await keeper.round();
        expect(brief(keeper.done()), "closed").to.deep.equal(["close_out mined"]);
        expect(await wordsOf(cast), "flat").to.deep.equal([]);
        const sold = 5n * E18 - (await cast.world.all.clearinghouse.sizeOf(idOf(cast.short), perp(BTC)));
        expect(sold, "about half a bitcoin").to.be.within((E18 * 48n) / 100n, E18 / 2n);
    });

    it("R28: should lose nothing to makers who lie, are silent, or answer rubbish", async () => {
        const cast = await loadFixture(fixture);
        const [poor, thief, far] = cast.others;
        const {clearinghouse} = cast.world.all;
        const good = await bid(cast, cast.maker, SPOT, 10n * E18);
        const cancelled = await bid(cast, cast.maker, SPOT + 400, 10n * E18);
        const spent = await bid(cast, cast.maker, SPOT + 400, E18 / 100n);
        await clearinghouse.connect(cast.maker.owner).cancelQuote(idOf(cast.maker), BigInt(cancelled.nonce));
        const lies = [
            // Nothing behind it.
            await bid(cast, poor!, SPOT + 900, 10n * E18),
            cancelled,
            spent,
            {...(await bid(cast, thief!, SPOT + 800, 10n * E18)), maker: good.maker},
            {...good, legs: good.legs.map((leg) => ({...leg, price: String(SPOT + 500)}))},
            {...good, chainId: 1},
            {...good, clearinghouse: thief!.owner.address},
            {...good, group: String(2n ** 64n)},
            {...good, units: "-1"},
            {...good, extra: true},
            {...good, signature: "0x1234"},
            await bid(cast, cast.maker, SPOT + 500, 10n * E18, {taker: idOf(far!)}),
            await bid(cast, cast.maker, SPOT + 500, 10n * E18, {deadline: (await now(cast.world)) - 1}),
            // Far beyond what the clearinghouse takes for a price.
            await bid(cast, cast.maker, 2 * SPOT, 10n * E18),
        ];
        const urls = [
            await servers.answering(() => undefined),
            await servers.answering(() => "<html>no quotes</html>"),
            await servers.answering(() => `[${"1".repeat(300_000)}]`),
            await servers.answering(() => [[], null, 5]),
            "http://127.0.0.1:9",
            await servers.answering(() => lies),
            await servers.answering(() => [good, good]),
        ];
        const keeper = await keeping(cast, folder, {makers: urls});
        await keeper.round();
        expect(brief(keeper.done()), "closed out with the one who told the truth").to.deep.equal(["close_out mined"]);
        expect(await clearinghouse.sizeOf(idOf(poor!), perp(BTC)), "not with the poor").to.equal(0n);
        expect(await wordsOf(cast), "flat").to.deep.equal([]);
        const text = await keeper.telemetry.metrics();
        const [silent, html, long, list, away, liar, honest] = urls.map((url) => new URL(url).host);
        const answers = [
            [silent, "silent"],
            [html, "garbage"],
            [long, "too-long"],
            [list, "garbage"],
            [away, "away"],
            [liar, "answered"],
            [honest, "answered"],
        ].map(([maker, outcome]) => `ballast_keeper_maker_answers_total{maker="${maker}",outcome="${outcome}"} 1`);
        expect(text.split("\n"), "answers").to.include.members(answers);
        const judged = Object.entries({
            "maker-short": 1,
            cancelled: 1,
            "too-small": 1,
            "bad-signature": 3,
            "other-domain": 2,
            malformed: 3,
            "other-taker": 1,
            expired: 1,
            "off-price": 1,
        }).map(([outcome, n]) => `ballast_keeper_quotes_total{maker="${liar}",outcome="${outcome}"} ${n}`);
        judged.push(
            `ballast_keeper_quotes_total{maker="${honest}",outcome="usable"} 1`,
            `ballast_keeper_quotes_total{maker="${honest}",outcome="twice"} 1`,
        );
        expect(text.split("\n"), "quotes").to.include.members(judged);
    });

    it("should ask for a quote in the keeper's name, for what it would sell", async () => {
        const cast = await loadFixture(fixture);
        const asked: string[] = [];
        const url = await servers.answering((body) => {
            asked.push(body);
            return [];
        });
        const keeper = await keeping(cast, folder, {makers: [url]});
        await keeper.round();
        const {account, clearinghouse, chainId, legs} = parseRequest(asked[0]!);
        expect([account, clearinghouse, chainId], "for whom").to.deep.equal([
            idOf(cast.keeper),
            cast.world.deployment.contracts.clearinghouse,
            cast.world.deployment.chainId,
        ]);
        expect(legs, "one leg").to.have.lengthOf(1);
        expect(legs[0]?.instrument, "of what").to.equal(perp(BTC));
        expect(legs[0]?.sizeE18, "sold, and less than all").to.be.within(-5n * E18, -1n);
    });

    it("should do nothing without capital when quotes cost more than the discount", async () => {
        const cast = await loadFixture(fixture);
        const dear = await bid(cast, cast.maker, SPOT - 4_000, 10n * E18);
        const barely = await bid(cast, cast.maker, SPOT - 10, 10n * E18);
        const url = await servers.answering(() => [dear]);
        const poor = await keeping(cast, folder, {makers: [url]});
        await poor.round();
        expect(
            poor.events.some(({event}) => event === "close_out_refused"),
            "tried",
        ).to.equal(true);
        const other = await servers.answering(() => [barely]);
        const greedy = await keeping(cast, folder, {makers: [other], minProfit: "100000"});
        await greedy.round();
        expect(
            greedy.events.some(({event}) => event === "close_out_too_dear"),
            "too little",
        ).to.equal(true);
        expect(await cashOf(cast), "nothing was sent").to.equal(0n);
        expect((await cast.world.all.liquidator.auction(idOf(cast.short))).startedAt, "it runs").to.be.greaterThan(0n);
    });

    it("should send the better of both ways when it has capital", async () => {
        const cast = await loadFixture(fixture);
        await deposit(cast.world, cast.keeper, "USDC", 500_000n * USD);
        const dear = await servers.answering(async () => [await bid(cast, cast.maker, SPOT - 300, 10n * E18)]);
        const taking = await keeping(cast, join(folder, "a"), {makers: [dear]});
        const snapshot = await connection.networkHelpers.takeSnapshot();
        await taking.round();
        expect(brief(taking.done()), "the discount is worth more").to.deep.equal(["take mined"]);
        expect(await wordsOf(cast), "kept").to.have.lengthOf(1);
        await snapshot.restore();
        const good = await servers.answering(async () => [await bid(cast, cast.maker, SPOT + 300, 10n * E18)]);
        const closing = await keeping(cast, join(folder, "b"), {makers: [good]});
        await closing.round();
        expect(brief(closing.done()), "a better price than the mark").to.deep.equal(["close_out mined"]);
        expect(await wordsOf(cast), "flat").to.deep.equal([]);
    });

    it("should take no account with a close-out in which it has a position itself", async () => {
        const cast = await loadFixture(fixture);
        const {world, keeper, maker} = cast;
        await deposit(world, keeper, "USDC", 500_000n * USD);
        const leg = {instrument: perp(BTC), sizeE18: -E18, priceE18: usd(SPOT)};
        await world.all.clearinghouse.connect(keeper.owner).fill(await offer(world, maker, keeper, [leg]));
        const url = await servers.reference(cast, maker, {spreadBps: 0});
        const running = await keeping(cast, folder, {makers: [url]});
        await running.round();
        expect(brief(running.done()), "plainly").to.deep.equal(["take mined"]);
    });

    it("R28: should lose gas only when a quote expires on the way, and go on", async () => {
        const cast = await loadFixture(fixture);
        const {provider} = connection.ethers;
        let isLate = true;
        const relay = {
            broadcastTransaction: async (raw: string) => {
                if (isLate) await pass(cast.world, 700);
                isLate = false;
                return provider.broadcastTransaction(raw);
            },
        };
        const url = await servers.reference(cast, cast.maker, {quoteSeconds: 300});
        const keeper = await keeping(cast, folder, {makers: [url]}, {relay});
        const nonce = await provider.getTransactionCount(cast.wallet.address);
        await keeper.round();
        expect(brief(keeper.done()), "too late").to.deep.equal(["close_out failed"]);
        expect(await provider.getTransactionCount(cast.wallet.address), "mined").to.equal(nonce + 1);
        expect(await cashOf(cast), "no coin").to.equal(0n);
        expect(await wordsOf(cast), "no position").to.deep.equal([]);
        await keeper.round();
        expect(brief(keeper.done()), "with new quotes").to.deep.equal(["close_out failed", "close_out mined"]);
        expect(await cashOf(cast), "gained").to.be.greaterThan(usd(1_000));
    });

    it("should revert rather than gain less than its limit", async () => {
        const cast = await loadFixture(fixture);
        const {provider} = connection.ethers;
        const relay = {
            broadcastTransaction: async (raw: string) => {
                // The price falls by less than the quote's distance, and the slice is worth less than the quote pays for it.
                await move(cast.world, {[BTC]: usd(SPOT + 900)});
                return provider.broadcastTransaction(raw);
            },
        };
        const url = await servers.reference(cast, cast.maker);
        const keeper = await keeping(cast, folder, {makers: [url]}, {relay});
        await keeper.round();
        expect(brief(keeper.done()), "not at any price").to.deep.equal(["close_out failed"]);
        expect(await cashOf(cast), "nothing lost").to.equal(0n);
    });

    it("should not start with less than both rights, for the contract or the key, or without the contract", async () => {
        const cast = await loadFixture(fixture);
        const {world, keeper, others} = cast;
        const contracts = world.deployment.contracts;
        const startOf = async (change: object = {}, chain: object = {}): Promise<unknown> =>
            keeping(cast, folder, {makers: ["http://127.0.0.1:9"], ...change}, chain).then(
                () => "started",
                (error: unknown) => (error as {readonly code?: unknown}).code,
            );
        expect(await startOf(), "both").to.equal("started");
        const hand = others[0]!;
        await grant(world, keeper, hand.owner.address, 8n);
        expect(await startOf({}, {signer: hand.owner}), "the key").to.equal("not-authorised");
        await grant(world, keeper, hand.owner.address, 9n);
        expect(await startOf({}, {signer: hand.owner}), "the key with both").to.equal("started");
        await grant(world, keeper, contracts.closeOut, 8n);
        expect(await startOf(), "the contract").to.equal("not-authorised");
        const {contracts: named} = configOf(cast, folder) as {contracts: object};
        const gone = {contracts: {...named, closeOut: keeper.owner.address}};
        expect(await startOf(gone), "no contract").to.equal("no-code");
    });

    it("should close several accounts at once, and no unit of a quote twice", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker, others} = cast;
        const [second] = others;
        await deposit(world, second!, "USDC", 12_300n * USD);
        await trade(world, maker, second!, [{instrument: perp(BTC), sizeE18: -E18, priceE18: usd(SPOT)}]);
        await move(world, {[BTC]: usd(39_500)});
        await start(world, second!, maker);
        await pass(world, 600);
        const sizes: bigint[] = [];
        let given = 0n;
        const quote = makerOf(cast, maker);
        const url = await servers.answering(async (body) => {
            const request = parseRequest(body);
            sizes.push(...request.legs.map(({sizeE18}) => sizeE18));
            // Enough for the larger of the two only.
            const legs = request.legs.map((leg) => ({...leg, sizeE18: given === 0n ? leg.sizeE18 : given}));
            return (await quote({...request, legs})).map(({signed}) => wired(cast, signed));
        });
        const keeper = await keeping(cast, folder, {makers: [url]});
        const snapshot = await connection.networkHelpers.takeSnapshot();
        await keeper.round();
        expect(brief(keeper.done()), "both").to.deep.equal(["close_out mined", "close_out mined"]);
        expect(sizes, "asked once, for both").to.have.lengthOf(1);
        expect(await wordsOf(cast), "flat").to.deep.equal([]);
        await snapshot.restore();
        given = -5n * E18;
        const again = await keeping(cast, join(folder, "again"), {makers: [url]});
        await again.round();
        const sold = again.done().filter(({outcome}) => outcome === "mined");
        expect(sold.length, "what one quote is enough for").to.be.within(1, 2);
        expect(
            again.done().every(({outcome}) => outcome === "mined"),
            "none in vain",
        ).to.equal(true);
    });
});
