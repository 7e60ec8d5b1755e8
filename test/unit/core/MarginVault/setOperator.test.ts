import {expect} from "chai";
import {encodeBytes32String} from "ethers";
import {network} from "hardhat";

import {deployVault, RIGHTS} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const fixture = () => deployVault(ethers);

describe("MarginVault: setOperator", () => {
    it("should give, report and take rights", async () => {
        const {vault, alice, bob} = await networkHelpers.loadFixture(fixture);
        await expect(vault.connect(alice.signer).setOperator(alice.id, bob.address, 5, 10_000_000_000n))
            .to.emit(vault, "OperatorSet")
            .withArgs(alice.id, bob.address, 5, 10_000_000_000n);
        expect([...(await vault.operatorGrant(alice.id, bob.address))]).to.deep.equal([5n, 10_000_000_000n]);
        expect(await vault.isAuthorised(alice.id, bob.address, RIGHTS.trade), "TRADE").to.equal(true);
        expect(await vault.isAuthorised(alice.id, bob.address, 5), "both").to.equal(true);
        expect(await vault.isAuthorised(alice.id, bob.address, 3), "one of two").to.equal(false);
        expect(await vault.isAuthorised(alice.id, bob.address, 0), "no right").to.equal(false);
        expect(await vault.isAuthorised(alice.second, bob.address, RIGHTS.trade), "other account").to.equal(false);
        await vault.connect(alice.signer).setOperator(alice.id, bob.address, 0, 10_000_000_000n);
        expect(await vault.isAuthorised(alice.id, bob.address, RIGHTS.trade), "taken").to.equal(false);
    });

    it("should end at the second it names, inclusive", async () => {
        const {vault, alice, bob} = await networkHelpers.loadFixture(fixture);
        const expiresAt = (await networkHelpers.time.latest()) + 50;
        await vault.connect(alice.signer).setOperator(alice.id, bob.address, RIGHTS.liquidate, expiresAt);
        await networkHelpers.time.increaseTo(expiresAt);
        expect(await vault.isAuthorised(alice.id, bob.address, RIGHTS.liquidate), "at").to.equal(true);
        await networkHelpers.time.increase(1);
        expect(await vault.isAuthorised(alice.id, bob.address, RIGHTS.liquidate), "after").to.equal(false);
    });

    it("should always know the owner, in every sub-account", async () => {
        const {vault, alice} = await networkHelpers.loadFixture(fixture);
        expect(await vault.isAuthorised(alice.second, alice.address, 15)).to.equal(true);
        expect(await vault.isAuthorised(alice.second, alice.address, 0)).to.equal(true);
    });

    it("should refuse anyone but the owner, operators with every right included", async () => {
        const {vault, alice, bob} = await networkHelpers.loadFixture(fixture);
        await vault.connect(alice.signer).setOperator(alice.id, bob.address, 15, 10_000_000_000n);
        await expect(vault.connect(bob.signer).setOperator(alice.id, bob.address, 15, 20_000_000_000n))
            .to.be.revertedWithCustomError(vault, "MarginVault_NotAuthorised")
            .withArgs(alice.id, bob.address, 0);
    });

    it("should refuse rights that do not exist", async () => {
        const {vault, alice, bob} = await networkHelpers.loadFixture(fixture);
        await expect(vault.connect(alice.signer).setOperator(alice.id, bob.address, 16, 1))
            .to.be.revertedWithCustomError(vault, "MarginVault_ParameterOutOfBounds")
            .withArgs(encodeBytes32String("rights"), 16, 0, 15);
    });
});
