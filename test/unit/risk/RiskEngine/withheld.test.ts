import {expect} from "chai";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, call, days, e18, ETH, future, perp} from "../fixture.js";
import type {BookInput} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);

const WEEK = days(7);
const MONTH = days(30);
/** Ten long, entered at 60,000 where the price is 70,000: a profit of 100,000. */
const WINNER: BookInput = {cash: 200_000, legs: [[perp(BTC), 10]], quotes: [[BTC, -600_000]]};

describe("RiskEngine: profit withheld for opening and withdrawing", () => {
    const fixture = async () => risk.riskFixture(ethers);

    /** Withheld of the first underlying, with open interest in units of it. */
    async function withheld(input: BookInput, openInterest: string | number): Promise<bigint> {
        const {engine, market} = await networkHelpers.loadFixture(fixture);
        await market.setOpenInterest(BTC, e18(openInterest));
        const {underlyings, initialE18, maintenanceE18} = await engine.report(book(input));
        const {withheldE18, openInterestE18} = underlyings[0]!;
        const others = underlyings.slice(1).reduce((sum, one) => sum + one.withheldE18 + one.openInterestE18, 0n);
        const asked = (maintenanceE18 * 10n + 7n) / 8n + openInterestE18 + withheldE18 + others;
        expect(initialE18, "IM = MM / 0.8 + crowding + withheld").to.equal(asked);
        return withheldE18;
    }

    context("given a market below its lower bound", () => {
        it("should withhold the account's share of the market", async () => {
            expect(await withheld(WINNER, 1000)).to.equal(e18(1000));
            expect(await withheld(WINNER, 40)).to.equal(e18(25_000));
        });

        it("should withhold all of it where the account is the market, or more than it", async () => {
            for (const open of [10, 4, 0]) expect(await withheld(WINNER, open), `of ${open}`).to.equal(e18(100_000));
        });

        it("should round what counts down", async () => {
            expect(await withheld(WINNER, 30)).to.equal(e18(100_000) - (e18(100_000) * 20n) / 30n);
        });
    });

    context("given a market between its bounds", () => {
        it("should withhold the crowded share of the rest", async () => {
            // 5,000 at 70,000 are 350 million: three quarters of the way from 200 to 400.
            expect(await withheld(WINNER, 5000)).to.equal(e18(100_000) - (e18(25_000) * 4990n) / 5000n);
        });

        it("should withhold everything from the upper bound on", async () => {
            expect(await withheld(WINNER, 6000)).to.equal(e18(100_000));
        });
    });

    context("given a book of several legs", () => {
        it("should count the larger side of the linear legs against the market", async () => {
            const legs: risk.Leg[] = [
                [perp(BTC), 10],
                [future(BTC, MONTH), -30],
                [future(BTC, WEEK), -10],
            ];
            // 30 short net at 70,000, sold for 2,200,000: a profit of 100,000.
            expect(await withheld({legs, quotes: [[BTC, 2_200_000]]}, 400)).to.equal(e18(10_000));
        });

        it("should leave options out, in value and in size", async () => {
            const legs: risk.Leg[] = [...WINNER.legs!, [call(BTC, MONTH, 10_000), 50]];
            expect(await withheld({...WINNER, legs}, 1000)).to.equal(e18(1000));
        });

        it("should not let a loss of one underlying pay for the profit of another", async () => {
            const legs: risk.Leg[] = [...WINNER.legs!, [perp(ETH), 100]];
            const quotes: [number, number][] = [
                [BTC, -600_000],
                [ETH, -1_000_000],
            ];
            expect(await withheld({...WINNER, legs, quotes}, 1000)).to.equal(e18(1000));
        });
    });

    context("given no profit of linear legs", () => {
        it("should withhold nothing of a loss", async () => {
            expect(await withheld({...WINNER, quotes: [[BTC, -700_000]]}, 10), "even").to.equal(0n);
            expect(await withheld({...WINNER, quotes: [[BTC, -800_000]]}, 10), "a loss").to.equal(0n);
        });

        it("should withhold nothing of a book of options", async () => {
            expect(await withheld({legs: [[call(BTC, MONTH, 10_000), 50]]}, 50)).to.equal(0n);
        });
    });

    it("should take funding off first", async () => {
        const {engine, market} = await networkHelpers.loadFixture(fixture);
        await market.setPerp(BTC, e18(1), e18(4000));
        await market.setOpenInterest(BTC, e18(20));
        const [part] = (await engine.report(book(WINNER))).underlyings;
        expect(part?.withheldE18).to.equal(e18(30_000));
    });

    it("should withhold alike under every model", async () => {
        const {engine, market} = await networkHelpers.loadFixture(fixture);
        await market.setOpenInterest(BTC, e18(40));
        for (const model of [0, 1, 2, 3] as const) {
            const [part] = (await engine.report(book({...WINNER, model}))).underlyings;
            expect(part?.withheldE18, `model ${model}`).to.equal(e18(25_000));
        }
    });

    it("should count a settled future's result, which is no size any more", async () => {
        const {engine, market} = await networkHelpers.loadFixture(fixture);
        await market.setOpenInterest(BTC, e18(5000));
        await networkHelpers.time.increaseTo(WEEK);
        await market.setSettlement(BTC, WEEK, e18(70_000));
        const settled = book({...WINNER, legs: [[future(BTC, WEEK), 10]]});
        const [part] = (await engine.report(settled)).underlyings;
        expect(part?.withheldE18, "the crowded share alone").to.equal(e18(75_000));
    });

    context("given an account", () => {
        async function held(cash: number) {
            const {engine, market, account} = await networkHelpers.loadFixture(fixture);
            await market.setOpenInterest(BTC, e18(10));
            await market.setBook(account, book({...WINNER, cash}));
            return {engine, account};
        }

        it("should refuse it where only its profit would do, before and after the grid", async () => {
            for (const cash of [50_000, 130_000]) {
                const {engine, account} = await held(cash);
                const {equityE18, initialE18, maintenanceE18} = await engine.assess(account);
                expect(equityE18, "profit is equity").to.equal(e18(100_000 + cash));
                expect(equityE18 < initialE18 && initialE18 - e18(100_000) <= equityE18, "the profit decides").to.equal(
                    true,
                );
                await expect(engine.requireInitial(account))
                    .to.be.revertedWithCustomError(engine, "RiskEngine_BelowInitial")
                    .withArgs(account, equityE18, initialE18);
                await engine.requireMaintenance(account);
                expect(equityE18 >= maintenanceE18, "for maintenance it counts in full").to.equal(true);
            }
        });

        it("should let it pass early only where equity covers the profit too", async () => {
            const {engine, account} = await held(1_000_000);
            await engine.requireInitial(account);
            const {equityE18, initialE18} = await engine.assess(account);
            expect(equityE18 - initialE18).to.be.greaterThan(0n);
        });
    });
});
