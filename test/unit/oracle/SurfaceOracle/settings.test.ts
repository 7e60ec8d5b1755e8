import {expect} from "chai";
import {network} from "hardhat";

import {BOUNDS, BTC, DAY, deploySurfaces, E18, flatSurface, publish, START} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const {time, loadFixture} = networkHelpers;

const WEEK = START + 7 * DAY;

describe("SurfaceOracle reads and settings", () => {
    const fixture = () => deploySurfaces(ethers, networkHelpers);

    describe("surface and lastSurface", () => {
        it("should revert for an expiry that was never reported, or show nothing", async () => {
            const {oracle} = await loadFixture(fixture);
            await expect(oracle.surface(BTC, WEEK))
                .to.be.revertedWithCustomError(oracle, "SurfaceOracle_NoSurface")
                .withArgs(BTC, WEEK);
            expect((await oracle.lastSurface(BTC, WEEK)).publishedAt).to.equal(0);
        });

        it("should serve a surface up to the greatest age and its last state ever after", async () => {
            const world = await loadFixture(fixture);
            const surface = flatSurface(WEEK, START, E18 / 2n);
            await publish(ethers, world, [{underlying: BTC, expiry: WEEK, surface}]);
            await time.increaseTo(START + 900);
            expect((await world.oracle.surface(BTC, WEEK)).aE18).to.equal(surface.aE18);
            await time.increaseTo(START + 901);
            await expect(world.oracle.surface(BTC, WEEK))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_Stale")
                .withArgs(BTC, WEEK, 901, 900);
            expect((await world.oracle.lastSurface(BTC, WEEK)).aE18).to.equal(surface.aE18);
        });
    });

    describe("surfaceWords", () => {
        const field = (word: bigint, from: bigint, width: number): bigint => BigInt.asUintN(width, word >> from);
        const signed = (word: bigint, from: bigint): bigint => BigInt.asIntN(64, word >> from);

        it("should hold every field of the surface where the interface says", async () => {
            const world = await loadFixture(fixture);
            const surface = flatSurface(WEEK, START, E18 / 2n, {
                forwardRatioE18: (101n * E18) / 100n,
                discountE18: (99n * E18) / 100n,
                bE18: E18 / 1000n,
                rhoE18: -E18 / 3n,
                mE18: -E18 / 50n,
                sigmaE18: E18 / 5n,
            });
            await publish(ethers, world, [{underlying: BTC, expiry: WEEK, surface}]);
            const {head, smile} = await world.oracle.surfaceWords(BTC, WEEK);
            expect(
                [field(head, 0n, 40), field(head, 40n, 64), field(head, 104n, 64), signed(head, 168n), head >> 232n],
                "head",
            ).to.deep.equal([
                BigInt(START),
                surface.forwardRatioE18,
                surface.discountE18,
                surface.aE18,
                BOUNDS.maxAgeSeconds,
            ]);
            expect(
                [field(smile, 0n, 64), signed(smile, 64n), signed(smile, 128n), smile >> 192n],
                "smile",
            ).to.deep.equal([surface.bE18, surface.rhoE18, surface.mE18, surface.sigmaE18]);
            expect([...(await world.oracle.surface(BTC, WEEK))], "the same surface").to.deep.equal([
                BigInt(START),
                ...Object.values(surface).slice(1),
            ]);
        });

        it("should fail where surface fails", async () => {
            const world = await loadFixture(fixture);
            await expect(world.oracle.surfaceWords(BTC, WEEK))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_NoSurface")
                .withArgs(BTC, WEEK);
            const surface = flatSurface(WEEK, START, E18 / 2n);
            await publish(ethers, world, [{underlying: BTC, expiry: WEEK, surface}]);
            await time.increaseTo(START + 900);
            await world.oracle.surfaceWords(BTC, WEEK);
            await time.increaseTo(START + 901);
            await expect(world.oracle.surfaceWords(BTC, WEEK))
                .to.be.revertedWithCustomError(world.oracle, "SurfaceOracle_Stale")
                .withArgs(BTC, WEEK, 901, 900);
        });
    });

    it("should refuse strangers", async () => {
        const {oracle, stranger} = await loadFixture(fixture);
        const as = oracle.connect(stranger);
        for (const call of [
            () => as.setSigner(stranger.address, true),
            () => as.setThreshold(1),
            () => as.setBounds(BOUNDS),
        ]) {
            await expect(call())
                .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
                .withArgs(stranger.address);
        }
    });

    describe("setSigner", () => {
        it("should register and remove, and tell it", async () => {
            const {oracle, stranger} = await loadFixture(fixture);
            await expect(oracle.setSigner(stranger.address, true))
                .to.emit(oracle, "SignerSet")
                .withArgs(stranger.address, true);
            expect(await oracle.isSigner(stranger.address)).to.equal(true);
            expect(await oracle.signerCount()).to.equal(4);
            await expect(oracle.setSigner(stranger.address, false))
                .to.emit(oracle, "SignerSet")
                .withArgs(stranger.address, false);
            expect(await oracle.isSigner(stranger.address)).to.equal(false);
            expect(await oracle.signerCount()).to.equal(3);
        });

        it("should refuse nobody, no change, and fewer signers than the threshold", async () => {
            const {oracle, signers, stranger} = await loadFixture(fixture);
            const refused = async (signer: string, allowed: boolean) =>
                expect(oracle.setSigner(signer, allowed))
                    .to.be.revertedWithCustomError(oracle, "SurfaceOracle_InvalidConfig")
                    .withArgs();
            await refused(ethers.ZeroAddress, true);
            await refused(signers[0]!.address, true);
            await refused(stranger.address, false);
            await oracle.setSigner(signers[0]!.address, false);
            await refused(signers[1]!.address, false);
        });
    });

    describe("setThreshold", () => {
        it("should keep one up to the number of signers, and tell it", async () => {
            const {oracle} = await loadFixture(fixture);
            for (const threshold of [1, 3]) {
                await expect(oracle.setThreshold(threshold)).to.emit(oracle, "ThresholdSet").withArgs(threshold);
                expect(await oracle.threshold()).to.equal(threshold);
            }
        });

        it("should refuse none and more than there are signers, at deployment too", async () => {
            const {oracle} = await loadFixture(fixture);
            for (const threshold of [0, 4]) {
                await expect(oracle.setThreshold(threshold))
                    .to.be.revertedWithCustomError(oracle, "SurfaceOracle_InvalidConfig")
                    .withArgs();
            }
            await expect(ethers.deployContract("SurfaceOracle", [await oracle.authority(), [], 0, BOUNDS]))
                .to.be.revertedWithCustomError(oracle, "SurfaceOracle_InvalidConfig")
                .withArgs();
        });
    });

    describe("setBounds", () => {
        it("should keep and tell them", async () => {
            const {oracle} = await loadFixture(fixture);
            const bounds = {...BOUNDS, maxAgeSeconds: 86_400n, minRatioE18: E18, maxRatioE18: 10n * E18};
            await expect(oracle.setBounds(bounds)).to.emit(oracle, "BoundsSet").withArgs(Object.values(bounds));
            expect(await oracle.bounds()).to.deep.equal(Object.values(bounds));
        });

        it("should leave an accepted surface its age, and give the next report the new one", async () => {
            const world = await loadFixture(fixture);
            const {oracle} = world;
            const report = (publishedAt: number) => ({
                underlying: BTC,
                expiry: WEEK,
                surface: flatSurface(WEEK, publishedAt, E18 / 2n),
            });
            await publish(ethers, world, [report(START)]);
            await oracle.setBounds({...BOUNDS, maxAgeSeconds: 60n});
            await time.increaseTo(START + 900);
            await oracle.surface(BTC, WEEK);
            await publish(ethers, world, [report(START + 890)]);
            await time.increaseTo(START + 950);
            await oracle.surface(BTC, WEEK);
            await time.increaseTo(START + 951);
            await expect(oracle.surface(BTC, WEEK))
                .to.be.revertedWithCustomError(oracle, "SurfaceOracle_Stale")
                .withArgs(BTC, WEEK, 61, 60);
            await oracle.setBounds(BOUNDS);
            await expect(oracle.surface(BTC, WEEK), "a longer age revives nothing").to.be.revertedWithCustomError(
                oracle,
                "SurfaceOracle_Stale",
            );
        });

        for (const changes of [
            {maxAgeSeconds: 0n},
            {maxAgeSeconds: 86_401n},
            {minRatioE18: 0n},
            {minRatioE18: E18 + 1n},
            {maxRatioE18: E18 - 1n},
            {maxRatioE18: 10n * E18 + 1n},
            {maxRatioStepE18: 0n},
            {maxRatioStepE18: E18 + 1n},
            {maxVolStepE18: 0n},
            {maxVolStepE18: E18 + 1n},
        ]) {
            const [[name, value]] = Object.entries(changes) as [[string, bigint]];
            it(`should refuse ${name} ${value}`, async () => {
                const {oracle} = await loadFixture(fixture);
                await expect(oracle.setBounds({...BOUNDS, ...changes}))
                    .to.be.revertedWithCustomError(oracle, "SurfaceOracle_InvalidConfig")
                    .withArgs();
            });
        }
    });
});
