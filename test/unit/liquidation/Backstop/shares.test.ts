import {expect} from "chai";
import {encodeBytes32String, ZeroHash} from "ethers";
import {network} from "hardhat";

import {fallInsolvent, startAuction} from "../Liquidator/fixture.js";
import {COOLDOWN, deployBackstop, e18, earn, SHARES, usdc, WINDOW, withDeposit} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const empty = () => deployBackstop(ethers);
const filled = () => withDeposit(ethers);

/** Carol has asked for all her shares and the window has opened. */
const open = async () => {
    const fixture = await filled();
    const {backstop, carol} = fixture;
    await backstop.connect(carol.signer).requestExit(usdc(1_000) * SHARES);
    await networkHelpers.time.increase(COOLDOWN);
    return fixture;
};

describe("Backstop: deposit", () => {
    it("should mint shares with six more decimals", async () => {
        const {backstop, carol} = await networkHelpers.loadFixture(filled);
        expect(await backstop.balanceOf(carol.address), "shares").to.equal(usdc(1_000) * SHARES);
        expect(await backstop.decimals(), "decimals").to.equal(12n);
        expect(await backstop.totalAssets(), "assets").to.equal(usdc(1_000));
    });

    it("should make inflating the first deposit a loss", async () => {
        const {backstop, coin, bob, carol} = await networkHelpers.loadFixture(empty);
        await backstop.connect(bob.signer).deposit(1n, bob.address);
        await coin.connect(bob.signer).transfer(backstop, usdc(10_000));
        await backstop.connect(carol.signer).deposit(usdc(1_000), carol.address);
        const victim = await backstop.previewRedeem(await backstop.balanceOf(carol.address));
        const attacker = await backstop.previewRedeem(await backstop.balanceOf(bob.address));
        expect(victim, "victim loses next to nothing").to.be.gte(usdc(1_000) - usdc("0.01"));
        expect(attacker, "attacker loses half of the donation or more").to.be.lte(usdc(5_001));
    });

    it("should count what the vault owes the pool, so that harvesting gives no share price away", async () => {
        const fixture = await networkHelpers.loadFixture(filled);
        const {backstop, bob} = fixture;
        await earn(fixture, "100");
        const before = await backstop.previewDeposit(usdc(1_000));
        await backstop.connect(bob.signer).harvest();
        expect(await backstop.previewDeposit(usdc(1_000)), "shares per coin").to.equal(before);
        expect(await backstop.totalAssets(), "assets").to.equal(usdc(1_100));
    });
});

describe("Backstop: mint", () => {
    it("should take the assets for exact shares", async () => {
        const {backstop, coin, bob} = await networkHelpers.loadFixture(filled);
        await expect(backstop.connect(bob.signer).mint(usdc(5) * SHARES, bob.address)).to.changeTokenBalances(
            ethers,
            coin,
            [bob.address, backstop],
            [-usdc(5), usdc(5)],
        );
    });
});

describe("Backstop: requestExit", () => {
    it("should open a window after the cooldown", async () => {
        const {backstop, carol} = await networkHelpers.loadFixture(filled);
        const now = (await networkHelpers.time.latest()) + 10;
        await networkHelpers.time.setNextBlockTimestamp(now);
        await expect(backstop.connect(carol.signer).requestExit(7n))
            .to.emit(backstop, "ExitRequested")
            .withArgs(carol.address, 7n, now + COOLDOWN, now + COOLDOWN + WINDOW);
        expect([...(await backstop.exitOf(carol.address))]).to.deep.equal([
            7n,
            BigInt(now + COOLDOWN),
            BigInt(now + COOLDOWN + WINDOW),
        ]);
    });

    it("should refuse more than is held", async () => {
        const {backstop, carol} = await networkHelpers.loadFixture(filled);
        const held = usdc(1_000) * SHARES;
        await expect(backstop.connect(carol.signer).requestExit(held + 1n))
            .to.be.revertedWithCustomError(backstop, "Backstop_ExitTooLarge")
            .withArgs(carol.address, held + 1n, held);
    });

    it("should replace an earlier request and its time", async () => {
        const {backstop, carol} = await networkHelpers.loadFixture(open);
        await backstop.connect(carol.signer).requestExit(5n);
        expect(await backstop.maxRedeem(carol.address), "closed again").to.equal(0n);
        expect((await backstop.exitOf(carol.address)).shares, "shares").to.equal(5n);
    });

    it("should not let one block of shares wait out several cooldowns", async () => {
        const {backstop, bob, carol} = await networkHelpers.loadFixture(open);
        const held = usdc(1_000) * SHARES;
        await backstop.connect(carol.signer).transfer(bob.address, held);
        await backstop.connect(bob.signer).transfer(carol.address, held);
        expect((await backstop.exitOf(carol.address)).shares, "request is gone").to.equal(0n);
        await expect(backstop.connect(carol.signer).redeem(1n, carol.address, carol.address))
            .to.be.revertedWithCustomError(backstop, "Backstop_ExitTooLarge")
            .withArgs(carol.address, 1n, 0n);
    });
});

