import {expect} from "chai";

import type {Ballast} from "../../../scripts/client/index.js";
import {
    ANYONE,
    eventsOf,
    future,
    InputError,
    parsePrice,
    parseSize,
    parseUnits,
    perp,
} from "../../../scripts/sdk/index.js";
import type {InstrumentId, QuoteTerms, SignedQuote} from "../../../scripts/sdk/index.js";
import {amount, size} from "../../../scripts/sdk/units.js";
import {
    BTC,
    createChain,
    expiryAhead,
    feedOf,
    HOUR,
    now,
    pass,
    report,
    settleExpiry,
    USD,
} from "../../support/world.js";
import type {World} from "../../support/world.js";
import {allowed, openOffice, refused} from "./fixture.js";
import type {Office} from "./fixture.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;

type Market = Office & {readonly maker: Ballast; readonly taker: Ballast};

async function fixture(): Promise<Market> {
    const office = await openOffice(connection);
    const [maker, taker] = office.clients;
    for (const client of [maker, taker]) {
        await client.deposit({account: client.accountId(), token: "USDC", amount: amount(100_000n * USD)}).send();
    }
    return {...office, maker, taker};
}

let nonce = 0n;

/** The maker sells two units of one bitcoin at 50,100. */
async function termsOf(world: World, maker: Ballast, instrument: InstrumentId = perp(BTC)): Promise<QuoteTerms> {
    nonce += 1n;
    return {
        maker: maker.accountId(),
        legs: [{instrument, sizePerUnitE18: parseSize("-1"), priceE18: parsePrice("50100")}],
        unitsE18: parseUnits("2"),
        nonce,
        deadline: (await now(world)) + HOUR,
    };
}

