import {expect} from "chai";

import {marginOf, prepareBook, readBook} from "../../../../scripts/sdk/book/index.js";
import {InputError} from "../../../../scripts/sdk/index.js";

type Json = Readonly<Record<string, unknown>>;

const BTC = {spot: "70000"};

const book = (account: Json, more: Json = {}): Json => ({
    now: "2026-03-13T08:00:00Z",
    underlyings: {BTC},
    account,
    ...more,
});

function failure(json: unknown): string {
    try {
        marginOf(prepareBook(readBook(json)));
    } catch (error) {
        if (error instanceof InputError) return error.message;
        throw error;
    }
    return "no error";
}

describe("book", () => {
    context("when a field is wrong", () => {
        const option = {positions: [{instrument: "BTC-27MAR26-75000-C", size: "1"}]};
        const withExpiry = (data: Json): Json => ({
            ...book(option),
            underlyings: {BTC: {...BTC, expiries: {"2026-03-27": data}}},
        });
        const cases: readonly (readonly [string, unknown, RegExp])[] = [
            ["the time is missing", {...book({}), now: undefined}, /^now: is missing/],
            ["the time is no time", {...book({}), now: "yesterday"}, /^now: must be a time/],
            ["a field is unknown", {...book({}), nwo: 1}, /^nwo: is not a field/],
            ["a field of a position is unknown", book({positions: [{instrument: "BTC-PERP", sice: "1"}]}), /size|sice/],
            [
                "the size is missing",
                book({positions: [{instrument: "BTC-PERP"}]}),
                /^account\.positions\[0\]\.size: is missing/,
            ],
            [
                "a size is no figure",
                book({positions: [{instrument: "BTC-PERP", size: "1x"}]}),
                /^account\.positions\[0\]\.size: must be a number/,
            ],
            [
                "a size has too many digits",
                book({positions: [{instrument: "BTC-PERP", size: 1e-19}]}),
                /^account\.positions\[0\]\.size: .*18 decimals/,
            ],
            [
                "the instrument has no form",
                book({positions: [{instrument: "BTC-FOO", size: "1"}]}),
                /^account\.positions\[0\]\.instrument: /,
            ],
            [
                "the underlying is missing",
                book({positions: [{instrument: "ETH-PERP", size: "1"}]}),
                /^underlyings\.ETH: is missing/,
            ],
            [
                "the spot is zero",
                {...book({}), underlyings: {BTC: {spot: 0}}},
                /^underlyings\.BTC\.spot: must be above 0/,
            ],
            [
                "the expiry is missing",
                book(option),
                /^underlyings\.BTC\.expiries\.2026-03-27: is missing; BTC-27MAR26-75000-C/,
            ],
            [
                "the forward is missing",
                withExpiry({smile: {vol: "0.5"}}),
                /^underlyings\.BTC\.expiries\.2026-03-27\.forward: is missing/,
            ],
            [
                "the smile is missing",
                withExpiry({forward: "70000"}),
                /^underlyings\.BTC\.expiries\.2026-03-27\.smile: is missing/,
            ],
            [
                "the smile is half one",
                withExpiry({forward: 1, smile: {a: 1}}),
                /^underlyings\.BTC\.expiries\.2026-03-27\.smile: must be/,
            ],
            [
                "a day is none",
                {...book({}), underlyings: {BTC: {...BTC, expiries: {"2026-02-30": {}}}}},
                /2026-02-30: "2026-02-30" is not a day/,
            ],
            [
                "the asset is unknown",
                book({collateral: {DOGE: "1"}}),
                /^account\.collateral\.DOGE: is not a known asset/,
            ],
            ["collateral is owed", book({collateral: {USDT: "-1"}}), /^account\.collateral\.USDT: must not be below 0/],
            [
                "a parameter is unknown",
                book({}, {parameters: {BTC: {volUpp: "1"}}}),
                /^parameters\.BTC\.volUpp: is not a field/,
            ],
            [
                "parameters name no underlying",
                book({}, {parameters: {DOGE: {}}}),
                /^parameters\.DOGE: names no underlying/,
            ],
            [
                "a move leaves no price",
                book({}, {parameters: {scenarios: [{move: "-1", vol: "up"}]}}),
                /^parameters\.scenarios\[0\]\.move: must be above -1/,
            ],
            [
                "a scenario has no weight",
                book({}, {parameters: {scenarios: [{move: "1", vol: "up", weight: 0}]}}),
                /^parameters\.scenarios\[0\]\.weight: must be above 0/,
            ],
            ["the file is no object", [], /^book: /],
        ];

        for (const [title, json, message] of cases) {
            it(`should name it: ${title}`, () => {
                expect(failure(json)).to.match(message);
            });
        }
    });
});