describe("Backstop: redeem", () => {
    it("should refuse without a request, before the cooldown and after the window", async () => {
        const {backstop, carol} = await networkHelpers.loadFixture(filled);
        const redeem = () => backstop.connect(carol.signer).redeem(1n, carol.address, carol.address);
        const next = async (seconds: bigint) => {
            await networkHelpers.time.setNextBlockTimestamp(seconds);
            return seconds;
        };
        const start = BigInt((await networkHelpers.time.latest()) + 10);
        await expect(next(start).then(redeem))
            .to.be.revertedWithCustomError(backstop, "Backstop_ExitNotOpen")
            .withArgs(carol.address, start, 0n, 0n);
        await backstop.connect(carol.signer).requestExit(100n);
        const {openAt, closeAt} = await backstop.exitOf(carol.address);
        await expect(next(openAt - 1n).then(redeem))
            .to.be.revertedWithCustomError(backstop, "Backstop_ExitNotOpen")
            .withArgs(carol.address, openAt - 1n, openAt, closeAt);
        await next(openAt);
        await redeem();
        await next(closeAt);
        await redeem();
        await expect(next(closeAt + 1n).then(redeem))
            .to.be.revertedWithCustomError(backstop, "Backstop_ExitNotOpen")
            .withArgs(carol.address, closeAt + 1n, openAt, closeAt);
    });

    it("should pay within the window and use up the request", async () => {
        const {backstop, coin, carol} = await networkHelpers.loadFixture(open);
        await expect(
            backstop.connect(carol.signer).redeem(usdc(400) * SHARES, carol.address, carol.address),
        ).to.changeTokenBalances(ethers, coin, [carol.address, backstop], [usdc(400), -usdc(400)]);
        expect((await backstop.exitOf(carol.address)).shares, "request").to.equal(usdc(600) * SHARES);
    });

    it("should refuse more than was requested", async () => {
        const {backstop, carol} = await networkHelpers.loadFixture(open);
        await backstop.connect(carol.signer).deposit(usdc(10), carol.address);
        const requested = usdc(1_000) * SHARES;
        await expect(backstop.connect(carol.signer).redeem(requested + 1n, carol.address, carol.address))
            .to.be.revertedWithCustomError(backstop, "Backstop_ExitTooLarge")
            .withArgs(carol.address, requested + 1n, requested);
    });

    it("should bring earnings home when its own coins do not suffice", async () => {
        const fixture = await networkHelpers.loadFixture(open);
        const {backstop, coin, carol} = fixture;
        await earn(fixture, "100");
        const before = await coin.balanceOf(carol.address);
        await backstop.connect(carol.signer).redeem(usdc(1_000) * SHARES, carol.address, carol.address);
        expect((await coin.balanceOf(carol.address)) - before).to.be.within(usdc(1_100) - 1n, usdc(1_100));
    });

    it("should refuse while the auction of an insolvent account runs (LIQ-7)", async () => {
        const fixture = await fallInsolvent(await networkHelpers.loadFixture(open));
        const {backstop, liquidator, carol, alice, bob} = fixture;
        await startAuction(fixture);
        await expect(backstop.connect(carol.signer).redeem(1n, carol.address, carol.address))
            .to.be.revertedWithCustomError(backstop, "Backstop_DeficitOpen")
            .withArgs(1n);
        expect(await backstop.maxRedeem(carol.address), "max").to.equal(0n);
        await liquidator.connect(bob.signer).take(alice.id, bob.id, e18(1), e18(0), "0x");
        expect(await backstop.maxRedeem(carol.address), "after the loss").to.be.gt(0n);
        await backstop.connect(carol.signer).redeem(1n, carol.address, carol.address);
        const left = await backstop.balanceOf(carol.address);
        expect(await backstop.previewRedeem(left), "bears the loss").to.be.lt(usdc(800));
    });
});

