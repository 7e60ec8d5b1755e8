/** Random books and markets for the twin, crowded where a change of parameters hurts most, and the parameters that stand on chain. */
import {future, option, perp} from "../../scripts/sdk/instruments.js";
import {MAJORS_GROUP, assessBook, VOL_STATES} from "../../scripts/sdk/risk/index.js";
import type {Book, ExpiryQuote, Market, Position, Question, RiskParameters} from "../../scripts/sdk/risk/index.js";
import type {Random} from "./bits.js";
import {fieldsOf} from "./steward.js";
import type {Fields} from "./steward.js";
import {BTC, E18, ETH, usd} from "./world.js";
import type {World} from "./world.js";

const NOW = 1_757_059_200;
const SECONDS = [3600, 86_400, 7 * 86_400, 90 * 86_400, 360 * 86_400] as const;
const USDC_FEED = 1000;
const USDT_FEED = 1001;
const SPOTS = new Map([
    [BTC, usd(50_000)],
    [ETH, usd(2_500)],
]);

const numbersIn = (fields: Fields, ...names: readonly string[]): Record<string, bigint | number> =>
    Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, names.includes(key) ? Number(value) : value]),
    );

/** What the engine would read now, for the twin. */
export async function parametersOf({all: {riskParameters}}: World): Promise<RiskParameters> {
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

export function marketOf(random: Random): Market {
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

export function bookOf(random: Random, edges: readonly bigint[]): Book {
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
export function stand(question: Question): {maintenanceE18: bigint; equityE18: bigint} {
    const {maintenanceE18, equityE18} = assessBook(question);
    return {maintenanceE18, equityE18};
}