const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe("client: trading", () => {
    it("should sign, verify, foresee and fill a quote", async () => {
        const {world, maker, taker} = await loadFixture(fixture);
        const signed = await maker.signQuote(await termsOf(world, maker));
        expect(signed.quote.taker, "for anyone").to.equal(ANYONE);
        await taker.verifyQuote(signed);
        const fill = taker.fill({signed, taker: taker.accountId(), units: parseUnits("0.5")});
        const {effect} = allowed(await fill.preview());
        expect(effect.legs, "what the taker gets").to.deep.equal([
            {instrument: perp(BTC), sizeE18: parseSize("0.5"), priceE18: parsePrice("50100")},
        ]);
        expect(effect.margin?.feeE18, "fee").to.equal(parseUnits("12.525"));
        const {events} = await fill.send();
        const [paid] = eventsOf(events, "clearinghouse", "FeePaid");
        expect(paid?.values.feeE18, "fee as foreseen").to.equal(effect.margin?.feeE18);
        const {digest, filledE18, leftE18, inEpoch} = await taker.quoteState(signed.quote);
        expect([filledE18, leftE18, inEpoch], "state").to.deep.equal([parseUnits("0.5"), parseUnits("1.5"), true]);
        const [filled] = eventsOf(events, "clearinghouse", "QuoteFilled");
        expect(filled?.values.quoteHash, "named by its digest").to.equal(digest);
        const more = taker.fill({signed, taker: taker.accountId()});
        expect(refused(await more.preview()).name, "all of it").to.equal("Clearinghouse_Overfilled");
    });

    it("should refuse quotes that somebody else signed", async () => {
        const {world, maker, taker, clients} = await loadFixture(fixture);
        const signed = await maker.signQuote(await termsOf(world, maker));
        const forged: SignedQuote = {...signed, quote: {...signed.quote, unitsE18: parseUnits("3")}};
        expect(await errorOf(taker.verifyQuote(forged)), "changed").to.include({code: "quote-signature"});
        const stranger = clients[2];
        const stolen = await stranger.signQuote(await termsOf(world, maker));
        const error = await errorOf(taker.verifyQuote(stolen));
        expect(error, "no right").to.be.instanceOf(InputError);
        expect((error as InputError).details, "who").to.include({signer: world.owners[2]!.address});
        await maker
            .setOperator({account: maker.accountId(), operator: world.owners[2]!.address, rights: ["trade"]})
            .send();
        await taker.verifyQuote(stolen);
        await taker.fill({signed: stolen, taker: taker.accountId()}).send();
    });

    it("should fill several, all or none, and reduce while a feed is silent", async () => {
        const {world, maker, taker} = await loadFixture(fixture);
        const first = await maker.signQuote(await termsOf(world, maker));
        const second = await maker.signQuote(await termsOf(world, maker));
        const account = taker.accountId();
        const many = taker.fillMany(
            [first, second].map((signed) => ({signed, taker: account, units: parseUnits("0.5")})),
        );
        expect(allowed(await many.preview()).effect.legs.length, "legs").to.equal(2);
        await many.send();
        expect((await taker.account(account)).book.positions[0]?.sizeE18, "position").to.equal(size(10n ** 18n));

        await time.increase(24 * HOUR);
        const legs = [{instrument: perp(BTC), sizePerUnitE18: parseSize("1"), priceE18: parsePrice("50000")}];
        const back = await maker.signQuote({...(await termsOf(world, maker)), legs, unitsE18: parseUnits("1")});
        const opening = taker.fill({signed: back, taker: account});
        expect(refused(await opening.preview()).name, "a fresh price is needed").to.equal("PriceOracle_Stale");
        const reducing = taker.fillReducing([{signed: back, taker: account, units: parseUnits("0.25")}]);
        expect(allowed(await reducing.preview()).effect.margin, "margin without a price").to.equal(undefined);
        await reducing.send();

        expect(() => taker.fillMany([]), "none").to.throw("A fill needs a quote");
        const others = [account, maker.accountId()].map((one) => ({signed: back, taker: one}));
        expect(() => taker.fillMany(others), "two takers").to.throw("one taker");
    });

    it("should cancel by nonce, by group and all at once", async () => {
        const {world, maker, taker} = await loadFixture(fixture);
        const name = async (signed: SignedQuote): Promise<string> =>
            refused(await taker.fill({signed, taker: taker.accountId()}).preview()).name;
        const byNonce = await maker.signQuote(await termsOf(world, maker));
        const byGroup = await maker.signQuote({...(await termsOf(world, maker)), group: 7n});
        const rest = await maker.signQuote(await termsOf(world, maker));
        const theirs = taker.cancelQuote(byNonce.quote);
        expect(refused(await theirs.preview()).name, "makers only").to.equal("Clearinghouse_NotAuthorised");
        const cancel = maker.cancelQuote(byNonce.quote);
        expect(allowed(await cancel.preview()).effect, "nothing to show").to.equal(undefined);
        await cancel.send();
        await maker.cancelGroup(byGroup.quote).send();
        expect(await name(byNonce), "nonce").to.equal("Clearinghouse_QuoteCancelled");
        expect(await name(byGroup), "group").to.equal("Clearinghouse_QuoteCancelled");
        allowed(await taker.fill({signed: rest, taker: taker.accountId()}).preview());
        await maker.cancelAll(maker.accountId()).send();
        expect(await name(rest), "all").to.equal("Clearinghouse_QuoteCancelled");
        expect((await taker.quoteState(rest.quote)).inEpoch, "epoch").to.equal(false);
        const next = await maker.signQuote(await termsOf(world, maker));
        allowed(await taker.fill({signed: next, taker: taker.accountId()}).preview());
    });

    it("should settle what has expired", async () => {
        const {world, maker, taker} = await loadFixture(fixture);
        const expiry = await expiryAhead(world, 1);
        await report(world);
        const instrument = future(BTC, expiry);
        const signed = await maker.signQuote(await termsOf(world, maker, instrument));
        await taker.fill({signed, taker: taker.accountId()}).send();
        const settle = taker.settleAccount(taker.accountId());
        expect(allowed(await settle.preview()).effect.settles, "nothing yet").to.deep.equal([]);
        await time.increaseTo(expiry - 60);
        await feedOf(world, BTC).getFunction("pushAnswer")(50_000n * 10n ** 8n);
        await pass(world, 120);
        await settleExpiry(world, BTC, expiry);
        const {effect} = allowed(await settle.preview());
        expect(effect.settles, "due").to.deep.equal([
            {instrument, sizeE18: parseSize("2"), priceE18: parsePrice("50000")},
        ]);
        const {events} = await settle.send();
        const [settled] = eventsOf(events, "clearinghouse", "AccountSettled");
        expect(settled?.values, "settled").to.deep.include({instrument, sizeE18: parseSize("2")});
        expect((await taker.account(taker.accountId())).book.positions, "gone").to.deep.equal([]);
    });
});
