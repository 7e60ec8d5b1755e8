/** The real vault and backstop, a stand-in clearinghouse and an engine whose figures can be worked out by hand. */
import type {HardhatEthers, HardhatEthersSigner} from "@nomicfoundation/hardhat-ethers/types";
import {MaxInt256, MaxUint256, parseEther, parseUnits} from "ethers";

import {accountId, type AccountId} from "../../../../scripts/sdk/ids.js";
import type {
    AccessManager,
    Backstop,
    CallbackKeeper,
    Liquidator,
    MarginVault,
    MockBooks,
    MockLinearEngine,
    MockPrices,
    MockToken,
} from "../../../../typechain-types/index.js";

export const ONE = 10n ** 18n;
export const ALL = ONE;
export const ANY_PRICE = MaxInt256;
export const LIQUIDATE = 8n;
export const WETH = 0n;
export const NATIVE_FEED = 2n;
/** Of the settlement coin; without a price unless a test gives it one. */
export const COIN_FEED = 0n;
/** The engine's stand-in gives asset n the feed 10 + n. */
export const WETH_FEED = 10n;
export const NO_WITNESS = {own: [], joint: []};

export const usdc = (amount: string | number): bigint => parseUnits(String(amount), 6);
export const e18 = (amount: string | number): bigint => parseEther(String(amount));

/** A budget that no test reaches unless it means to. */
export const LOSS_LIMIT = e18(1_000_000_000);
export const DAY = 86_400;

/** 2 % at once, 10 % after ten minutes, everything after an hour; then a fifth of the maintenance within 1,000 s. */
export const CURVE = {
    discountStartE18: e18("0.02"),
    discountFastE18: e18("0.1"),
    fastSeconds: 600n,
    slowSeconds: 3_000n,
    insolventSeconds: 1_000n,
    insolventCapE18: e18("0.2"),
    targetHealthE18: e18("1.1"),
    dustE18: e18(10),
};

/** The cap on the gas price binds always, so that at 4,000 USD the pays are 3 for a start and 6 + 0.3 per position. */
export const PAY = {
    startGas: 10_000_000n,
    takeGas: 20_000_000n,
    takeGasPerPosition: 1_000_000n,
    marginE18: e18("0.5"),
    maxGasPriceWei: parseUnits("0.05", "gwei"),
    minE18: e18("0.01"),
    maxE18: e18(100),
    nativeFeedId: NATIVE_FEED,
};

export type Person = {
    readonly signer: HardhatEthersSigner;
    readonly address: string;
    readonly id: AccountId;
    readonly second: AccountId;
};

export type LiquidationFixture = {
    readonly admin: HardhatEthersSigner;
    readonly alice: Person;
    readonly bob: Person;
    readonly carol: Person;
    readonly manager: AccessManager;
    readonly coin: MockToken;
    readonly weth: MockToken;
    readonly vault: MarginVault;
    readonly books: MockBooks;
    readonly engine: MockLinearEngine;
    readonly prices: MockPrices;
    readonly backstop: Backstop;
    readonly liquidator: Liquidator;
    readonly contractKeeper: CallbackKeeper;
    readonly protocol: AccountId;
};

const RATES = {baseE18: 0n, kinkE18: e18("0.8"), slopeLowE18: 0n, slopeHighE18: 0n, reserveE18: 0n};

/**
 * Alice has 1,000 USDC and 10 units of instrument 1, bought at 2,000: maintenance 60 a unit, reserve 5 and 0.25 a position,
 * 605.25 together. Bob and Carol keep 100,000 USDC each. Nothing accrues interest.
 */
