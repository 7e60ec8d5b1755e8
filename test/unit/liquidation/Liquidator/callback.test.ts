import {expect} from "chai";
import {MaxUint256} from "ethers";
import {network} from "hardhat";

import {accountId} from "../../../../scripts/sdk/ids.js";
import {
    ALL,
    ANY_PRICE,
    deployLiquidation,
    e18,
    fallShort,
    fillBackstop,
    marginOf,
    NO_WITNESS,
    startAuction,
    totalEquityE18,
    usdc,
} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();

/** Alice is being auctioned; the contract keeper holds 1,000 USDC outside and nothing in the vault. */
async function fixtureWithContract() {
    const fixture = await fillBackstop(await startAuction(await fallShort(await deployLiquidation(ethers))));
    const {coin, vault, contractKeeper, liquidator, engine} = fixture;
    const address = await contractKeeper.getAddress();
    await coin.mint(address, usdc(1_000));
    const targets = {
        coin: await coin.getAddress(),
        vault: await vault.getAddress(),
        liquidator: await liquidator.getAddress(),
        engine: await engine.getAddress(),
    };
    const approve = {
        target: targets.coin,
        data: coin.interface.encodeFunctionData("approve", [targets.vault, MaxUint256]),
    };
    await contractKeeper.run([approve]);
    const errors = await ethers.getContractAt("IRiskEngine", engine);
    return {...fixture, address, targets, errors, keeper: accountId(address), second: accountId(address, 1n)};
}

type Fixture = Awaited<ReturnType<typeof fixtureWithContract>>;

const deposit = ({vault, targets, address}: Fixture, amountNative: bigint, sub = 0n) => ({
    target: targets.vault,
    data: vault.interface.encodeFunctionData("deposit", [accountId(address, sub), targets.coin, amountNative]),
});

const withdraw = ({vault, targets, address}: Fixture, amountNative: bigint) => ({
    target: targets.vault,
    data: vault.interface.encodeFunctionData("withdraw", [accountId(address), targets.coin, amountNative, address]),
});

const takeStep = ({liquidator, targets}: Fixture, account: string, keeper: string, fractionE18: bigint) => ({
    target: targets.liquidator,
    data: liquidator.interface.encodeFunctionData("take", [account, keeper, fractionE18, ANY_PRICE, "0x"]),
});

const startStep = ({liquidator, targets}: Fixture, account: string, keeper: string) => ({
    target: targets.liquidator,
    data: liquidator.interface.encodeFunctionData("start", [account, NO_WITNESS, keeper]),
});

