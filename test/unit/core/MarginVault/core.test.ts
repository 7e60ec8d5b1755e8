import {expect} from "chai";
import {type AddressLike, encodeBytes32String, Interface, ZeroAddress} from "ethers";
import {network} from "hardhat";

import {accountId} from "../../../../scripts/sdk/ids.js";
import {
    deployBare,
    deployVault,
    e18,
    lendAndBorrow,
    surplusE18,
    usdc,
    WBTC,
    WETH,
    type VaultFixture,
} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const fixture = () => deployVault(ethers);

/** A lender with collateral of two kinds, a debtor, and some age. */
async function aged() {
    const f = await lendAndBorrow(await deployVault(ethers));
    await f.vault.connect(f.bob.signer).deposit(f.bob.id, f.wbtc, 3n);
    await networkHelpers.time.increase(86_400 * 30);
    return f;
}

type Call = readonly [name: "moveCash" | "settleCash" | "moveFraction" | "socialise" | "markChecked", ...unknown[]];

const encode = ({vault}: VaultFixture, calls: readonly Call[]): string[] =>
    calls.map(([name, ...args]) => new Interface(vault.interface.fragments).encodeFunctionData(name, args));

describe("MarginVault: lock, unlock", () => {
    it("should be taken and given back within a transaction, and gone after it", async () => {
        const {vault, clearinghouse} = await networkHelpers.loadFixture(fixture);
        await clearinghouse.underLock(vault, []);
        expect(await vault.isLocked()).to.equal(false);
        await clearinghouse.forward(vault, vault.interface.encodeFunctionData("lock"));
        expect(await vault.isLocked(), "a lock that is not given back").to.equal(false);
    });

    it("should show while it is held", async () => {
        const {vault, clearinghouse} = await networkHelpers.loadFixture(fixture);
        await expect(clearinghouse.underLock(vault, [vault.interface.encodeFunctionData("isLocked")]))
            .to.emit(clearinghouse, "Answered")
            .withArgs(`0x${"1".padStart(64, "0")}`);
    });

    it("should refuse everyone outside the core", async () => {
        const {vault, alice} = await networkHelpers.loadFixture(fixture);
        for (const name of ["lock", "unlock"] as const) {
            await expect(vault.connect(alice.signer)[name]())
                .to.be.revertedWithCustomError(vault, "MarginVault_NotCore")
                .withArgs(alice.address);
        }
    });

    it("should refuse to be taken twice, and to be given back by another or unheld", async () => {
        const {vault, clearinghouse, liquidator} = await networkHelpers.loadFixture(fixture);
        const lock = vault.interface.encodeFunctionData("lock");
        const unlock = vault.interface.encodeFunctionData("unlock");
        await expect(clearinghouse.underLock(vault, [lock])).to.be.revertedWithCustomError(vault, "MarginVault_Locked");
        await expect(liquidator.underLockBy(vault, clearinghouse, unlock))
            .to.be.revertedWithCustomError(vault, "MarginVault_NotLocked")
            .withArgs(clearinghouse);
        await expect(clearinghouse.forward(vault, unlock))
            .to.be.revertedWithCustomError(vault, "MarginVault_NotLocked")
            .withArgs(clearinghouse);
    });

    it("should stop every entry point of users while held", async () => {
        const {vault, clearinghouse, alice, usdc: coin} = await networkHelpers.loadFixture(fixture);
        const {interface: abi} = vault;
        const signature = [1n, 27, `0x${"00".repeat(32)}`, `0x${"00".repeat(32)}`] as const;
        const address = await coin.getAddress();
        for (const call of [
            abi.encodeFunctionData("deposit", [alice.id, address, 1n]),
            abi.encodeFunctionData("depositWithPermit", [alice.id, address, 1n, ...signature]),
            abi.encodeFunctionData("withdraw", [alice.id, address, 1n, alice.address]),
            abi.encodeFunctionData("transfer", [alice.id, alice.second, address, 1n]),
            abi.encodeFunctionData("setOperator", [alice.id, alice.address, 1, 1]),
            abi.encodeFunctionData("setModel", [alice.id, 1]),
            abi.encodeFunctionData("accrue"),
        ]) {
            await expect(clearinghouse.underLock(vault, [call])).to.be.revertedWithCustomError(
                vault,
                "MarginVault_Locked",
            );
        }
    });
});

