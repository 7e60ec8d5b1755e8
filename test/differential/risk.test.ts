import {expect} from "chai";
import {Result} from "ethers";
import {network} from "hardhat";

import {accountId} from "../../scripts/sdk/ids.js";
import {
    assessBook,
    breaches,
    collateralValue,
    evaluate,
    MARGIN_MODELS,
    report,
    strongestWitness,
    VOL_STATES,
} from "../../scripts/sdk/risk/index.js";
import type {Book, Question, Report} from "../../scripts/sdk/risk/index.js";
import type {MockMarket, RiskParameters} from "../../typechain-types/index.js";
import {randomFrom} from "../support/bits.js";
import {bookOf, UNDERLYINGS, witnessOf, worldOf} from "../support/books.js";
import type {World} from "../support/books.js";

const {ethers, networkHelpers} = await network.create();

const WORLDS = 4;
const BOOKS = 32;

/** As the contracts take it. */
const chainBook = (book: Book) => ({
    ...book,
    model: MARGIN_MODELS.indexOf(book.model),
    collateral: [...book.collateral],
    quotes: [...book.quotes],
    positions: [...book.positions],
});

/** As the contracts return it, without what only the twin tells. */
const chainReport = ({underlyings, groups, groupBinding, ...rest}: Report) => ({
    ...rest,
    groups: groups.map(BigInt),
    groupBinding: groupBinding.map(BigInt),
    underlyings: underlyings.map(({pnlE36: _, ...one}) => ({
        ...one,
        underlying: BigInt(one.underlying),
        group: BigInt(one.group),
        binding: BigInt(one.binding),
    })),
});

/** What a contract returned in the shape of what is expected, with every member it has. */
function shaped(expected: unknown, actual: unknown): unknown {
    if (!(actual instanceof Result)) return actual;
    if (Array.isArray(expected)) return [...actual].map((member: unknown, i) => shaped(expected[i], member));
    const names = Object.entries(expected as object);
    if (names.length !== actual.length) return [...actual];
    return Object.fromEntries(names.map(([name, member]) => [name, shaped(member, actual.getValue(name))]));
}

function expectEqual(expected: unknown, actual: unknown, label: string): void {
    expect(expected, label).to.deep.equal(shaped(expected, actual));
}

const EMPTY_BOOK = {model: 0, cashE18: 0n, collateral: [], quotes: [], positions: []};

