import {expect} from "chai";
import {network} from "hardhat";

import {deployVault, lendAndBorrow, MODEL} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const fixture = async () => lendAndBorrow(await deployVault(ethers));

describe("MarginVault: setModel", () => {
    context("given an account that owes nothing", () => {
        it("should switch without asking, even when feeds are down", async () => {
            const {vault, engine, alice} = await networkHelpers.loadFixture(fixture);
            await engine.setDown(true);
            await expect(vault.connect(alice.signer).setModel(alice.id, MODEL.isolated))
                .to.emit(vault, "ModelSet")
                .withArgs(alice.id, MODEL.isolated);
            expect((await vault.holdingsOf(alice.id)).model).to.equal(MODEL.isolated);
            expect(await vault.lastCheckedBlock(alice.id)).to.equal(0n);
        });
    });

    context("given an account with debt", () => {
        it("should switch when both models are satisfied, and mark the check", async () => {
            const {vault, engine, bob} = await networkHelpers.loadFixture(fixture);
            await engine.setModelAnswer(MODEL.scenario, 5n, 5n);
            await engine.setModelAnswer(MODEL.isolated, 7n, 7n);
            await vault.connect(bob.signer).setModel(bob.id, MODEL.isolated);
            expect((await vault.holdingsOf(bob.id)).model, "model").to.equal(MODEL.isolated);
            expect(await vault.lastCheckedBlock(bob.id), "mark").to.equal(await ethers.provider.getBlockNumber());
        });

        for (const short of [MODEL.scenario, MODEL.isolated]) {
            it(`should refuse when model ${short} is not satisfied`, async () => {
                const {vault, engine, bob} = await networkHelpers.loadFixture(fixture);
                await engine.setModelAnswer(1 - short, 5n, 5n);
                await engine.setModelAnswer(short, 4n, 5n);
                await expect(vault.connect(bob.signer).setModel(bob.id, MODEL.isolated))
                    .to.be.revertedWithCustomError(vault, "MarginVault_ModelNotSatisfied")
                    .withArgs(bob.id, short, 4n, 5n);
            });
        }
    });

    it("should refuse a model that is a report only", async () => {
        const {vault, alice} = await networkHelpers.loadFixture(fixture);
        await expect(vault.connect(alice.signer).setModel(alice.id, MODEL.greeks))
            .to.be.revertedWithCustomError(vault, "MarginVault_ModelDoesNotGovern")
            .withArgs(MODEL.greeks);
    });

    it("should refuse anyone but the owner", async () => {
        const {vault, alice, bob} = await networkHelpers.loadFixture(fixture);
        await vault.connect(alice.signer).setOperator(alice.id, bob.address, 15, 10_000_000_000n);
        await expect(vault.connect(bob.signer).setModel(alice.id, MODEL.isolated))
            .to.be.revertedWithCustomError(vault, "MarginVault_NotAuthorised")
            .withArgs(alice.id, bob.address, 0);
    });
});