describe("Liquidator: callback", () => {
    context("given a keeper without money in the vault", () => {
        it("should let him bring it in the callback, with the lock open", async () => {
            const fixture = await networkHelpers.loadFixture(fixtureWithContract);
            const {contractKeeper, alice, keeper, liquidator} = fixture;
            const before = (await totalEquityE18(fixture)) + e18(500);
            const call = contractKeeper.take(alice.id, 0, ALL, [deposit(fixture, usdc(500))]);
            await expect(call).to.emit(contractKeeper, "SliceReceived");
            const [event] = await contractKeeper.queryFilter(contractKeeper.filters.SliceReceived());
            expect([event?.args.account, event?.args.keeper, event?.args.wasLocked]).to.deep.equal([
                alice.id,
                keeper,
                false,
            ]);
            const [equity, maintenance] = await marginOf(fixture, keeper);
            expect(equity, "keeper is healthy").to.be.gt(maintenance);
            expect((await liquidator.auction(alice.id)).startedAt, "ended").to.equal(0n);
            expect(await totalEquityE18(fixture), "LIQ-5: sum").to.be.within(before - 10n, before + 10n);
        });

        it("should undo everything when he does not", async () => {
            const fixture = await networkHelpers.loadFixture(fixtureWithContract);
            const {contractKeeper, alice, errors, liquidator, books} = fixture;
            await expect(contractKeeper.take(alice.id, 0, ALL, [])).to.be.revertedWithCustomError(
                errors,
                "RiskEngine_BelowInitial",
            );
            expect((await liquidator.auction(alice.id)).startedAt, "still runs").to.be.gt(0n);
            expect(await books.sizeOf(alice.id, 1), "position").to.equal(e18(10));
        });

        it("should not let him take the slice's discount out while the rest is not covered", async () => {
            const fixture = await networkHelpers.loadFixture(fixtureWithContract);
            const {contractKeeper, alice, errors} = fixture;
            const steps = [deposit(fixture, usdc(500)), withdraw(fixture, usdc(450))];
            await expect(contractKeeper.take(alice.id, 0, ALL, steps)).to.be.revertedWithCustomError(
                errors,
                "RiskEngine_BelowInitial",
            );
        });

        it("should let him take what he brought too much", async () => {
            const fixture = await networkHelpers.loadFixture(fixtureWithContract);
            const {contractKeeper, alice, coin, address} = fixture;
            await contractKeeper.take(alice.id, 0, ALL, [deposit(fixture, usdc(900)), withdraw(fixture, usdc(400))]);
            expect(await coin.balanceOf(address)).to.equal(usdc(500));
        });
    });

    context("given a callback that comes back to the liquidator", () => {
        it("should sell a further slice of the same account", async () => {
            const fixture = await networkHelpers.loadFixture(fixtureWithContract);
            const {contractKeeper, liquidator, books, alice, keeper} = fixture;
            const before = (await totalEquityE18(fixture)) + e18(1_000);
            const steps = [deposit(fixture, usdc(1_000)), takeStep(fixture, alice.id, keeper, ALL)];
            await contractKeeper.take(alice.id, 0, e18("0.05"), steps);
            expect(await liquidator.queryFilter(liquidator.filters.SliceTaken()), "slices").to.have.length(2);
            expect((await liquidator.auction(alice.id)).startedAt, "ended").to.equal(0n);
            expect((await books.sizeOf(alice.id, 1)) + (await books.sizeOf(keeper, 1)), "LED-1").to.equal(e18(10));
            expect(await totalEquityE18(fixture), "LIQ-5: sum").to.be.within(before - 10n, before + 10n);
        });

        it("should refuse a second slice once the first finished", async () => {
            const fixture = await networkHelpers.loadFixture(fixtureWithContract);
            const {contractKeeper, liquidator, alice, keeper} = fixture;
            const steps = [deposit(fixture, usdc(1_000)), takeStep(fixture, alice.id, keeper, ALL)];
            await expect(contractKeeper.take(alice.id, 0, ALL, steps))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_NoAuction")
                .withArgs(alice.id);
        });

        it("should sell a slice of another account", async () => {
            const fixture = await networkHelpers.loadFixture(fixtureWithContract);
            const {contractKeeper, liquidator, books, vault, coin, alice, bob, carol, keeper} = fixture;
            await vault.connect(carol.signer).deposit(carol.second, coin, usdc(1_000));
            await books.setSize(carol.second, 1, e18(10));
            await books.setQuote(carol.second, -e18(20_000));
            await liquidator.connect(bob.signer).start(carol.second, NO_WITNESS, bob.id);
            const steps = [deposit(fixture, usdc(1_000)), takeStep(fixture, carol.second, keeper, ALL)];
            await contractKeeper.take(alice.id, 0, ALL, steps);
            for (const id of [alice.id, carol.second]) {
                expect((await liquidator.auction(id)).startedAt, "ended").to.equal(0n);
            }
        });

        it("should not let a friend liquidate the keeper's account while it is short (LIQ-6)", async () => {
            const fixture = await networkHelpers.loadFixture(fixtureWithContract);
            const {contractKeeper, liquidator, vault, alice, bob, keeper, address} = fixture;
            // Bob is the friend: he lets the contract act for his account.
            await vault.connect(bob.signer).setOperator(bob.id, address, 8, 2n ** 40n - 1n);
            const number = await ethers.provider.getBlockNumber();
            await expect(contractKeeper.take(alice.id, 0, ALL, [startStep(fixture, keeper, bob.id)]))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_CheckedThisBlock")
                .withArgs(keeper, number + 1);
        });

        it("should not take a slice of himself", async () => {
            const fixture = await networkHelpers.loadFixture(fixtureWithContract);
            const {contractKeeper, liquidator, alice, keeper, second} = fixture;
            await expect(contractKeeper.take(alice.id, 0, ALL, [startStep(fixture, keeper, second)]))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_SelfLiquidation")
                .withArgs(keeper, second);
        });
    });
});
