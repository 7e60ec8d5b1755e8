import {expect} from "chai";

import type {Interface} from "ethers";

import {accountId} from "../../scripts/sdk/ids.js";
import {perp} from "../../scripts/sdk/instruments.js";
import type {MockWallet, ReentrantToken} from "../../typechain-types/index.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    EVERYTHING,
    fundBackstop,
    idOf,
    move,
    offer,
    start,
    tokenOf,
    trade,
    USD,
    usd,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const {ethers} = connection;
const MAX_PRICE = (1n << 255n) - 1n;
const HONEST = 0;
const REENTERING = 3;

type Cast = {world: World; attacker: Side; maker: Side; short: Side; token: ReentrantToken; address: string};

/** A listed token that calls back, its holder inside, and an auction running. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [attacker, maker, short] = world.owners.map((owner): Side => ({owner}));
    const {vault, riskParameters} = world.all;
    const token = await ethers.deployContract("ReentrantToken");
    const address = await token.getAddress();
    await vault.connect(world.officers.steward).listAsset(address, 10n ** 30n);
    await riskParameters
        .connect(world.officers.steward)
        .setAsset(3, {underlying: 0, feedId: 1001, weightE18: E18 / 2n, sizeE18: 2n * 10n ** 13n});
    await deposit(world, maker!, "USDC", 600_000n * USD);
    await deposit(world, attacker!, "USDC", 600_000n * USD);
    await deposit(world, short!, "USDC", 60_000n * USD);
    await fundBackstop(world, attacker!, 5_000n * USD);
    await token.mint(attacker!.owner.address, 1_000n * E18);
    await token.connect(attacker!.owner).approve(await vault.getAddress(), 10n ** 30n);
    await vault.connect(attacker!.owner).deposit(idOf(attacker!), address, 100n * E18);
    await trade(world, maker!, short!, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);
    await move(world, {[BTC]: usd(45_500)});
    await start(world, short!, attacker!);
    // The token itself may act for the attacker, so that nothing but the lock stands in its way.
    await vault.connect(attacker!.owner).setOperator(idOf(attacker!), address, 15, 2n ** 40n - 1n);
    return {world, attacker: attacker!, maker: maker!, short: short!, token, address};
}

type Door = {
    readonly name: string;
    readonly error: string;
    readonly call: (cast: Cast) => Promise<{target: string; data: string}>;
};

function door(
    room: "vault" | "clearinghouse" | "liquidator" | "backstop" | "marginLens" | "tradeLens",
    name: string,
    args: (cast: Cast) => readonly unknown[] | Promise<readonly unknown[]>,
): Door {
    const errors = {
        backstop: "Backstop_Locked",
        marginLens: "MarginLens_CoreLocked",
        tradeLens: "TradeLens_CoreLocked",
    } as const;
    return {
        name: `${room}.${name}`,
        error: room in errors ? errors[room as keyof typeof errors] : "MarginVault_Locked",
        call: async (cast) => ({
            target: cast.world.deployment.contracts[room],
            data: (cast.world.all[room].interface as Interface).encodeFunctionData(name, await args(cast)),
        }),
    };
}

const usdcOf = (world: World): Promise<string> => tokenOf(world, "USDC").getAddress();
const LEG = [{instrument: perp(BTC), sizeE18: E18, priceE18: usd(45_500)}];

const DOORS: readonly Door[] = [
    door("vault", "deposit", ({attacker, address}) => [idOf(attacker), address, E18]),
    door("vault", "withdraw", ({attacker, address}) => [idOf(attacker), address, E18, attacker.owner.address]),
    door("vault", "transfer", async ({world, attacker}) => [
        idOf(attacker),
        accountId(attacker.owner.address, 1n),
        await usdcOf(world),
        E18,
    ]),
    door("vault", "setOperator", ({attacker, address}) => [idOf(attacker), address, 15, 1]),
    door("vault", "setModel", ({attacker}) => [idOf(attacker), 1]),
    door("vault", "accrue", () => []),
    door("clearinghouse", "fill", async ({world, attacker, maker}) => [await offer(world, maker, attacker, LEG)]),
    door("clearinghouse", "fillMany", async ({world, attacker, maker}) => [[await offer(world, maker, attacker, LEG)]]),
    door("clearinghouse", "cancelAll", ({attacker}) => [idOf(attacker)]),
    door("clearinghouse", "settleAccount", ({attacker}) => [idOf(attacker)]),
    door("clearinghouse", "accrueFunding", () => [BTC]),
    door("clearinghouse", "settleExpiry", () => [BTC, 1, 1, 2]),
    door("liquidator", "start", ({attacker, short}) => [idOf(short), EVERYTHING, idOf(attacker)]),
    door("liquidator", "take", ({attacker, short}) => [idOf(short), idOf(attacker), E18, MAX_PRICE, "0x"]),
    door("liquidator", "cancel", ({short}) => [idOf(short)]),
    door("liquidator", "restart", ({short}) => [idOf(short)]),
    door("liquidator", "callMargin", ({short}) => [idOf(short)]),
    door("liquidator", "recordInsolvency", ({short}) => [idOf(short)]),
    door("backstop", "deposit", ({attacker}) => [1n, attacker.owner.address]),
    door("backstop", "redeem", ({attacker}) => [1n, attacker.owner.address, attacker.owner.address]),
    door("backstop", "harvest", () => []),
    door("marginLens", "account", ({attacker}) => [idOf(attacker)]),
    door("tradeLens", "maxSize", ({attacker, maker}) => [
        {account: idOf(attacker), counterparty: idOf(maker), role: 0},
        perp(BTC),
        usd(45_500),
        E18,
    ]),
];

describe("a token that calls back", () => {
    for (const {name, error, call} of DOORS) {
        it(`should find ${name} shut, on the way in and on the way out`, async () => {
            const cast = await loadFixture(fixture);
            const {world, attacker, token, address} = cast;
            const {vault, backstop, marginLens, tradeLens} = world.all;
            const {target, data} = await call(cast);
            await token.arm(target, data, false);
            const source = {
                MarginVault_Locked: vault,
                Backstop_Locked: backstop,
                MarginLens_CoreLocked: marginLens,
                TradeLens_CoreLocked: tradeLens,
            }[error]!;
            const mine = vault.connect(attacker.owner);
            await expect(mine.deposit(idOf(attacker), address, E18)).to.be.revertedWithCustomError(source, error);
            await expect(
                mine.withdraw(idOf(attacker), address, E18, attacker.owner.address),
            ).to.be.revertedWithCustomError(source, error);
        });
    }

    it("should gain nothing by swallowing the refusal", async () => {
        const cast = await loadFixture(fixture);
        const {world, attacker, token, address} = cast;
        const {vault} = world.all;
        const {target, data} = await DOORS[1]!.call(cast);
        await token.arm(target, data, true);
        await vault.connect(attacker.owner).withdraw(idOf(attacker), address, 60n * E18, attacker.owner.address);
        expect(await token.answer()).to.equal(vault.interface.encodeErrorResult("MarginVault_Locked"));
        expect(await vault.unitsOf(idOf(attacker), 3)).to.equal(40n * E18);
        expect(await token.balanceOf(await vault.getAddress())).to.equal(40n * E18);
    });
});

describe("a contract that signs (ERC-1271)", () => {
    async function withWallet(): Promise<Cast & {wallet: MockWallet; side: Side}> {
        const cast = await fixture();
        const wallet = await ethers.deployContract("MockWallet");
        const side = {owner: {address: await wallet.getAddress()}} as Side;
        const {vault} = cast.world.all;
        const usdc = await usdcOf(cast.world);
        await vault.connect(cast.attacker.owner).transfer(idOf(cast.attacker), idOf(side), usdc, usd(200_000));
        return {...cast, wallet, side};
    }

    it("should trade when it approves, be refused when it does not, and change nothing by trying to call back", async () => {
        const {world, attacker, wallet, side} = await loadFixture(withWallet);
        const {clearinghouse} = world.all;
        const signed = await offer(world, attacker, attacker, LEG, {maker: idOf(side)});
        const item = {...signed, signer: side.owner.address, signature: "0x"};
        const fill = (): Promise<unknown> => clearinghouse.connect(attacker.owner).fill(item);
        await expect(fill())
            .to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_BadSignature")
            .withArgs(idOf(side), side.owner.address);
        await wallet.approve(await clearinghouse.quoteDigest(item.quote));
        // While it is asked, no door of the clearinghouse opens to it; if one did, it would refuse.
        await wallet.setMood(REENTERING, await clearinghouse.getAddress());
        await fill();
        expect(await clearinghouse.sizeOf(idOf(side), perp(BTC))).to.equal(E18);
        await wallet.setMood(HONEST, await clearinghouse.getAddress());
        await expect(fill()).to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_Overfilled");
    });
});