describe("Backstop: withdraw", () => {
    it("should burn the shares of exact assets, rounded up", async () => {
        const fixture = await networkHelpers.loadFixture(open);
        const {backstop, carol} = fixture;
        await earn(fixture, "0.333333");
        const shares = await backstop.previewWithdraw(usdc(1));
        const before = await backstop.balanceOf(carol.address);
        await backstop.connect(carol.signer).withdraw(usdc(1), carol.address, carol.address);
        expect(before - (await backstop.balanceOf(carol.address))).to.equal(shares);
        expect(shares, "less than one share's worth").to.be.lt(usdc(1) * SHARES);
    });

    it("should refuse without an open request", async () => {
        const {backstop, carol} = await networkHelpers.loadFixture(filled);
        await expect(
            backstop.connect(carol.signer).withdraw(1n, carol.address, carol.address),
        ).to.be.revertedWithCustomError(backstop, "Backstop_ExitNotOpen");
    });
});

describe("Backstop: while the core is locked", () => {
    it("should move no shares", async () => {
        const {backstop, carol, books, vault, engine} = await networkHelpers.loadFixture(open);
        const probe = await ethers.deployContract("LockedProbe");
        await vault.setCore(engine, books, probe, backstop);
        const calls = [
            backstop.interface.encodeFunctionData("deposit", [1n, carol.address]),
            backstop.interface.encodeFunctionData("mint", [1n, carol.address]),
            backstop.interface.encodeFunctionData("withdraw", [1n, carol.address, carol.address]),
            backstop.interface.encodeFunctionData("redeem", [1n, carol.address, carol.address]),
            backstop.interface.encodeFunctionData("harvest"),
        ];
        for (const data of calls) {
            await expect(probe.callLocked(vault, backstop, data)).to.be.revertedWithCustomError(
                backstop,
                "Backstop_Locked",
            );
        }
        const limits = {
            maxDeposit: backstop.interface.encodeFunctionData("maxDeposit", [carol.address]),
            maxMint: backstop.interface.encodeFunctionData("maxMint", [carol.address]),
            maxWithdraw: backstop.interface.encodeFunctionData("maxWithdraw", [carol.address]),
            maxRedeem: backstop.interface.encodeFunctionData("maxRedeem", [carol.address]),
        };
        for (const [name, data] of Object.entries(limits)) {
            expect(await probe.callLocked.staticCall(vault, backstop, data), name).to.equal(ZeroHash);
        }
    });
});

describe("Backstop: harvest", () => {
    it("should bring whole coins and leave the rest", async () => {
        const fixture = await networkHelpers.loadFixture(filled);
        const {backstop, vault, protocol} = fixture;
        await earn(fixture, "1.2345678");
        await expect(backstop.harvest()).to.emit(backstop, "Harvested").withArgs(1_234_567n);
        expect(await vault.cashOf(protocol), "rest").to.equal(e18("0.0000008"));
        expect(await backstop.totalAssets(), "assets").to.equal(usdc(1_000) + 1_234_567n);
    });

    it("should bring nothing when there is nothing", async () => {
        const {backstop} = await networkHelpers.loadFixture(filled);
        await expect(backstop.harvest()).to.emit(backstop, "Harvested").withArgs(0n);
    });

    it("should bring what the vault has when the rest is lent out", async () => {
        const fixture = await networkHelpers.loadFixture(filled);
        const {backstop, coin, vault} = fixture;
        await earn(fixture, "500000");
        const held = await coin.balanceOf(vault);
        await expect(backstop.harvest()).to.emit(backstop, "Harvested").withArgs(held);
    });
});

