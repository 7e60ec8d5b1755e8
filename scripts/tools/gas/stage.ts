/** A chain with Ballast on it, opened once and put back before each book. */
import {network} from "hardhat";
import type {NetworkConnection} from "hardhat/types/network";

import {modelMarket} from "../../oracle/model.js";
import {parseE18} from "../../sdk/units.js";
import {EXPIRIES, legsOf, START, TERMS, UNDERLYINGS} from "./books.js";
import type {Size} from "./books.js";
import {steadyClock} from "./clock.js";
import type {Clock} from "./clock.js";
import {openHouse} from "./house.js";
import type {House, Person} from "./house.js";
import {proxiedParameters} from "./proxies.js";

/** Time that the deployment may take before the first price. */
const SETTING_UP_SECONDS = 600;
const LEGS_PER_QUOTE = 8;
const BASE_VOL = "0.7";

export type Cast = {
    /** Who is measured: short most of the options. */
    readonly trader: Person;
    /** Who stands on the other side and holds as many positions. */
    readonly maker: Person;
    readonly keeper: Person;
};

export type Stage = {
    readonly connection: NetworkConnection;
    readonly house: House;
    readonly cast: Cast;
    /** The chain as it was before any book, then both sides with the book. */
    readonly open: (size: Size) => Promise<void>;
    readonly close: () => Promise<void>;
};

async function fundAll(house: House, {trader, maker, keeper}: Cast): Promise<void> {
    for (const person of [trader, maker, keeper]) await house.fund(person, "USDC", "10000000");
    // So that who withdraws holds some of the coin already, as one who trades with it does.
    const usdc = house.deployment.tokens["USDC"]?.address ?? "";
    await house.as(trader).vault.withdraw(trader.account, usdc, 1_000_000n, trader.address);
}

async function publishAll(house: House, clock: Clock): Promise<void> {
    const inputs = UNDERLYINGS.map((underlying) => {
        const spotE18 = parseE18(String(TERMS[underlying].spot));
        return {underlying, spotE18, lastE18: spotE18, recentE18: spotE18, baseVolE18: parseE18(BASE_VOL)};
    });
    await house.publish(modelMarket(clock.now(), EXPIRIES, inputs));
}

export async function openStage(): Promise<Stage> {
    const connection = await network.create({override: {initialDate: new Date(START * 1000)}});
    const house = await openHouse(connection, await proxiedParameters(connection));
    const clock = steadyClock(connection.provider, START + SETTING_UP_SECONDS);
    const cast = {maker: await house.person(0), trader: await house.person(1), keeper: await house.person(2)};
    await fundAll(house, cast);
    await publishAll(house, clock);
    const began = clock.now();
    const before = await connection.networkHelpers.takeSnapshot();
    return {
        connection,
        house,
        cast,
        open: async (size) => {
            await before.restore();
            clock.moveTo(began);
            house.restart();
            const legs = legsOf(size);
            for (let i = 0; i < legs.length; i += LEGS_PER_QUOTE) {
                await house.trade(cast.maker, cast.trader, legs.slice(i, i + LEGS_PER_QUOTE));
            }
        },
        close: () => connection.close(),
    };
}