describe("MarginVault: functions of the core", () => {
    it("should refuse every caller but theirs, and theirs without the lock", async () => {
        const f = await networkHelpers.loadFixture(fixture);
        const {vault, clearinghouse, liquidator, backstop, alice, bob} = f;
        const rooms = {clearinghouse, liquidator, backstop};
        const allowed: readonly (readonly [readonly (keyof typeof rooms)[], string])[] = [
            [["clearinghouse", "liquidator"], vault.interface.encodeFunctionData("moveCash", [alice.id, bob.id, 0n])],
            [["clearinghouse"], vault.interface.encodeFunctionData("settleCash", [alice.id, 0n])],
            [["liquidator"], vault.interface.encodeFunctionData("moveFraction", [alice.id, bob.id, 0n])],
            [["backstop"], vault.interface.encodeFunctionData("depositFromBackstop", [alice.id, 0n])],
            [["liquidator"], vault.interface.encodeFunctionData("socialise", [alice.id, 0n])],
            [
                ["clearinghouse", "liquidator", "backstop"],
                vault.interface.encodeFunctionData("markChecked", [alice.id]),
            ],
        ];
        for (const [names, call] of allowed) {
            for (const [name, room] of Object.entries(rooms)) {
                if (names.includes(name as keyof typeof rooms)) {
                    await room.underLock(vault, [call]);
                    await expect(room.forward(vault, call))
                        .to.be.revertedWithCustomError(vault, "MarginVault_NotLocked")
                        .withArgs(room);
                } else {
                    await expect(room.underLock(vault, [call]))
                        .to.be.revertedWithCustomError(vault, "MarginVault_NotCore")
                        .withArgs(room);
                }
            }
            await expect(alice.signer.sendTransaction({to: vault, data: call}))
                .to.be.revertedWithCustomError(vault, "MarginVault_NotCore")
                .withArgs(alice.address);
        }
    });
});

describe("MarginVault: moveCash", () => {
    it("should debit one account and credit the other, into debt if need be", async () => {
        const f = await networkHelpers.loadFixture(aged);
        const {vault, clearinghouse, alice, carol} = f;
        const before = await surplusE18(f);
        await clearinghouse.underLock(vault, encode(f, [["moveCash", carol.id, alice.id, e18(40) + 1n]]));
        expect(await vault.cashOf(carol.id), "payer").to.be.within(-e18(40) - 3n, -e18(40) - 1n);
        expect(await surplusE18(f), "VLT-1").to.be.within(before, before + 10n);
    });

    it("should leave one account as it was when it pays itself", async () => {
        const f = await networkHelpers.loadFixture(fixture);
        const {vault, liquidator, alice} = f;
        await vault.connect(alice.signer).deposit(alice.id, f.usdc, usdc(5));
        await liquidator.underLock(vault, encode(f, [["moveCash", alice.id, alice.id, e18(9)]]));
        // The way through debt may cost a unit of rounding, and never brings one.
        expect(await vault.cashOf(alice.id)).to.be.within(e18(5) - 1n, e18(5));
    });
});

describe("MarginVault: settleCash", () => {
    it("should book what is credited ahead, and the way back", async () => {
        const f = await networkHelpers.loadFixture(fixture);
        const {vault, clearinghouse, alice, carol} = f;
        await expect(clearinghouse.underLock(vault, encode(f, [["settleCash", alice.id, e18(3)]])))
            .to.emit(vault, "NetSettledChanged")
            .withArgs(e18(3), e18(3))
            .and.to.emit(vault, "CashChanged")
            .withArgs(alice.id, e18(3), e18(3));
        expect((await vault.cashTotals()).netSettledE18).to.equal(e18(3));
        expect(await surplusE18(f), "VLT-1").to.equal(0n);
        await clearinghouse.underLock(vault, encode(f, [["settleCash", carol.id, -e18(5)]]));
        expect((await vault.cashTotals()).netSettledE18).to.equal(-e18(2));
        expect(await vault.cashOf(carol.id)).to.be.within(-e18(5) - 1n, -e18(5));
        expect(await surplusE18(f), "VLT-1").to.be.within(0n, 1n);
    });

    it("should do nothing for zero", async () => {
        const f = await networkHelpers.loadFixture(fixture);
        await expect(f.clearinghouse.underLock(f.vault, encode(f, [["settleCash", f.alice.id, 0n]]))).not.to.emit(
            f.vault,
            "NetSettledChanged",
        );
    });
});