describe("differential: risk (RSK-7)", () => {
    async function fixture() {
        const [admin] = await ethers.getSigners();
        const authority = await ethers.deployContract("AccessManager", [admin!]);
        const market = await ethers.deployContract("MockMarket");
        const global = {
            initialRatioE18: 8n * 10n ** 17n,
            reserveBaseE18: 0n,
            reservePerPositionE18: 0n,
            settlementFeedId: 1000,
        };
        const parameters = await ethers.deployContract("RiskParameters", [authority, market, market, global]);
        const table = await ethers.deployContract("CdfTable");
        const engine = await ethers.deployContract("RiskEngine", [market, market, parameters, table]);
        return {market, parameters, engine, account: accountId(admin!.address)};
    }

    async function tell(parameters: RiskParameters, market: MockMarket, world: World): Promise<void> {
        for (const [feedId, priceE18] of world.market.pricesE18) await market.setPrice(feedId, priceE18);
        for (const underlying of UNDERLYINGS) {
            const {params, grid} = world.parameters.underlyings.get(underlying)!;
            const quote = world.market.underlyings.get(underlying)!;
            const scenarios = grid.map((scenario) => ({...scenario, vol: VOL_STATES.indexOf(scenario.vol)}));
            await parameters.setUnderlying(underlying, params, scenarios);
            await market.setPerp(underlying, world.markRatiosE18.get(underlying)!, quote.fundingE18);
            await market.setOpenInterest(underlying, quote.openInterestE18);
            for (const [expiry, surface] of world.surfaces.get(underlying)!) {
                await market.setSurface(underlying, expiry, surface);
            }
            for (const [expiry, priceE18] of quote.settlements)
                await market.setSettlement(underlying, expiry, priceE18);
        }
        for (const [group, blendE18] of world.parameters.blendsE18) await parameters.setGroup(group, blendE18);
        for (const [assetId, asset] of world.parameters.assets) await parameters.setAsset(assetId, asset);
        await parameters.setGlobal(world.parameters.global);
    }

    for (let index = 0; index < WORLDS; index++) {
        context(`given random market data and parameters (${index})`, () => {
            const random = randomFrom(BigInt(index) + 77n);

            async function told() {
                const contracts = await fixture();
                // Setting takes blocks of a second; the questions are asked at one later time.
                const now = (await networkHelpers.time.latest()) + 10_000;
                const world = worldOf(randomFrom(BigInt(index)), now);
                await tell(contracts.parameters, contracts.market, world);
                await networkHelpers.time.increaseTo(now);
                return {...contracts, world};
            }

            it("should equal assessments and reports to the unit", async () => {
                const {engine, world} = await networkHelpers.loadFixture(told);
                for (let i = 0; i < BOOKS; i++) {
                    const book = bookOf(random, world);
                    const question: Question = {book, market: world.market, parameters: world.parameters};
                    const label = `book ${i}`;
                    const chain = chainBook(book);
                    expectEqual(assessBook(question), await engine.assessBook(chain), `${label}: assessment`);
                    expectEqual(chainReport(report(question)), await engine.report(chain), `${label}: report`);
                }
            });

            it("should equal what witnesses show to the unit", async () => {
                const {engine, market, account, world} = await networkHelpers.loadFixture(told);
                for (let i = 0; i < BOOKS / 4; i++) {
                    const book = bookOf(random, world);
                    await market.setBook(account, chainBook(book));
                    const now = await networkHelpers.time.latest();
                    const question = {book, market: {...world.market, now}, parameters: world.parameters};
                    const {parts, groups} = evaluate(question);
                    const length = world.parameters.underlyings.get(1)!.grid.length;
                    for (const witness of [
                        {own: [], joint: []},
                        witnessOf(random, parts.length, groups.length, length),
                        strongestWitness(evaluate(question)),
                    ]) {
                        const {short, equityE18, boundE18} = breaches(question, witness);
                        const told = await engine.breaches(account, {
                            own: [...witness.own],
                            joint: [...witness.joint],
                        });
                        expect([short, equityE18, boundE18], `book ${i}: witness`).to.deep.equal([...told]);
                    }
                }
            });

            it("should equal assessments at another spot price to the unit", async () => {
                const {engine, world} = await networkHelpers.loadFixture(told);
                for (let i = 0; i < BOOKS / 4; i++) {
                    const book = bookOf(random, world);
                    const underlying = random.pick(UNDERLYINGS);
                    const spotE18 = world.market.pricesE18.get(underlying)! / 3n + random.magnitude(60);
                    const whatIf = {underlying, spotE18};
                    const question = {book, market: world.market, parameters: world.parameters, whatIf};
                    const assessment = await engine.assessBookAt(chainBook(book), underlying, spotE18);
                    expectEqual(assessBook(question), assessment, `book ${i}`);
                }
            });

            it("should equal the value of collateral to the unit", async () => {
                const {engine, world} = await networkHelpers.loadFixture(told);
                for (const [assetId, asset] of world.parameters.assets) {
                    const unitsE18 = random.magnitude(90);
                    const priceE18 = world.market.pricesE18.get(asset.feedId)!;
                    const value = collateralValue(asset, unitsE18, priceE18);
                    expect(value, `asset ${assetId}`).to.equal((await engine.assessBook({...EMPTY_BOOK, collateral: [{assetId, unitsE18}]})).equityE18);
                }
            });
        });
    }
});
