/** The vault with three tokens and stand-ins for the rest of the core, as every test of its functions starts from. */
import type {HardhatEthers, HardhatEthersSigner} from "@nomicfoundation/hardhat-ethers/types";
import {MaxUint256, parseUnits} from "ethers";

import {accountId, type AccountId} from "../../../../scripts/sdk/ids.js";
import type {
    AccessManager,
    MarginVault,
    MockCore,
    MockPositions,
    MockRiskEngine,
    MockToken,
} from "../../../../typechain-types/index.js";

export const E18 = 10n ** 18n;
export const RAY = 10n ** 27n;
export const YEAR = 365n * 24n * 3600n;
export const RIGHTS = {trade: 1, withdraw: 2, transfer: 4, liquidate: 8} as const;
export const MODEL = {scenario: 0, isolated: 1, greeks: 3} as const;
export const WETH = 0;
export const WBTC = 1;

/** 2 % at rest, 4 % more up to 80 % utilisation, 60 % more above; a tenth of the interest is reserved. */
export const CURVE = {
    baseE18: parseUnits("0.02"),
    kinkE18: parseUnits("0.8"),
    slopeLowE18: parseUnits("0.04"),
    slopeHighE18: parseUnits("0.6"),
    reserveE18: parseUnits("0.1"),
};

export const usdc = (amount: string | number): bigint => parseUnits(String(amount), 6);
export const e18 = (amount: string | number): bigint => parseUnits(String(amount), 18);

export interface Person {
    readonly signer: HardhatEthersSigner;
    readonly address: string;
    readonly id: AccountId;
    readonly second: AccountId;
}

/** Before the other rooms are named. */
export interface BareFixture {
    readonly admin: HardhatEthersSigner;
    readonly alice: Person;
    readonly bob: Person;
    readonly carol: Person;
    readonly authority: AccessManager;
    readonly vault: MarginVault;
    readonly usdc: MockToken;
    readonly weth: MockToken;
    readonly wbtc: MockToken;
}

export interface VaultFixture extends BareFixture {
    readonly engine: MockRiskEngine;
    readonly clearinghouse: MockPositions;
    readonly liquidator: MockCore;
    readonly backstop: MockCore;
    readonly protocol: AccountId;
}

function person(signer: HardhatEthersSigner): Person {
    const {address} = signer;
    return {signer, address, id: accountId(address), second: accountId(address, 1n)};
}

/** Tokens and a vault that knows no other room yet. */
export async function deployBare(ethers: HardhatEthers): Promise<BareFixture> {
    const [admin, ...others] = await ethers.getSigners();
    const [alice, bob, carol] = others.slice(0, 3).map(person);
    if (admin === undefined || alice === undefined || bob === undefined || carol === undefined) {
        throw new Error("four signers are needed");
    }
    const authority = await ethers.deployContract("AccessManager", [admin.address]);
    const coin = await ethers.deployContract("MockToken", ["USDC", 6]);
    const weth = await ethers.deployContract("MockToken", ["WETH", 18]);
    const wbtc = await ethers.deployContract("MockToken", ["WBTC", 8]);
    const vault = await ethers.deployContract("MarginVault", [authority, coin, CURVE, e18(1_000_000_000)]);
    return {admin, alice, bob, carol, authority, usdc: coin, weth, wbtc, vault};
}

/** The whole fixture: WETH is asset 0 and WBTC asset 1; everyone holds and has approved tokens. */
export async function deployVault(ethers: HardhatEthers): Promise<VaultFixture> {
    const bare = await deployBare(ethers);
    const {vault, alice, bob, carol, weth, wbtc} = bare;
    const engine = await ethers.deployContract("MockRiskEngine", [vault]);
    const clearinghouse = await ethers.deployContract("MockPositions");
    const liquidator = await ethers.deployContract("MockCore");
    const backstop = await ethers.deployContract("MockCore");
    await vault.setCore(engine, clearinghouse, liquidator, backstop);
    await vault.listAsset(weth, e18(10_000));
    await vault.listAsset(wbtc, e18(1_000));
    await engine.setPrice(WETH, e18(2_000));
    await engine.setPrice(WBTC, e18(60_000));
    for (const token of [bare.usdc, weth, wbtc]) {
        for (const {signer, address} of [alice, bob, carol]) {
            await token.mint(address, parseUnits("10000000", await token.decimals()));
            await token.connect(signer).approve(vault, MaxUint256);
        }
    }
    const protocol = accountId(await backstop.getAddress());
    return {...bare, engine, clearinghouse, liquidator, backstop, protocol};
}

/** Alice lends 1,000 USDC; Bob has 1 WETH and owes 500 USDC. */
export async function lendAndBorrow(fixture: VaultFixture): Promise<VaultFixture> {
    const {vault, alice, bob, usdc: coin, weth} = fixture;
    await vault.connect(alice.signer).deposit(alice.id, coin, usdc(1_000));
    await vault.connect(bob.signer).deposit(bob.id, weth, e18(1));
    await vault.connect(bob.signer).withdraw(bob.id, coin, usdc(500), bob.address);
    return fixture;
}

/** The left side of the totals' law less the right side: never negative. 18 decimals. */
export async function surplusE18({vault, usdc: coin}: VaultFixture): Promise<bigint> {
    const {suppliedE18, borrowedE18, netSettledE18} = await vault.cashTotals();
    const heldE18 = (await coin.balanceOf(vault)) * 10n ** 12n;
    return heldE18 + borrowedE18 + netSettledE18 - suppliedE18;
}
