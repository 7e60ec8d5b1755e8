/** What the engine does before and beside any model. */
import {expect} from "chai";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, call, days, perp} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);

const MONTH = days(30);

describe("RiskEngine, bounds", () => {
    const fixture = async () => risk.riskFixture(ethers);

    it("should refuse what its sums have no room for, by name", async () => {
        const {engine} = await networkHelpers.loadFixture(fixture);
        const option = call(BTC, MONTH, 70_000);
        await expect(engine.assessBook(book({legs: [[option, "1000000000000"]]})))
            .to.be.revertedWithCustomError(engine, "RiskEngine_LegTooGreat")
            .withArgs(option, 10n ** 30n);
        await expect(engine.assessBook(book({legs: [[perp(BTC), "1000000000000000"]]})))
            .to.be.revertedWithCustomError(engine, "RiskEngine_LegTooGreat")
            .withArgs(perp(BTC), 10n ** 33n);
        expect((await engine.assessBook(book({legs: [[option, "100000000"]]}))).equityE18, "1e8 units fit").to.be.above(
            0n,
        );
    });

    it("should let a book whose terms bound its loss pass without the grid, and no other", async () => {
        const {engine, market, account} = await networkHelpers.loadFixture(fixture);
        const spread: risk.Leg[] = [
            [call(BTC, MONTH, 70_000), 1],
            [call(BTC, MONTH, 75_000), -1],
        ];
        await market.setBook(account, book({cash: 10_000, legs: spread}));
        const [bounded, whole] = [
            await engine.requireInitial.estimateGas(account),
            await engine.assess.estimateGas(account),
        ];
        expect(bounded, "without the grid").to.be.below(whole);
        await engine.requireInitial(account);
        await engine.requireMaintenance(account);
        await market.setBook(account, book({cash: 0, legs: [[call(BTC, MONTH, 70_000), -1]]}));
        await expect(engine.requireInitial(account)).to.be.revertedWithCustomError(engine, "RiskEngine_BelowInitial");
    });
});
