/** Everybody on one chain: one owner with a sub-account per trader, a maker, the keepers, a depositor of the backstop. */
import {Contract, MaxUint256} from "ethers";

import {TOKEN_ABI} from "../chain/contracts.js";
import {expiriesFor} from "../demo/expiries.js";
import {createMarket} from "../demo/market.js";
import type {DemoMarket} from "../demo/market.js";
import {Mirror} from "../demo/mirror.js";
import {Desk} from "../demo/trading.js";
import type {Party} from "../demo/trading.js";
import {createWorld} from "../demo/world.js";
import type {World, WorldEvent} from "../demo/world.js";
import {accountId, parseFixed} from "../sdk/index.js";
import {tokenOf} from "../shared/deployment.js";
import type {Point} from "./path.js";
import type {Series, Trader} from "./population.js";
import {parametersFor} from "./protections.js";
import type {Protections} from "./protections.js";

const WALLETS = {owner: 10, maker: 11, depositor: 12, firstKeeper: 13};
const PLENTY = "1000000000";

export type House = {
    readonly world: World;
    readonly market: DemoMarket;
    readonly mirror: Mirror;
    readonly desk: Desk;
    readonly maker: Party;
    readonly keepers: readonly Party[];
    readonly parties: ReadonlyMap<string, Party>;
    readonly series: Series;
};

async function mint(world: World, party: Party, symbol: string, target: string): Promise<void> {
    const {address, decimals} = tokenOf(world.deployment, symbol);
    const token = new Contract(address, TOKEN_ABI, world.signer(party.wallet.index));
    const native = parseFixed(PLENTY, decimals);
    await world.done(token.getFunction("mint").send(party.wallet.address, native, world.gas()));
    await world.done(token.getFunction("approve").send(target, MaxUint256, world.gas()));
}

async function deposit(world: World, party: Party, symbol: string, amount: string): Promise<void> {
    const {address, decimals} = tokenOf(world.deployment, symbol);
    const {vault} = world.as(party.wallet);
    await world.done(vault.deposit(party.account, address, parseFixed(amount, decimals), world.gas()));
}

export type Opening = {
    readonly protections: Protections;
    readonly points: readonly Point[];
    readonly traders: readonly Trader[];
    readonly keepers: readonly string[];
    /** USD in the backstop, and of each keeper. */
    readonly backstop: string;
    readonly keeperCapital: string;
    readonly onEvent: (event: WorldEvent) => void;
};

/** Deploys, names everybody and brings the money in. */
export async function openHouse(opening: Opening): Promise<House> {
    const {points, traders, protections} = opening;
    const first = points[0]?.time ?? 0;
    const parameters = parametersFor(protections);
    const world = await createWorld(first, opening.onEvent, parameters);
    const bars = points.map(({time, written}) => ({time, ...written}));
    const {mid, far} = expiriesFor(bars);
    const market = createMarket(world, [mid, far]);
    const party = (id: string, wallet: number, sub = 0n): Party => {
        const found = world.wallets[wallet];
        if (found === undefined) throw new Error(`The chain has no wallet ${wallet}`);
        return {id, wallet: found, account: accountId(found.address, sub)};
    };
    const maker = party("maker", WALLETS.maker);
    const depositor = party("depositor", WALLETS.depositor);
    const keepers = opening.keepers.map((id, index) => party(id, WALLETS.firstKeeper + index));
    const parties = new Map(
        traders.map(({id}, index): [string, Party] => [id, party(id, WALLETS.owner, BigInt(index))]),
    );
    const {vault, backstop} = world.deployment.contracts;
    const owner = party("owner", WALLETS.owner);
    for (const symbol of ["USDC", "WETH", "WBTC"]) await mint(world, owner, symbol, vault);
    for (const one of [maker, ...keepers]) await mint(world, one, "USDC", vault);
    for (const {id, deposits} of traders) {
        for (const [symbol, amount] of deposits) await deposit(world, parties.get(id) ?? owner, symbol, amount);
    }
    await deposit(world, maker, "USDC", "200000000");
    for (const one of keepers) await deposit(world, one, "USDC", opening.keeperCapital);
    if (opening.backstop !== "0") {
        await mint(world, depositor, "USDC", backstop);
        const own = world.as(depositor.wallet).backstop;
        const native = parseFixed(opening.backstop, 6);
        await world.done(own.deposit(native, depositor.wallet.address, world.gas()));
    }
    const mirror = new Mirror(world, market, parameters);
    const desk = new Desk(world, market, maker);
    return {world, market, mirror, desk, maker, keepers, parties, series: {mid, far}};
}