describe("MarginVault: moveFraction", () => {
    it("should move a fraction of debt and of each collateral, toward zero", async () => {
        const f = await networkHelpers.loadFixture(aged);
        const {vault, liquidator, bob, carol} = f;
        await vault.accrue();
        const owed = await vault.cashOf(bob.id);
        await liquidator.underLock(vault, encode(f, [["moveFraction", bob.id, carol.id, e18("0.3")]]));
        expect(await vault.unitsOf(carol.id, WETH), "WETH").to.equal(e18("0.3"));
        expect(await vault.unitsOf(bob.id, WETH), "WETH left").to.equal(e18("0.7"));
        expect(await vault.unitsOf(carol.id, WBTC), "WBTC").to.equal(9_000_000_000n);
        expect(await vault.cashOf(carol.id), "debt").to.be.closeTo((owed * 3n) / 10n, e18("0.00001"));
        expect(await surplusE18(f), "VLT-1").to.be.at.least(0n);
    });

    it("should round each holding down and move nothing of a unit", async () => {
        const f = await networkHelpers.loadFixture(fixture);
        const {vault, liquidator, alice, carol} = f;
        await vault.connect(alice.signer).deposit(alice.id, f.weth, 7n);
        await liquidator.underLock(vault, encode(f, [["moveFraction", alice.id, carol.id, e18("0.5")]]));
        expect(await vault.unitsOf(carol.id, WETH)).to.equal(3n);
        expect(await vault.unitsOf(alice.id, WETH)).to.equal(4n);
        await liquidator.underLock(vault, encode(f, [["moveFraction", carol.id, alice.id, e18("0.3")]]));
        expect(await vault.unitsOf(carol.id, WETH)).to.equal(3n);
    });

    for (const who of ["bob", "alice"] as const) {
        it(`should move everything at one, dust of the principal included (${who})`, async () => {
            const f = await networkHelpers.loadFixture(aged);
            const {vault, liquidator, carol} = f;
            const from = f[who].id;
            await liquidator.underLock(vault, encode(f, [["moveFraction", from, carol.id, e18(1)]]));
            expect(await vault.principalOf(from), "principal").to.equal(0n);
            const [, collateral] = await vault.holdingsOf(from);
            expect(collateral, "collateral").to.have.lengthOf(0);
            expect(await vault.principalOf(carol.id), "taken").to.not.equal(0n);
            expect(await surplusE18(f), "VLT-1").to.be.at.least(0n);
        });
    }

    it("should refuse a fraction above one", async () => {
        const f = await networkHelpers.loadFixture(fixture);
        const {vault, liquidator, alice, bob} = f;
        await expect(liquidator.underLock(vault, encode(f, [["moveFraction", alice.id, bob.id, e18(1) + 1n]])))
            .to.be.revertedWithCustomError(vault, "MarginVault_ParameterOutOfBounds")
            .withArgs(encodeBytes32String("fraction"), e18(1) + 1n, 0, e18(1));
    });
});

describe("MarginVault: depositFromBackstop", () => {
    it("should take coin from the backstop while another room holds the lock, whatever the cap", async () => {
        const f = await networkHelpers.loadFixture(fixture);
        const {vault, liquidator, backstop, alice, usdc: coin} = f;
        await coin.mint(backstop, usdc(10));
        await backstop.forward(
            coin,
            coin.interface.encodeFunctionData("approve", [await vault.getAddress(), usdc(10)]),
        );
        await vault.setSettlementCap(0n);
        const call = vault.interface.encodeFunctionData("depositFromBackstop", [alice.id, usdc(10)]);
        await expect(liquidator.underLockBy(vault, backstop, call))
            .to.emit(vault, "Deposited")
            .withArgs(alice.id, coin, backstop, usdc(10), e18(10));
        expect(await vault.cashOf(alice.id)).to.equal(e18(10));
        expect(await coin.balanceOf(backstop)).to.equal(0n);
    });
});

