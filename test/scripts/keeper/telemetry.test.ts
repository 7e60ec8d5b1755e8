import {expect} from "chai";

import {createTelemetry, serveTelemetry} from "../../../scripts/keeper/telemetry.js";
import type {Telemetry} from "../../../scripts/keeper/telemetry.js";

const START = 1_757_059_200;

describe("keeper: telemetry", () => {
    let nowMs: number;
    let passed: string[];
    let telemetry: Telemetry;

    beforeEach(() => {
        nowMs = START * 1000;
        passed = [];
        telemetry = createTelemetry({
            log: (event) => passed.push(event),
            nowMs: () => nowMs,
            maxBlockAgeSeconds: 120,
            maxTickAgeSeconds: 60,
        });
    });

    const tick = (blockSeconds: number): void =>
        telemetry.log("tick_finished", {block: 7, blockSeconds: BigInt(blockSeconds), accounts: 3, short: 1, ms: 40});

    it("should count what the keeper logs, and pass it on", async () => {
        tick(START);
        telemetry.log("action_mined", {action: "take", gasUsed: 500_000n});
        telemetry.log("action_mined", {action: "take", gasUsed: 400_000n});
        telemetry.log("action_failed", {action: "start", reason: "Liquidator_AlreadyStarted"});
        telemetry.log("tick_failed", {error: new Error("away")});
        telemetry.log("chain_reorganised", {fromBlock: 5});
        telemetry.log("maker_answered", {maker: "good.example", quotes: 2});
        telemetry.log("maker_failed", {maker: "bad.example", reason: "silent"});
        telemetry.log("quotes_judged", {maker: "good.example", outcomes: {usable: 2, expired: 1}});
        const text = await telemetry.metrics();
        for (const line of [
            'ballast_keeper_actions_total{action="take",outcome="mined"} 2',
            'ballast_keeper_actions_total{action="start",outcome="failed"} 1',
            "ballast_keeper_gas_total 900000",
            'ballast_keeper_ticks_total{outcome="finished"} 1',
            'ballast_keeper_ticks_total{outcome="failed"} 1',
            "ballast_keeper_reorganisations_total 1",
            'ballast_keeper_maker_answers_total{maker="good.example",outcome="answered"} 1',
            'ballast_keeper_maker_answers_total{maker="bad.example",outcome="silent"} 1',
            'ballast_keeper_quotes_total{maker="good.example",outcome="usable"} 2',
            'ballast_keeper_quotes_total{maker="good.example",outcome="expired"} 1',
            "ballast_keeper_block 7",
            "ballast_keeper_accounts_read 3",
            "ballast_keeper_accounts_short 1",
            'ballast_keeper_tick_seconds_bucket{le="0.05"} 1',
        ]) {
            expect(text.split("\n")).to.include(line);
        }
        expect(passed).to.have.lengthOf(9);
    });

    it("should be well while rounds and blocks are fresh and nothing fails", () => {
        expect(telemetry.health()).to.deep.include({well: false, block: null});
        tick(START - 20);
        nowMs += 30_000;
        expect(telemetry.health()).to.deep.equal({
            well: true,
            block: 7,
            blockAgeSeconds: 50,
            tickAgeSeconds: 30,
            failures: 0,
        });
        telemetry.log("tick_failed");
        expect(telemetry.health()).to.include({well: false, failures: 1});
        tick(START + 30);
        expect(telemetry.health(), "it recovers").to.include({well: true, failures: 0});
        nowMs += 61_000;
        expect(telemetry.health(), "no round for a minute").to.include({well: false, tickAgeSeconds: 61});
        tick(START - 60);
        expect(telemetry.health(), "the chain stands still").to.include({well: false, blockAgeSeconds: 151});
    });

    it("should answer over HTTP", async () => {
        const server = await serveTelemetry(telemetry, {host: "127.0.0.1", port: 0});
        const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`);
        try {
            expect((await get("/health")).status).to.equal(503);
            tick(START);
            const answer = await get("/health");
            expect(answer.status).to.equal(200);
            expect(await answer.json()).to.include({well: true, block: 7});
            expect(await (await get("/metrics")).text()).to.include("ballast_keeper_block 7");
            expect((await get("/")).status).to.equal(404);
        } finally {
            await server.close();
        }
    });
});