export async function deployLiquidation(ethers: HardhatEthers): Promise<LiquidationFixture> {
    const [admin, ...others] = await ethers.getSigners();
    const [alice, bob, carol] = others.map((signer) => {
        const {address} = signer;
        return {signer, address, id: accountId(address), second: accountId(address, 1n)};
    });
    if (admin === undefined || alice === undefined || bob === undefined || carol === undefined) {
        throw new Error("four signers are needed");
    }
    const manager = await ethers.deployContract("AccessManager", [admin.address]);
    const coin = await ethers.deployContract("MockToken", ["USDC", 6]);
    const weth = await ethers.deployContract("MockToken", ["WETH", 18]);
    const vault = await ethers.deployContract("MarginVault", [manager, coin, RATES, e18(1_000_000_000)]);
    const books = await ethers.deployContract("MockBooks", [vault]);
    const engine = await ethers.deployContract("MockLinearEngine", [vault, books]);
    const prices = await ethers.deployContract("MockPrices");
    const backstop = await ethers.deployContract("Backstop", [vault, manager, 86_400, 43_200]);
    const liquidator = await ethers.deployContract("Liquidator", [vault, books, backstop, prices, manager, CURVE, PAY]);
    await vault.setCore(engine, books, liquidator, backstop);
    await backstop.setLossBudget(0, LOSS_LIMIT, DAY);
    await vault.listAsset(weth, e18(1_000_000));
    const contractKeeper = await ethers.deployContract("CallbackKeeper", [liquidator, vault]);

    await prices.setPrice(NATIVE_FEED, e18(4_000));
    await prices.setPrice(WETH_FEED, e18(1));
    await engine.setOracle(prices);
    await engine.setReserve(e18(5), e18("0.25"));
    await engine.setPrice(1, e18(2_000), e18(60));
    for (const {signer, address} of [alice, bob, carol]) {
        for (const token of [coin, weth]) {
            await token.mint(address, parseUnits("10000000", await token.decimals()));
            await token.connect(signer).approve(vault, MaxUint256);
        }
        await coin.connect(signer).approve(backstop, MaxUint256);
    }
    await vault.connect(alice.signer).deposit(alice.id, coin, usdc(1_000));
    await books.setSize(alice.id, 1, e18(10));
    await books.setQuote(alice.id, -e18(20_000));
    await vault.connect(bob.signer).deposit(bob.id, coin, usdc(100_000));
    await vault.connect(carol.signer).deposit(carol.id, coin, usdc(100_000));
    const protocol = accountId(await backstop.getAddress());
    return {
        admin,
        alice,
        bob,
        carol,
        manager,
        coin,
        weth,
        vault,
        books,
        engine,
        prices,
        backstop,
        liquidator,
        contractKeeper,
        protocol,
    };
}

/** Equity 550 against a maintenance of 605.25. */
export async function fallShort(fixture: LiquidationFixture): Promise<LiquidationFixture> {
    await fixture.engine.setPrice(1, e18(1_955), e18(60));
    return fixture;
}

/** Equity −200. */
export async function fallInsolvent(fixture: LiquidationFixture): Promise<LiquidationFixture> {
    await fixture.engine.setPrice(1, e18(1_880), e18(60));
    return fixture;
}

/** Bob starts the auction; the start pay of 3 leaves equity 547 in the solvent case. */
export async function startAuction(fixture: LiquidationFixture): Promise<LiquidationFixture> {
    const {liquidator, alice, bob} = fixture;
    await liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id);
    return fixture;
}

/** 1,000,000 USDC of Carol's in the backstop. */
export async function fillBackstop(fixture: LiquidationFixture): Promise<LiquidationFixture> {
    const {backstop, carol} = fixture;
    await backstop.connect(carol.signer).deposit(usdc(1_000_000), carol.address);
    return fixture;
}

/** Equity and maintenance of an account. */
export async function marginOf({engine}: LiquidationFixture, account: AccountId): Promise<[bigint, bigint]> {
    const {equityE18, maintenanceE18} = await engine.assess(account);
    return [equityE18, maintenanceE18];
}

/** Equity of all accounts, and the backstop's coins: what liquidations may only shift. */
export async function totalEquityE18(fixture: LiquidationFixture): Promise<bigint> {
    const {alice, bob, carol, contractKeeper, coin, backstop, protocol} = fixture;
    const contractId = accountId(await contractKeeper.getAddress());
    const ids = [alice.id, bob.id, carol.id, bob.second, carol.second, contractId, protocol];
    const equities = await Promise.all(ids.map((id) => marginOf(fixture, id)));
    const heldE18 = (await coin.balanceOf(backstop)) * 10n ** 12n;
    return equities.reduce((sum, [equityE18]) => sum + equityE18, heldE18);
}
