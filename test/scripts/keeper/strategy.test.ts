import {expect} from "chai";
import fc from "fast-check";

import {accountsToCall} from "../../../scripts/keeper/caller.js";
import {
    decide,
    decideOne,
    onSale,
    together,
    withClosings,
    type Candidate,
    type Closing,
    type Decision,
    type Keeper,
    type Market,
} from "../../../scripts/keeper/strategy.js";
import {accountId} from "../../../scripts/sdk/ids.js";
import {parseFixed} from "../../../scripts/sdk/units.js";

const e18 = (text: string): bigint => parseFixed(text, 18);
const account = (n: number) => accountId(`0x${n.toString(16).padStart(40, "0")}`);
const NOW = 1_800_000_000n;

const MARKET: Market = {
    blockNumber: 1_000,
    nowSeconds: NOW,
    curve: {
        discountStartE18: e18("0.02"),
        discountFastE18: e18("0.1"),
        fastSeconds: 600n,
        slowSeconds: 3_000n,
        insolventSeconds: 1_000n,
        insolventCapE18: e18("0.2"),
        targetHealthE18: e18("1.1"),
        dustE18: e18("10"),
    },
    pay: {
        startGas: 1_000_000n,
        takeGas: 2_000_000n,
        takeGasPerPosition: 100_000n,
        marginE18: e18("0.5"),
        maxGasPriceWei: 500_000_000_000n,
        minE18: e18("0.01"),
        maxE18: e18("1000"),
    },
    dataFees: {startWei: 0n, takeWei: 0n},
    reserveBaseE18: e18("5"),
    reservePerPositionE18: e18("0.25"),
    baseFeeWei: 1_000_000_000n,
    feePerGasWei: 1_000_000_000n,
    nativePriceE18: e18("2000"),
};

const KEEPER: Keeper = {account: account(99), excessE18: e18("100000"), minProfitE18: 0n, useE18: e18("0.9")};

const candidate = (change: Partial<Candidate> = {}): Candidate => ({
    account: account(1),
    equityE18: e18("550"),
    initialE18: e18("756.5625"),
    maintenanceE18: e18("605.25"),
    positions: 1,
    auction: {startedAt: 0n, insolventAt: 0n},
    stoppedSeconds: 0n,
    openAt: 0n,
    lastCheckedBlock: 0,
    ...change,
});

const running = (seconds: bigint, change: Partial<Candidate> = {}): Candidate =>
    candidate({auction: {startedAt: NOW - seconds, insolventAt: 0n}, ...change});

