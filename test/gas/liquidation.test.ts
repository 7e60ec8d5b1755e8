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
const ETH = 2;
/** Most positions of an account. */
const CAP = 64;
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
async function publish({deployment}: Fixture, publishedAt: number, underlyings: readonly number[]): Promise<void> {
    const {chainId} = await ethers.provider.getNetwork();
    const domain = surfaceDomain(chainId, deployment.contracts.surfaceOracle);
    const signers = await Promise.all(deployment.actors.surfaceSigners.slice(0, 2).map((who) => ethers.getSigner(who)));
    const signed = await Promise.all(
        underlyings.flatMap((underlying) =>
            FRIDAYS.map((expiry) => {
                const aE18 = (e18("0.36") * BigInt(expiry - publishedAt)) / YEAR;
                const flat = {aE18, bE18: 0n, rhoE18: 0n, mE18: 0n, sigmaE18: e18("0.1")};
                const surface = {publishedAt, forwardRatioE18: ONE, discountE18: ONE, ...flat};
                return signReport(signers, domain, {underlying, expiry, surface});
            }),
        ),
    );
    const {surfaceOracle} = ballastAt(deployment, await ethers.getSigner(deployment.actors.deployer));
    await surfaceOracle.publish(
        signed.map(({report}) => report),
        signed.map(({signatures}) => [...signatures]),
    );
}

type Leg = {readonly instrument: InstrumentId; readonly size: bigint; readonly price: bigint};

/** Perpetual and small long options of ether, as many as of bitcoin. */
function etherLegs(count: number): readonly Leg[] {
    const options = Array.from({length: count - 1}, (_, index) => {
        const strike = BigInt(170 + Math.floor(index / 2)) * 10n ** 8n;
        const instrument = option(index % 4 < 2 ? "CALL" : "PUT", ETH, FRIDAYS[index % 2] ?? 0, strike);
        return {instrument, size: e18("0.01"), price: e18("20")};
    });
    return [{instrument: perp(ETH), size: ONE, price: e18("200")}, ...options];
}

/** The perpetual and small long options around the money, on two expiries. */
function legsOf(count: number): readonly Leg[] {
    const options = Array.from({length: count - 1}, (_, index) => {
        const strike = BigInt(7_000 + 100 * Math.floor(index / 2)) * 10n ** 8n;
        const expiry = FRIDAYS[index % 2] ?? 0;
        const kind = index % 4 < 2 ? "CALL" : "PUT";
        return {instrument: option(kind, BTC, expiry, strike), size: e18("0.01"), price: e18("400")};
    });
    return [{instrument: perp(BTC), size: ONE, price: e18("8000")}, ...options];
}

async function open({deployment, trader, maker}: Fixture, legs: readonly Leg[]): Promise<void> {
    const {clearinghouse} = ballastAt(deployment, trader);
    const {chainId} = await ethers.provider.getNetwork();
    const domain = quoteDomain(chainId, deployment.contracts.clearinghouse);
    for (let from = 0; from < legs.length; from += 8) {
        const quote = buildQuote({
            maker: accountId(maker.address),
            legs: legs.slice(from, from + 8).map(({instrument, size, price}) => ({
                instrument,
                sizePerUnitE18: -size as SizeE18,
                priceE18: price as PriceE18,
            })),
            unitsE18: ONE as UnitsE18,
            nonce: BigInt(from) + (legs[0]?.instrument ?? 0n),
            deadline: Date.UTC(2030, 1, 1) / 1_000,
        });
        const {signature} = await signQuote(maker, domain, quote);
        const taker = accountId(trader.address);
        const asked = {...quote, legs: [...quote.legs]};
        await clearinghouse.fill({quote: asked, signer: maker.address, signature, taker, unitsE18: ONE}, GAS);
    }
}

/** BTC from 8,000 dollars to so many. */
async function fall({feed, deployment}: Fixture, price: bigint): Promise<void> {
    await feed.pushAnswer(price * 10n ** 8n);
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
            await publish(f, time, [BTC]);
            await open(f, legsOf(count));
            await fall(f, 7_000n);
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

    it("should record the heaviest closing: a book at the cap without equity, its loss split over two underlyings", async () => {
        const time = DAY_ONE + 600 + 3_600 * CAP;
        await networkHelpers.time.increaseTo(time);
        const f = await fixture();
        await publish(f, time, [BTC, ETH]);
        await open(f, legsOf(CAP / 2));
        await open(f, etherLegs(CAP / 2));
        await fall(f, 5_500n);
        const {liquidator, riskEngine, clearinghouse, backstop} = ballastAt(f.deployment, f.keeper);
        const [account, keeper] = [accountId(f.trader.address), accountId(f.keeper.address)];
        expect((await riskEngine.assess(account)).equityE18, "without equity").to.be.lt(0n);
        expect((await clearinghouse.positionWords(account)).length, "positions").to.equal(CAP);
        await networkHelpers.time.setNextBlockTimestamp(time + 600);
        await liquidator.start(account, NO_WITNESS, keeper, GAS);
        await networkHelpers.time.setNextBlockTimestamp(time + 900);
        const taken = await gasOf(liquidator.take(account, keeper, ONE, MaxInt256, "0x", GAS));
        const spent = await backstop.queryFilter(backstop.filters.LossBudgetSpent(), "latest");
        expect(
            spent.map(({args}) => args.underlying),
            "split over both",
        ).to.deep.equal([BigInt(BTC), BigInt(ETH)]);
        recordGas(`liquidator: take all of a book without equity, ${CAP} positions, two underlyings`, taken);
        expect(taken, "fits a transaction").to.be.lt(TX_GAS_CAP);
        const {takeGas, takeGasPerPosition} = await liquidator.keeperPay();
        expect(taken, "keeper pay covers the gas").to.be.lte(takeGas + takeGasPerPosition * BigInt(CAP));
        expect((await clearinghouse.positionWords(account)).length, "closed").to.equal(0);
    });
});
