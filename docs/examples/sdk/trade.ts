import {
    eventsOf,
    formatE18,
    formatUsd,
    instrumentName,
    parseInstrument,
    parsePrice,
    parseSize,
    parseUnits,
} from "@ballast/sdk";

import {clientOf, provider} from "./setup.js";

const maker = await clientOf("BOB");
const taker = await clientOf("ALICE");
await maker.deposit({account: maker.accountId(), token: "USDC", amount: maker.amount("200000", "USDC")}).send();

// The maker offers to sell up to two bitcoin; what he signs can travel any way.
const {timestamp = 0} = (await provider.getBlock("latest")) ?? {};
const signed = await maker.signQuote({
    maker: maker.accountId(),
    legs: [{instrument: parseInstrument("BTC-PERP"), sizePerUnitE18: parseSize("-1"), priceE18: parsePrice("60000")}],
    unitsE18: parseUnits("2"),
    nonce: 1n,
    deadline: timestamp + 600,
});

// The taker checks it, looks at what half a bitcoin would do, and takes it.
await taker.verifyQuote(signed);
const fill = taker.fill({signed, taker: taker.accountId(), units: parseUnits("0.5")});
const preview = await fill.preview();
if (!preview.allowed) throw new Error(preview.refusal.sentence);
const {legs, margin} = preview.effect;
for (const {instrument, sizeE18} of legs) console.log(instrumentName(instrument), formatE18(sizeE18));
if (margin !== undefined)
    console.log("fee", formatUsd(margin.feeE18), "of an equity of", formatUsd(margin.before.equityE18));

const {events} = await fill.send();
for (const {values} of eventsOf(events, "clearinghouse", "PositionChanged")) {
    console.log("position:", formatE18(values.sizeAfterE18), instrumentName(values.instrument));
}
const {leftE18} = await taker.quoteState(signed.quote);
console.log("left of the quote:", formatE18(leftE18));
await maker.cancelQuote(signed.quote).send();
const again = await fill.preview();
console.log("after cancelling:", again.allowed ? "still there" : again.refusal.name);
