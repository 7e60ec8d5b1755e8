import {expect} from "chai";
import {network} from "hardhat";

import {signReport, surfaceDomain} from "../../../../scripts/sdk/surfaces.js";
import type {Surface} from "../../../../scripts/sdk/surfaces.js";
import {BOUNDS, BTC, DAY, deploySurfaces, domainOf, E18, ETH, flatSurface, publish, START} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const {time, loadFixture} = networkHelpers;

const WEEK = START + 7 * DAY;
const MONTH = START + 28 * DAY;
const VOL = (6n * E18) / 10n;
const SMILE: Partial<Surface> = {aE18: E18 / 1000n, bE18: E18 / 20n, rhoE18: -E18 / 5n, mE18: E18 / 100n};

const tuple = (surface: Surface): unknown[] => [
    surface.publishedAt,
    surface.forwardRatioE18,
    surface.discountE18,
    surface.aE18,
    surface.bE18,
    surface.rhoE18,
    surface.mE18,
    surface.sigmaE18,
];

describe("SurfaceOracle.publish", () => {
    const fixture = () => deploySurfaces(ethers, networkHelpers);

    async function published() {
        const world = await loadFixture(fixture);
        await publish(ethers, world, [
            {underlying: BTC, expiry: WEEK, surface: flatSurface(WEEK, START, VOL)},
            {underlying: BTC, expiry: MONTH, surface: flatSurface(MONTH, START, VOL)},
        ]);
        return world;
    }

    it("should keep what two of three signers signed, whoever sends it", async () => {
        const {oracle, signers, stranger} = await loadFixture(fixture);
        const surface = flatSurface(WEEK, START, VOL, SMILE);
        const report = {underlying: BTC, expiry: WEEK, surface};
        const {signatures} = await signReport(signers.slice(1), await domainOf(ethers, oracle), report);
        await expect(oracle.connect(stranger).publish([report], [[...signatures]]))
            .to.emit(oracle, "SurfaceAccepted")
            .withArgs(BTC, WEEK, tuple(surface));
        expect(await oracle.surface(BTC, WEEK)).to.deep.equal(tuple(surface));
        expect(await oracle.expiries(BTC)).to.deep.equal([WEEK]);
        expect(await oracle.expiries(ETH)).to.deep.equal([]);
    });

    it("should take all three signatures too", async () => {
        const world = await loadFixture(fixture);
        await publish(
            ethers,
            world,
            [{underlying: BTC, expiry: WEEK, surface: flatSurface(WEEK, START, VOL)}],
            world.signers,
        );
        expect((await world.oracle.lastSurface(BTC, WEEK)).publishedAt).to.equal(START);
    });

    it("should refuse lists of different length", async () => {
        const {oracle} = await loadFixture(fixture);
        await expect(oracle.publish([{underlying: BTC, expiry: WEEK, surface: flatSurface(WEEK, START, VOL)}], []))
            .to.be.revertedWithCustomError(oracle, "SurfaceOracle_LengthMismatch")
            .withArgs(1, 0);
    });

    describe("given signatures", () => {
        const report = {underlying: BTC, expiry: WEEK, surface: flatSurface(WEEK, START, VOL)};

        it("should refuse fewer than the threshold", async () => {
            const world = await loadFixture(fixture);
            await expect(publish(ethers, world, [report], world.signers.slice(0, 1)))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_TooFewSignatures")
                .withArgs(1, 2);
        });

        it("should refuse one signer twice", async () => {
            const world = await loadFixture(fixture);
            const [signer] = world.signers;
            await expect(publish(ethers, world, [report], [signer!, signer!]))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_BadSigner")
                .withArgs(signer!.address);
        });

        it("should refuse signers out of order", async () => {
            const world = await loadFixture(fixture);
            const {signatures} = await signReport(
                world.signers.slice(0, 2),
                await domainOf(ethers, world.oracle),
                report,
            );
            await expect(world.oracle.publish([report], [[...signatures].reverse()]))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_BadSigner")
                .withArgs(world.signers[0]!.address);
        });

        it("should refuse a signer that is not registered, even beyond the threshold", async () => {
            const world = await loadFixture(fixture);
            await expect(publish(ethers, world, [report], [...world.signers, world.stranger]))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_BadSigner")
                .withArgs(world.stranger.address);
        });

        it("should refuse a signer that was removed", async () => {
            const world = await loadFixture(fixture);
            await world.oracle.setSigner(world.signers[0]!.address, false);
            await expect(publish(ethers, world, [report]))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_BadSigner")
                .withArgs(world.signers[0]!.address);
        });

        it("should refuse a malformed signature", async () => {
            const {oracle} = await loadFixture(fixture);
            await expect(oracle.publish([report], [["0x1234", "0x"]]))
                .to.be.revertedWithCustomError(oracle, "SurfaceOracle_BadSigner")
                .withArgs(ethers.ZeroAddress);
        });

        for (const [title, domainFor] of [
            ["another chain", (address: string) => surfaceDomain(1n, address)],
            ["another oracle", () => surfaceDomain(31_337n, "0x0000000000000000000000000000000000000001")],
        ] as const) {
            it(`should refuse signatures for ${title}`, async () => {
                const {oracle, signers} = await loadFixture(fixture);
                const {signatures} = await signReport(
                    signers.slice(0, 2),
                    domainFor(await oracle.getAddress()),
                    report,
                );
                await expect(oracle.publish([report], [[...signatures]])).to.be.revertedWithCustomError(
                    oracle,
                    "SurfaceOracle_BadSigner",
                );
            });
        }

        it("should refuse signatures of one report under another", async () => {
            const {oracle, signers} = await loadFixture(fixture);
            const {signatures} = await signReport(signers.slice(0, 2), await domainOf(ethers, oracle), report);
            await expect(
                oracle.publish([{...report, underlying: ETH}], [[...signatures]]),
            ).to.be.revertedWithCustomError(oracle, "SurfaceOracle_BadSigner");
        });
    });

    describe("given the time of a report", () => {
        it("should refuse the same report twice, and an older one after a newer one", async () => {
            const world = await loadFixture(published);
            const {oracle} = world;
            await time.increaseTo(START + 60);
            const older = {underlying: BTC, expiry: WEEK, surface: flatSurface(WEEK, START + 10, VOL)};
            const newer = {underlying: BTC, expiry: WEEK, surface: flatSurface(WEEK, START + 50, VOL)};
            await publish(ethers, world, [newer]);
            for (const report of [older, newer]) {
                const {publishedAt} = report.surface;
                const now = publishedAt + 100;
                await time.setNextBlockTimestamp(now);
                await expect(publish(ethers, world, [report]))
                    .to.be.revertedWithCustomError(oracle, "SurfaceOracle_BadTime")
                    .withArgs(publishedAt, START + 50, now, WEEK);
            }
        });

        it("should refuse a report from the future, one too old, and one at or after its expiry", async () => {
            const world = await loadFixture(fixture);
            const {oracle} = world;
            const cases = [
                {publishedAt: START + 101, expiry: WEEK, ok: false},
                {publishedAt: START + 100, expiry: WEEK, ok: true},
                {publishedAt: START + 100 - 901, expiry: MONTH, ok: false},
                {publishedAt: START + 100 - 900, expiry: MONTH, ok: true},
                {publishedAt: START + 99, expiry: START + 100, ok: false},
                {publishedAt: START + 99, expiry: START + 101, ok: true},
            ];
            await time.increaseTo(START + 99);
            for (const {publishedAt, expiry, ok} of cases) {
                const snapshot = await networkHelpers.takeSnapshot();
                await time.setNextBlockTimestamp(START + 100);
                const surface = flatSurface(WEEK, START, VOL, {publishedAt});
                const sending = publish(ethers, world, [{underlying: BTC, expiry, surface}]);
                if (ok) {
                    await sending;
                } else {
                    await expect(sending)
                        .to.be.revertedWithCustomError(oracle, "SurfaceOracle_BadTime")
                        .withArgs(publishedAt, 0, START + 100, expiry);
                }
                await snapshot.restore();
            }
        });
    });

    describe("given a discount factor", () => {
        for (const [discountE18, ok] of [
            [0n, false],
            [1n, true],
            [(105n * E18) / 100n, true],
            [(105n * E18) / 100n + 1n, false],
        ] as const) {
            it(`should ${ok ? "take" : "refuse"} ${discountE18}`, async () => {
                const world = await loadFixture(fixture);
                const surface = flatSurface(WEEK, START, VOL, {discountE18});
                const sending = publish(ethers, world, [{underlying: BTC, expiry: WEEK, surface}]);
                if (ok) {
                    await sending;
                    expect((await world.oracle.surface(BTC, WEEK)).discountE18).to.equal(discountE18);
                } else {
                    await expect(sending)
                        .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_BadDiscount")
                        .withArgs(discountE18);
                }
            });
        }
    });

    describe("given a smile", () => {
        const cases: [string, Partial<Surface>][] = [
            ["skew of one", {...SMILE, rhoE18: E18}],
            ["skew of minus one", {...SMILE, rhoE18: -E18}],
            ["no curvature", {...SMILE, sigmaE18: 0n}],
            ["wings too steep", {...SMILE, bE18: 4n * E18, rhoE18: 1n}],
            ["negative variance at its lowest", {...SMILE, aE18: -E18 / 100n, bE18: E18 / 20n, sigmaE18: E18 / 10n}],
        ];
        for (const [title, changes] of cases) {
            it(`should refuse ${title}`, async () => {
                const world = await loadFixture(fixture);
                const surface = flatSurface(WEEK, START, VOL, changes);
                await expect(publish(ethers, world, [{underlying: BTC, expiry: WEEK, surface}]))
                    .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_Butterfly")
                    .withArgs(surface.aE18, surface.bE18, surface.rhoE18, surface.sigmaE18);
            });
        }
    });

    describe("given the forward", () => {
        for (const ratio of [BOUNDS.minRatioE18 - 1n, BOUNDS.maxRatioE18 + 1n]) {
            it(`should refuse a first ratio of ${ratio}`, async () => {
                const world = await loadFixture(fixture);
                const surface = flatSurface(WEEK, START, VOL, {forwardRatioE18: ratio});
                await expect(publish(ethers, world, [{underlying: BTC, expiry: WEEK, surface}]))
                    .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_ForwardOutOfBounds")
                    .withArgs(ratio, 0);
            });
        }

        for (const sign of [1n, -1n]) {
            it(`should take a step of ${sign * 2n} per cent and refuse one unit more`, async () => {
                const world = await loadFixture(published);
                const ratio = E18 + (sign * E18) / 50n;
                const beyond = flatSurface(WEEK, START + 1, VOL, {forwardRatioE18: ratio + sign});
                await expect(publish(ethers, world, [{underlying: BTC, expiry: WEEK, surface: beyond}]))
                    .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_ForwardOutOfBounds")
                    .withArgs(ratio + sign, E18);
                const surface = {...beyond, forwardRatioE18: ratio};
                await publish(ethers, world, [{underlying: BTC, expiry: WEEK, surface}]);
                expect((await world.oracle.surface(BTC, WEEK)).forwardRatioE18).to.equal(ratio);
            });
        }
    });

    describe("given at-the-money volatility", () => {
        it("should refuse a surface without any", async () => {
            const world = await loadFixture(fixture);
            const surface = flatSurface(WEEK, START, 0n);
            await expect(publish(ethers, world, [{underlying: BTC, expiry: WEEK, surface}]))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_VolJump")
                .withArgs(0, 0);
        });

        it("should refuse a step beyond the bound and let several steps in sequence through", async () => {
            const world = await loadFixture(published);
            const at = (publishedAt: number, volE18: bigint) => [
                {underlying: BTC, expiry: WEEK, surface: flatSurface(WEEK, publishedAt, volE18)},
                {underlying: BTC, expiry: MONTH, surface: flatSurface(MONTH, publishedAt, volE18)},
            ];
            await time.increaseTo(START + 10);
            await expect(publish(ethers, world, at(START + 5, (91n * E18) / 100n)))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_VolJump")
                .withArgs(
                    (reported: bigint) => near(reported, (91n * E18) / 100n),
                    (accepted: bigint) => near(accepted, VOL),
                );
            await publish(ethers, world, [...at(START + 5, (89n * E18) / 100n), ...at(START + 6, (130n * E18) / 100n)]);
            expect((await world.oracle.surface(BTC, WEEK)).publishedAt).to.equal(START + 6);
        });
    });

    describe("given neighbouring expiries", () => {
        it("should refuse variance that falls toward the later neighbour", async () => {
            const world = await loadFixture(published);
            const surface = flatSurface(WEEK, START + 1, (85n * E18) / 100n);
            const low = flatSurface(MONTH, START + 1, (42n * E18) / 100n);
            await time.setNextBlockTimestamp(START + 10);
            const sending = publish(ethers, world, [
                {underlying: BTC, expiry: WEEK, surface},
                {underlying: BTC, expiry: MONTH, surface: low},
            ]);
            await expect(sending)
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_Calendar")
                .withArgs(WEEK, left(surface, WEEK, START + 10), MONTH, left(low, MONTH, START + 10));
        });

        it("should let a whole surface rise at once, whatever the order", async () => {
            const world = await loadFixture(published);
            const rise = (expiry: number) => ({
                underlying: BTC,
                expiry,
                surface: flatSurface(expiry, START + 1, (89n * E18) / 100n),
            });
            await publish(ethers, world, [rise(MONTH), rise(WEEK)]);
            expect((await world.oracle.surface(BTC, WEEK)).publishedAt).to.equal(START + 1);
        });

        it("should compare with the neighbour on both sides of a new expiry", async () => {
            const world = await loadFixture(published);
            const middle = START + 14 * DAY;
            const publishMiddle = (volE18: bigint) =>
                publish(ethers, world, [
                    {underlying: BTC, expiry: middle, surface: flatSurface(middle, START + 1, volE18)},
                ]);
            await expect(publishMiddle((40n * E18) / 100n))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_Calendar")
                .withArgs(
                    WEEK,
                    () => true,
                    middle,
                    () => true,
                );
            await expect(publishMiddle((90n * E18) / 100n))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_Calendar")
                .withArgs(
                    middle,
                    () => true,
                    MONTH,
                    () => true,
                );
            await publishMiddle(VOL);
            expect(await world.oracle.expiries(BTC)).to.deep.equal([WEEK, middle, MONTH]);
        });

        it("should pass over a neighbour too old to be read", async () => {
            const world = await loadFixture(published);
            await time.increaseTo(START + 1000);
            const surface = flatSurface(WEEK, START + 999, (89n * E18) / 100n);
            const higher = flatSurface(WEEK, START + 1000, (130n * E18) / 100n);
            await publish(ethers, world, [
                {underlying: BTC, expiry: WEEK, surface},
                {underlying: BTC, expiry: WEEK, surface: higher},
            ]);
            expect((await world.oracle.surface(BTC, WEEK)).aE18).to.equal(higher.aE18);
        });

        it("should keep underlyings apart", async () => {
            const world = await loadFixture(published);
            const surface = flatSurface(MONTH, START, VOL / 10n);
            await publish(ethers, world, [{underlying: ETH, expiry: MONTH, surface}]);
            expect(await world.oracle.expiries(ETH)).to.deep.equal([MONTH]);
        });
    });

    describe("given the list of expiries", () => {
        const daily = (day: number) => ({
            underlying: BTC,
            expiry: START + day * DAY,
            surface: flatSurface(START + day * DAY, START, VOL),
        });

        it("should sort what comes in any order, stop at 32 and make room when one expires", async () => {
            const world = await loadFixture(fixture);
            const days = Array.from({length: 32}, (_, index) => ((index * 13) % 32) + 1);
            for (let from = 0; from < 32; from += 8)
                await publish(ethers, world, days.slice(from, from + 8).map(daily));
            const sorted = Array.from({length: 32}, (_, index) => BigInt(START + (index + 1) * DAY));
            expect(await world.oracle.expiries(BTC)).to.deep.equal(sorted);
            await expect(publish(ethers, world, [daily(33)]))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_TooManyExpiries")
                .withArgs(BTC, 32);

            await time.increaseTo(START + 2 * DAY);
            expect(await world.oracle.expiries(BTC)).to.deep.equal(sorted.slice(2));
            const at = START + 40 * DAY;
            const surface = flatSurface(at, START + 2 * DAY, VOL);
            await publish(ethers, world, [{underlying: BTC, expiry: at, surface}]);
            expect(await world.oracle.expiries(BTC)).to.deep.equal([...sorted.slice(2), BigInt(at)]);
        });
    });
});

function near(actual: bigint, expected: bigint): boolean {
    const gap = actual - expected;
    return (gap < 0n ? -gap : gap) < 10n ** 10n;
}

/** Variance of a surface without wings over the time left. */
function left(surface: Surface, expiry: number, now: number): bigint {
    return (surface.aE18 * BigInt(expiry - now)) / BigInt(expiry - surface.publishedAt);
}
