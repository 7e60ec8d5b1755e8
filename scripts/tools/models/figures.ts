/** The figures of the models as they are written down: decimal text, money to the cent, shares to six places. */
import {z} from "zod";

import {formatTime} from "../../sdk/index.js";
import {divDown, mulDivFloor} from "../../sdk/math/index.js";
import {formatFixed, ONE_E18} from "../../sdk/units.js";
import {BOOKS, FAMILIES, wordsOf} from "./books.js";
import type {NamedBook} from "./books.js";
import {ask, crashesOf, openStage} from "./measure.js";
import type {Asked, Crash, Need, Progress} from "./measure.js";

const DECIMALS = 18;
const CENTS = 2;
const SHARE_PLACES = 6;

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const needSchema = z.strictObject({maintenance: decimal, initial: decimal});

const figureSchema = z.strictObject({
    name: z.string(),
    family: z.enum(FAMILIES),
    legs: z.string(),
    isolated: needSchema,
    /** Null for books with options, which the model does not take. */
    delta: needSchema.nullable(),
    greeks: needSchema,
    scenario: needSchema,
    /** Part of the Isolated maintenance requirement that Scenario does not ask for. */
    saved: decimal,
    taylor: z.strictObject({
        greeksScan: decimal,
        scan: decimal,
        difference: decimal,
        /** Null where the legs cancel and the scan is nothing. */
        share: decimal.nullable(),
    }),
    crash: z.strictObject({
        periods: z.int().positive(),
        exceedances: z.int().nonnegative(),
        loss: decimal,
        maintenance: decimal,
        ratio: decimal,
        time: z.iso.datetime(),
    }),
});

export type Figure = z.output<typeof figureSchema>;
export type NeedFigure = z.output<typeof needSchema>;

/** The nearest decimal of so many places, halves up. */
export function rounded(valueE18: bigint, places: number): string {
    const unit = 10n ** BigInt(DECIMALS - places);
    return formatFixed(mulDivFloor(valueE18 + unit / 2n, 1n, unit), places);
}

const money = (valueE18: bigint): string => rounded(valueE18, CENTS);
const share = (valueE18: bigint): string => rounded(valueE18, SHARE_PLACES);

const needOf = ({maintenanceE18, initialE18}: Need): NeedFigure => ({
    maintenance: money(maintenanceE18),
    initial: money(initialE18),
});

/** Isolated is never nothing: the keeper reserve is part of it. */
const savedOf = ({isolated, scenario}: Asked["needs"]): bigint =>
    ONE_E18 - divDown(scenario.maintenanceE18, isolated.maintenanceE18);

export function figureOf(
    {family, strategy}: NamedBook,
    {needs, taylor}: Asked,
    {periods, exceedances, worst}: Crash,
): Figure {
    const {lossE18, maintenanceE18, time} = worst;
    return {
        name: strategy.name,
        family,
        legs: wordsOf(strategy),
        isolated: needOf(needs.isolated),
        delta: needs.delta === undefined ? null : needOf(needs.delta),
        greeks: needOf(needs.greeks),
        scenario: needOf(needs.scenario),
        saved: share(savedOf(needs)),
        taylor: {
            greeksScan: money(taylor.greeksScanE18),
            scan: money(taylor.scanE18),
            difference: money(taylor.differenceE18),
            share: taylor.shareE18 === undefined ? null : share(taylor.shareE18),
        },
        crash: {
            periods,
            exceedances,
            loss: money(lossE18),
            maintenance: money(maintenanceE18),
            ratio: share(divDown(lossE18, maintenanceE18)),
            time: formatTime(time),
        },
    };
}

export function figuresOf(onProgress?: Progress): Figure[] {
    const strategies = BOOKS.map(({strategy}) => strategy);
    const stage = openStage(strategies);
    const crashes = crashesOf(strategies, onProgress);
    return BOOKS.flatMap((book, i) => {
        const crash = crashes[i];
        return crash === undefined ? [] : [figureOf(book, ask(stage, book.strategy), crash)];
    });
}

/** A line per figure. */
export const toJson = (figures: readonly Figure[]): string =>
    `[\n${figures.map((figure) => `    ${JSON.stringify(figure)}`).join(",\n")}\n]\n`;

export const fromJson = (text: string): Figure[] => z.array(figureSchema).parse(JSON.parse(text));
