import {expect} from "chai";
import {MaxInt256, MaxUint256, parseUnits, Result, type ContractTransactionResponse} from "ethers";
import {network} from "hardhat";

import {deployBallast} from "../../deploy/deployBallast.js";
import {ballastAt} from "../../scripts/chain/contracts.js";
import {accountId} from "../../scripts/sdk/ids.js";
import {option, perp, type InstrumentId} from "../../scripts/sdk/instruments.js";
import {buildQuote, quoteDomain, signQuote} from "../../scripts/sdk/quotes.js";
import {signReport, surfaceDomain} from "../../scripts/sdk/surfaces.js";
import type {PriceE18, SizeE18, UnitsE18} from "../../scripts/sdk/units.js";
import type {BookStruct} from "../../typechain-types/contracts/interfaces/IRiskEngine.js";
import {GAS_CHAIN, recordGas, TX_GAS_CAP} from "./recordGas.js";

const connection = await network.create(GAS_CHAIN);
const {ethers, networkHelpers} = connection;

const BTC = 1;
const FRIDAYS = [Date.UTC(2030, 0, 4, 8) / 1_000, Date.UTC(2030, 0, 11, 8) / 1_000];
const DAY_ONE = Date.UTC(2030, 0, 1, 8) / 1_000;
const YEAR = 365n * 86_400n;
const ONE = 10n ** 18n;
const e18 = (text: string): bigint => parseUnits(text, 18);
/** Estimating would run every heavy call a dozen times. */
const GAS = {gasLimit: 100_000_000n};
const NO_WITNESS = {own: [], joint: []};

async function fixture() {
    const deployment = await deployBallast(connection);
    const signers = await ethers.getSigners();
    const [trader, maker, keeper] = signers.slice(10);
    if (trader === undefined || maker === undefined || keeper === undefined) throw new Error("too few signers");
    const coin = await ethers.getContractAt("MockToken", deployment.tokens["USDC"]?.address ?? "");
    for (const {signer, amount} of [
        {signer: trader, amount: 2_000n},
        {signer: maker, amount: 1_000_000n},
        {signer: keeper, amount: 100_000n},
    ]) {
        await coin.mint(signer.address, amount * 10n ** 6n);
        await coin.connect(signer).approve(deployment.contracts.vault, MaxUint256);
        const {vault} = ballastAt(deployment, signer);
        await vault.deposit(accountId(signer.address), coin, amount * 10n ** 6n);
    }
    return {
        deployment,
        trader,
        maker,
        keeper,
        feed: await ethers.getContractAt("MockAggregator", deployment.feeds["1"] ?? ""),
    };
}

type Fixture = Awaited<ReturnType<typeof fixture>>;

/** A flat smile of 60 % for both Fridays. */
async function publish({deployment}: Fixture, publishedAt: number): Promise<void> {
    const {chainId} = await ethers.provider.getNetwork();
    const domain = surfaceDomain(chainId, deployment.contracts.surfaceOracle);
    const signers = await Promise.all(deployment.actors.surfaceSigners.slice(0, 2).map((who) => ethers.getSigner(who)));
    const signed = await Promise.all(
        FRIDAYS.map((expiry) => {
            const aE18 = (e18("0.36") * BigInt(expiry - publishedAt)) / YEAR;
            const surface = {publishedAt, forwardRatioE18: ONE, discountE18: ONE, aE18, bE18: 0n, rhoE18: 0n, mE18: 0n};
            return signReport(signers, domain, {underlying: BTC, expiry, surface: {...surface, sigmaE18: e18("0.1")}});
        }),
    );
    const {surfaceOracle} = ballastAt(deployment, await ethers.getSigner(deployment.actors.deployer));
    await surfaceOracle.publish(
        signed.map(({report}) => report),
        signed.map(({signatures}) => [...signatures]),
    );
}

/** The perpetual and small long options around the money, on two expiries. */
function legsOf(
    count: number,
): readonly {readonly instrument: InstrumentId; readonly size: bigint; readonly price: bigint}[] {
    const options = Array.from({length: count - 1}, (_, index) => {
        const strike = BigInt(7_000 + 100 * Math.floor(index / 2)) * 10n ** 8n;
        const expiry = FRIDAYS[index % 2] ?? 0;
        const kind = index % 4 < 2 ? "CALL" : "PUT";
        return {instrument: option(kind, BTC, expiry, strike), size: e18("0.01"), price: e18("400")};
    });
    return [{instrument: perp(BTC), size: ONE, price: e18("8000")}, ...options];
}

