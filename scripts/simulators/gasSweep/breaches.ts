/** Accounts that fall short, by seed: how large, how far below maintenance, and how their equity moves from block to block. */
import {divDown, mulDivDown, mulDown, sqrtE18} from "../../sdk/math/index.js";
import {ONE_E18} from "../../sdk/units.js";
import {Random} from "../../shared/random.js";
import type {House} from "./rules.js";

/** Maintenance in USD, each class ten times the one before; the first is little more than the keeper reserve. */
export const CLASSES = ["smallest", "10 to 100", "100 to 1,000", "1,000 to 10,000", "10,000 to 100,000"] as const;
export type Class = (typeof CLASSES)[number];

export type Breach = {
    readonly number: number;
    readonly class: Class;
    readonly positions: number;
    readonly reserveE18: bigint;
    readonly maintenanceE18: bigint;
    readonly equityE18: bigint;
    /** Change of equity with one step of the price. */
    readonly stepE18: bigint;
    /** Block of the run in which it falls short. */
    readonly block: number;
    /** Of its path; the same under every rule. */
    readonly seed: number;
};

export const BLOCK_SECONDS = 12;
const DAY_SECONDS = 86_400;
const MOST_POSITIONS = 12;
/** Breaches are spread over so many blocks. */
export const SPREAD_BLOCKS = 300;

/** A price moves up or down by this part of itself in one block, so that a day's moves have the stated deviation. */
export const stepOf = ({sigmaDayE18}: House): bigint =>
    mulDown(sigmaDayE18, sqrtE18(divDown(BigInt(BLOCK_SECONDS), BigInt(DAY_SECONDS))));

function scanOf(random: Random, place: number): bigint {
    const least = place === 0 ? 1 : 10 ** place * 10;
    const most = place === 0 ? 30 : least * 10;
    // Tenths of a dollar, uniform within the class.
    return mulDivDown(BigInt(random.between(least, most)), ONE_E18, 10n);
}

function breachOf(random: Random, house: House, number: number): Breach {
    const place = number % CLASSES.length;
    const positions = random.between(1, MOST_POSITIONS);
    const reserveE18 = house.reserveBaseE18 + house.reservePerPositionE18 * BigInt(positions);
    const scanE18 = scanOf(random, place);
    const maintenanceE18 = reserveE18 + scanE18;
    const health = BigInt(random.between(930, 999));
    return {
        number,
        class: CLASSES[place] ?? CLASSES[0],
        positions,
        reserveE18,
        maintenanceE18,
        equityE18: mulDivDown(maintenanceE18, health, 1000n),
        stepE18: mulDown(divDown(scanE18, house.rangeE18), stepOf(house)),
        block: random.below(SPREAD_BLOCKS),
        seed: random.below(2 ** 32),
    };
}

export function drawBreaches(count: number, seed: number, house: House): Breach[] {
    const random = new Random(seed);
    return Array.from({length: count}, (_, number) => breachOf(random, house, number));
}

const UP = 9n;
const DOWN = 8n;

/** Base fee by block: an eighth up or down, never further than twofold from its level. */
export function baseFees(levelWei: bigint, blocks: number, seed: number): bigint[] {
    const random = new Random(seed);
    const [least, most] = [levelWei >> 1n, levelWei << 1n];
    let fee = levelWei;
    return Array.from({length: blocks}, () => {
        const next = random.below(2) === 0 ? mulDivDown(fee, UP, DOWN) : mulDivDown(fee, DOWN, UP);
        if (next >= least && next <= most) fee = next;
        return fee;
    });
}
