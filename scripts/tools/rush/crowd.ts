/** Many small accounts of one owner against one maker: the first of them just above their initial requirement. */
import {Contract, MaxUint256} from "ethers";

import {TOKEN_ABI} from "../../chain/contracts.js";
import type {DemoMarket} from "../../demo/market.js";
import type {World} from "../../demo/world.js";
import {
    accountId,
    buildQuote,
    ONE_E18,
    option,
    parseE18,
    parseFixed,
    perp,
    price,
    quoteDomain,
    signQuote,
    size,
    units,
} from "../../sdk/index.js";
import type {AccountId} from "../../sdk/index.js";
import {mulDown} from "../../sdk/math/index.js";
import {tokenOf} from "../../shared/deployment.js";
import type {IClearinghouse} from "../../../typechain-types/contracts/interfaces/IClearinghouse.js";

export type Crowd = {
    readonly accounts: readonly AccountId[];
    readonly keeper: AccountId;
    readonly keeperWallet: number;
};

const OWNER = 10;
const MAKER = 11;
const KEEPER = 12;
/** Per account: a hundredth of a bitcoin bought, and a put sold on a hundredth. */
const SIZE = "0.01";
const THIN = "235";
const AMPLE = "700";
const RICH = "100000000";
/** Accounts of one fill. */
const AT_ONCE = 20;
const LIFE_SECONDS = 86_400;

export type Opening = {
    readonly accounts: number;
    readonly short: number;
    readonly onProgress: (opened: number) => void;
};

async function fund(world: World, index: number, account: AccountId, amount: string): Promise<void> {
    const wallet = world.wallets[index];
    if (wallet === undefined) throw new Error(`The chain has no wallet ${index}`);
    const {address, decimals} = tokenOf(world.deployment, world.deployment.settlementToken);
    const token = new Contract(address, TOKEN_ABI, world.signer(index));
    const native = parseFixed(amount, decimals);
    await world.done(token.getFunction("mint").send(wallet.address, native, world.gas()));
    await world.done(token.getFunction("approve").send(world.deployment.contracts.vault, MaxUint256, world.gas()));
    await world.done(world.as(wallet).vault.deposit(account, address, native, world.gas()));
}

export async function gather(world: World, market: DemoMarket, {accounts, short, onProgress}: Opening): Promise<Crowd> {
    const [owner, maker, keeper] = [OWNER, MAKER, KEEPER].map((index) => world.wallets[index]);
    if (owner === undefined || maker === undefined || keeper === undefined) throw new Error("There are no wallets");
    const purse = accountId(owner.address);
    const ids = Array.from({length: accounts}, (_, i) => accountId(owner.address, BigInt(i + 1)));
    await fund(world, OWNER, purse, RICH);
    for (const [index, wallet] of [[MAKER, maker] as const, [KEEPER, keeper] as const]) {
        await fund(world, index, accountId(wallet.address), RICH);
    }
    const own = world.as(owner);
    const {address} = tokenOf(world.deployment, world.deployment.settlementToken);
    const fill = await offerOf(world, market, maker.address);
    for (let from = 0; from < accounts; from += AT_ONCE) {
        const some = ids.slice(from, from + AT_ONCE);
        for (const [place, id] of some.entries()) {
            const amountE18 = parseE18(from + place < short ? THIN : AMPLE);
            await world.done(own.vault.transfer(purse, id, address, amountE18, world.gas()));
        }
        await world.done(own.clearinghouse.fillMany(some.map(fill), world.gas()));
        onProgress(from + some.length);
    }
    return {accounts: ids, keeper: accountId(keeper.address), keeperWallet: KEEPER};
}

/** One quote for everybody: each fills one unit of it. */
async function offerOf(
    world: World,
    market: DemoMarket,
    makerAddress: string,
): Promise<(taker: AccountId) => IClearinghouse.FillStruct> {
    const [expiry] = market.expiries;
    const maker = world.wallets.find(({address}) => address === makerAddress);
    if (expiry === undefined || maker === undefined) throw new Error("There is no expiry or no maker");
    const strikeE8 = (mulDown(market.spotE18(1), parseE18("0.9")) / 10n ** 21n) * 10n ** 11n;
    const put = option("PUT", 1, expiry, strikeE8);
    const bought = {instrument: perp(1), sizePerUnitE18: size(-parseE18(SIZE)), priceE18: price(market.spotE18(1))};
    const sold = {instrument: put, sizePerUnitE18: size(parseE18(SIZE)), priceE18: price(market.fairE18(put))};
    const quote = buildQuote({
        maker: accountId(makerAddress),
        legs: [bought, sold].sort((a, b) => (a.instrument < b.instrument ? -1 : 1)),
        unitsE18: units(1_000_000n * ONE_E18),
        nonce: 0n,
        epoch: 0n,
        deadline: ((await world.provider.getBlock("latest"))?.timestamp ?? 0) + LIFE_SECONDS,
    });
    const domain = quoteDomain(BigInt(world.deployment.chainId), world.deployment.contracts.clearinghouse);
    const {signer, signature} = await signQuote(maker, domain, quote);
    const terms = {quote: {...quote, legs: [...quote.legs]}, signer, signature, unitsE18: ONE_E18};
    return (taker) => ({...terms, taker});
}
