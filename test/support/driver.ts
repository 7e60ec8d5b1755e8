/** The volatility driver in a world: hours with and without moves, and what a call of it did. */
import {decodeFigures} from "../../scripts/sdk/steward.js";
import {underlyingOf} from "./steward.js";
import type {Fields, Underlying} from "./steward.js";
import {BTC, E18, HOUR, move, pass} from "./world.js";
import type {World} from "./world.js";

export const SPACING = HOUR;
export const HALF_LIFE = 3 * 24 * HOUR;
export const NOTICE = HOUR;
export const STEP = 600;

/** Names of the events of driver and steward in one call of `step`, in their order. */
export async function stepped(world: World, underlying = BTC): Promise<string[]> {
    const {volatilityDriver, riskSteward} = world.all;
    const receipt = await (await volatilityDriver.step(underlying)).wait();
    const interfaces = [volatilityDriver.interface, riskSteward.interface];
    return (receipt?.logs ?? []).flatMap((log) => interfaces.flatMap((one) => one.parseLog(log)?.name ?? []));
}

/** An hour passes, the price moves by hundredths, and somebody makes the driver move. */
export async function hour(world: World, hundredths = 0n, underlying = BTC): Promise<string[]> {
    await pass(world, SPACING);
    const spotE18 = world.spotE18.get(underlying)!;
    if (hundredths !== 0n) await move(world, {[underlying]: (spotE18 * (100n + hundredths)) / 100n});
    return stepped(world, underlying);
}

/** Hours in which the price swings. */
export async function swing(world: World, hours: number, underlying = BTC): Promise<string[][]> {
    const all: string[][] = [];
    for (let i = 0; i < hours; ++i) all.push(await hour(world, i % 2 === 0 ? 8n : -8n, underlying));
    return all;
}

/** Steps while a change is under way. */
export async function arrive(world: World, underlying = BTC): Promise<number> {
    const {riskSteward} = world.all;
    for (let steps = 0; ; ++steps) {
        const {target, steppedAt} = await riskSteward.ramp(0, underlying);
        if (BigInt(target) === 0n) return steps;
        const due = Number(steppedAt) + STEP;
        if (due > (await world.connection.networkHelpers.time.latest()) + 1) {
            await world.connection.networkHelpers.time.increaseTo(due - 1);
        }
        await riskSteward.step(0, underlying);
    }
}

export const rangeOf = async (world: World, underlying = BTC): Promise<bigint> =>
    (await world.all.riskParameters.underlyingParams(underlying)).rangeE18;

/** What the defaults say. */
export const FLOOR = (16n * E18) / 100n;
export const MOST = (FLOOR * 18n) / 10n;

/** A world and the prices that its feeds will be told next, which a snapshot of the chain does not bring back. */
export type Remembered = {readonly world: World; readonly spots: readonly (readonly [number, bigint])[]};

export const remember = (world: World): Remembered => ({world, spots: [...world.spotE18]});

export function recall({world, spots}: Remembered): World {
    for (const [underlying, spotE18] of spots) world.spotE18.set(underlying, spotE18);
    return world;
}

/** What officers ask for, under the names of what stands. */
export async function governedOf(world: World): Promise<Underlying> {
    const stand = await underlyingOf(world);
    const named = (like: Fields, values: unknown): Fields =>
        Object.fromEntries(Object.keys(like).map((name, place) => [name, (values as bigint[])[place]!]));
    const [params, grid] = decodeFigures("UNDERLYING", await world.all.riskSteward.governed(BTC));
    return {
        params: named(stand.params, params),
        grid: (grid as unknown[]).map((values, place) => named(stand.grid[place]!, values)),
    };
}
