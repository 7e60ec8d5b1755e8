import {expect} from "chai";

import {ASSETS, BTC, ETH, RISK} from "../../../../deploy/parameters/defaults.js";
import {formatE18, parseE18} from "../../../../scripts/sdk/index.js";
import {
    DEFAULT_BLEND_E18,
    DEFAULT_GLOBAL,
    DEFAULT_WEIGHTS,
    defaultFigures,
    MAJORS_GROUP,
} from "../../../../scripts/sdk/risk/index.js";

const same = (text: string): string => formatE18(parseE18(text));

describe("defaults", () => {
    for (const deployed of [BTC, ETH]) {
        it(`should be those that are deployed for ${deployed.name}`, () => {
            const figures = Object.entries(defaultFigures(deployed.name)).map(
                ([name, text]) => [name, same(text)] as const,
            );
            const {averageDailyVolume, openInterestLower, openInterestUpper, volFloorUp} = deployed;
            const renamed = {
                ...deployed,
                adv: averageDailyVolume,
                oiLower: openInterestLower,
                oiUpper: openInterestUpper,
                volFloor: volFloorUp,
            };
            for (const [name, figure] of figures) {
                const own: unknown = renamed[name as keyof typeof renamed];
                expect(typeof own === "string" && same(own), name).to.equal(figure);
            }
            expect(deployed.group).to.equal(MAJORS_GROUP);
        });
    }

    it("should be those that are deployed for the whole engine", () => {
        expect(DEFAULT_GLOBAL).to.deep.equal({
            initialRatioE18: parseE18(RISK.initialRatio),
            reserveBaseE18: parseE18(RISK.reserveBase),
            reservePerPositionE18: parseE18(RISK.reservePerPosition),
        });
        expect(RISK.groups).to.deep.equal([{id: MAJORS_GROUP, blend: "0.40"}]);
        expect(DEFAULT_BLEND_E18).to.equal(parseE18("0.40"));
        for (const {underlying, weight, size} of ASSETS) {
            const defaults = DEFAULT_WEIGHTS[underlying === 0 ? "stable" : "underlying"];
            expect([parseE18(weight), parseE18(size)]).to.deep.equal([defaults.weightE18, defaults.sizeE18]);
        }
    });
});
