import {expect} from "chai";

import {parseE18, perp} from "../../../scripts/sdk/index.js";
import {percentile} from "../../../scripts/stress/figures.js";
import {addLegs, addSlice, layersOf, ledgerCsv, newLiquidation} from "../../../scripts/stress/ledger.js";
import {barsFrom, pathOf, windowRows} from "../../../scripts/stress/path.js";
import {populate} from "../../../scripts/stress/population.js";
import {readOptions} from "../../../scripts/stress/program.js";
import {parametersFor} from "../../../scripts/stress/protections.js";
import {Random} from "../../../scripts/shared/random.js";
import {StressError} from "../../../scripts/stress/failures.js";
import {unbalanced} from "../../../scripts/stress/solvency.js";
import {booksOf, emptyLedger} from "../../../scripts/chain/ledger.js";
import {readPriceTable} from "../../../scripts/shared/prices/priceTable.js";

const HOUR = 3600;
const usd = parseE18;

const TABLE = `asset,time,open,high,low,close
BTC,2020-03-12 00:00:00,8000,8010,7990,8000
ETH,2020-03-12 00:00:00,200,200,200,200
BTC,2020-03-12 01:00:00,8000,8010,7990,8000
ETH,2020-03-12 01:00:00,200,201,200,200
BTC,2020-03-12 02:00:00,8000,8100,6000,6500
ETH,2020-03-12 02:00:00,200,201,150,160
BTC,2020-03-12 03:00:00,6500,7000,6400,6900
ETH,2020-03-12 03:00:00,160,170,155,165`;

const START = Date.UTC(2020, 2, 12) / 1000;

describe("stress: the path of prices", () => {
    it("should walk a falling bar high, low, close and a rising one low, high, close, a calm one to its close", () => {
        const points = pathOf(barsFrom(readPriceTable(TABLE, {extremes: true})), 0);
        expect(points.map(({time, truth}) => [(time - START) / HOUR, truth.BTC])).to.deep.equal([
            [1, "8000"],
            [2, "8000"],
            [2.25, "8100"],
            [2.5, "6000"],
            [2.75, "6500"],
            [3, "6500"],
            [3.25, "6400"],
            [3.5, "7000"],
            [3.75, "6900"],
            [4, "6900"],
        ]);
        expect(points.filter(({crash}) => crash).length, "points of the crash bar").to.equal(4);
    });

    it("should let feeds say what was true a while ago, and the first price before that", () => {
        const points = pathOf(barsFrom(readPriceTable(TABLE, {extremes: true})), HOUR);
        const at = (hours: number) => points.find(({time}) => time === START + hours * HOUR)?.written.BTC;
        expect(at(2)).to.equal("8000");
        expect(at(3.25), "an hour before, the high").to.equal("8100");
        expect(at(3.5), "an hour before, the low").to.equal("6000");
    });

    it("should take the first stretch without a gap, and refuse one that is none", () => {
        const later = `${TABLE}\nBTC,2020-04-01 00:00:00,1,1,1,1\nETH,2020-04-01 00:00:00,1,1,1,1`;
        expect(barsFrom(readPriceTable(later, {extremes: true})).length).to.equal(4);
        expect(() => barsFrom(readPriceTable(TABLE.split("\n").slice(0, 3).join("\n"), {extremes: true}))).to.throw(
            StressError,
        );
        expect(() => windowRows("yesterday"))
            .to.throw(StressError)
            .with.property("code", "unknown-window");
    });
});

describe("stress: who trades", () => {
    it("should be the same for the same seed and others for another", () => {
        const names = (seed: number) => populate(50, seed).map(({id, deposits, useE18}) => [id, deposits, useE18]);
        expect(names(7)).to.deep.equal(names(7));
        expect(names(7)).to.not.deep.equal(names(8));
    });

    it("should open what its kind says, sizes in lots", () => {
        const sight = {
            series: {mid: 1_585_900_800, far: 1_588_320_000},
            spotE18: (id: number) => usd(id === 1 ? "8000" : "200"),
        };
        for (const {kind, unit} of populate(200, 3)) {
            const orders = unit(sight);
            const signs = orders.map(({sizeE18}) => (sizeE18 > 0n ? "+" : "-")).join("");
            const wanted: Record<string, string> = {
                "long perpetual": "+",
                "long on coins": "+",
                "short perpetual": "-",
                basis: "+-",
                "strangle seller": "--",
                "put seller": "-",
                "put spread": "-+",
                "call buyer": "+",
                "two markets": "+-",
            };
            expect(signs, kind).to.equal(wanted[kind]);
        }
    });

    it("should draw every number of a range about as often", () => {
        const random = new Random(1);
        const counts = [0, 0, 0, 0];
        for (let i = 0; i < 4000; i += 1) counts[random.below(4)]! += 1;
        for (const count of counts) expect(count).to.be.within(900, 1100);
        expect(() => random.pick([])).to.throw(RangeError);
    });
});

