import {expect} from "chai";

import {formatE18} from "../../../../scripts/sdk/units.js";
import {
    DERIBIT_FIGURES,
    DERIVE_FIGURES,
    PARADEX_SCENARIOS,
    REG_T_FIGURES,
    SPAN_BITCOIN,
} from "../../../../scripts/sdk/venues/index.js";
import type {VenueScenario} from "../../../../scripts/sdk/venues/index.js";

/** Every figure as text, to be read against the source. */
const textOf = (figures: object): object =>
    Object.fromEntries(
        Object.entries(figures).flatMap(([name, value]): [string, unknown][] => {
            if (typeof value === "bigint") return [[name.replace("E18", ""), formatE18(value)]];
            return Array.isArray(value) ? [] : [[name, textOf(value as object)]];
        }),
    );

const scenariosOf = (scenarios: readonly VenueScenario[]): string[] =>
    scenarios.map(({moveE18, vol, weightE18}) => `${formatE18(moveE18)} ${vol} ${formatE18(weightE18)}`);

const shared = {fall: "0.25", powerShort: "0.3", powerLong: "0.13", floorDays: "1", leastUp: "0.5"};
const common = {extendedFactor: "1", deltaThreshold: "20000000", deltaMost: "0.1", maintenance: "0.8"};

describe("venues: published figures", () => {
    it("should be Deribit's of the response of June 2024 for BTC and of February 2026 for ETH", () => {
        expect(textOf(DERIBIT_FIGURES)).to.deep.equal({
            BTC: {
                ...common,
                range: "0.16",
                vol: {...shared, rise: "0.5"},
                dampener: "100000",
                deltaStep: "0.00005",
                rollYear: "0.075",
                rollLeast: "0.01",
            },
            ETH: {
                ...common,
                range: "0.18",
                vol: {...shared, rise: "0.4"},
                dampener: "200000",
                deltaStep: "0.000004",
                rollYear: "0.05",
                rollLeast: "0.005",
            },
        });
    });

    it("should be Derive's of January 2026", () => {
        expect(textOf(DERIVE_FIGURES)).to.deep.equal({
            vol: {rise: "0.5", fall: "0.3", powerShort: "0.3", powerLong: "0.13", floorDays: "1", leastUp: "0.4"},
            skew: {cap: "0.25", capSlope: "-0.1", leastWidth: "0.01", width: "4", level: "0.6", levelSlope: "0"},
            initial: "1",
            maintenance: "0.8",
            longRateTimes: "0",
            longRatePlus: "0.1",
            longFactor: "0.98",
            shortRateTimes: "0",
            shortRatePlus: "0.1",
            shortFactor: "1.02",
            basisMove: "0.045",
            basisPlus: "0.5",
            basisTimes: "2",
            perp: "0.03",
            perpInitial: "0.01",
            naked: "0.003",
            nakedInitial: "0.002",
            coins: "0.056",
            coinsInitial: "0.014",
        });
        const inner = ["0.135", "0.09", "0.045", "0", "-0.045", "-0.09", "-0.135"];
        expect(scenariosOf(DERIVE_FIGURES.scenarios)).to.have.members([
            "0.18 UP 1",
            ...inner.flatMap((move) => ["UP", "FLAT", "DOWN"].map((vol) => `${move} ${vol} 1`)),
            "-0.18 UP 1",
            ...["-0.66 UP 0.21", "-0.33 UP 0.42", "0.5 UP 0.2772", "1 UP 0.1386"],
            ...["2 UP 0.0693", "3 UP 0.0462", "4 UP 0.03465", "5 UP 0.02772"],
        ]);
    });

    it("should be Paradex's table", () => {
        const inner = ["0.12", "0.08", "0.04", "0", "-0.04", "-0.08", "-0.12"];
        expect(scenariosOf(PARADEX_SCENARIOS)).to.have.members([
            "0.16 UP 1",
            ...inner.flatMap((move) => [`${move} UP 1`, `${move} DOWN 1`]),
            "-0.16 UP 1",
            ...["-0.66 UP 0.24", "-0.33 UP 0.48", "0.5 UP 0.32", "1 UP 0.16"],
            ...["2 UP 0.08", "3 UP 0.0533", "4 UP 0.04", "5 UP 0.032"],
        ]);
    });

    it("should be what stands in for CME's, and the percentages of the strategy rules", () => {
        const {lookAheadYearsE18, ...rest} = SPAN_BITCOIN;
        expect(lookAheadYearsE18, "a day").to.equal(10n ** 18n / 365n);
        expect(textOf(rest)).to.deep.equal({
            scanRange: "0.35",
            volRange: "0.6",
            extremeMultiple: "3",
            extremeCover: "0.33",
            spread: "0.0175",
            shortMinimum: "0",
            initialRatio: "1.1",
        });
        expect(textOf(REG_T_FIGURES)).to.deep.equal({
            option: "0.2",
            optionLeast: "0.1",
            stockInitial: "0.5",
            longMaintenance: "0.25",
            shortMaintenance: "0.3",
        });
    });
});
