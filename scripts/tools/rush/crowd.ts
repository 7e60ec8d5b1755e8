/** Many small accounts of one owner against one maker: the first of them just above their initial requirement. */
import {Contract, MaxUint256, toQuantity} from "ethers";
import type {HDNodeWallet} from "ethers";

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
    readonly keepers: readonly {readonly account: AccountId; readonly wallet: HDNodeWallet}[];
};

const OWNER = 10;
const MAKER = 11;
const KEEPER = 12;
/** Per account: a hundredth of a bitcoin bought, and a put sold on a hundredth. */
const SIZE = "0.01";
const THIN = "235";
const AMPLE = "700";
const RICH = "100000000";
/** Accounts of one fill, and of one block. */
const AT_ONCE = 20;
const PER_BLOCK = 100;
const FILL_GAS = 30_000_000;
const TRANSFER_GAS = 500_000;
const LIFE_SECONDS = 86_400;

export type Opening = {
    readonly accounts: number;
    readonly short: number;
    readonly keepers: number;
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

type Sent = {readonly from: string; readonly to: string; readonly data: string; readonly gas: string};

/** Transactions of one sender in one block: a block for each would take most of the time. */
async function inOneBlock({connection}: World, sent: readonly Sent[]): Promise<void> {
    const {provider} = connection;
    await provider.request({method: "evm_setAutomine", params: [false]});
    const hashes: unknown[] = [];
    for (const one of sent) {
        hashes.push(await provider.request({method: "eth_sendTransaction", params: [{...one, gasPrice: "0x0"}]}));
    }
    await provider.request({method: "evm_mine", params: []});
    await provider.request({method: "evm_setAutomine", params: [true]});
    for (const hash of hashes) {
        const receipt = (await provider.request({method: "eth_getTransactionReceipt", params: [hash]})) as {
            readonly status: string;
        } | null;
        if (receipt?.status !== "0x1") throw new Error("An account could not be opened");
    }
}

export async function gather(world: World, market: DemoMarket, opening: Opening): Promise<Crowd> {
    const {accounts, short, onProgress} = opening;
    const [owner, maker] = [OWNER, MAKER].map((index) => world.wallets[index]);
    const hired = world.wallets.slice(KEEPER, KEEPER + opening.keepers);
    if (owner === undefined || maker === undefined || hired.length < opening.keepers) throw new Error("no wallets");
    const purse = accountId(owner.address);
    const ids = Array.from({length: accounts}, (_, i) => accountId(owner.address, BigInt(i + 1)));
    await fund(world, OWNER, purse, RICH);
    await fund(world, MAKER, accountId(maker.address), RICH);
    for (const {index, address} of hired) await fund(world, index, accountId(address), RICH);
    const {vault, clearinghouse} = world.deployment.contracts;
    const {address: token} = tokenOf(world.deployment, world.deployment.settlementToken);
    const books = world.ballast;
    const common = {from: owner.address};
    const fill = await offerOf(world, market, maker.address);
    for (let from = 0; from < accounts; from += PER_BLOCK) {
        const some = ids.slice(from, from + PER_BLOCK);
        const paid = some.map((id, place) => {
            const amountE18 = parseE18(from + place < short ? THIN : AMPLE);
            const data = books.vault.interface.encodeFunctionData("transfer", [purse, id, token, amountE18]);
            return {...common, to: vault, data, gas: toQuantity(TRANSFER_GAS)};
        });
        const filled = Array.from({length: Math.ceil(some.length / AT_ONCE)}, (_, group) => {
            const fills = some.slice(group * AT_ONCE, (group + 1) * AT_ONCE).map(fill);
            const data = books.clearinghouse.interface.encodeFunctionData("fillMany", [fills]);
            return {...common, to: clearinghouse, data, gas: toQuantity(FILL_GAS)};
        });
        // Each block by its gas limit: what is to be paid for comes first.
        await inOneBlock(world, paid);
        await inOneBlock(world, filled);
        onProgress(from + some.length);
    }
    return {accounts: ids, keepers: hired.map((wallet) => ({account: accountId(wallet.address), wallet}))};
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