describe("Backstop: cover", () => {
    const asLiquidator = async () => {
        const fixture = await filled();
        const probe = await ethers.deployContract("LockedProbe");
        const {vault, engine, books, backstop} = fixture;
        await vault.setCore(engine, books, probe, backstop);
        const cover = (account: string, amountE18: bigint) =>
            probe.callLocked(vault, backstop, backstop.interface.encodeFunctionData("cover", [account, amountE18]));
        return {...fixture, cover};
    };

    it("should credit whole coins, rounded up", async () => {
        const {backstop, vault, coin, bob, cover} = await networkHelpers.loadFixture(asLiquidator);
        const before = await vault.cashOf(bob.id);
        await expect(cover(bob.id, 1_000_001n * 10n ** 12n + 1n))
            .to.emit(backstop, "LossCovered")
            .withArgs(bob.id, 1_000_001n * 10n ** 12n + 1n, 1_000_002n * 10n ** 12n);
        expect((await vault.cashOf(bob.id)) - before, "cash").to.equal(1_000_002n * 10n ** 12n);
        expect(await coin.balanceOf(backstop), "coins").to.equal(usdc(1_000) - 1_000_002n);
    });

    it("should pay an exact amount exactly", async () => {
        const {backstop, bob, cover} = await networkHelpers.loadFixture(asLiquidator);
        await expect(cover(bob.id, e18(3)))
            .to.emit(backstop, "LossCovered")
            .withArgs(bob.id, e18(3), e18(3));
    });

    it("should pay what it has, and nothing from nothing", async () => {
        const {backstop, bob, cover} = await networkHelpers.loadFixture(asLiquidator);
        await expect(cover(bob.id, e18(1_001)))
            .to.emit(backstop, "LossCovered")
            .withArgs(bob.id, e18(1_001), e18(1_000));
        await expect(cover(bob.id, 1n)).to.emit(backstop, "LossCovered").withArgs(bob.id, 1n, 0n);
    });

    it("should refuse anybody but the liquidator", async () => {
        const {backstop, bob} = await networkHelpers.loadFixture(filled);
        await expect(backstop.connect(bob.signer).cover(bob.id, 1n))
            .to.be.revertedWithCustomError(backstop, "Backstop_NotLiquidator")
            .withArgs(bob.address);
    });
});

describe("Backstop: setCooldown", () => {
    it("should store and say so", async () => {
        const {backstop} = await networkHelpers.loadFixture(empty);
        await expect(backstop.setCooldown(7_200, 3_600)).to.emit(backstop, "CooldownSet").withArgs(7_200, 3_600);
        expect([...(await backstop.cooldown())]).to.deep.equal([7_200n, 3_600n]);
    });

    for (const [name, cooldown, window, value, min, max] of [
        ["cooldownSeconds", 3_599, 3_600, 3_599, 3_600, 2_592_000],
        ["cooldownSeconds", 2_592_001, 3_600, 2_592_001, 3_600, 2_592_000],
        ["windowSeconds", 3_600, 3_599, 3_599, 3_600, 604_800],
        ["windowSeconds", 3_600, 604_801, 604_801, 3_600, 604_800],
    ] as const) {
        it(`should refuse ${name} = ${value}`, async () => {
            const {backstop} = await networkHelpers.loadFixture(empty);
            await expect(backstop.setCooldown(cooldown, window))
                .to.be.revertedWithCustomError(backstop, "Backstop_ParameterOutOfBounds")
                .withArgs(encodeBytes32String(name), value, min, max);
        });
    }

    it("should refuse a caller without the role", async () => {
        const {backstop, bob} = await networkHelpers.loadFixture(empty);
        await expect(backstop.connect(bob.signer).setCooldown(7_200, 3_600))
            .to.be.revertedWithCustomError(backstop, "AccessManagedUnauthorized")
            .withArgs(bob.address);
    });
});
