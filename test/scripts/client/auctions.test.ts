import {expect} from "chai";

import type {Ballast} from "../../../scripts/client/index.js";
import {
    amount,
    eventsOf,
    fraction,
    parseFraction,
    parsePrice,
    parseSize,
    parseUnits,
    perp,
    units,
    usd,
} from "../../../scripts/sdk/index.js";
import {BTC, createChain, fundBackstop, HOUR, move, now, pass, USD, usd as dollars} from "../../support/world.js";
import {allowed, openOffice, refused} from "./fixture.js";
import type {Office} from "./fixture.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const EVERYTHING = {own: [], joint: []};
const ANY_PRICE = usd(2n ** 255n - 1n);

type Market = Office & {readonly maker: Ballast; readonly short: Ballast; readonly keeper: Ballast};

/** An account that is long five bitcoin at 50,000 with 60,000 of its own. */
async function fixture(): Promise<Market> {
    const office = await openOffice(connection);
    const [maker, short, keeper] = office.clients;
    await fundBackstop(office.world, {owner: office.world.owners[7]!}, 5_000n * USD);
    await maker.deposit({account: maker.accountId(), token: "USDC", amount: amount(900_000n * USD)}).send();
    await short.deposit({account: short.accountId(), token: "USDC", amount: amount(60_000n * USD)}).send();
    const signed = await maker.signQuote({
        maker: maker.accountId(),
        legs: [{instrument: perp(BTC), sizePerUnitE18: parseSize("-5"), priceE18: parsePrice("50000")}],
        unitsE18: parseUnits("1"),
        nonce: 1n,
        deadline: (await now(office.world)) + HOUR,
    });
    await short.fill({signed, taker: short.accountId()}).send();
    return {...office, maker, short, keeper};
}

async function crashed(): Promise<Market> {
    const market = await loadFixture(fixture);
    await move(market.world, {[BTC]: dollars(45_500)});
    return market;
}

describe("client: auctions", () => {
    it("should not start against an account that has enough", async () => {
        const {world, short, keeper} = await loadFixture(fixture);
        await pass(world, 60);
        const order = {account: short.accountId(), keeper: keeper.accountId(), witness: EVERYTHING};
        const {name, sentence} = refused(await keeper.auctions.start(order).preview());
        expect(name, "refused").to.equal("Liquidator_NotShort");
        expect(sentence, "with figures").to.match(/: account 0x[^,]+, equity [\d.]+, bound [\d.]+\.$/);
        const call = keeper.auctions.callMargin(short.accountId());
        expect(refused(await call.preview()).name, "no margin call").to.equal("Liquidator_NoMarginCall");
    });

    it("should start with the witness of the lens and sell a slice", async () => {
        const {world, short, keeper} = await crashed();
        const account = short.accountId();
        const id = keeper.accountId();
        await keeper.deposit({account: id, token: "USDC", amount: amount(500_000n * USD)}).send();
        const witness = await keeper.auctions.witnessOf(account);
        const start = keeper.auctions.start({account, keeper: id, witness});
        const {effect} = allowed(await start.preview());
        expect(effect.equityE18 < effect.maintenanceE18, "short").to.equal(true);
        expect((await keeper.account(account)).zone, "zone").to.equal("liquidatable");
        await start.send();
        expect((await keeper.account(account)).auction.startedAt, "running").to.equal(await now(world));
        await pass(world, 600);
        const whole = await keeper.auctions.sliceTerms(account, fraction(10n ** 18n));
        const maxFraction = parseFraction("0.1");
        const take = keeper.auctions.take({account, keeper: id, maxFraction, maxPrice: ANY_PRICE});
        const {effect: terms} = allowed(await take.preview());
        expect(terms.fractionE18, "a tenth").to.equal(maxFraction);
        expect([terms.equityE18, whole.fractionE18 > maxFraction], "of the same book").to.deep.equal([
            whole.equityE18,
            true,
        ]);
        const cheap = keeper.auctions.take({account, keeper: id, maxFraction, maxPrice: usd(0n)});
        expect(refused(await cheap.preview()).name, "dear").to.equal("Liquidator_PriceAboveLimit");
        const {events} = await take.send();
        const [taken] = eventsOf(events, "liquidator", "SliceTaken");
        expect(taken?.values.fractionE18, "taken").to.equal(maxFraction);
        for (const wrong of [0n, 10n ** 18n + 1n]) {
            const order = {account, keeper: id, maxFraction: fraction(wrong), maxPrice: ANY_PRICE};
            expect(() => keeper.auctions.take(order), `fraction ${wrong}`).to.throw("not above 0 and at most 1");
        }
    });

    it("should look after an auction", async () => {
        const {world, short, keeper} = await crashed();
        const account = short.accountId();
        const start = keeper.auctions.start({account, keeper: keeper.accountId(), witness: EVERYTHING});
        const cancel = keeper.auctions.cancel(account);
        expect(refused(await cancel.preview()).name, "none runs").to.equal("Liquidator_NoAuction");
        await start.send();
        const restart = keeper.auctions.restart(account);
        expect(refused(await cancel.preview()).name, "short still").to.equal("Liquidator_StillShort");
        expect(refused(await restart.preview()).name, "below").to.equal("Liquidator_StillBelowMaintenance");
        const record = keeper.auctions.recordInsolvency(account);
        expect(refused(await record.preview()).name, "has equity").to.equal("Liquidator_NotInsolvent");
        await move(world, {[BTC]: dollars(50_000)});
        const {effect} = allowed(await restart.preview());
        expect(effect.equityE18 > effect.maintenanceE18, "not short any more").to.equal(true);
        await restart.send();
        await cancel.send();
        expect((await keeper.account(account)).auction.startedAt, "over").to.equal(0);
    });

    it("should close a slice out at quotes without capital", async () => {
        const {world, short, maker, keeper} = await crashed();
        const [account, id] = [short.accountId(), keeper.accountId()];
        await maker.auctions.start({account, keeper: maker.accountId(), witness: EVERYTHING}).send();
        await pass(world, 600);
        const signed = await maker.signQuote({
            maker: maker.accountId(),
            legs: [{instrument: perp(BTC), sizePerUnitE18: parseSize("1"), priceE18: parsePrice("45500")}],
            unitsE18: parseUnits("5"),
            nonce: 2n,
            deadline: (await now(world)) + HOUR,
        });
        const fills = [{signed, taker: id, units: units(0n)}];
        const order = {account, keeper: id, maxPrice: ANY_PRICE, minGain: usd(0n), fills};
        const close = keeper.auctions.closeOut(order);
        expect(refused(await close.preview()).name, "no rights yet").to.match(/NotAuthorised/);
        const operator = world.deployment.contracts.closeOut;
        await keeper.setOperator({account: id, operator, rights: ["trade", "liquidate"]}).send();
        const {effect} = allowed(await close.preview());
        expect(effect.gainE18 > 0n, "gains").to.equal(true);
        const greedy = keeper.auctions.closeOut({...order, minGain: usd(10n ** 30n)});
        expect(refused(await greedy.preview()).name, "limit").to.equal("CloseOut_GainBelowLimit");
        const {events} = await close.send();
        const [closed] = eventsOf(events, "closeOut", "ClosedOut");
        expect(closed?.values.gainE18 !== undefined && closed.values.gainE18 > 0n, "gained").to.equal(true);
        expect((await keeper.account(id)).book.positions, "nothing is kept").to.deep.equal([]);
    });
});
