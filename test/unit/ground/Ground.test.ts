import {expect} from "chai";
import {network} from "hardhat";

const {ethers, networkHelpers} = await network.create();

describe("Ground", () => {
    async function fixture() {
        return {ground: await ethers.deployContract("Ground")};
    }

    it("should round up", async () => {
        const {ground} = await networkHelpers.loadFixture(fixture);
        expect(await ground.ceilDiv(7n, 2n)).to.equal(4n);
    });

    it("should reject a zero denominator", async () => {
        const {ground} = await networkHelpers.loadFixture(fixture);
        await expect(ground.ceilDiv(7n, 0n))
            .to.be.revertedWithCustomError(ground, "Ground_ZeroDenominator")
            .withArgs(7n);
    });
});