describe("keeper: strategy", () => {
    context("given an auction whose prices were stopped", () => {
        it("should reckon with the time on its clock", () => {
            const stopped = decideOne(running(900n, {stoppedSeconds: 300n}), MARKET, KEEPER);
            expect(stopped, "as after ten minutes").to.deep.equal(decideOne(running(600n), MARKET, KEEPER));
            expect(stopped, "not as after fifteen").to.not.deep.equal(decideOne(running(900n), MARKET, KEEPER));
        });

        it("should wait for the end of the grace, and cancel or record meanwhile", () => {
            const soon = {openAt: NOW + 1n};
            expect(decideOne(running(600n, soon), MARKET, KEEPER), "take").to.equal(undefined);
            expect(decideOne(running(600n, {openAt: NOW}), MARKET, KEEPER)?.kind, "at its end").to.equal("take");
            const lost = running(600n, {...soon, equityE18: -e18("1")});
            expect(decideOne(lost, MARKET, KEEPER)?.kind, "record").to.equal("record");
            const mended = running(600n, {...soon, equityE18: e18("1000")});
            expect(decideOne(mended, MARKET, KEEPER)?.kind, "cancel").to.equal("cancel");
        });
    });

    context("given an account without an auction", () => {
        it("should start on a short one, for the start pay less the gas", () => {
            // 1,000,000 gas at 1.1 gwei and 2,000 USD, half on top: 3.3; the gas itself costs 2.
            expect(decideOne(candidate(), MARKET, KEEPER)).to.deep.equal({
                kind: "start",
                account: account(1),
                profitE18: e18("1.3"),
            });
        });

        it("should leave a healthy one alone, at the maintenance itself too", () => {
            expect(decideOne(candidate({equityE18: e18("605.25")}), MARKET, KEEPER)).to.equal(undefined);
        });

        it("should leave alone what passed a check in this block", () => {
            expect(decideOne(candidate({lastCheckedBlock: 1_000}), MARKET, KEEPER)).to.equal(undefined);
        });

        it("should not start at a loss", () => {
            const dear = {...MARKET, feePerGasWei: 2_000_000_000n};
            expect(decideOne(candidate(), dear, KEEPER)).to.equal(undefined);
        });

        it("should start on an insolvent one although its equity pays nothing", () => {
            expect(decideOne(candidate({equityE18: -1n}), MARKET, KEEPER)?.kind).to.equal("start");
        });
    });

    context("given a running auction", () => {
        it("should take all that may be taken, with room for the clock", () => {
            // As in the contract's test: fraction 0.19622501..., cost 10.7335; the gas of 2.1 M costs 4.2.
            const taken = decideOne(running(600n, {equityE18: e18("547")}), MARKET, KEEPER);
            expect(taken?.kind).to.equal("take");
            if (taken?.kind !== "take") return;
            expect(taken.maxFractionE18, "fraction").to.equal(e18("1"));
            expect(taken.profitE18, "profit").to.be.within(e18("6.53"), e18("6.54"));
            expect(taken.maxPriceE18, "limit").to.be.within(e18("97.13"), e18("97.14"));
        });

        it("should take the part that its means carry", () => {
            const poor = {...KEEPER, excessE18: e18("100")};
            const taken = decideOne(running(1_800n), MARKET, poor);
            expect(taken?.kind).to.equal("take");
            if (taken?.kind === "take") expect(taken.maxFractionE18).to.be.within(e18("0.15"), e18("0.2"));
        });

        it("should wait while the discount does not pay a part's gas", () => {
            const poor = {...KEEPER, excessE18: e18("10")};
            expect(decideOne(running(1n), MARKET, poor)).to.equal(undefined);
        });

        it("should cancel when the account is back at its target", () => {
            expect(decideOne(running(9n, {equityE18: e18("665.775")}), MARKET, KEEPER)?.kind).to.equal("cancel");
            const below = decideOne(running(9n, {equityE18: e18("665.775") - 1n}), MARKET, KEEPER);
            expect(below?.kind).to.not.equal("cancel");
        });

        it("should not count on pay that the book cannot bear", () => {
            // A slice costs 21 USD of gas and the rule says 32.13; there are 6 to be had.
            const dear = {...MARKET, baseFeeWei: 5_000_000_000n, feePerGasWei: 5_000_000_000n};
            const small = running(600n, {equityE18: e18("4"), maintenanceE18: e18("6"), initialE18: e18("7.5")});
            expect(decideOne(small, dear, KEEPER), "beyond the book").to.equal(undefined);
            const larger = {...small, equityE18: e18("30"), maintenanceE18: e18("45"), initialE18: e18("56.25")};
            expect(decideOne(larger, dear, KEEPER)?.profitE18, "within it").to.equal(e18("11.13"));
        });

        it("should record an insolvency that it cannot take", () => {
            const poor = {...KEEPER, excessE18: 0n};
            expect(decideOne(running(9n, {equityE18: -e18("5")}), MARKET, poor)?.kind).to.equal("record");
        });

        it("should be paid for a hole", () => {
            const taken = decideOne(running(9n, {equityE18: -e18("200")}), MARKET, KEEPER);
            expect(taken?.kind).to.equal("take");
            if (taken?.kind === "take") expect(taken.maxPriceE18).to.be.lt(-e18("200"));
        });
    });

    it("should put the most profitable first and leave its own accounts out", () => {
        const found = decide(
            [candidate(), running(600n, {account: account(2)}), candidate({account: accountId(ownerOf99(), 7n)})],
            MARKET,
            KEEPER,
        );
        expect(found.map((decision) => [decision.kind, decision.account])).to.deep.equal([
            ["take", account(2)],
            ["start", account(1)],
        ]);
    });

    it("should never offer more than the value of the slice, nor act at a loss", () => {
        const arbitrary = fc.record({
            equity: fc.bigInt({min: 0n, max: e18("600")}),
            seconds: fc.bigInt({min: 0n, max: 10_000n}),
            excess: fc.bigInt({min: 0n, max: e18("2000")}),
        });
        fc.assert(
            fc.property(arbitrary, ({equity, seconds, excess}) => {
                const keeper = {...KEEPER, excessE18: excess};
                const found = decideOne(running(seconds, {equityE18: equity}), MARKET, keeper);
                if (found?.kind !== "take") return;
                expect(found.profitE18, "profit").to.be.gte(0n);
                expect(found.maxPriceE18, "price").to.be.lt(equity + 1n);
            }),
        );
    });
});

