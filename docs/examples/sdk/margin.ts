import {formatE18, formatUsd, instrumentName} from "@ballast/sdk";
import {marginOf, prepareBook, readBook} from "@ballast/sdk/book";
import {assessBook, scenarioDistances} from "@ballast/sdk/risk";
import {liquidationPrices} from "@ballast/sdk/trade";

const BTC = 1;

const prepared = prepareBook(
    readBook({
        now: "2026-03-13T08:00:00Z",
        underlyings: {BTC: {spot: "70000", expiries: {"2026-03-27": {forward: "70010", smile: {vol: "0.55"}}}}},
        account: {
            cash: "20000",
            positions: [
                {instrument: "BTC-PERP", size: "1", entry: "69000"},
                {instrument: "BTC-27MAR26-75000-C", size: "-1"},
            ],
        },
    }),
);
const {question} = prepared;

for (const {instrument, sizeE18} of question.book.positions) {
    console.log(instrumentName(instrument), formatE18(sizeE18));
}
const {equity, initialMargin, maintenanceMargin, health} = marginOf(prepared);
console.log("equity, initial, maintenance:", equity, initialMargin, maintenanceMargin, "health", health);

// What if bitcoin falls to 60,000?
const fallen = assessBook({...question, whatIf: {underlying: BTC, spotE18: 60_000n * 10n ** 18n}});
console.log("equity at 60,000:", formatUsd(fallen.equityE18));

const {binding, leftAloneE18} = scenarioDistances(question);
console.log("scenario", binding, "leaves", formatUsd(leftAloneE18[binding] ?? 0n));
const {lowerE18} = liquidationPrices(question, BTC);
console.log("short below", lowerE18 === undefined ? "nothing" : formatUsd(lowerE18));
