import {expect} from "chai";

import {lossesOf, slicesOf} from "../../../scripts/demo/books.js";
import {CAST} from "../../../scripts/demo/cast.js";
import {summaryOf, tell} from "../../../scripts/demo/summary.js";
import type {AccountStory, Story, Witnessed} from "../../../scripts/demo/summary.js";
import type {WorldEvent} from "../../../scripts/demo/world.js";
import {BACKSTOP_ABI} from "../../../scripts/sdk/abi/Backstop.js";
import {CLEARINGHOUSE_ABI} from "../../../scripts/sdk/abi/Clearinghouse.js";
import {LIQUIDATOR_ABI} from "../../../scripts/sdk/abi/Liquidator.js";
import {MARGIN_VAULT_ABI} from "../../../scripts/sdk/abi/MarginVault.js";
import {accountOf, BARS, booksWith, E18, event, HOUR, samplesOf, START, witnessed} from "./story.js";

const KEEPER = accountOf("kestrel");
const NOBODY = `0x${"0".repeat(40)}`;
const LONG = "long-5x";
const BUYER = "dip-buyer";
const usd = (whole: number): bigint => BigInt(whole) * E18;
const half = E18 / 2n;

const marginCall = (time: number, id: string): WorldEvent =>
    event(time, LIQUIDATOR_ABI, "MarginCall", [accountOf(id), usd(90), usd(100), usd(80), usd(10), [[3], [3]]]);
const deposited = (time: number, id: string): WorldEvent =>
    event(time, MARGIN_VAULT_ABI, "Deposited", [accountOf(id), NOBODY, NOBODY, 1n, 1n]);
const started = (time: number, id: string, pay: bigint): WorldEvent =>
    event(time, LIQUIDATOR_ABI, "AuctionStarted", [accountOf(id), KEEPER, usd(10), usd(80), pay]);
type Taking = {fraction: bigint; equity: bigint; price: bigint; backstop?: bigint; spread?: bigint};
const taken = (time: number, id: string, {fraction, equity, price, backstop = 0n, spread = 0n}: Taking): WorldEvent =>
    event(time, LIQUIDATOR_ABI, "SliceTaken", [
        accountOf(id),
        KEEPER,
        fraction,
        equity,
        usd(80),
        price,
        backstop,
        spread,
    ]);
const covered = (time: number, paid: bigint): WorldEvent =>
    event(time, BACKSTOP_ABI, "LossCovered", [KEEPER, paid, paid]);

const storyOf = (run: Witnessed, id: string): AccountStory =>
    told(run).accounts.find((one) => one.id === id) ?? expect.fail(`no story of ${id}`);

function told(run: Witnessed, changes: Partial<Story> = {}): Story {
    const parts = {
        books: booksWith(run),
        comparisons: [{id: "put-spread", scenarioE18: usd(7), isolatedE18: usd(39), equityE18: usd(20)}],
        twin: {compared: CAST.length, different: []},
        fundingE18: {BTC: -usd(3), ETH: 0n},
    };
    return {...tell(run, BARS, parts), ...changes};
}