async function open({deployment, trader, maker}: Fixture, count: number): Promise<void> {
    const {clearinghouse} = ballastAt(deployment, trader);
    const {chainId} = await ethers.provider.getNetwork();
    const domain = quoteDomain(chainId, deployment.contracts.clearinghouse);
    const legs = legsOf(count);
    for (let from = 0; from < legs.length; from += 8) {
        const quote = buildQuote({
            maker: accountId(maker.address),
            legs: legs.slice(from, from + 8).map(({instrument, size, price}) => ({
                instrument,
                sizePerUnitE18: -size as SizeE18,
                priceE18: price as PriceE18,
            })),
            unitsE18: ONE as UnitsE18,
            nonce: BigInt(from),
            deadline: Date.UTC(2030, 1, 1) / 1_000,
        });
        const {signature} = await signQuote(maker, domain, quote);
        const taker = accountId(trader.address);
        const asked = {...quote, legs: [...quote.legs]};
        await clearinghouse.fill({quote: asked, signer: maker.address, signature, taker, unitsE18: ONE}, GAS);
    }
}

/** BTC from 8,000 to 7,000 dollars. */
async function fall({feed, deployment}: Fixture): Promise<void> {
    await feed.pushAnswer(7_000n * 10n ** 8n);
    const {priceOracle} = ballastAt(deployment, await ethers.getSigner(deployment.actors.deployer));
    await priceOracle.poke(BTC);
}

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
    const receipt = await (await sent).wait();
    if (receipt === null) throw new Error("not mined");
    return receipt.gasUsed;
}

describe("gas: Liquidator", () => {
    for (const count of [1, 8, 32]) {
        const noun = count === 1 ? "position" : "positions";
        it(`should record a liquidation of ${count} ${noun}`, async () => {
            // The clock of the chain goes with the machine's; what the figures depend on is pinned.
            const time = DAY_ONE + 600 + 3_600 * Math.floor(count / 4);
            await networkHelpers.time.increaseTo(time);
            const f = await fixture();
            await publish(f, time);
            await open(f, count);
            await fall(f);
            const {liquidator, riskEngine, clearinghouse, marginLens} = ballastAt(f.deployment, f.keeper);
            const [account, keeper] = [accountId(f.trader.address), accountId(f.keeper.address)];
            const before = await riskEngine.assess(account);
            expect(before.equityE18, "short").to.be.lt(before.maintenanceE18);
            const [positions] = await clearinghouse.positionsOf(account);
            expect(positions.length, "positions").to.equal(count);

            const book: unknown = await marginLens.getFunction("bookOf").staticCall(account);
            if (!(book instanceof Result)) throw new Error("not a decoded result");
            const report = await riskEngine.report(book.toArray(true) as unknown as BookStruct);
            const witness = {
                own: report.underlyings.map(({binding}) => binding),
                joint: [...report.groupBinding],
            };
            await networkHelpers.time.setNextBlockTimestamp(time + 600);
            const snapshot = await networkHelpers.takeSnapshot();
            const whole = await gasOf(liquidator.start(account, NO_WITNESS, keeper, GAS));
            await snapshot.restore();
            await networkHelpers.time.setNextBlockTimestamp(time + 600);
            const started = await gasOf(liquidator.start(account, witness, keeper, GAS));
            await networkHelpers.time.setNextBlockTimestamp(time + 900);
            const taken = await gasOf(liquidator.take(account, keeper, ONE, MaxInt256, "0x", GAS));
            recordGas(`liquidator: start by the whole grid, ${count} ${noun}`, whole);
            recordGas(`liquidator: start by witness, ${count} ${noun}`, started);
            recordGas(`liquidator: take to the target, ${count} ${noun}`, taken);
            expect(started, "naming scenarios saves gas").to.be.lt(whole);
            expect(started, "fits a transaction").to.be.lt(TX_GAS_CAP);
            const {startGas, takeGas, takeGasPerPosition} = await liquidator.keeperPay();
            expect(started, "start pay covers the gas").to.be.lte(startGas);
            expect(taken, "keeper pay covers the gas").to.be.lte(takeGas + takeGasPerPosition * BigInt(count));

            const after = await riskEngine.assess(account);
            const health = (book: {equityE18: bigint; maintenanceE18: bigint}): bigint =>
                (book.equityE18 * ONE) / book.maintenanceE18;
            expect(health(after), "LIQ-3: health is higher").to.be.gt(health(before));
            expect((await liquidator.auction(account)).startedAt, "ended").to.equal(0n);
            const {targetHealthE18} = await liquidator.curve();
            expect(health(after), "LIQ-4: near the target").to.be.within(
                targetHealthE18 - e18("0.000001"),
                targetHealthE18 + e18("0.01"),
            );
        });
    }
});
