import type {HardhatEthers} from "@nomicfoundation/hardhat-ethers/types";
import type {ContractTransactionReceipt, ContractTransactionResponse, Signer} from "ethers";

import {valuesOf} from "../../../../scripts/sdk/events.js";
import {accountId, buildQuote, future, option, perp, signQuote, quoteDomain} from "../../../../scripts/sdk/index.js";
import type {AccountId, InstrumentId, Quote, QuoteTerms, UnitsE18} from "../../../../scripts/sdk/index.js";
import type {IClearinghouse} from "../../../../typechain-types/contracts/interfaces/IClearinghouse.js";
import type {
    Clearinghouse,
    MarginVault,
    MockBookEngine,
    MockLiquidator,
    MockSpot,
    MockToken,
} from "../../../../typechain-types/index.js";

export const E8 = 10n ** 8n;
export const E18 = 10n ** 18n;
export const BTC = 1;
export const ETH = 2;
export const BTC_INDEX = 50_000n * E18;
export const ETH_INDEX = 2_000n * E18;
export const CAP = 64;
/** A Monday, 09:00 UTC. */
export const START = "2026-03-02T09:00:00Z";
const at = (day: string): number => Date.parse(`${day}T08:00:00Z`) / 1000;
export const DAILY = at("2026-03-05");
export const WEEKLY = at("2026-03-20");
export const MONTHLY = at("2026-06-26");
export const BTC_PERP = perp(BTC);
export const ETH_PERP = perp(ETH);
export const BTC_FUTURE = future(BTC, DAILY);
export const call = (strike: bigint, expiry = DAILY, underlying = BTC): InstrumentId =>
    option("CALL", underlying, expiry, strike * E8);
export const put = (strike: bigint, expiry = DAILY, underlying = BTC): InstrumentId =>
    option("PUT", underlying, expiry, strike * E8);

export const RIGHT_TRADE = 1;
export const FAR = 4_000_000_000;
export const LISTING = {
    active: true,
    strikeStepE8: 100n * E8,
    minStrikeE8: 1_000n * E8,
    maxStrikeE8: 500_000n * E8,
    openInterestCapE18: 1_000_000n * E18,
};
export const FUNDING = {
    maxPremiumE18: E18 / 100n,
    maxRateE18: E18 / 200n,
    averageSeconds: 1_800n,
    sampleNotionalE18: 10_000n * E18,
};
export const NO_FEES = {linearE18: 0n, optionE18: 0n, optionCapE18: 0n};

export interface Party {
    signer: Signer;
    address: string;
    account: AccountId;
}

export interface World {
    house: Clearinghouse;
    vault: MarginVault;
    engine: MockBookEngine;
    spot: MockSpot;
    token: MockToken;
    liquidator: MockLiquidator;
    protocol: AccountId;
    alice: Party;
    bob: Party;
    carol: Party;
    stranger: Party;
}

/** A clearinghouse on the real vault with prices and requirements that tests set; alice, bob and carol hold a million each. */
export async function deployHouse(ethers: HardhatEthers): Promise<World> {
    const [admin, ...others] = await ethers.getSigners();
    const authority = await (await ethers.deployContract("AccessManager", [admin!.address])).getAddress();
    const token = await ethers.deployContract("MockToken", ["USDC", 6]);
    const curve = {baseE18: 0n, kinkE18: E18 / 2n, slopeLowE18: 0n, slopeHighE18: 0n, reserveE18: 0n};
    const vault = await ethers.deployContract("MarginVault", [authority, await token.getAddress(), curve, 10n ** 36n]);
    const vaultAddress = await vault.getAddress();
    const spot = await ethers.deployContract("MockSpot");
    const spotAddress = await spot.getAddress();
    const house = await ethers.deployContract("Clearinghouse", [vaultAddress, spotAddress, authority]);
    const houseAddress = await house.getAddress();
    const engine = await ethers.deployContract("MockBookEngine", [vaultAddress, houseAddress, spotAddress]);
    const liquidator = await ethers.deployContract("MockLiquidator", [vaultAddress, houseAddress]);
    const backstop = await ethers.deployContract("MockWallet");
    const backstopAddress = await backstop.getAddress();
    await vault.setCore(await engine.getAddress(), houseAddress, await liquidator.getAddress(), backstopAddress);
    await spot.setPrice(BTC, BTC_INDEX);
    await spot.setPrice(ETH, ETH_INDEX);
    await house.setListing(BTC, LISTING);
    await house.setListing(ETH, LISTING);
    await house.setFundingParams(FUNDING);
    const party = (index: number): Party => {
        const signer = others[index]!;
        return {signer, address: signer.address, account: accountId(signer.address)};
    };
    const [alice, bob, carol, stranger] = [party(0), party(1), party(2), party(3)];
    const protocol = accountId(backstopAddress);
    const world = {house, vault, engine, spot, token, liquidator, protocol, alice, bob, carol, stranger};
    await token.mint(admin!.address, 10n ** 30n);
    await token.approve(vaultAddress, 10n ** 30n);
    for (const {account} of [alice, bob, carol]) await deposit(world, account, 1_000_000n);
    return world;
}

