import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";

import {perp} from "../../../scripts/sdk/instruments.js";
import {parseRequest} from "../../../scripts/keeper/layOff/wire.js";
import {castOf, configOf, keeping, makerOf, Servers, wired} from "../../support/layOff.js";
import type {Cast, Entry} from "../../support/layOff.js";
import {BTC, createChain, deposit, E18, idOf, USD, usd} from "../../support/world.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const HEDGE = {bandBps: 50, optionBandBps: 500};

/** The same with capital: the keeper can carry what it takes. */
async function fixture(): Promise<Cast> {
    const cast = await castOf(connection);
    await deposit(cast.world, cast.keeper, "USDC", 500_000n * USD);
    return cast;
}

const brief = (entries: readonly Entry[]): string[] => entries.map(({action, outcome}) => `${action} ${outcome}`);

describe("keeper: hedging after a take", function () {
    this.timeout(120_000);
    const servers = new Servers();
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "hedge-"));
    });
    afterEach(async () => {
        await servers.close();
        rmSync(folder, {recursive: true, force: true});
    });

    const sizeOf = ({world, keeper}: Cast): Promise<bigint> => world.all.clearinghouse.sizeOf(idOf(keeper), perp(BTC));

    /** Without the contract that closes out. */
    const plain = (cast: Cast): object => {
        const {closeOut, ...contracts} = configOf(cast, folder)["contracts"] as Record<string, string>;
        expect(closeOut, "there is one").to.be.a("string");
        return {contracts, hedge: HEDGE};
    };

    it("R28: should take with capital and lay the slice off in the next round, until it is flat", async () => {
        const cast = await loadFixture(fixture);
        const url = await servers.reference(cast, cast.maker, {spreadBps: 10});
        const keeper = await keeping(cast, folder, {...plain(cast), makers: [url]});
        const before = (await cast.world.all.riskEngine.assess(idOf(cast.keeper))).equityE18;
        await keeper.round();
        expect(brief(keeper.done()), "taken").to.deep.equal(["take mined"]);
        expect(await sizeOf(cast), "carried").to.be.greaterThan(0n);
        await keeper.round();
        expect(brief(keeper.done()), "laid off").to.deep.equal(["take mined", "hedge mined"]);
        expect(await sizeOf(cast), "flat").to.equal(0n);
        expect(await cast.world.all.clearinghouse.positionWords(idOf(cast.keeper)), "all of it").to.deep.equal([]);
        const cash = await cast.world.all.vault.cashOf(idOf(cast.keeper));
        expect(cash, "and the discount is cash, but for the spread").to.be.greaterThan(before + usd(1_000));
        await keeper.round();
        expect(keeper.done(), "nothing is left to do").to.have.lengthOf(2);
    });

    it("should fill what there is at prices inside the band, and wait for the rest", async () => {
        const cast = await loadFixture(fixture);
        const [second] = cast.others;
        await deposit(cast.world, second!, "USDC", 900_000n * USD);
        let far = true;
        const good = makerOf(cast, cast.maker, {spreadBps: 20});
        const wide = makerOf(cast, second!, {spreadBps: 60});
        const near = makerOf(cast, second!, {spreadBps: 40});
        const url = await servers.answering(async (body) => {
            const request = parseRequest(body);
            const half = {...request, legs: request.legs.map((leg) => ({...leg, sizeE18: leg.sizeE18 / 2n}))};
            const quotes = [...(far ? await good(half) : []), ...(await (far ? wide : near)(request))];
            return quotes.map(({signed}) => wired(cast, signed));
        });
        const keeper = await keeping(cast, folder, {...plain(cast), makers: [url]});
        await keeper.round();
        const taken = await sizeOf(cast);
        await keeper.round();
        const left = await sizeOf(cast);
        expect(left, "half of it").to.be.closeTo(taken / 2n, E18 / 1_000n);
        const text = await keeper.telemetry.metrics();
        const maker = new URL(url).host;
        expect(text, "the other half is too far away").to.include(
            `ballast_keeper_quotes_total{maker="${maker}",outcome="off-price"} 1`,
        );
        far = false;
        await keeper.round();
        expect(await sizeOf(cast), "flat").to.equal(0n);
        expect(brief(keeper.done()), "in two steps").to.deep.equal(["take mined", "hedge mined", "hedge mined"]);
    });

    it("should not spend more gas than the band has room for", async () => {
        const cast = await loadFixture(fixture);
        const quote = makerOf(cast, cast.maker, {spreadBps: 49});
        const url = await servers.answering(async (body) => {
            const request = parseRequest(body);
            // A little more than the least that is looked at.
            const legs = request.legs.map((leg) => ({...leg, sizeE18: leg.sizeE18 / 90n}));
            return (await quote({...request, legs})).map(({signed}) => wired(cast, signed));
        });
        const keeper = await keeping(cast, folder, {...plain(cast), makers: [url]});
        await keeper.round();
        await keeper.round();
        expect(brief(keeper.done()), "no hedge").to.deep.equal(["take mined"]);
        expect(
            keeper.events.some(({event}) => event === "hedge_too_dear"),
            "because of its gas",
        ).to.equal(true);
    });

    it("should leave its positions alone unless it is told to hedge", async () => {
        const cast = await loadFixture(fixture);
        const url = await servers.reference(cast, cast.maker, {spreadBps: 300});
        const keeper = await keeping(cast, folder, {makers: [url]});
        await keeper.round();
        await keeper.round();
        expect(brief(keeper.done()), "taken and kept").to.deep.equal(["take mined"]);
        expect(await sizeOf(cast), "carried").to.be.greaterThan(0n);
    });
});
