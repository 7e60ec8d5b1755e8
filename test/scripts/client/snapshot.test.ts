import {expect} from "chai";

import {
    amount,
    InputError,
    option,
    parsePrice,
    parseSize,
    parseUnits,
    perp,
    price,
    size,
} from "../../../scripts/sdk/index.js";
import {assessBook, scenarioDistances} from "../../../scripts/sdk/risk/index.js";
import * as twin from "../../../scripts/sdk/trade/index.js";
import {BTC, createChain, E18, ETH, expiryAhead, HOUR, now, report, USD} from "../../support/world.js";
import {openOffice} from "./fixture.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;

/** A book of a perpetual and a short call beside cash and ether, against a maker. */
async function fixture() {
    const office = await openOffice(connection);
    const [maker, taker] = office.clients;
    const expiry = await expiryAhead(office.world, 3);
    await report(office.world);
    for (const client of [maker, taker]) {
        await client.deposit({account: client.accountId(), token: "USDC", amount: amount(100_000n * USD)}).send();
        await client.deposit({account: client.accountId(), token: "WETH", amount: amount(10n * E18)}).send();
    }
    const call = option("CALL", BTC, expiry, 52_000n * 10n ** 8n);
    const signed = await maker.signQuote({
        maker: maker.accountId(),
        legs: [
            {instrument: perp(BTC), sizePerUnitE18: parseSize("-2"), priceE18: parsePrice("50050")},
            {instrument: call, sizePerUnitE18: parseSize("1.5"), priceE18: parsePrice("400")},
        ],
        unitsE18: parseUnits("1"),
        nonce: 1n,
        deadline: (await now(office.world)) + HOUR,
    });
    await taker.fill({signed, taker: taker.accountId()}).send();
    return {...office, maker, taker, call};
}

describe("client: snapshot", () => {
    it("should let the twin give every answer of the lenses, to the last unit", async () => {
        const {maker, taker, call} = await loadFixture(fixture);
        const account = taker.accountId();
        const party = {account, counterparty: maker.accountId(), role: "TAKER" as const};
        const snapshot = await taker.snapshot({...party, instruments: [perp(ETH)]});
        expect(snapshot.block, "block").to.equal(await time.latestBlock());
        const seen = await taker.account(account);
        expect(snapshot.book, "book").to.deep.equal(seen.book);
        expect(assessBook(snapshot), "margin").to.deep.equal(seen.margin);

        const {leftE18} = scenarioDistances(snapshot);
        expect(leftE18, "left until maintenance").to.equal(seen.margin.equityE18 - seen.margin.maintenanceE18);
        expect(twin.liquidationPrices(snapshot, BTC), "prices").to.deep.equal(
            await taker.liquidationPrices(account, BTC),
        );
        for (const symbol of ["USDC", "WETH"]) {
            const token = snapshot.tokens.get(symbol)!;
            expect(twin.maxWithdraw(snapshot, token), symbol).to.equal(await taker.maxWithdraw(account, symbol));
        }
        const lot = {instrument: call, priceE18: price(450n * E18), lotE18: size(-E18 / 100n)};
        expect(twin.maxSize(snapshot, lot), "greatest size").to.deep.equal(await taker.maxSize(party, lot));
        const legs = [{instrument: perp(ETH), sizeE18: size(-E18), priceE18: price(2490n * E18)}];
        const told = await taker.previewLegs(party, legs);
        expect(twin.previewLegs(snapshot, legs), "legs").to.deep.equal(told);
        const candidates = [{instrument: perp(BTC), mostE18: -E18, priceE18: 50_000n * E18, lotE18: E18 / 1000n}];
        const hedge = await taker.cheapestHedge({...party, role: "MAKER"}, candidates);
        expect(twin.cheapestHedge({...snapshot, role: "MAKER"}, candidates), "hedge").to.deep.equal(hedge);
    });

    it("should know nothing of instruments that it was not taken for", async () => {
        const {taker} = await loadFixture(fixture);
        const snapshot = await taker.snapshot({account: taker.accountId()});
        expect(snapshot.counterparty, "nobody").to.equal(twin.NOBODY);
        expect(() => twin.maxSize(snapshot, {instrument: perp(ETH), priceE18: E18, lotE18: E18}), "other").to.throw(
            "was not taken for",
        );
    });

    it("should leave out prices that are stale, and the twin say which it misses", async () => {
        const {taker} = await loadFixture(fixture);
        await time.increase(24 * HOUR);
        const snapshot = await taker.snapshot({account: taker.accountId()});
        expect([...snapshot.market.pricesE18.keys()], "prices").to.not.include(BTC);
        expect(() => assessBook(snapshot), "margin")
            .to.throw(InputError)
            .that.includes({code: "market-missing"});
    });
});
