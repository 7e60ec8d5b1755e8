import {expect} from "chai";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, call, days, e18, ETH, future, perp, put} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);
const MONTH = days(30);
const max = (...values: bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));
const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
const ONE = 10n ** 18n;

const MIXED = book({
    cash: 30_000,
    collateral: [
        [risk.WETH, 4],
        [risk.USDT, 500],
    ],
    quotes: [[BTC, -70_500]],
    legs: [
        [perp(BTC), 1],
        [call(BTC, MONTH, 80_000), -3],
        [put(BTC, MONTH, 60_000), 2],
        [future(ETH, MONTH), -6],
        [call(ETH, MONTH, 4_000), 5],
    ],
});

describe("RiskEngine.report", () => {
    const fixture = async () => risk.riskFixture(ethers);

    async function report(held: ReturnType<typeof book> = MIXED) {
        const {engine, market} = await networkHelpers.loadFixture(fixture);
        await market.setOpenInterest(ETH, e18(45_000));
        return {report: await engine.report(held), assessment: await engine.assessBook(held)};
    }

    it("should agree with the assessment", async () => {
        for (const model of [0, 1] as const) {
            const {report: parts, assessment} = await report({...MIXED, model});
            expect([parts.equityE18, parts.initialE18, parts.maintenanceE18]).to.deep.equal([...assessment]);
        }
    });

    it("should add up to the requirement", async () => {
        const {report: parts} = await report();
        let sum = parts.reserveE18;
        for (const scan of parts.groupScanE18) sum += scan;
        for (const {addOnE18, concentrationE18} of parts.underlyings) sum += addOnE18 + concentrationE18;
        expect(sum).to.equal(parts.maintenanceE18);
        const crowding = parts.underlyings.reduce((total, {openInterestE18}) => total + openInterestE18, 0n);
        expect(crowding).to.be.greaterThan(0n);
        expect(parts.initialE18).to.equal(ceilDiv(parts.maintenanceE18 * ONE, e18("0.8")) + crowding);
    });

    it("should name the scenario with the greatest loss, and the blend of the scans", async () => {
        const {report: parts} = await report();
        for (const part of parts.underlyings) {
            expect(part.lossE18.length).to.equal(24);
            expect(part.lossE18[Number(part.binding)]).to.equal(max(...part.lossE18));
            expect(part.scanE18).to.equal(max(...part.lossE18, 0n));
        }
        const [btc, eth] = parts.underlyings;
        const joint = btc?.lossE18.map((loss, s) => loss + (eth?.lossE18[s] ?? 0n)) ?? [];
        expect(joint[Number(parts.groupBinding[0])]).to.equal(max(...joint));
        const scans = (btc?.scanE18 ?? 0n) + (eth?.scanE18 ?? 0n);
        const blended = ceilDiv(e18("0.4") * max(...joint, 0n) + e18("0.6") * scans, ONE);
        expect(parts.groupScanE18).to.deep.equal([blended]);
        expect(parts.groups).to.deep.equal([BigInt(risk.GROUP)]);
        expect(parts.reserveE18).to.equal(e18("6.25"));
    });

    it("should take the greatest of the floors as add-on", async () => {
        const {report: parts} = await report();
        for (const part of parts.underlyings) {
            const {scanE18, rollE18, floorDeltaE18, floorShortE18, addOnE18} = part;
            expect(addOnE18).to.equal(max(rollE18, floorDeltaE18 - scanE18, floorShortE18 - scanE18, 0n));
        }
    });

    it("should keep a book without market risk empty", async () => {
        const {report: parts} = await report(book({cash: 7}));
        expect(parts.equityE18).to.equal(e18(7));
        expect([parts.underlyings, parts.groups, parts.groupScanE18, parts.groupBinding]).to.deep.equal([
            [],
            [],
            [],
            [],
        ]);
        expect([parts.initialE18, parts.maintenanceE18, parts.reserveE18]).to.deep.equal([0n, 0n, 0n]);
    });
});
