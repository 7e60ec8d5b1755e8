import {expect} from "chai";

import {report} from "../../scripts/sdk/risk/index.js";
import type {Book, Question} from "../../scripts/sdk/risk/index.js";
import {portfolioOf, toNumber} from "../reference/fromQuestion.js";
import {margin} from "../reference/margin.js";
import {grossOf, tolerancesOf} from "../reference/tolerance.js";
import type {Tolerance} from "../reference/tolerance.js";
import type {Portfolio} from "../reference/types.js";
import {randomFrom} from "../support/bits.js";
import {bookOf} from "../support/books.js";
import {NOW} from "../support/comparison.js";
import {questionOf} from "../support/riskChain.js";
import {worldOf} from "../support/worlds.js";

const SEED = 1976n;
const WORLDS = 30;
const BOOKS = 40;
/** Below, the rounding of integers is what one would see. */
const WORTH_SHOWING = 1_000;

type Compared = {readonly name: string; readonly twin: number; readonly reference: number; readonly tolerance: number};

const pair = (name: string, twinE18: bigint, reference: number, tolerance: Tolerance): Compared => ({
    name,
    twin: toNumber(twinE18),
    reference,
    tolerance: tolerance(reference),
});

/** Every figure of a book, from the twin and from the reference. */
function compare(question: Question, portfolio: Portfolio): Compared[] {
    const expected = margin(portfolio);
    const allowed = tolerancesOf(portfolio, expected);
    const told = report(question);
    expect(told.underlyings, "underlyings").to.have.lengthOf(expected.underlyings.length);
    const groups = expected.groups.map(({scan}, i) =>
        pair("group scan", told.groupScanE18[i] ?? -1n, scan, allowed.maintenance),
    );
    const parts = expected.underlyings.flatMap((one, i) => {
        const theirs = told.underlyings[i]!;
        const limits = allowed.underlyings[i]!;
        expect(theirs.lossE18, "scenarios").to.have.lengthOf(one.losses.length);
        return [
            ...one.losses.map((loss, s) => pair("loss", theirs.lossE18[s]!, loss, limits.loss(s))),
            pair("delta", theirs.deltaE18, one.delta, limits.delta),
            pair("scan", theirs.scanE18, one.scan, limits.scan),
            pair("roll", theirs.rollE18, one.roll, limits.charge),
            pair("hedged-delta floor", theirs.floorDeltaE18, one.floorDelta, limits.charge),
            pair("short-option floor", theirs.floorShortE18, one.floorShort, limits.charge),
            pair("add-on", theirs.addOnE18, one.addOn, limits.charge),
            pair("concentration", theirs.concentrationE18, one.concentration, limits.concentration),
            pair("crowding", theirs.openInterestE18, one.crowding, limits.crowding),
            pair("withheld", theirs.withheldE18, one.withheld, limits.withheld),
        ];
    });
    return [
        pair("equity", told.equityE18, expected.equity, allowed.equity),
        pair("IM", told.initialE18, expected.initial, allowed.initial),
        pair("MM", told.maintenanceE18, expected.maintenance, allowed.maintenance),
        pair("reserve", told.reserveE18, expected.reserve, allowed.maintenance),
        ...groups,
        ...parts,
    ];
}

/** The reference reprices; sensitivities are held against it elsewhere. */
const priced = (book: Book): Book => (book.model === "GREEKS" ? {...book, model: "SCENARIO"} : book);

describe("differential: the risk twin against a reference in double precision", () => {
    /** By figure: share of the tolerance that was used, and error as a share of gross notional. */
    const largest = new Map<string, {share: number; ofNotional: number}>();

    function note({name, twin, reference, tolerance}: Compared, gross: number, label: string): void {
        const error = Math.abs(twin - reference);
        const isNear = error <= tolerance;
        expect(isNear, `${label}, ${name}: ${twin} against ${reference}, tolerance ${tolerance}`).to.equal(true);
        const before = largest.get(name) ?? {share: 0, ofNotional: 0};
        const ofNotional = gross < WORTH_SHOWING ? 0 : error / gross;
        largest.set(name, {
            share: Math.max(before.share, error / tolerance),
            ofNotional: Math.max(before.ofNotional, ofNotional),
        });
    }

    for (let index = 0; index < WORLDS; index++) {
        it(`should agree within the stated error for every book of a random world (${index})`, () => {
            const random = randomFrom((SEED << 32n) + BigInt(index));
            const world = worldOf(random, NOW);
            for (let i = 0; i < BOOKS; i++) {
                const question = questionOf(world, priced(bookOf(random, world)));
                const portfolio = portfolioOf(question);
                const gross = portfolio.underlyings.reduce((sum, one) => sum + grossOf(one), 0);
                for (const one of compare(question, portfolio)) note(one, gross, `world ${index}, book ${i}`);
            }
        });
    }

    after("what was seen", () => {
        console.log("      largest errors: of gross notional, and of the tolerance");
        for (const [name, {share, ofNotional}] of largest) {
            console.log(`      ${name.padEnd(20)} ${ofNotional.toExponential(1)}  ${share.toExponential(1)}`);
        }
    });
});
