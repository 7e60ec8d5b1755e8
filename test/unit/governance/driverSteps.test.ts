import {expect} from "chai";

import {perp} from "../../../scripts/sdk/instruments.js";
import {mulUp} from "../../../scripts/sdk/math/index.js";
import type {Book, RiskParameters} from "../../../scripts/sdk/risk/index.js";
import {SUBJECTS} from "../../../scripts/sdk/steward.js";
import {randomFrom} from "../../support/bits.js";
import {FLOOR, hour, MOST, rangeOf, STEP} from "../../support/driver.js";
import {bookOf, marketOf, parametersOf, stand} from "../../support/randomBooks.js";
import {BTC, createChain, deployWorld, E18} from "../../support/world.js";
import type {World} from "../../support/world.js";

const connection = await createChain();
const {time} = connection.networkHelpers;

const BOOKS = 200;
const MAX_STEP = E18 / 20n;
const EMPTY: Book = {model: "SCENARIO", cashE18: 0n, collateral: [], quotes: [], positions: []};

describe("FSP-6: VolatilityDriver, books", () => {
    /** Parameters before and after the first step of a rise, and after each that follows. */
    let stages: readonly RiskParameters[] = [];

    before(async () => {
        const world: World = await deployWorld(connection);
        const found = [await parametersOf(world)];
        for (let i = 0; (await rangeOf(world)) < (MOST * 100n) / 105n; ++i) {
            const before = await rangeOf(world);
            await hour(world, i % 2 === 0 ? 8n : -8n);
            if ((await rangeOf(world)) !== before) found.push(await parametersOf(world));
            const {target} = await world.all.riskSteward.ramp(SUBJECTS.UNDERLYING, BTC);
            if (BigInt(target) === 0n) continue;
            await time.increase(STEP);
            await world.all.riskSteward.step(SUBJECTS.UNDERLYING, BTC);
            found.push(await parametersOf(world));
        }
        stages = found;
    });

    it("FSP-6: should make no account liquidatable by one step that was above 1 + maxStep", () => {
        const random = randomFrom(66n);
        const edges = stages[0]!.underlyings.get(BTC)!.grid.map(({factorE18}) => factorE18);
        expect(stages[0]!.underlyings.get(BTC)!.params.rangeE18).to.equal(FLOOR);
        expect(stages.length).to.be.greaterThan(20);
        let greatestE18 = 0n;
        let felt = 0;
        let closed = 0;
        for (let i = 0; i < BOOKS; ++i) {
            const question = {book: bookOf(random, edges), market: marketOf(random)};
            const place = Number(random.below(BigInt(stages.length - 1)));
            const old = stand({...question, parameters: stages[place]!});
            const now = stand({...question, parameters: stages[place + 1]!});
            expect(now.equityE18, `book ${i}`).to.equal(old.equityE18);
            const allowed = mulUp(old.maintenanceE18, E18 + MAX_STEP) + 1n;
            expect(now.maintenanceE18 <= allowed, `book ${i}: ${old.maintenanceE18} to ${now.maintenanceE18}`).to.equal(
                true,
            );
            if (now.maintenanceE18 > old.maintenanceE18) {
                felt += 1;
                const rise = ((now.maintenanceE18 - old.maintenanceE18) * E18) / old.maintenanceE18;
                if (rise > greatestE18) greatestE18 = rise;
            }
            // The same book with exactly one and a step of its requirement, and a cent.
            const equityE18 = mulUp(old.maintenanceE18, E18 + MAX_STEP) + E18 / 100n;
            if (equityE18 < now.maintenanceE18) closed += 1;
        }
        expect(closed).to.equal(0);
        expect(felt, "books that feel a step").to.be.greaterThan(BOOKS / 2);
        expect(greatestE18 > E18 / 50n, `${greatestE18}: a step that hardly anybody feels proves little`).to.equal(
            true,
        );
    });

    it("FSP-6: should raise what a linear position needs as far as the range", () => {
        const [first, last] = [stages[0]!, stages.at(-1)!];
        const market = marketOf(randomFrom(1n));
        const book = {...EMPTY, positions: [{instrument: perp(BTC), sizeE18: E18}]};
        const needs = (parameters: RiskParameters): bigint => stand({book, market, parameters}).maintenanceE18;
        const {rangeE18} = last.underlyings.get(BTC)!.params;
        const part = (needs(last) * FLOOR * 100n) / (needs(first) * rangeE18);
        expect(part, "hundredths of the rise of the range").to.be.within(96n, 101n);
    });
});