describe("keeper: two ways to a slice", () => {
    const closing = (n: number, profit: string): Closing => ({
        kind: "close_out",
        account: account(n),
        profitE18: e18(profit),
        gainE18: e18(profit),
        order: undefined as never,
    });
    const take = (n: number, profit: string): Decision => ({
        kind: "take",
        account: account(n),
        profitE18: e18(profit),
        maxFractionE18: e18("1"),
        maxPriceE18: 0n,
        needE18: 0n,
    });
    const record: Decision = {kind: "record", account: account(4), profitE18: 0n};
    const start: Decision = {kind: "start", account: account(5), profitE18: e18("4")};
    const brief = (found: readonly Decision[]): unknown =>
        found.map(({kind, account: who}) => [kind, Number(BigInt(who.slice(0, 42)))]);

    it("should take the one that leaves more, and keep the order of profit", () => {
        const ways = [take(1, "10"), take(2, "5"), start, record];
        const closings = [closing(1, "9"), closing(2, "6"), closing(3, "1"), closing(4, "-1")];
        expect(brief(withClosings(ways, closings))).to.deep.equal([
            ["take", 1],
            ["close_out", 2],
            ["start", 5],
            ["close_out", 3],
            ["close_out", 4],
        ]);
        expect(brief(withClosings(ways, [closing(1, "10")])), "equal: the plain one").to.deep.equal(brief(ways));
    });

    it("should need nothing of the keeper's excess", () => {
        const poor = {...KEEPER, excessE18: 0n};
        expect(together([closing(1, "2"), closing(2, "1")], poor, 16)).to.have.lengthOf(1);
    });

    it("should look at all that is for sale, whatever the means", () => {
        const short = running(600n, {equityE18: e18("547")});
        const whole = onSale(short, MARKET, KEEPER);
        expect(whole?.fractionE18, "as in the contract's test").to.be.within(e18("0.19622"), e18("0.19623"));
        expect(whole?.costE18, "at this discount").to.be.within(e18("10.73"), e18("10.74"));
        for (const [why, other] of Object.entries({
            "no auction": candidate(),
            "in its grace": running(600n, {openAt: NOW + 1n}),
            "checked in this block": running(600n, {lastCheckedBlock: 1_000}),
            "at its target": running(600n, {equityE18: e18("665.775")}),
            "its own": running(600n, {account: accountId(ownerOf99(), 7n)}),
        })) {
            expect(onSale(other, MARKET, KEEPER), why).to.equal(undefined);
        }
    });
});

const ownerOf99 = (): string => account(99).slice(0, 42);

describe("keeper: caller", () => {
    const between = candidate({account: account(3), equityE18: e18("700")});
    const nearer = candidate({account: account(4), equityE18: e18("605.25")});
    const time = {nowSeconds: NOW, everySeconds: 3_600n};

    it("should call accounts between maintenance and initial, the nearest to maintenance first", () => {
        const healthy = candidate({account: account(5), equityE18: e18("756.5625")});
        expect(accountsToCall([between, healthy, candidate(), nearer], new Map(), time)).to.deep.equal([
            account(4),
            account(3),
        ]);
    });

    it("should call again only after a while", () => {
        const calls = new Map([[account(3), NOW - 3_599n]]);
        expect(accountsToCall([between], calls, time), "too soon").to.deep.equal([]);
        expect(accountsToCall([between], calls, {...time, nowSeconds: NOW + 1n}), "due").to.deep.equal([account(3)]);
    });
});

describe("keeper: what can be done at once", () => {
    const slice = (n: number, need: string): Decision => ({
        kind: "take",
        account: account(n),
        profitE18: 0n,
        maxFractionE18: e18("1"),
        maxPriceE18: 0n,
        needE18: e18(need),
    });
    const start = (n: number): Decision => ({kind: "start", account: account(n), profitE18: 0n});
    const numbers = (groups: readonly Decision[][]): number[][] =>
        groups.map((group) => group.map((decision) => Number(BigInt(decision.account.slice(0, 42)))));

    it("should put slices together while the excess carries all of them, and starts anywhere", () => {
        const decisions = [slice(1, "50000"), slice(2, "50000"), start(3), slice(4, "40000")];
        expect(numbers(together(decisions, KEEPER, 16))).to.deep.equal([[1, 3, 4], [2]]);
    });

    it("should give a slice that is too large a group of its own, and bound a group's number", () => {
        const decisions = [slice(1, "95000"), start(2), start(3), start(4)];
        expect(numbers(together(decisions, KEEPER, 2))).to.deep.equal([[1], [2, 3], [4]]);
    });
});