describe("demo: summary", () => {
    describe("start, worst and end", () => {
        it("should start with the first position and find the lowest health, not the lowest equity", () => {
            const run = witnessed({
                [LONG]: samplesOf([
                    [100, 0, 0],
                    [90, 60, 50],
                    [80, 100, 100],
                    [70, 40, 35],
                ]),
            });
            const {start, worst, end} = storyOf(run, LONG);
            expect([start.time, start.healthE18], "start").to.deep.equal([START + HOUR, (usd(9) * 2n) / 10n]);
            expect([worst.time, worst.healthE18], "worst").to.deep.equal([START + 2 * HOUR, (E18 * 8n) / 10n]);
            expect([end.equityE18, end.healthE18], "end").to.deep.equal([usd(70), 2n * E18]);
        });

        it("should know no health without a requirement, and call the lowest equity worst", () => {
            const run = witnessed({
                [LONG]: samplesOf([
                    [100, 0, 0],
                    [50, 0, 0],
                    [70, 0, 0],
                ]),
            });
            const {start, worst} = storyOf(run, LONG);
            expect(start.healthE18, "health").to.equal(undefined);
            expect(worst.equityE18, "worst equity").to.equal(usd(50));
        });
    });

    describe("called and cured", () => {
        const samples = (equity: number): Record<string, ReturnType<typeof samplesOf>> => ({
            [LONG]: samplesOf([
                [120, 100, 80],
                [90, 100, 80],
                [equity, 100, 80],
            ]),
        });
        const call = marginCall(START + HOUR, LONG);
        const answer = deposited(START + HOUR + 60, LONG);

        it("should be cured by a deposit after the call that brings it to its initial requirement", () => {
            const {called, cured} = storyOf(witnessed(samples(100), [call, answer]), LONG);
            expect({called, cured}, "story").to.deep.equal({called: true, cured: true});
        });

        for (const [what, equity, events] of [
            ["a deposit that is too small", 99, [call, answer]],
            ["no deposit", 100, [call]],
            ["a deposit before the call", 100, [answer, call]],
            ["somebody else's deposit", 100, [call, deposited(START + HOUR + 60, BUYER)]],
        ] as const) {
            it(`should not be cured by ${what}`, () => {
                const {called, cured} = storyOf(witnessed(samples(equity), events), LONG);
                expect({called, cured}, "story").to.deep.equal({called: true, cured: false});
            });
        }
    });

    describe("slices", () => {
        const events = [
            taken(START, LONG, {fraction: half, equity: usd(100), price: usd(45)}),
            taken(START + 60, LONG, {fraction: half, equity: usd(50), price: usd(20)}),
        ];

        it("should compound the fractions and add up what the owner gave up", () => {
            const one = storyOf(witnessed({}, events), LONG);
            expect(one.closedE18, "closed").to.equal((E18 * 3n) / 4n);
            expect(one.costE18, "cost: 50 − 45 and 25 − 20").to.equal(usd(10));
            expect([one.liquidated, one.insolvent], "liquidated, insolvent").to.deep.equal([true, false]);
            expect(storyOf(witnessed({}, events), BUYER).liquidated, "somebody else").to.equal(false);
        });

        it("should cost the owner nothing below zero, and call him insolvent", () => {
            const taking = {fraction: E18, equity: -usd(15), price: -usd(18), backstop: usd(18)};
            const one = storyOf(witnessed({}, [taken(START, BUYER, taking)]), BUYER);
            expect([one.insolvent, one.costE18, one.closedE18], "story").to.deep.equal([true, 0n, E18]);
        });

        it("should round the worth of a slice up, against the keeper", () => {
            const odd = {fraction: E18 / 3n, price: 0n};
            const worth = (equity: bigint): bigint =>
                slicesOf([taken(START, LONG, {...odd, equity})])[0]?.worthE18 ?? 0n;
            expect(worth(-10n), "below zero: −3.3 up").to.equal(-3n);
            expect(worth(10n), "above zero: 3.3 up").to.equal(4n);
        });
    });

    describe("losses", () => {
        const solvent = taken(START, LONG, {fraction: half, equity: usd(100), price: usd(45)});
        const insolvent = taken(START + 60, BUYER, {
            fraction: E18,
            equity: -usd(15),
            price: -usd(18),
            backstop: usd(18),
        });
        const events = [started(START, LONG, usd(2)), solvent, insolvent, covered(START + 60, usd(18))];

        it("should name who lost, who paid and who was paid, and add up", () => {
            expect(lossesOf(events, usd(18)), "losses").to.deep.equal({
                ownersE18: usd(7),
                holesE18: usd(15),
                backstopE18: usd(18),
                socialisedE18: 0n,
                roundingE18: 0n,
                keepersE18: usd(10),
                addsUp: true,
            });
        });

        it("should not add up when the pool fell by another amount, or a slice was not paid for", () => {
            expect(lossesOf(events, usd(18) + 1n).addsUp, "pool").to.equal(false);
            const short = taken(START + 60, BUYER, {
                fraction: E18,
                equity: -usd(15),
                price: -usd(18),
                backstop: usd(17),
                spread: 0n,
            });
            expect(lossesOf([short, covered(START, usd(17))], usd(17)).addsUp, "slice").to.equal(false);
        });

        it("should put what the backstop could not pay on everybody", () => {
            const both = taken(START, BUYER, {
                fraction: E18,
                equity: -usd(15),
                price: -usd(18),
                backstop: usd(11),
                spread: usd(7),
            });
            const spread = event(START, MARGIN_VAULT_ABI, "LossSocialised", [KEEPER, usd(7), 2n, 1n]);
            const found = lossesOf([both, covered(START, usd(11)), spread], usd(11));
            expect([found.backstopE18, found.socialisedE18, found.addsUp], "layers").to.deep.equal([
                usd(11),
                usd(7),
                true,
            ]);
        });
    });

    describe("promises", () => {
        const kept = (run: Witnessed, changes?: Parameters<typeof booksWith>[1]): Record<string, boolean> => {
            const parts = {books: booksWith(run, changes), comparisons: [], twin: {compared: 0, different: []}};
            const {promises} = tell(run, BARS, {...parts, fundingE18: {}});
            return Object.fromEntries(promises.map(({promise, kept: is}) => [promise, is]));
        };
        const funding = (figure: bigint): WorldEvent =>
            event(START, CLEARINGHOUSE_ABI, "FundingAccrued", [1, figure, 0n]);

        it("should all be open when nothing happened, leverage below five included", () => {
            const run = witnessed({}, [funding(0n)], {fallLeverageE18: usd(5) - 1n});
            expect(Object.values(kept(run)), "kept").to.deep.equal([false, false, false, false, false, false]);
        });

        it("should be kept by what happened", () => {
            const slice = {fraction: half, equity: usd(100), price: usd(45)};
            const hole = {fraction: E18, equity: -usd(1), price: -usd(2), backstop: usd(2)};
            const run = witnessed(
                {
                    "eth-long": samplesOf([
                        [120, 100, 80],
                        [90, 100, 80],
                        [110, 100, 80],
                    ]),
                },
                [
                    marginCall(START + HOUR, "eth-long"),
                    deposited(START + HOUR, "eth-long"),
                    taken(START, LONG, slice),
                    taken(START + 1, LONG, slice),
                    taken(START + 2, BUYER, hole),
                    covered(START + 2, usd(2)),
                    event(START, CLEARINGHOUSE_ABI, "ExpirySettled", [1, START, usd(5431), 9n]),
                    funding(-1n),
                ],
            );
            expect(Object.values(kept(run)), "kept").to.deep.equal([true, true, true, true, true, true]);
        });
    });

    describe("summaryOf", () => {
        const run = witnessed(
            {[LONG]: samplesOf([[100, 50, 40]])},
            [
                taken(START + 60, LONG, {fraction: half, equity: usd(100), price: usd(45)}),
                event(START, CLEARINGHOUSE_ABI, "ExpirySettled", [1, START, usd(5431), 9n]),
            ],
            {notes: ["a note"]},
        );
        const summary = JSON.parse(JSON.stringify(summaryOf(told(run)))) as Record<string, unknown>;

        it("should hold every field that is promised, in decimal text", () => {
            expect(summary, "whole").to.include({solvent: true, bars: 4});
            expect(summary["tokens"], "tokens").to.deep.equal({USDC: {held: "15.000000000000000001", claims: "15"}});
            expect(summary["zeroSum"], "sizes").to.deep.equal({"BTC-PERP": "0"});
            expect(summary["window"], "window").to.deep.equal({
                from: "2020-03-12T09:00:00Z",
                to: "2020-03-12T12:00:00Z",
            });
            expect(summary["losses"], "losses").to.have.all.keys([
                "owners",
                "holes",
                "backstop",
                "socialised",
                "rounding",
                "keepers",
                "addsUp",
            ]);
        });

        it("should tell each account by name, with equity and health at start, worst and end", () => {
            const accounts = summary["accounts"] as Record<string, unknown>[];
            expect(
                accounts.map(({name}) => name),
                "names",
            ).to.deep.equal(CAST.map(({id}) => id));
            expect(
                accounts.find(({name}) => name === LONG),
                "one account",
            ).to.deep.include({
                kind: "trader",
                equity: {start: "100", worst: "100", end: "100"},
                health: {start: "2.5", worst: "2.5", end: "2.5"},
                called: false,
                liquidated: true,
                insolvent: false,
                closedFraction: "0.5",
                liquidationCost: "5",
            });
            const kinds = ["maker", "backstop", "kestrel", "osprey"].map(
                (id) => accounts.find(({name}) => name === id)?.["kind"],
            );
            expect(kinds, "kinds of those who serve").to.deep.equal(["maker", "backstop", "keeper", "keeper"]);
        });

        it("should list slices with names, models, settlements and notes", () => {
            expect(summary["liquidations"], "slices").to.deep.equal([
                {
                    time: "2020-03-12T09:01:00Z",
                    account: LONG,
                    keeper: "kestrel",
                    fraction: "0.5",
                    equityBefore: "100",
                    maintenanceBefore: "80",
                    worth: "50",
                    price: "45",
                    backstopPaid: "0",
                    socialised: "0",
                },
            ]);
            expect(summary["models"], "models").to.deep.equal([
                {account: "put-spread", scenario: "7", isolated: "39", equity: "20"},
            ]);
            expect(summary["settlements"], "settlements").to.deep.equal([
                {underlying: 1, expiry: "2020-03-12T09:00:00Z", price: "5431"},
            ]);
            expect(summary["funding"], "funding").to.deep.equal({BTC: "-3", ETH: "0"});
            expect(summary["notes"], "notes").to.deep.equal(["a note"]);
        });
    });
});
