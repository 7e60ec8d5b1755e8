/** The table of the normal distribution: what is deployed is what the sdk constructs, and how far it is from the truth. */
import {expect} from "chai";
import {keccak256} from "ethers";
import {network} from "hardhat";

import {CDF_ONE, cdfE18, cdfOfCells, EDGE, SPAN, tableCode, UNIT_BITS} from "../../../../scripts/sdk/math/index.js";
import {tableSource, TABLE_FILE} from "../../../../scripts/tools/cdfTable.js";
import {read} from "../../../../scripts/tools/repository.js";
import * as risk from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);

const STATED_ERROR = 2.0e-10;
const STEPS = 60_000n;

describe("CdfTable", () => {
    const fixture = async () => risk.riskFixture(ethers);

    it("should stand in the repository as the sdk constructs it", () => {
        expect(read(TABLE_FILE), "npm run table").to.equal(tableSource());
    });

    it("should be deployed as the sdk constructs it, under the hash that the engine wants", async () => {
        const {table} = await networkHelpers.loadFixture(fixture);
        const code = await ethers.provider.getCode(table);
        expect(code, "code").to.equal(tableCode());
        expect(read("contracts/risk/kernel/Cdf.sol"), "hash").to.contain(keccak256(code));
    });

    it("should be refused with any other code", async () => {
        const {engine, market, parameters} = await networkHelpers.loadFixture(fixture);
        const hash = keccak256(await ethers.provider.getCode(market));
        await expect(ethers.deployContract("RiskGreeks", [market, market, parameters, market]))
            .to.be.revertedWithCustomError(engine, "RiskEngine_WrongTable")
            .withArgs(market, hash, keccak256(tableCode()));
    });

    it("should be within the stated error everywhere, and exact beyond its ends", () => {
        let worst = 0;
        for (let i = 0n; i <= STEPS; i++) {
            const x = (SPAN * i) / STEPS;
            const exact = Number(cdfE18(((x - EDGE) * 10n ** 18n) >> UNIT_BITS)) / 1e18;
            worst = Math.max(worst, Math.abs(Number(cdfOfCells(x)) / Number(CDF_ONE) - exact));
        }
        expect(worst, "largest error").to.be.at.most(STATED_ERROR);
        expect(worst, "a table is never exact").to.be.greaterThan(STATED_ERROR / 10);
        expect([cdfOfCells(-1n), cdfOfCells(SPAN)], "ends").to.deep.equal([0n, CDF_ONE]);
    });
});
