import {Contract, ZeroHash} from "ethers";
import type {NetworkConnection} from "hardhat/types/network";

import {TOKEN_ABI} from "../../../../scripts/chain/contracts.js";
import type {InstrumentId} from "../../../../scripts/sdk/instruments.js";
import type {ITradeLens} from "../../../../typechain-types/contracts/interfaces/ITradeLens.js";
import type {IClearinghouse} from "../../../../typechain-types/contracts/interfaces/IClearinghouse.js";
import type {Clearinghouse, TradeLens} from "../../../../typechain-types/index.js";
import {deployLens, fillOf} from "../MarginLens/fixture.js";
import type {LensWorld, Offer} from "../MarginLens/fixture.js";

export {BTC, BTC_PRICE, DAY, E18, ETH, ETH_PRICE, setMarket} from "../MarginLens/fixture.js";

export const E8 = 10n ** 8n;
export const NOBODY = ZeroHash;
export const TAKER = 0n;
export const MAKER = 1n;

export type TradeWorld = LensWorld & {trades: TradeLens};
/** As an account sees it: positive = it buys. */
export type Leg = {instrument: InstrumentId; sizeE18: bigint; priceE18: bigint};
export type Sides = {account: number; counterparty: number; role?: bigint};

/** Given, not estimated: what a fill writes depends on the second in which it is mined. */
export const FILL_GAS = 100_000_000n;
const DEEP_POCKETS = 100_000_000n * 10n ** 6n;

/** The system with a trade lens. Account 0 has 100 million dollars more, so that it is never the one that stops a trade. */
export async function deployTradeLens(connection: NetworkConnection): Promise<TradeWorld> {
    const world = await deployLens(connection);
    const {contracts, tokens} = world.deployment;
    const [owner] = world.owners;
    const token = new Contract(tokens["USDC"]!.address, TOKEN_ABI, owner);
    await token.getFunction("mint")(owner!.address, DEEP_POCKETS);
    await world.all.vault.connect(owner).deposit(world.ids[0]!, await token.getAddress(), DEEP_POCKETS);
    const trades = await connection.ethers.getContractAt("TradeLens", contracts.tradeLens);
    return {...world, trades};
}

export const partyOf = (world: TradeWorld, {account, counterparty, role = TAKER}: Sides): ITradeLens.PartyStruct => ({
    account: world.ids[account]!,
    counterparty: world.ids[counterparty]!,
    role,
});

/** The legs as a signed fill, and who has to send it. */
export async function executable(
    connection: NetworkConnection,
    world: TradeWorld,
    {account, counterparty, role = TAKER}: Sides,
    legs: readonly Leg[],
    nonce = 1n,
): Promise<{fill: IClearinghouse.FillStruct; clearinghouse: Clearinghouse}> {
    const [maker, taker] = role === TAKER ? [counterparty, account] : [account, counterparty];
    const offers: Offer[] = legs.map((leg) => ({...leg, sizeE18: role === TAKER ? -leg.sizeE18 : leg.sizeE18}));
    const fill = await fillOf(connection, world, [maker, taker], offers, nonce);
    return {fill, clearinghouse: world.all.clearinghouse.connect(world.owners[taker])};
}

export async function trade(
    connection: NetworkConnection,
    world: TradeWorld,
    sides: Sides,
    legs: readonly Leg[],
    nonce = 1n,
): Promise<void> {
    const {fill, clearinghouse} = await executable(connection, world, sides, legs, nonce);
    await clearinghouse.fill(fill, {gasLimit: FILL_GAS});
}

/** The same legs tried in the block that is the latest, and taken back. */
export async function attempt(
    connection: NetworkConnection,
    world: TradeWorld,
    sides: Sides,
    legs: readonly Leg[],
): Promise<void> {
    const {fill, clearinghouse} = await executable(connection, world, sides, legs, 1_000n);
    await clearinghouse.fill.staticCall(fill, {blockTag: "latest"});
}
