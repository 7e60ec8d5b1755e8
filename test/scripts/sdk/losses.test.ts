import {expect} from "chai";
import fc from "fast-check";
import {network} from "hardhat";

import {byCharge, roomE18, spend} from "../../../scripts/sdk/losses.js";
import {ZONES, zoneOf} from "../../../scripts/sdk/zone.js";

const {ethers} = await network.create();
const RUNS = 200;
const upTo = (max: bigint): fc.Arbitrary<bigint> => fc.bigInt({min: 0n, max});
const usd = upTo(10n ** 28n);

const budgets = fc
    .record({
        limitE18: usd,
        filledE18: usd,
        filledAt: upTo(10n ** 6n),
        windowSeconds: fc.oneof(fc.constant(0n), fc.bigInt({min: 3_600n, max: 2_592_000n})),
        later: upTo(3_000_000n),
    })
    .map(({later, ...budget}) => ({budget, now: budget.filledAt + later}));

const EMPTY = {
    group: 0,
    binding: 0,
    spotE18: 0n,
    deltaE18: 0n,
    lossE18: [],
    rollE18: 0n,
    floorDeltaE18: 0n,
    floorShortE18: 0n,
    openInterestE18: 0n,
    withheldE18: 0n,
};
const parts = fc.array(fc.record({scanE18: usd, addOnE18: usd, concentrationE18: usd}), {minLength: 1, maxLength: 4});

describe("sdk: losses", () => {
    it("should keep budgets as the contract does, to the unit (RSK-7)", async () => {
        const harness = await ethers.deployContract("LossHarness");
        await fc.assert(
            fc.asyncProperty(budgets, usd, async ({budget, now}, amount) => {
                expect(roomE18(budget, now), "room").to.equal(await harness.roomE18(budget, now));
                const [lostE18, left] = await harness.spend(budget, amount, now);
                const {limitE18, filledE18, filledAt, windowSeconds} = left;
                expect(spend(budget, amount, now), "loss").to.deep.equal({
                    lostE18,
                    left: {limitE18, filledE18, filledAt, windowSeconds},
                });
            }),
            {numRuns: RUNS},
        );
    });

    it("should split a loss as the contract does, to the unit", async () => {
        const harness = await ethers.deployContract("LossHarness");
        await fc.assert(
            fc.asyncProperty(parts, usd, async (charges, loss) => {
                const charged = charges.map((charge, index) => ({...charge, underlying: index + 1}));
                const told = await harness.byCharge(
                    charged.map((one) => ({...EMPTY, ...one})),
                    loss,
                );
                const expected = told.map(({underlying, amountE18}) => ({underlying: Number(underlying), amountE18}));
                expect(byCharge(charged, loss), "shares").to.deep.equal(expected);
            }),
            {numRuns: RUNS},
        );
        const nothing = [{underlying: 2, scanE18: 0n, addOnE18: 0n, concentrationE18: 0n}];
        expect(byCharge(nothing, 5n), "nobody's").to.deep.equal([{underlying: 0, amountE18: 5n}]);
    });

    it("should put accounts into the contract's zones, at the bounds too", async () => {
        const harness = await ethers.deployContract("LossHarness");
        const seen = new Set<string>();
        for (const [initialE18, maintenanceE18] of [
            [10n, 8n],
            [8n, 8n],
            [0n, 0n],
        ] as const) {
            for (const equityE18 of [-1n, 0n, 7n, 8n, 9n, 10n, 11n]) {
                const margin = {equityE18, initialE18, maintenanceE18};
                const zone = ZONES[Number(await harness.zone(margin))];
                expect(zoneOf(margin), `equity ${equityE18} of ${initialE18}`).to.equal(zone);
                seen.add(zoneOf(margin));
            }
        }
        expect([...seen].sort(), "every zone was met").to.deep.equal([...ZONES].sort());
    });
});