describe("MarginVault: socialise", () => {
    /** Alice 600 and Carol 400 hold cash; Bob owes 300 that he will not pay. */
    async function insolvent() {
        const f = await deployVault(ethers);
        const {vault, alice, bob, carol, usdc: coin, clearinghouse} = f;
        await vault.setRateCurve({baseE18: 0n, kinkE18: e18("0.5"), slopeLowE18: 0n, slopeHighE18: 0n, reserveE18: 0n});
        await vault.connect(alice.signer).deposit(alice.id, coin, usdc(600));
        await vault.connect(carol.signer).deposit(carol.id, coin, usdc(100));
        await clearinghouse.underLock(vault, encode(f, [["moveCash", bob.id, carol.id, e18(300)]]));
        return f;
    }

    it("should spread the loss in proportion and clear the debt", async () => {
        const f = await networkHelpers.loadFixture(insolvent);
        const {vault, liquidator, alice, bob, carol} = f;
        const call = liquidator.underLock(vault, encode(f, [["socialise", bob.id, e18(300)]]));
        await expect(call)
            .to.emit(vault, "LossSocialised")
            .withArgs(bob.id, e18(300), 10n ** 27n, 7n * 10n ** 26n)
            .and.to.emit(liquidator, "Answered")
            .withArgs(`0x${e18(300).toString(16).padStart(64, "0")}`);
        expect(await vault.cashOf(alice.id), "6 of 10").to.equal(e18(420));
        expect(await vault.cashOf(carol.id), "4 of 10").to.equal(e18(280));
        expect(await vault.cashOf(bob.id), "debtor, up to rounding").to.be.within(-2n, 0n);
        expect(await surplusE18(f), "VLT-1").to.be.within(0n, 2n);
    });

    it("should not take from the credit what the credit is for", async () => {
        const f = await networkHelpers.loadFixture(insolvent);
        const {vault, liquidator, alice} = f;
        await liquidator.underLock(vault, encode(f, [["socialise", alice.id, e18(100)]]));
        expect(await vault.cashOf(alice.id), "600 * 0.9 + 100").to.be.within(e18(640) - 1n, e18(640));
        expect(await surplusE18(f), "VLT-1").to.be.at.least(0n);
    });

    it("should round so that claims lose at least what is credited", async () => {
        const f = await networkHelpers.loadFixture(aged);
        const {vault, liquidator, bob} = f;
        const before = await surplusE18(f);
        await liquidator.underLock(vault, encode(f, [["socialise", bob.id, 333_333_333_333_333_333n]]));
        expect(await surplusE18(f), "VLT-1").to.be.within(before, before + 10n);
    });

    it("should stop at the least index, and keep the index above zero", async () => {
        const f = await networkHelpers.loadFixture(insolvent);
        const {vault, liquidator, bob, carol, clearinghouse, usdc: coin} = f;
        await clearinghouse.underLock(vault, encode(f, [["settleCash", bob.id, -e18(5_000)]]));
        const taken = e18(1_000) - e18(1_000) / 10n ** 6n;
        await expect(liquidator.underLock(vault, encode(f, [["socialise", bob.id, e18(5_000)]])))
            .to.emit(vault, "LossSocialised")
            .withArgs(bob.id, taken, 10n ** 27n, 10n ** 21n);
        await expect(liquidator.underLock(vault, encode(f, [["socialise", bob.id, 1n]]))).not.to.emit(
            vault,
            "LossSocialised",
        );
        await vault.connect(carol.signer).deposit(carol.second, coin, usdc(1_000));
        expect(await vault.cashOf(carol.second), "a new deposit counts in full").to.equal(e18(1_000));
        expect(await surplusE18(f), "VLT-1").to.be.at.least(0n);
    });

    it("should socialise nothing when nobody holds cash", async () => {
        const f = await networkHelpers.loadFixture(fixture);
        const {vault, liquidator, bob} = f;
        await expect(liquidator.underLock(vault, encode(f, [["socialise", bob.id, e18(1)]]))).not.to.emit(
            vault,
            "LossSocialised",
        );
    });
});

describe("MarginVault: markChecked", () => {
    it("should remember the block", async () => {
        const f = await networkHelpers.loadFixture(fixture);
        await f.clearinghouse.underLock(f.vault, encode(f, [["markChecked", f.alice.id]]));
        expect(await f.vault.lastCheckedBlock(f.alice.id)).to.equal(await ethers.provider.getBlockNumber());
        expect(await f.vault.principalOf(f.alice.id)).to.equal(0n);
    });
});

describe("MarginVault: setCore", () => {
    it("should name all rooms and derive the protocol account", async () => {
        const {vault, engine, clearinghouse, liquidator, backstop} = await networkHelpers.loadFixture(fixture);
        const addresses = await Promise.all([engine, clearinghouse, liquidator, backstop].map((x) => x.getAddress()));
        expect([...(await vault.core())]).to.deep.equal(addresses);
        expect(await vault.protocolAccount()).to.equal(accountId(await backstop.getAddress()));
    });

    it("should let engine and liquidator be replaced", async () => {
        const {vault, engine, clearinghouse, liquidator, backstop} = await networkHelpers.loadFixture(fixture);
        await expect(vault.setCore(liquidator, clearinghouse, engine, backstop))
            .to.emit(vault, "CoreSet")
            .withArgs(liquidator, clearinghouse, engine, backstop);
    });

    it("should refuse to replace clearinghouse or backstop, and addresses without code", async () => {
        const {vault, engine, clearinghouse, liquidator, backstop, alice} = await networkHelpers.loadFixture(fixture);
        const refused = async (...rooms: readonly [AddressLike, AddressLike, AddressLike, AddressLike]) =>
            expect(vault.setCore(...rooms)).to.be.revertedWithCustomError(vault, "MarginVault_InvalidCore");
        await refused(engine, liquidator, liquidator, backstop);
        await refused(engine, clearinghouse, liquidator, liquidator);
        for (const nobody of [ZeroAddress, alice.address]) {
            await refused(nobody, clearinghouse, liquidator, backstop);
            await refused(engine, clearinghouse, nobody, backstop);
            const {vault: bare} = await deployBare(ethers);
            for (const rooms of [
                [engine, nobody, liquidator, backstop],
                [engine, clearinghouse, liquidator, nobody],
            ] as const) {
                await expect(bare.setCore(...rooms)).to.be.revertedWithCustomError(bare, "MarginVault_InvalidCore");
            }
        }
    });
});
