import {expect} from "chai";
import {network} from "hardhat";

import {assessBook, collateralValue} from "../../scripts/sdk/risk/index.js";
import {randomFrom} from "../support/bits.js";
import {bookOf} from "../support/books.js";
import {CHAIN, compareWorld} from "../support/comparison.js";
import {chainBook, firstDifference, questionOf, riskChain, tellWorld} from "../support/riskChain.js";
import {UNDERLYINGS, worldOf} from "../support/worlds.js";

const connection = await network.create(CHAIN);
const {networkHelpers} = connection;

const SEED = 77n;
const WORLDS = 20;
const BOOKS = 25;
const BOOKS_ELSEWHERE = 8;
const EMPTY = {model: 0, cashE18: 0n, collateral: [], quotes: [], positions: []};
/** Seconds in which a world is told. */
const DELAY = 10_000;

/** `npm run fuzz:twin` does the same for as long as one likes. */
describe("differential: risk (RSK-7)", () => {
    const chain = () => riskChain(connection);

    for (let index = 0; index < WORLDS; index++) {
        it(`should give the same figures as the twin for every book of a random world (${index})`, async () => {
            const tally = await compareWorld(await networkHelpers.loadFixture(chain), SEED, index, BOOKS);
            expect(tally.difference?.what, `first difference, book ${tally.books} of seed ${SEED}`).to.equal(undefined);
            expect(tally.books, "books compared").to.equal(BOOKS);
        });
    }

    for (let index = 0; index < 3; index++) {
        context(`given random market data and parameters (${index})`, () => {
            async function told() {
                // Another fixture leaves its time behind.
                const now = (await networkHelpers.time.latest()) + DELAY;
                return tellWorld(await chain(), worldOf(randomFrom(BigInt(index)), now));
            }

            it("should equal assessments at another spot price to the unit", async () => {
                const {engine, world} = await networkHelpers.loadFixture(told);
                const random = randomFrom(BigInt(index) + SEED);
                for (let i = 0; i < BOOKS_ELSEWHERE; i++) {
                    const book = bookOf(random, world);
                    const underlying = random.pick(UNDERLYINGS);
                    const spotE18 = world.market.pricesE18.get(underlying)! / 3n + random.magnitude(60);
                    const twin = assessBook({...questionOf(world, book), whatIf: {underlying, spotE18}});
                    const assessment = await engine.assessBookAt(chainBook(book), underlying, spotE18);
                    expect(firstDifference("", twin, assessment), `book ${i}`).to.equal(undefined);
                }
            });

            it("should equal the value of collateral to the unit", async () => {
                const {engine, world} = await networkHelpers.loadFixture(told);
                const random = randomFrom(BigInt(index) + SEED);
                for (const [assetId, asset] of world.parameters.assets) {
                    const unitsE18 = random.magnitude(90);
                    const priceE18 = world.market.pricesE18.get(asset.feedId)!;
                    const value = collateralValue(asset, unitsE18, priceE18);
                    expect(value, `asset ${assetId}`).to.equal(
                        (await engine.assessBook({...EMPTY, collateral: [{assetId, unitsE18}]})).equityE18,
                    );
                }
            });
        });
    }
});
