/**
 * What can be seen of a keeper from outside: figures for Prometheus and one answer to "is it well?". Both are made of what the keeper
 * logs, so that nothing is counted twice or forgotten.
 */
import {createServer} from "node:http";
import type {Server} from "node:http";
import type {AddressInfo} from "node:net";

import {Counter, Gauge, Histogram, Registry} from "prom-client";

import type {Log} from "../shared/logger.js";

export type Health = {
    readonly well: boolean;
    /** Block of the last round, and how old it was when asked; null before the first. */
    readonly block: number | null;
    readonly blockAgeSeconds: number | null;
    readonly tickAgeSeconds: number | null;
    /** Rounds in a row that failed. */
    readonly failures: number;
};

export type Telemetry = {
    /** Counts, then passes on. */
    readonly log: Log;
    readonly health: () => Health;
    /** In Prometheus' text format. */
    readonly metrics: () => Promise<string>;
};

export type TelemetryOptions = {
    readonly log: Log;
    readonly nowMs: () => number;
    /** Beyond these ages the keeper is not well. */
    readonly maxBlockAgeSeconds: number;
    readonly maxTickAgeSeconds: number;
};

const MS = 1000;
const SECONDS_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

type Last = {block: number; blockSeconds: number; tickMs: number};

/** Every figure is registered where it is made. */
const instruments = (registry: Registry) => {
    const registers = [registry];
    return {
        actions: new Counter({
            name: "ballast_keeper_actions_total",
            help: "actions by name and outcome",
            labelNames: ["action", "outcome"],
            registers,
        }),
        gas: new Counter({name: "ballast_keeper_gas_total", help: "gas of mined actions", registers}),
        ticks: new Counter({
            name: "ballast_keeper_ticks_total",
            help: "rounds by outcome",
            labelNames: ["outcome"],
            registers,
        }),
        reorganisations: new Counter({
            name: "ballast_keeper_reorganisations_total",
            help: "times that blocks were replaced",
            registers,
        }),
        makers: new Counter({
            name: "ballast_keeper_maker_answers_total",
            help: "answers of makers, and why there was none",
            labelNames: ["maker", "outcome"],
            registers,
        }),
        quotes: new Counter({
            name: "ballast_keeper_quotes_total",
            help: "makers' quotes, and why some were of no use",
            labelNames: ["maker", "outcome"],
            registers,
        }),
        block: new Gauge({name: "ballast_keeper_block", help: "block of the last round", registers}),
        accounts: new Gauge({name: "ballast_keeper_accounts_read", help: "accounts read last round", registers}),
        short: new Gauge({
            name: "ballast_keeper_accounts_short",
            help: "short or in an auction, last round",
            registers,
        }),
        seconds: new Histogram({
            name: "ballast_keeper_tick_seconds",
            help: "time that a round took",
            buckets: SECONDS_BUCKETS,
            registers,
        }),
    };
};

const numberOf = (value: unknown): number => Number(value ?? 0);

export function createTelemetry({log, nowMs, maxBlockAgeSeconds, maxTickAgeSeconds}: TelemetryOptions): Telemetry {
    const registry = new Registry();
    const all = instruments(registry);
    let last: Last | undefined;
    let failures = 0;

    const countMakers = (event: string, {maker, reason, outcomes}: Readonly<Record<string, unknown>>): void => {
        const answer = event === "maker_answered" ? "answered" : event === "maker_failed" ? String(reason) : undefined;
        if (answer !== undefined) all.makers.inc({maker: String(maker), outcome: answer});
        if (event !== "quotes_judged") return;
        for (const [outcome, number] of Object.entries(outcomes ?? {})) {
            all.quotes.inc({maker: String(maker), outcome}, numberOf(number));
        }
    };

    const count = (event: string, fields: Readonly<Record<string, unknown>>): void => {
        const outcome = /^action_(simulated|mined|failed)$/.exec(event)?.[1];
        if (outcome !== undefined) {
            all.actions.inc({action: String(fields["action"]), outcome});
            if (outcome === "mined") all.gas.inc(numberOf(fields["gasUsed"]));
        } else if (event === "tick_finished") {
            failures = 0;
            last = {
                block: numberOf(fields["block"]),
                blockSeconds: numberOf(fields["blockSeconds"]),
                tickMs: nowMs(),
            };
            all.ticks.inc({outcome: "finished"});
            all.block.set(last.block);
            all.accounts.set(numberOf(fields["accounts"]));
            all.short.set(numberOf(fields["short"]));
            all.seconds.observe(numberOf(fields["ms"]) / MS);
        } else if (event === "tick_failed") {
            failures += 1;
            all.ticks.inc({outcome: "failed"});
        } else if (event === "chain_reorganised") {
            all.reorganisations.inc();
        } else {
            countMakers(event, fields);
        }
    };

    return {
        log: (event, fields = {}) => {
            count(event, fields);
            log(event, fields);
        },
        health: () => {
            if (last === undefined)
                return {well: false, block: null, blockAgeSeconds: null, tickAgeSeconds: null, failures};
            const now = nowMs();
            const blockAgeSeconds = Math.floor(now / MS) - last.blockSeconds;
            const tickAgeSeconds = Math.floor((now - last.tickMs) / MS);
            const well = failures === 0 && blockAgeSeconds <= maxBlockAgeSeconds && tickAgeSeconds <= maxTickAgeSeconds;
            return {well, block: last.block, blockAgeSeconds, tickAgeSeconds, failures};
        },
        metrics: () => registry.metrics(),
    };
}

export type RunningTelemetry = {readonly port: number; readonly close: () => Promise<void>};

const OK = 200;
const NOT_FOUND = 404;
const UNAVAILABLE = 503;

/** `/health` as JSON, 503 when the keeper is not well; `/metrics` for Prometheus. */
export async function serveTelemetry(
    {health, metrics}: Telemetry,
    {host, port}: {readonly host: string; readonly port: number},
): Promise<RunningTelemetry> {
    const answer = async (path: string): Promise<readonly [number, string, string]> => {
        if (path === "/metrics") return [OK, "text/plain; version=0.0.4", await metrics()];
        if (path !== "/health") return [NOT_FOUND, "text/plain", "only /health and /metrics are here\n"];
        const now = health();
        return [now.well ? OK : UNAVAILABLE, "application/json", `${JSON.stringify(now)}\n`];
    };
    const server: Server = createServer((request, response) => {
        void answer(request.url ?? "").then(([status, type, body]) => {
            response.writeHead(status, {"content-type": type}).end(body);
        });
    });
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(port, host, resolve);
    });
    return {
        port: (server.address() as AddressInfo).port,
        close: () =>
            new Promise((resolve, reject) => {
                server.close((error) => {
                    if (error === undefined) resolve();
                    else reject(error);
                });
            }),
    };
}
