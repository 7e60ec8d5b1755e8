import {expect} from "chai";
import {TypedDataEncoder, Wallet} from "ethers";

import {perp} from "../../scripts/sdk/instruments.js";
import {QUOTE_TYPES, quoteDomain} from "../../scripts/sdk/quotes.js";
import type {Quote} from "../../scripts/sdk/quotes.js";
import type {IClearinghouse} from "../../typechain-types/contracts/interfaces/IClearinghouse.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    HOUR,
    idOf,
    now,
    offer,
    tokenOf,
    USD,
    usd,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;
const LEG = [{instrument: perp(BTC), sizeE18: -E18, priceE18: usd(50_000)}];

type Cast = {world: World; maker: Side; taker: Side; stranger: Side};

async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [maker, taker, stranger] = world.owners.map((owner): Side => ({owner}));
    const cast = {world, maker: maker!, taker: taker!, stranger: stranger!};
    for (const side of [cast.maker, cast.taker, cast.stranger, {owner: maker!.owner, sub: 1n}]) {
        await deposit(world, side, "USDC", 100_000n * USD);
    }
    return cast;
}

type FillStruct = IClearinghouse.FillStruct;

const fill = ({world, taker}: Cast, item: FillStruct): Promise<unknown> =>
    world.all.clearinghouse.connect(taker.owner).fill(item);

describe("LED-5: quotes that are replayed or foreign", () => {
    it("should fill once in full and never again", async () => {
        const cast = await loadFixture(fixture);
        const {clearinghouse} = cast.world.all;
        const item = await offer(cast.world, cast.maker, cast.taker, LEG);
        await fill(cast, item);
        const digest = await clearinghouse.quoteDigest(item.quote);
        await expect(fill(cast, item))
            .to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_Overfilled")
            .withArgs(digest, E18, 0n);
        await expect(clearinghouse.connect(cast.taker.owner).fillMany([item, item])).to.be.revertedWithCustomError(
            clearinghouse,
            "Clearinghouse_Overfilled",
        );
    });

    it("should refuse a signature for another chain, another contract or another account", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker} = cast;
        const {clearinghouse, vault} = world.all;
        const {chainId} = await connection.ethers.provider.getNetwork();
        const item = await offer(world, maker, cast.taker, LEG);
        const quote = item.quote as unknown as Quote;
        const domains = [
            quoteDomain(chainId + 1n, await clearinghouse.getAddress()),
            quoteDomain(chainId, await vault.getAddress()),
        ];
        for (const domain of domains) {
            const signature = await maker.owner.signTypedData(domain, QUOTE_TYPES, {...quote});
            expect(TypedDataEncoder.hash(domain, QUOTE_TYPES, quote)).not.to.equal(
                await clearinghouse.quoteDigest(item.quote),
            );
            await expect(fill(cast, {...item, signature}))
                .to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_BadSignature")
                .withArgs(quote.maker, maker.owner.address);
        }
        // The owner's other account: the same signature does not carry over.
        const other = {...item, quote: {...item.quote, maker: idOf({owner: maker.owner, sub: 1n})}};
        await expect(fill(cast, other)).to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_BadSignature");
    });

    it("should refuse a stranger's signature for somebody else's account", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker, stranger} = cast;
        const {clearinghouse} = world.all;
        const item = await offer(world, maker, cast.taker, LEG);
        const forged = await offer(world, stranger, cast.taker, LEG, {maker: idOf(maker)});
        await expect(fill(cast, forged))
            .to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_BadSignature")
            .withArgs(idOf(maker), stranger.owner.address);
        await expect(fill(cast, {...forged, signer: maker.owner.address})).to.be.revertedWithCustomError(
            clearinghouse,
            "Clearinghouse_BadSignature",
        );
        await expect(fill(cast, {...item, signature: "0x"})).to.be.revertedWithCustomError(
            clearinghouse,
            "Clearinghouse_BadSignature",
        );
    });

    it("should refuse terms that were changed after signing", async () => {
        const cast = await loadFixture(fixture);
        const {clearinghouse} = cast.world.all;
        const item = await offer(cast.world, cast.maker, cast.taker, LEG);
        const leg = {...item.quote.legs[0]!, priceE18: usd(40_000)};
        for (const change of [{legs: [leg]}, {unitsE18: 2n * E18}, {deadline: 2n ** 40n - 1n}, {nonce: 999n}]) {
            await expect(fill(cast, {...item, quote: {...item.quote, ...change}})).to.be.revertedWithCustomError(
                clearinghouse,
                "Clearinghouse_BadSignature",
            );
        }
    });

    it("should refuse what was cancelled, has run out or names another taker", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker, taker, stranger} = cast;
        const {clearinghouse} = world.all;
        const makers = clearinghouse.connect(maker.owner);
        const [one, group, all, late, named] = [
            await offer(world, maker, taker, LEG),
            await offer(world, maker, taker, LEG, {group: 5n}),
            await offer(world, maker, taker, LEG),
            await offer(world, maker, taker, LEG, {deadline: (await now(world)) + 30}),
            await offer(world, maker, taker, LEG, {
                taker: idOf(stranger),
                epoch: 1n,
                deadline: (await now(world)) + HOUR,
            }),
        ];
        await makers.cancelQuote(idOf(maker), one.quote.nonce);
        await expect(fill(cast, one)).to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_QuoteCancelled");
        await makers.cancelGroup(idOf(maker), 5n);
        await expect(fill(cast, group)).to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_QuoteCancelled");
        await time.increase(60);
        await expect(fill(cast, late)).to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_QuoteExpired");
        await makers.cancelAll(idOf(maker));
        await expect(fill(cast, all)).to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_QuoteCancelled");
        await expect(fill(cast, named))
            .to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_WrongTaker")
            .withArgs(idOf(taker));
    });

    it("should follow an operator's right to its end", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker, taker} = cast;
        const {clearinghouse, vault} = world.all;
        const operator = Wallet.createRandom();
        const until = (await now(world)) + 600;
        await vault.connect(maker.owner).setOperator(idOf(maker), operator.address, 1, until);
        const signed = async (): Promise<FillStruct> => {
            const item = await offer(world, maker, taker, LEG);
            const {chainId} = await connection.ethers.provider.getNetwork();
            const domain = quoteDomain(chainId, await clearinghouse.getAddress());
            const quote = item.quote as unknown as Quote;
            return {
                ...item,
                signer: operator.address,
                signature: await operator.signTypedData(domain, QUOTE_TYPES, {...quote}),
            };
        };
        const [early, late] = [await signed(), await signed()];
        await fill(cast, early);
        await time.increase(601);
        await expect(fill(cast, late))
            .to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_BadSignature")
            .withArgs(idOf(maker), operator.address);
        // Nor did the right to trade ever let him take money out.
        await expect(
            vault
                .connect(taker.owner)
                .withdraw(idOf(maker), await tokenOf(world, "USDC").getAddress(), 1n, taker.owner.address),
        ).to.be.revertedWithCustomError(vault, "MarginVault_NotAuthorised");
    });
});