describe("stress: the ledger", () => {
    const solvent = {
        fractionE18: usd("0.5"),
        equityBeforeE18: usd("1000"),
        priceE18: usd("480"),
        backstopPaidE18: 0n,
        socialisedE18: 0n,
    };
    const insolvent = {
        fractionE18: usd("1"),
        equityBeforeE18: -usd("200"),
        priceE18: -usd("230"),
        backstopPaidE18: usd("150"),
        socialisedE18: usd("80"),
    };

    it("should take the keeper's gain from the account while it has equity", () => {
        expect(layersOf(solvent)).to.deep.equal({
            accountE18: usd("20"),
            backstopE18: 0n,
            writtenDownE18: 0n,
            holeE18: 0n,
            keeperE18: usd("20"),
        });
    });

    it("should take hole and gain from backstop and everybody where it has none", () => {
        expect(layersOf(insolvent)).to.deep.equal({
            accountE18: 0n,
            backstopE18: usd("150"),
            writtenDownE18: usd("80"),
            holeE18: usd("200"),
            keeperE18: usd("30"),
        });
    });

    it("should add up slices and what was in profit, one row each", () => {
        const one = newLiquidation({account: "a", kind: "basis", breachAt: 100, breachBlock: 5}, 160);
        addSlice(one, solvent, {time: 460, block: 9});
        addSlice(one, insolvent, {time: 500, block: 11});
        addLegs(
            one,
            [
                {sizeE18: usd("2"), spotE18: usd("10"), entryE18: usd("8"), nowE18: usd("9")},
                {sizeE18: -usd("4"), spotE18: usd("10"), entryE18: usd("8"), nowE18: usd("9")},
            ],
            usd("0.5"),
        );
        expect([one.closedE18, one.profitableE18]).to.deep.equal([usd("30"), usd("10")]);
        expect(one.accountE18 + one.backstopE18 + one.writtenDownE18).to.equal(one.holeE18 + one.keeperE18);
        const [head, row] = ledgerCsv([one]).split("\n");
        const cells = Object.fromEntries((head ?? "").split(",").map((name, at) => [name, (row ?? "").split(",")[at]]));
        expect(cells).to.include({account: "a", seconds_to_slice: "360", blocks_to_slice: "4", slices: "2"});
        expect(cells["hole_usd_e18"]).to.equal(String(usd("200")));
    });

    it("should take percentiles from the sorted list", () => {
        expect([50, 95, 100].map((percent) => percentile([5, 1, 4, 2, 3], percent))).to.deep.equal([3, 5, 5]);
        expect(percentile([], 50)).to.equal(undefined);
    });
});

describe("stress: options", () => {
    const usual = {
        window: "March 2020",
        accounts: "200",
        gas: "x10",
        oracleDelay: "0s",
        protections: "both",
        seed: "1",
    };

    it("should read factors and times", () => {
        const {gas, oracleDelay} = readOptions({...usual, gas: "x20", oracleDelay: "2h"});
        expect([gas, oracleDelay]).to.deep.equal([20n, 7200]);
    });

    for (const [name, value] of [
        ["gas", "20"],
        ["oracleDelay", "two hours"],
        ["accounts", "0"],
        ["protections", "maybe"],
    ] as const) {
        it(`should refuse ${name} = ${value}`, () => {
            expect(() => readOptions({...usual, [name]: value}))
                .to.throw(StressError)
                .with.property("code", "option-malformed");
        });
    }

    it("should take away protections and nothing else", () => {
        const [on, off] = [parametersFor("on"), parametersFor("off")];
        expect(off.risk.underlyings[0]?.priceRange).to.equal((on.risk.underlyings[0]?.priceRange ?? 0n) / 2n);
        expect(off.backstop.lossBudgets.every(({limit}) => limit === 0n)).to.equal(true);
        expect(off.liquidation.pay, "keepers are paid alike").to.deep.equal(on.liquidation.pay);
        expect(off.vault).to.deep.equal(on.vault);
    });
});

describe("stress: the two sides of an instrument", () => {
    it("should name the instrument whose sizes do not add up to zero (LED-1)", () => {
        const books = emptyLedger();
        booksOf(books, "0x01").sizeE18.set(perp(1), usd("2"));
        booksOf(books, "0x02").sizeE18.set(perp(1), -usd("2"));
        expect(unbalanced(books)).to.deep.equal([]);
        booksOf(books, "0x02").sizeE18.set(perp(1), -usd("2") + 1n);
        expect(unbalanced(books)).to.deep.equal([`instrument ${perp(1)}: sizes add up to 1`]);
    });
});
