import {expect} from "chai";

import {createDispatcher} from "../../../scripts/chain/dispatcher.js";
import {driveRanges} from "../../../scripts/keeper/driving.js";
import {FLOOR, rangeOf, SPACING} from "../../support/driver.js";
import {createChain, deployWorld, BTC, ETH, move, pass} from "../../support/world.js";
import type {World} from "../../support/world.js";

const connection = await createChain();
const {ethers, networkHelpers} = connection;

type Told = {readonly outcomes: string[]; readonly refused: unknown[]};

describe("FSP-6: a keeper that makes price ranges follow the market", () => {
    async function driven(world: World, named = true): Promise<Told> {
        const [signer] = await ethers.getSigners();
        const {provider} = ethers;
        const told: Told = {outcomes: [], refused: []};
        const limits = {timeoutMs: 10_000, attempts: 3, inFlight: 4, maxFeePerGasWei: 10n ** 12n};
        const acting = {
            provider,
            dispatcher: createDispatcher({signer: signer!, provider, ...limits}),
            from: signer!.address,
            dryRun: false,
            journal: {
                write: ({action, outcome, details}: {action: string; outcome: string; details: object}) => {
                    const {underlying, move: made} = details as {underlying: number; move: string};
                    if (outcome === "mined") told.outcomes.push(`${action} ${underlying} ${made}`);
                    return Promise.resolve();
                },
            },
            alone: async <T>(_: string, todo: () => Promise<T>) => ({result: await todo()}),
            log: () => undefined,
            nowMs: () => Date.now(),
        };
        const contracts = {
            riskEngine: await world.all.riskEngine.getAddress(),
            volatilityDriver: named ? await world.all.volatilityDriver.getAddress() : undefined,
        };
        const log = (event: string, fields?: object): void => void told.refused.push({event, ...fields});
        await driveRanges(await provider.getBlockNumber(), {config: {contracts}, provider, acting, log});
        return told;
    }

    const fixture = (): Promise<World> => deployWorld(connection);

    it("should take the step of every underlying that has one, and none again before the next is due", async () => {
        const world = await networkHelpers.loadFixture(fixture);
        const both = [`drive ${BTC} SAMPLED`, `drive ${ETH} SAMPLED`];
        expect((await driven(world)).outcomes, "first prices").to.deep.equal(both);
        expect((await driven(world)).outcomes, "nothing is due").to.deep.equal([]);
        await pass(world, SPACING);
        expect((await driven(world)).outcomes, "an hour later").to.deep.equal(both);
        expect((await driven(world, false)).outcomes, "no driver named").to.deep.equal([]);
    });

    it("should pass over an underlying that is refused, and say why", async () => {
        const world = await networkHelpers.loadFixture(fixture);
        await world.all.volatilityDriver.connect(world.officers.guardian).pause(BTC);
        const {outcomes, refused} = await driven(world);
        expect(outcomes).to.deep.equal([`drive ${ETH} SAMPLED`]);
        const told = {event: "drive_refused", underlying: BigInt(BTC), reason: "VolatilityDriver_Paused"};
        expect(refused).to.deep.equal([told]);
    });

    it("should announce a rise after hours of great moves, and bring it about", async () => {
        const world = await networkHelpers.loadFixture(fixture);
        const outcomes: string[] = [];
        for (let i = 0; i < 12; ++i) {
            await pass(world, SPACING);
            const spotE18 = world.spotE18.get(BTC)!;
            await move(world, {[BTC]: (spotE18 * (i % 2 === 0 ? 108n : 92n)) / 100n});
            outcomes.push(...(await driven(world)).outcomes);
        }
        expect(outcomes).to.include.members([`drive ${BTC} ANNOUNCED`, `drive ${BTC} DRIVEN`]);
        expect(await rangeOf(world), "beyond what officers ask for").to.be.greaterThan(FLOOR);
    });
});
