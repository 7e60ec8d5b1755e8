import {expect} from "chai";
import {network} from "hardhat";

import * as math from "../../scripts/sdk/math/index.js";
import * as black76 from "../../scripts/sdk/risk/black76.js";
import * as svi from "../../scripts/sdk/risk/svi.js";
import {batch} from "../support/batch.js";
import {randomFrom} from "../support/bits.js";
import type {Random} from "../support/bits.js";

const {ethers, networkHelpers} = await network.create();

const ONE = 10n ** 18n;
const RUNS = 1_000;

type Call = readonly bigint[];
type Twin = (...values: bigint[]) => bigint;

const draw = <T>(seed: bigint, make: (random: Random) => T, count = RUNS): T[] => {
    const random = randomFrom(seed);
    return Array.from({length: count}, () => make(random));
};

describe("differential: math", () => {
    async function fixture() {
        return {
            fixedPoint: await ethers.deployContract("FixedPointHarness"),
            pricing: await ethers.deployContract("PricingHarness"),
        };
    }

    async function compare(
        harness: "fixedPoint" | "pricing",
        name: string,
        twin: Twin,
        calls: readonly Call[],
    ): Promise<void> {
        const contracts = await networkHelpers.loadFixture(fixture);
        const results = await batch(contracts[harness], name, calls);
        calls.forEach((call, index) => expect(twin(...call), `${name}(${call.join(", ")})`).to.equal(results[index]));
    }

    /** A denominator so large that wide products, which take the slow path, have quotients that fit. */
    const wideDenominator = (random: Random): bigint => (1n << 100n) + random.magnitude(110);
    const signedProduct = (random: Random): Call =>
        random.pick([
            [random.signed(120), random.signed(120), random.magnitude(110)],
            [random.signed(200), random.signed(120), wideDenominator(random)],
            [random.signed(120), random.signed(200), wideDenominator(random)],
        ]);
    const unsignedProduct = (random: Random): Call =>
        random.pick([
            [random.magnitude(120), random.magnitude(120), random.magnitude(110)],
            [random.magnitude(200), random.magnitude(120), wideDenominator(random)],
        ]);

    for (const name of ["mulDivFloor", "mulDivCeil"] as const) {
        it(`should equal ${name} to the unit in both signs`, () =>
            compare("fixedPoint", name, math[name], draw(1n, signedProduct)));
    }

    for (const name of ["mulDivDown", "mulDivUp"] as const) {
        it(`should equal ${name} to the unit`, () =>
            compare("fixedPoint", name, math[name], draw(2n, unsignedProduct)));
    }

    for (const name of ["mulFloor", "mulCeil"] as const) {
        it(`should equal ${name} to the unit in both signs`, () =>
            compare(
                "fixedPoint",
                name,
                math[name],
                draw(3n, (random) => [random.signed(120), random.signed(120)]),
            ));
    }

    for (const name of ["mulDown", "mulUp", "divDown", "divUp"] as const) {
        it(`should equal ${name} to the unit`, () =>
            compare(
                "fixedPoint",
                name,
                math[name],
                draw(4n, (random) => [random.magnitude(120), random.magnitude(120)]),
            ));
    }

    it("should equal toE18, toNativeDown and toNativeUp to the unit", async () => {
        const calls = draw(5n, (random): Call => [random.magnitude(120), random.below(19n)]);
        for (const name of ["toE18", "toNativeDown", "toNativeUp"] as const) {
            await compare("fixedPoint", name, (amount, decimals) => math[name](amount, Number(decimals)), calls);
        }
    });

    it("should equal expE18 to the unit", () =>
        compare(
            "pricing",
            "expE18",
            math.expE18,
            draw(6n, (random) => [
                random.pick([random.between(-45n * ONE, 130n * ONE), random.signed(66), random.signed(40)]),
            ]),
        ));

    it("should equal lnE18 to the unit", () =>
        compare("pricing", "lnE18", math.lnE18, [
            ...draw(7n, (random) => [random.magnitude(256)]),
            ...draw(8n, (random) => [ONE + random.signed(59)]),
        ]));

    it("should equal lnRatioE18 to the unit", () =>
        compare(
            "pricing",
            "lnRatioE18",
            math.lnRatioE18,
            draw(9n, (random) => [random.magnitude(120), random.magnitude(120)]),
        ));

    it("should equal powE18 to the unit", () =>
        compare(
            "pricing",
            "powE18",
            math.powE18,
            draw(10n, (random) => [random.magnitude(80), random.between(-2n * ONE, 2n * ONE)]),
        ));

    it("should equal sqrtE18 and hypotE18 to the unit", async () => {
        await compare(
            "pricing",
            "sqrtE18",
            math.sqrtE18,
            draw(11n, (random) => [random.magnitude(190)]),
        );
        await compare(
            "pricing",
            "hypotE18",
            math.hypotE18,
            draw(12n, (random) => [random.signed(120), random.signed(120)]),
        );
    });

    for (const name of ["cdfE18", "pdfE18"] as const) {
        it(`should equal ${name} to the unit`, () =>
            compare("pricing", name, math[name], [
                ...draw(13n, (random) => [random.between(-10n * ONE, 10n * ONE)]),
                ...draw(14n, (random) => [random.signed(64)]),
            ]));
    }

    describe("options and smiles", () => {
        const KINDS = ["CALL", "PUT"] as const;
        const solidityKind = (kind: "CALL" | "PUT"): bigint => (kind === "CALL" ? 2n : 3n);
        const options = draw(15n, (random) => {
            const forward = random.between(ONE / 1000n, 200_000n * ONE);
            return {
                kind: random.pick(KINDS),
                forward,
                strike: random.pick([
                    random.between(forward / 20n + 1n, forward * 20n),
                    random.between(forward - forward / 10n, forward + forward / 10n + 1n),
                    random.magnitude(90),
                ]),
                w: random.pick([random.between(10n ** 15n, 2n * ONE), random.magnitude(66)]),
                discount: random.between(ONE / 2n, ONE + ONE / 10n),
                factor: random.between(ONE / 100n, 6n * ONE),
            };
        });

        it("should equal price and delta to the wei", async () => {
            const {pricing} = await networkHelpers.loadFixture(fixture);
            const calls = options.map(({kind, forward, strike, w, discount}) => [
                solidityKind(kind),
                forward,
                strike,
                w,
                discount,
            ]);
            for (const name of ["price", "delta"] as const) {
                const results = await batch(pricing, name, calls);
                options.forEach(({kind, forward, strike, w, discount}, index) =>
                    expect(
                        black76[name](black76.terms(kind, forward, strike, discount), w),
                        `${name} of ${kind} ${forward} ${strike} ${w} ${discount}`,
                    ).to.equal(results[index]),
                );
            }
        });

        it("should equal priceAt to the wei", async () => {
            const {pricing} = await networkHelpers.loadFixture(fixture);
            const shocked = options.map((option) => ({
                terms: black76.terms(option.kind, option.forward, option.strike, option.discount),
                factor: option.factor,
                lnFactor: math.lnE18(option.factor),
                w: option.w,
            }));
            const calls = shocked.map(({terms, factor, lnFactor, w}) => [
                {...terms, kind: solidityKind(terms.kind)},
                factor,
                lnFactor,
                w,
            ]);
            const results = await batch(pricing, "priceAt", calls);
            shocked.forEach(({terms, factor, lnFactor, w}, index) =>
                expect(black76.priceAt(terms, factor, lnFactor, w), `priceAt ${index}`).to.equal(results[index]),
            );
        });

        it("should equal totalVariance, volatility and isAcceptable", async () => {
            const {pricing} = await networkHelpers.loadFixture(fixture);
            const smiles = draw(16n, (random) => ({
                smile: {
                    aE18: random.between(-ONE / 10n, ONE),
                    bE18: random.between(0n, 5n * ONE),
                    rhoE18: random.between(-ONE - 2n, ONE + 2n),
                    mE18: random.between(-ONE, ONE),
                    sigmaE18: random.between(0n, ONE),
                },
                k: random.between(-4n * ONE, 4n * ONE),
                years: random.between(10n ** 14n, 2n * ONE),
            }));
            const surface = (smile: svi.Smile): object => ({
                ...smile,
                publishedAt: 1n,
                forwardRatioE18: ONE,
                discountE18: ONE,
            });
            const variances = await batch(
                pricing,
                "totalVariance",
                smiles.map(({smile, k}) => [surface(smile), k]),
            );
            const volatilities = await batch(
                pricing,
                "volatility",
                smiles.map(({smile, k, years}) => [surface(smile), k, years]),
            );
            const accepted = await batch(
                pricing,
                "isAcceptable",
                smiles.map(({smile}) => [surface(smile)]),
            );
            smiles.forEach(({smile, k, years}, index) => {
                expect(svi.totalVariance(smile, k), `variance ${index}`).to.equal(variances[index]);
                expect(svi.volatility(smile, k, years), `volatility ${index}`).to.equal(volatilities[index]);
                expect(svi.isAcceptable(smile), `acceptable ${index}`).to.equal(accepted[index]);
            });
            expect(new Set(accepted), "both answers occur").to.have.lengthOf(2);
        });
    });
});
