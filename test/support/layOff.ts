/** Makers and keepers who lay off to them, on the real contracts: a long of five bitcoin that an auction has offered for ten minutes. */
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {readFileSync} from "node:fs";
import {join} from "node:path";

import {Wallet} from "ethers";

import {parseKeeperConfig} from "../../scripts/keeper/config.js";
import {tick} from "../../scripts/keeper/keeper.js";
import type {KeeperParts, Memory} from "../../scripts/keeper/keeper.js";
import {createMaker, serveMaker} from "../../scripts/keeper/layOff/maker.js";
import type {MakerOptions} from "../../scripts/keeper/layOff/maker.js";
import {createKeeper} from "../../scripts/keeper/setup.js";
import {createTelemetry} from "../../scripts/keeper/telemetry.js";
import type {Telemetry} from "../../scripts/keeper/telemetry.js";
import {walletsOf} from "../../scripts/node/local.js";
import {perp} from "../../scripts/sdk/instruments.js";
import {writeQuote} from "../../scripts/shared/quoteFile.js";
import type {SignedQuote} from "../../scripts/sdk/quotes.js";
import {deployWorld, deposit, E18, fundBackstop, idOf, move, pass, start, trade, BTC, USD, usd} from "./world.js";
import type {Side, World} from "./world.js";

/** Signers before the first owner of a world. */
const OFFICERS = 8;
const FOREVER = 2n ** 40n - 1n;
const TRADE_AND_LIQUIDATE = 9n;
export const SPOT = 45_500;

export type Cast = {
    readonly world: World;
    readonly short: Side;
    readonly maker: Side;
    /** Has never deposited anything. */
    readonly keeper: Side;
    /** The keeper's key. */
    readonly wallet: Wallet;
    readonly others: readonly Side[];
};

export async function castOf(connection: World["connection"]): Promise<Cast> {
    const world = await deployWorld(connection);
    const [short, maker, keeper, ...others] = world.owners.map((owner): Side => ({owner}));
    const key = walletsOf(OFFICERS + 3)[OFFICERS + 2]!;
    const wallet = new Wallet(key.privateKey, connection.ethers.provider);
    if (wallet.address !== keeper!.owner.address) throw new Error(`${wallet.address} is another's key`);
    await deposit(world, short!, "USDC", 60_000n * USD);
    await deposit(world, maker!, "USDC", 900_000n * USD);
    await fundBackstop(world, {owner: world.owners[7]!}, 5_000n * USD);
    const sold = {instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)};
    await trade(world, maker!, short!, [sold]);
    await move(world, {[BTC]: usd(SPOT)});
    await start(world, short!, maker!);
    await grant(world, keeper!, world.deployment.contracts.closeOut, TRADE_AND_LIQUIDATE);
    await pass(world, 600);
    return {world, short: short!, maker: maker!, keeper: keeper!, wallet, others};
}

export const grant = (world: World, side: Side, operator: string, rights: bigint): Promise<unknown> =>
    world.all.vault.connect(side.owner).setOperator(idOf(side), operator, rights, FOREVER);

/** The reference maker of a side, in this process. */
export function makerOf({world}: Cast, side: Side, change: Partial<MakerOptions> = {}): ReturnType<typeof createMaker> {
    return createMaker({
        provider: world.connection.ethers.provider,
        chainId: world.deployment.chainId,
        contracts: world.deployment.contracts,
        account: idOf(side),
        signer: side.owner,
        spreadBps: 10,
        optionSpreadBps: 100,
        // The test chain's clock goes on with the machine's.
        quoteSeconds: 1_200,
        ...change,
    });
}

/** Servers that a test opens; `close` ends all of them. */
export class Servers {
    readonly #open: (() => Promise<void>)[] = [];

    /** The reference maker over HTTP. */
    async reference(cast: Cast, side: Side, change: Partial<MakerOptions> = {}): Promise<string> {
        const served = await serveMaker(makerOf(cast, side, change), {host: "127.0.0.1", port: 0}, () => undefined);
        this.#open.push(() => served.close());
        return served.url;
    }

    /** Somebody who answers whatever he is told to; undefined = never. */
    async answering(answer: (body: string) => unknown): Promise<string> {
        const server = createServer((request, response) => {
            let body = "";
            request.setEncoding("utf8").on("data", (part: string) => (body += part));
            request.on("end", () => {
                void Promise.resolve(answer(body)).then((result) => {
                    if (result === undefined) return;
                    response.end(typeof result === "string" ? result : JSON.stringify(result));
                });
            });
        });
        await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
        this.#open.push(
            () =>
                new Promise((settle) => {
                    server.close(() => settle());
                    server.closeAllConnections();
                }),
        );
        return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    async close(): Promise<void> {
        for (const end of this.#open.splice(0)) await end();
    }
}

/** A quote as it travels. */
export const wired = ({world}: Cast, signed: SignedQuote): ReturnType<typeof writeQuote> =>
    writeQuote({
        signed,
        chainId: world.deployment.chainId,
        clearinghouse: world.deployment.contracts.clearinghouse,
    });

export type Entry = {
    readonly action: string;
    readonly outcome: string;
    readonly account?: string;
    readonly details: Readonly<Record<string, string>>;
};

export type Keeping = {
    readonly parts: KeeperParts;
    readonly telemetry: Telemetry;
    /** Logged events, in order. */
    readonly events: readonly {readonly event: string; readonly fields: Readonly<Record<string, unknown>>}[];
    round(): Promise<void>;
    /** What the journal says of slices and hedges, without hand-overs and margin calls. */
    done(): readonly Entry[];
};

/** The keeper's configuration; `contracts` may leave the close-out away. */
export function configOf(
    {world, keeper}: Cast,
    folder: string,
    change: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
    const {vault, clearinghouse, riskEngine, priceOracle, liquidator, marginLens, closeOut} =
        world.deployment.contracts;
    return {
        rpcUrl: "http://127.0.0.1:8545",
        chainId: String(world.deployment.chainId),
        contracts: {vault, clearinghouse, riskEngine, priceOracle, liquidator, lens: marginLens, closeOut},
        account: idOf(keeper),
        callEverySeconds: 1_000_000_000,
        makerTimeoutMs: 500,
        stateFile: join(folder, "state.json"),
        journalFile: join(folder, "journal.jsonl"),
        dryRun: false,
        ...change,
    };
}

export async function keeping(
    cast: Cast,
    folder: string,
    change: Readonly<Record<string, unknown>>,
    chain: Partial<Parameters<typeof createKeeper>[1]> = {},
): Promise<Keeping> {
    const events: {event: string; fields: Readonly<Record<string, unknown>>}[] = [];
    const telemetry = createTelemetry({
        log: (event, fields = {}) => events.push({event, fields}),
        nowMs: () => Date.now(),
        maxBlockAgeSeconds: 1,
        maxTickAgeSeconds: 1,
    });
    const config = parseKeeperConfig(configOf(cast, folder, change));
    const {provider} = cast.world.connection.ethers;
    const {memory, parts} = await createKeeper(config, {provider, signer: cast.wallet, ...chain}, telemetry.log);
    let now: Memory = memory;
    return {
        parts,
        telemetry,
        events,
        round: async () => {
            now = await tick(now, parts);
        },
        done: () =>
            readFileSync(join(folder, "journal.jsonl"), "utf8")
                .split("\n")
                .filter((line) => line !== "")
                .map((line) => JSON.parse(line) as Entry)
                .filter(({action, outcome}) => action !== "margin_call" && outcome !== "sent"),
    };
}
