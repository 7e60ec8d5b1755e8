import {expect} from "chai";
import {Signature} from "ethers";
import {network} from "hardhat";

import {deployVault, e18, usdc, type VaultFixture} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();

async function fixture() {
    const f = await deployVault(ethers);
    await f.usdc.connect(f.alice.signer).approve(f.vault, 0n);
    return f;
}

async function signPermit({vault, alice, usdc: coin}: VaultFixture, value: bigint, deadline: bigint) {
    const {name, version, chainId, verifyingContract} = await coin.eip712Domain();
    const signature = await alice.signer.signTypedData(
        {name, version, chainId, verifyingContract},
        {
            Permit: ["owner address", "spender address", "value uint256", "nonce uint256", "deadline uint256"].map(
                (field) => {
                    const [fieldName = "", type = ""] = field.split(" ");
                    return {name: fieldName, type};
                },
            ),
        },
        {
            owner: alice.address,
            spender: await vault.getAddress(),
            value,
            nonce: await coin.nonces(alice.address),
            deadline,
        },
    );
    const {v, r, s} = Signature.from(signature);
    return [deadline, v, r, s] as const;
}

const FOREVER = 2n ** 64n;

describe("MarginVault: depositWithPermit", () => {
    context("given a fresh permit", () => {
        it("should deposit without an earlier approval, into any account", async () => {
            const f = await networkHelpers.loadFixture(fixture);
            const {vault, alice, bob, usdc: coin} = f;
            const permit = await signPermit(f, usdc(7), FOREVER);
            await vault.connect(alice.signer).depositWithPermit(bob.id, coin, usdc(7), ...permit);
            expect(await vault.cashOf(bob.id)).to.equal(e18(7));
            expect(await coin.allowance(alice.address, vault)).to.equal(0n);
        });
    });

    context("given a permit that somebody sent first", () => {
        it("should deposit from the allowance it left", async () => {
            const f = await networkHelpers.loadFixture(fixture);
            const {vault, alice, bob, usdc: coin} = f;
            const [deadline, v, r, s] = await signPermit(f, usdc(7), FOREVER);
            await coin.connect(bob.signer).permit(alice.address, vault, usdc(7), deadline, v, r, s);
            await vault.connect(alice.signer).depositWithPermit(alice.id, coin, usdc(7), deadline, v, r, s);
            expect(await vault.cashOf(alice.id)).to.equal(e18(7));
        });

        it("should refuse a replay once the allowance is spent", async () => {
            const f = await networkHelpers.loadFixture(fixture);
            const {vault, alice, usdc: coin} = f;
            const permit = await signPermit(f, usdc(7), FOREVER);
            await vault.connect(alice.signer).depositWithPermit(alice.id, coin, usdc(7), ...permit);
            await expect(vault.connect(alice.signer).depositWithPermit(alice.id, coin, usdc(7), ...permit))
                .to.be.revertedWithCustomError(vault, "MarginVault_PermitFailed")
                .withArgs(coin, alice.address, 0n, usdc(7));
        });
    });

    context("given a permit of somebody else", () => {
        it("should take nothing from the signer", async () => {
            const f = await networkHelpers.loadFixture(fixture);
            const {vault, alice, bob, usdc: coin} = f;
            await coin.connect(bob.signer).approve(vault, 3n);
            const permit = await signPermit(f, usdc(7), FOREVER);
            await expect(vault.connect(bob.signer).depositWithPermit(bob.id, coin, usdc(7), ...permit))
                .to.be.revertedWithCustomError(vault, "MarginVault_PermitFailed")
                .withArgs(coin, bob.address, 3n, usdc(7));
            expect(await coin.nonces(alice.address)).to.equal(0n);
        });
    });

    context("given an expired permit", () => {
        it("should refuse it", async () => {
            const f = await networkHelpers.loadFixture(fixture);
            const permit = await signPermit(f, usdc(7), 1n);
            await expect(f.vault.connect(f.alice.signer).depositWithPermit(f.alice.id, f.usdc, usdc(7), ...permit))
                .to.be.revertedWithCustomError(f.vault, "MarginVault_PermitFailed")
                .withArgs(f.usdc, f.alice.address, 0n, usdc(7));
        });
    });

    context("given a token without permits", () => {
        it("should use the allowance, and call no unlisted token", async () => {
            const f = await networkHelpers.loadFixture(fixture);
            const {vault, alice} = f;
            const permit = await signPermit(f, 5n, FOREVER);
            const tether = await ethers.deployContract("NoReturnToken");
            await tether.mint(alice.address, 5n);
            await tether.connect(alice.signer).approve(vault, 5n);
            await expect(vault.connect(alice.signer).depositWithPermit(alice.id, tether, 5n, ...permit))
                .to.be.revertedWithCustomError(vault, "MarginVault_AssetNotOpen")
                .withArgs(tether);
            await vault.listAsset(tether, e18(1));
            await vault.connect(alice.signer).depositWithPermit(alice.id, tether, 5n, ...permit);
            expect(await vault.unitsOf(alice.id, 2)).to.equal(5n * 10n ** 12n);
        });
    });
});
