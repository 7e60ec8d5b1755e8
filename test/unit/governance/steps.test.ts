import {expect} from "chai";

import {lnE18, mulDivUp, mulUp} from "../../../scripts/sdk/math/index.js";
import {future, option, perp} from "../../../scripts/sdk/instruments.js";
import {MAJORS_GROUP, assessBook, VOL_STATES} from "../../../scripts/sdk/risk/index.js";
import type {Book, ExpiryQuote, Market, Position, Question, RiskParameters} from "../../../scripts/sdk/risk/index.js";
import {encodeFigures, SUBJECTS} from "../../../scripts/sdk/steward.js";
import type {Subject} from "../../../scripts/sdk/steward.js";
import {randomFrom} from "../../support/bits.js";
import type {Random} from "../../support/bits.js";
import {fieldsOf} from "../../support/steward.js";
import type {Fields} from "../../support/steward.js";
import {BTC, createChain, deployWorld, E18, ETH, usd} from "../../support/world.js";
import type {World} from "../../support/world.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;
const fixture = (): Promise<World> => deployWorld(connection);

const STEP = 600;
const BOOKS = 300;
const NOW = 1_757_059_200;
const SECONDS = [3600, 86_400, 7 * 86_400, 90 * 86_400, 360 * 86_400] as const;
const USDC_FEED = 1000;
const USDT_FEED = 1001;
const USDT = 2;
const SPOTS = new Map([
    [BTC, usd(50_000)],
    [ETH, usd(2_500)],
]);
const MAX_STEP = E18 / 20n;

const numbersIn = (fields: Fields, ...names: readonly string[]): Record<string, bigint | number> =>
    Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, names.includes(key) ? Number(value) : value]),
    );

/** What the engine would read now, for the twin. */
async function parametersOf({all: {riskParameters}}: World): Promise<RiskParameters> {
    const underlyings = [BTC, ETH].map(async (id) => {
        const grid = (await riskParameters.scenarios(id)).map((one) => {
            const {vol, ...rest} = fieldsOf(one);
            return {...rest, vol: VOL_STATES[Number(vol)]};
        });
        const params = numbersIn(fieldsOf(await riskParameters.underlyingParams(id)), "group");
        return [id, {params, grid}] as const;
    });
    const assets = [0, 1, 2].map(async (id) => {
        const params = fieldsOf(await riskParameters.assetParams(id));
        return [id, numbersIn(params, "underlying", "feedId")] as const;
    });
    const global = numbersIn(fieldsOf(await riskParameters.globalParams()), "settlementFeedId");
    return {
        underlyings: new Map(await Promise.all(underlyings)),
        blendsE18: new Map([[MAJORS_GROUP, await riskParameters.groupBlendE18(MAJORS_GROUP)]]),
        assets: new Map(await Promise.all(assets)),
        global,
    } as unknown as RiskParameters;
}

function marketOf(random: Random): Market {
    const expiry = (): ExpiryQuote => ({
        forwardNumeratorE18: random.between((98n * E18) / 100n, (102n * E18) / 100n),
        forwardDenominatorE18: E18,
        discountE18: random.between((95n * E18) / 100n, E18),
        vol: {volE18: random.between(E18 / 5n, (15n * E18) / 10n)},
    });
    const quoteOf = (spotE18: bigint) => ({
        markE18: spotE18,
        fundingE18: 0n,
        openInterestE18: 10n ** 21n,
        expiries: new Map(SECONDS.map((seconds) => [NOW + seconds, expiry()])),
        settlements: new Map<number, bigint>(),
    });
    return {
        now: NOW,
        pricesE18: new Map([...SPOTS, [USDC_FEED, E18], [USDT_FEED, E18]]),
        underlyings: new Map([...SPOTS].map(([id, spotE18]) => [id, quoteOf(spotE18)])),
    };
}

/**
 * Strikes crowd around the edges of the grid, where a wider shock hurts most, on terms as short as an hour; or stand where no
 * shock reaches and only a floor asks for anything.
 */
function positionOf(random: Random, edges: readonly bigint[]): Position {
    const underlying = random.pick([BTC, ETH]);
    const spotE18 = SPOTS.get(underlying)!;
    const sizeE18 = (random.between(-100n, 100n) * usd(1_000)) / (spotE18 / E18);
    const expiry = NOW + random.pick(SECONDS);
    const kind = random.below(6n);
    if (kind === 0n) return {instrument: perp(underlying), sizeE18};
    if (kind === 1n) return {instrument: future(underlying, expiry), sizeE18};
    const far = [E18 / 5n, 8n * E18];
    const aroundE18 = random.pick([random.pick(edges), random.between(E18 / 2n, 2n * E18), random.pick(far)]);
    const strikeE18 = (spotE18 * (aroundE18 + random.between(-E18 / 200n, E18 / 200n))) / E18;
    const type = random.below(2n) === 0n ? "CALL" : "PUT";
    const sold = random.below(3n) !== 0n && sizeE18 > 0n ? -sizeE18 : sizeE18;
    return {instrument: option(type, underlying, expiry, strikeE18 / 10n ** 10n), sizeE18: sold};
}

function bookOf(random: Random, edges: readonly bigint[]): Book {
    const legs = Array.from({length: Number(random.pick([1n, 1n, 2n, 2n, 3n, 6n, 12n]))}, () =>
        positionOf(random, edges),
    );
    const unique = new Map(legs.filter(({sizeE18}) => sizeE18 !== 0n).map((leg) => [leg.instrument, leg]));
    const positions = [...unique.values()].sort((a, b) => (a.instrument < b.instrument ? -1 : 1));
    const units = (most: bigint): bigint => (random.below(2n) === 0n ? 0n : random.between(1n, most));
    return {
        model: "SCENARIO",
        cashE18: usd(random.between(-20_000n, 20_000n)),
        collateral: [units(30n * E18), units(2n * E18), units(usd(60_000))]
            .map((unitsE18, assetId) => ({assetId, unitsE18}))
            .filter(({unitsE18}) => unitsE18 !== 0n),
        quotes: [],
        positions,
    };
}

/** Maintenance, and what is left above it, counting what is owed as it counts in a health above one plus a step. */
function stand(question: Question): {maintenanceE18: bigint; equityE18: bigint} {
    const {maintenanceE18, equityE18} = assessBook(question);
    return {maintenanceE18, equityE18};
}

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
