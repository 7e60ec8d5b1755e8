import {expect} from "chai";

import {lnE18, mulDivUp, mulUp} from "../../../scripts/sdk/math/index.js";
import {MAJORS_GROUP} from "../../../scripts/sdk/risk/index.js";
import type {RiskParameters} from "../../../scripts/sdk/risk/index.js";
import {encodeFigures, SUBJECTS} from "../../../scripts/sdk/steward.js";
import type {Subject} from "../../../scripts/sdk/steward.js";
import {randomFrom} from "../../support/bits.js";
import {bookOf, marketOf, parametersOf, stand} from "../../support/randomBooks.js";
import {fieldsOf} from "../../support/steward.js";
import type {Fields} from "../../support/steward.js";
import {BTC, createChain, deployWorld, E18} from "../../support/world.js";
import type {World} from "../../support/world.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;
const fixture = (): Promise<World> => deployWorld(connection);

const STEP = 600;
const BOOKS = 300;
const USDT = 2;
const MAX_STEP = E18 / 20n;

type Move = {
    readonly title: string;
    readonly subject: Subject;
    readonly id: number;
    readonly target: (world: World) => Promise<readonly unknown[]>;
};

const underlyingMove = (title: string, change: (params: Fields) => Fields, widen = 0n): Move => ({
    title,
    subject: "UNDERLYING",
    id: BTC,
    target: async ({all: {riskParameters}}) => {
        const params = fieldsOf(await riskParameters.underlyingParams(BTC));
        const grid = (await riskParameters.scenarios(BTC)).map((one) => {
            const fields = fieldsOf(one);
            const factorE18 = E18 + ((fields["factorE18"]! - E18) * (100n + widen)) / 100n;
            return {...fields, factorE18, lnFactorE18: lnE18(factorE18)};
        });
        return [{...params, ...change(params)}, grid];
    },
});

const times =
    (name: string, numerator: bigint, denominator = 10n) =>
    (params: Fields): Fields => ({[name]: (params[name]! * numerator) / denominator});

const MOVES: readonly Move[] = [
    underlyingMove("wider shocks", () => ({}), 30n),
    underlyingMove("a greater rise of volatility", times("volUpE18", 20n)),
    underlyingMove("a greater fall of volatility", times("volDownE18", 20n)),
    underlyingMove("a higher floor of the up state", times("volFloorUpE18", 20n)),
    underlyingMove("a steeper term structure", times("powerShortE18", 15n)),
    underlyingMove("a flatter long end", times("powerLongE18", 5n)),
    underlyingMove("more for the roll", times("rollMinE18", 30n)),
    underlyingMove("more for the roll of a year", times("rollYearE18", 30n)),
    underlyingMove("higher floors", (p) => ({
        ...times("floorNetE18", 15n)(p),
        ...times("floorHedgedE18", 15n)(p),
        ...times("floorShortE18", 15n)(p),
    })),
    underlyingMove("a wider spread and more impact", (p) => ({
        ...times("spreadE18", 20n)(p),
        ...times("impactE18", 15n)(p),
        ...times("sigmaDayE18", 12n)(p),
        ...times("advE18", 5n)(p),
    })),
    underlyingMove(
        "everything at once",
        (p) => ({...times("volUpE18", 20n)(p), ...times("floorShortE18", 15n)(p)}),
        10n,
    ),
    {
        title: "less netting",
        subject: "GROUP",
        id: MAJORS_GROUP,
        target: () => Promise.resolve([0n]),
    },
    {
        title: "a greater keeper reserve",
        subject: "GLOBAL",
        id: 0,
        target: async ({all: {riskParameters}}) => {
            const global = fieldsOf(await riskParameters.globalParams());
            return [{...global, reserveBaseE18: 4n * global["reserveBaseE18"]!}];
        },
    },
];

describe("RiskSteward: no step takes an account from above 1 + maxStep to below one (STW-1)", () => {
    async function stepped(
        world: World,
        {subject, id, target}: Move,
    ): Promise<readonly [RiskParameters, RiskParameters]> {
        const {riskSteward} = world.all;
        const data = encodeFigures(subject, await target(world));
        const before = await parametersOf(world);
        await riskSteward.connect(world.officers.admin).setRules({
            rampSeconds: STEP,
            stepSeconds: STEP,
            maxStepE18: MAX_STEP,
            maxTightenE18: 10n * E18,
            reactionSeconds: 3600,
        });
        await riskSteward.connect(world.officers.risk).change(SUBJECTS[subject], id, data);
        await time.increase(STEP);
        await riskSteward.step(SUBJECTS[subject], id);
        return [before, await parametersOf(world)];
    }

    for (const move of MOVES) {
        it(`should hold for ${move.title}`, async () => {
            const world = await loadFixture(fixture);
            const [before, after] = await stepped(world, move);
            expect(after).to.not.deep.equal(before);
            const random = randomFrom(BigInt(move.title.length));
            const edges = before.underlyings.get(BTC)!.grid.map(({factorE18}) => factorE18);
            let greatest = 0n;
            for (let i = 0; i < BOOKS; ++i) {
                const question = {book: bookOf(random, edges), market: marketOf(random)};
                const old = stand({...question, parameters: before}).maintenanceE18;
                const now = stand({...question, parameters: after}).maintenanceE18;
                expect(now <= mulUp(old, E18 + MAX_STEP) + 1n, `book ${i}: ${old} to ${now}`).to.equal(true);
                if (old !== 0n && now > old)
                    greatest = [greatest, ((now - old) * E18) / old].reduce((a, b) => (a > b ? a : b));
            }
            expect(greatest > 0n, "a step that nobody feels proves nothing").to.equal(true);
        });
    }

    it("should hold for a smaller weight, counting what is owed beside the requirement", async () => {
        const world = await loadFixture(fixture);
        const {riskParameters} = world.all;
        const params = fieldsOf(await riskParameters.assetParams(USDT));
        const target = (): Promise<readonly unknown[]> =>
            Promise.resolve([{...params, weightE18: E18 / 2n, sizeE18: 10n ** 14n}]);
        const [before, after] = await stepped(world, {title: "", subject: "ASSET", id: USDT, target});
        const random = randomFrom(7n);
        let felt = 0;
        for (let i = 0; i < BOOKS; ++i) {
            const question = {book: bookOf(random, [E18]), market: marketOf(random)};
            const old = stand({...question, parameters: before});
            const now = stand({...question, parameters: after});
            // Worth above what is owed and required by a twentieth of the worth.
            const worthE18 = question.book.collateral.reduce(
                (sum, {assetId, unitsE18}) => sum + (assetId === USDT ? unitsE18 : 0n),
                0n,
            );
            const lost = old.equityE18 - now.equityE18;
            expect(lost <= mulDivUp(worthE18, MAX_STEP, E18 + MAX_STEP) + 1n, `book ${i}`).to.equal(true);
            expect(now.maintenanceE18).to.equal(old.maintenanceE18);
            if (lost > 0n) felt += 1;
        }
        expect(felt).to.be.greaterThan(BOOKS / 4);
    });
});
