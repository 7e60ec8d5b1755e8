import {expect} from "chai";
import {type AddressLike, MaxUint256} from "ethers";
import {network} from "hardhat";

import {deployVault, e18} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const ASSET = 2;

interface Mintable {
    mint(to: AddressLike, amountNative: bigint): Promise<unknown>;
}

/** The fixture with one more asset, a million units of which are Alice's. */
type Hostile = "FeeToken" | "RebasingToken" | "NoReturnToken" | "FalseToken" | "BlacklistToken" | "ReentrantToken";

async function withToken(name: Hostile) {
    const f = await deployVault(ethers);
    const token = await ethers.deployContract(name);
    await (token as unknown as Mintable).mint(f.alice.address, e18(1_000_000));
    await (token.connect(f.alice.signer) as unknown as {approve(to: AddressLike, x: bigint): Promise<unknown>}).approve(
        f.vault,
        MaxUint256,
    );
    await f.vault.listAsset(await token.getAddress(), e18(1_000_000_000_000));
    return {...f, address: await token.getAddress()};
}

describe("MarginVault: hostile tokens", () => {
    context("given a fee on transfer", () => {
        const fixture = () => withToken("FeeToken");

        it("should refuse a deposit of which less arrives", async () => {
            const {vault, alice, address} = await networkHelpers.loadFixture(fixture);
            const token = await ethers.getContractAt("FeeToken", address);
            await token.setFee(true, false);
            await expect(vault.connect(alice.signer).deposit(alice.id, address, 1_000n))
                .to.be.revertedWithCustomError(vault, "MarginVault_UnexpectedBalance")
                .withArgs(address, 1_000n, 990n);
            expect(await vault.unitsOf(alice.id, ASSET)).to.equal(0n);
        });

        it("should refuse a withdrawal that costs the vault more than its amount", async () => {
            const {vault, alice, address} = await networkHelpers.loadFixture(fixture);
            const token = await ethers.getContractAt("FeeToken", address);
            await vault.connect(alice.signer).deposit(alice.id, address, 2_000n);
            await token.setFee(true, true);
            await expect(vault.connect(alice.signer).withdraw(alice.id, address, 1_000n, alice.address))
                .to.be.revertedWithCustomError(vault, "MarginVault_UnexpectedBalance")
                .withArgs(address, 1_000n, 1_010n);
        });
    });

    context("given balances that move by themselves", () => {
        const fixture = () => withToken("RebasingToken");

        for (const [name, step, received] of [
            ["grow", e18("0.5"), 1_500n],
            ["shrink", -e18("0.5"), 500n],
        ] as const) {
            it(`should refuse a deposit during which they ${name}`, async () => {
                const {vault, alice, address} = await networkHelpers.loadFixture(fixture);
                await (await ethers.getContractAt("RebasingToken", address)).setStep(step);
                await expect(vault.connect(alice.signer).deposit(alice.id, address, 1_000n))
                    .to.be.revertedWithCustomError(vault, "MarginVault_UnexpectedBalance")
                    .withArgs(address, 1_000n, received);
            });
        }

        it("should report nothing received when the vault's balance falls", async () => {
            const {vault, alice, address} = await networkHelpers.loadFixture(fixture);
            await vault.connect(alice.signer).deposit(alice.id, address, 1_000n);
            await (await ethers.getContractAt("RebasingToken", address)).setStep(-e18("0.9"));
            await expect(vault.connect(alice.signer).deposit(alice.id, address, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_UnexpectedBalance")
                .withArgs(address, 1n, 0n);
        });

        it("should pay out no more than is there after a fall between calls", async () => {
            const {vault, alice, address} = await networkHelpers.loadFixture(fixture);
            await vault.connect(alice.signer).deposit(alice.id, address, 1_000n);
            await (await ethers.getContractAt("RebasingToken", address)).setIndex(e18("0.5"));
            await expect(vault.connect(alice.signer).withdraw(alice.id, address, 1_000n, alice.address))
                .to.be.revertedWithCustomError(vault, "MarginVault_InsufficientLiquidity")
                .withArgs(address, 500n, 1_000n);
        });
    });

    context("given transfers without an answer", () => {
        it("should take and give them", async () => {
            const {vault, alice, bob, address} = await withToken("NoReturnToken");
            await vault.connect(alice.signer).deposit(alice.id, address, 70n);
            await vault.connect(alice.signer).withdraw(alice.id, address, 30n, bob.address);
            const token = await ethers.getContractAt("NoReturnToken", address);
            expect(await token.balanceOf(bob.address)).to.equal(30n);
            expect(await vault.unitsOf(alice.id, ASSET)).to.equal(40n * 10n ** 12n);
        });
    });

    context("given transfers that answer false", () => {
        it("should refuse them both ways", async () => {
            const {vault, alice, address} = await withToken("FalseToken");
            const token = await ethers.getContractAt("FalseToken", address);
            await vault.connect(alice.signer).deposit(alice.id, address, 10n);
            await token.setBroken(true);
            await expect(vault.connect(alice.signer).deposit(alice.id, address, 10n))
                .to.be.revertedWithCustomError(vault, "SafeERC20FailedOperation")
                .withArgs(address);
            await expect(vault.connect(alice.signer).withdraw(alice.id, address, 10n, alice.address))
                .to.be.revertedWithCustomError(vault, "SafeERC20FailedOperation")
                .withArgs(address);
            expect(await vault.unitsOf(alice.id, ASSET)).to.equal(10n ** 1n);
        });
    });

    context("given a list of refused addresses", () => {
        it("should let a listed owner send elsewhere, and disturb nobody else", async () => {
            const {vault, alice, bob, address, weth} = await withToken("BlacklistToken");
            const token = await ethers.getContractAt("BlacklistToken", address);
            await vault.connect(alice.signer).deposit(alice.id, address, 10n);
            await vault.connect(alice.signer).deposit(alice.id, weth, 10n);
            await token.setBlocked(alice.address, true);
            await expect(vault.connect(alice.signer).withdraw(alice.id, address, 4n, alice.address))
                .to.be.revertedWithCustomError(token, "BlacklistToken_Blocked")
                .withArgs(alice.address);
            await vault.connect(alice.signer).withdraw(alice.id, address, 4n, bob.address);
            await vault.connect(alice.signer).transfer(alice.id, bob.id, address, 6n);
            await vault.connect(bob.signer).withdraw(bob.id, address, 6n, bob.address);
            await token.setBlocked(await vault.getAddress(), true);
            await vault.connect(alice.signer).withdraw(alice.id, weth, 10n, alice.address);
            expect(await token.balanceOf(bob.address)).to.equal(10n);
        });
    });

    context("given a token that calls back", () => {
        const fixture = () => withToken("ReentrantToken");

        it("should stop every way back in, from deposit and from withdraw", async () => {
            const {vault, alice, address} = await networkHelpers.loadFixture(fixture);
            const token = await ethers.getContractAt("ReentrantToken", address);
            await vault.connect(alice.signer).deposit(alice.id, address, 100n);
            const {interface: abi} = vault;
            for (const call of [
                abi.encodeFunctionData("deposit", [alice.id, address, 1n]),
                abi.encodeFunctionData("withdraw", [alice.id, address, 1n, alice.address]),
                abi.encodeFunctionData("transfer", [alice.id, alice.second, address, 1n]),
                abi.encodeFunctionData("setModel", [alice.id, 1]),
                abi.encodeFunctionData("setOperator", [alice.id, alice.address, 15, 2n ** 40n - 1n]),
                abi.encodeFunctionData("accrue"),
            ]) {
                await token.arm(vault, call, false);
                await expect(vault.connect(alice.signer).deposit(alice.id, address, 1n)).to.be.revertedWithCustomError(
                    vault,
                    "MarginVault_Locked",
                );
                await expect(
                    vault.connect(alice.signer).withdraw(alice.id, address, 1n, alice.address),
                ).to.be.revertedWithCustomError(vault, "MarginVault_Locked");
            }
        });

        it("should show the lock and finished books to whoever reads in between", async () => {
            const {vault, alice, address} = await networkHelpers.loadFixture(fixture);
            const token = await ethers.getContractAt("ReentrantToken", address);
            await token.arm(vault, vault.interface.encodeFunctionData("isLocked"), false);
            await vault.connect(alice.signer).deposit(alice.id, address, 100n);
            expect(BigInt(await token.answer()), "locked").to.equal(1n);
            await token.arm(vault, vault.interface.encodeFunctionData("unitsOf", [alice.id, ASSET]), false);
            await vault.connect(alice.signer).withdraw(alice.id, address, 40n, alice.address);
            expect(BigInt(await token.answer()), "written before the call").to.equal(60n);
        });

        it("should not count a payment to the vault twice", async () => {
            const {vault, alice, address} = await networkHelpers.loadFixture(fixture);
            const token = await ethers.getContractAt("ReentrantToken", address);
            await token.arm(vault, vault.interface.encodeFunctionData("deposit", [alice.id, address, 5n]), true);
            await vault.connect(alice.signer).deposit(alice.id, address, 5n);
            expect(await vault.unitsOf(alice.id, ASSET)).to.equal(5n);
            expect((await token.answer()).slice(0, 10)).to.equal(
                vault.interface.getError("MarginVault_Locked")?.selector,
            );
        });
    });
});