export async function deposit({vault, token}: World, account: AccountId, dollars: bigint): Promise<void> {
    await vault.deposit(account, await token.getAddress(), dollars * 10n ** 6n);
}

export interface LegTerms {
    instrument: bigint;
    size: bigint;
    price: bigint;
}

export interface FillTerms {
    maker: Party;
    taker: Party;
    legs: LegTerms[];
    units?: bigint;
    fillUnits?: bigint;
    signer?: Party;
    quote?: Partial<QuoteTerms>;
    chainId?: bigint;
    verifyingContract?: string;
}

export interface FillItem {
    quote: Quote;
    signer: string;
    signature: string;
    taker: AccountId;
    unitsE18: bigint;
}

let nextNonce = 1n;

/** A signed quote with what is usual filled in: one unit, far deadline, a fresh nonce. */
export async function prepare(ethers: HardhatEthers, world: World, terms: FillTerms): Promise<FillItem> {
    const {maker, taker, signer = maker, units = E18, fillUnits = units} = terms;
    const legs = terms.legs.map(({instrument, size, price}) => ({
        instrument,
        sizePerUnitE18: size,
        priceE18: price,
    })) as unknown as Quote["legs"];
    const quote = buildQuote({
        maker: maker.account,
        legs,
        unitsE18: units as UnitsE18,
        nonce: nextNonce++,
        deadline: FAR,
        ...terms.quote,
    });
    const {chainId} = await ethers.provider.getNetwork();
    const domain = quoteDomain(terms.chainId ?? chainId, terms.verifyingContract ?? (await world.house.getAddress()));
    const {signature} = await signQuote(signer.signer, domain, quote);
    return {quote, signer: signer.address, signature, taker: taker.account, unitsE18: fillUnits};
}

/** The clearinghouse as the contract types want it: read-only arrays are copied. */
export function toStruct(item: FillItem): IClearinghouse.FillStruct {
    return {...item, quote: {...item.quote, legs: [...item.quote.legs]}};
}

export function send(world: World, caller: Party, item: FillItem): Promise<ContractTransactionResponse> {
    return world.house.connect(caller.signer).fill(toStruct(item));
}

/** Signs and fills in one step; the taker sends. */
export async function trade(
    ethers: HardhatEthers,
    world: World,
    terms: FillTerms,
): Promise<ContractTransactionReceipt> {
    const item = await prepare(ethers, world, terms);
    const receipt = await (await send(world, terms.taker, item)).wait();
    return receipt!;
}

/** Arguments of every event of one name in a receipt, in order. */
export function eventsOf(
    world: World,
    receipt: ContractTransactionReceipt,
    name: string,
): Readonly<Record<string, unknown>>[] {
    return receipt.logs.flatMap((log) => {
        const parsed = world.house.interface.parseLog(log) ?? world.vault.interface.parseLog(log);
        return parsed?.name === name ? [valuesOf(parsed.fragment.inputs, parsed.args)] : [];
    });
}

/** Cash, positions and quote figures of an account. */
export async function portfolio(
    {house, vault}: World,
    {account}: Party,
): Promise<{cash: bigint; positions: [bigint, bigint][]; quotes: [bigint, bigint][]}> {
    const [positions, quotes] = await house.positionsOf(account);
    return {
        cash: await vault.cashOf(account),
        positions: positions.map(({instrument, sizeE18}) => [instrument, sizeE18]),
        quotes: quotes.map(({underlying, quoteE18}) => [underlying, quoteE18]),
    };
}
