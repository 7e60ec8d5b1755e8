import {formatE18, parseInstrument, parsePrice, parseSize} from "@ballast/sdk";
import {assessBook} from "@ballast/sdk/risk";
import {cheapestHedge, liquidationPrices, maxSize, maxWithdraw} from "@ballast/sdk/trade";

import {clientOf} from "./setup.js";

const BTC = 1;
const instrument = parseInstrument("BTC-PERP");

const ballast = await clientOf("ALICE");
const account = ballast.accountId();
// One block, read once; everything below is arithmetic.
const snapshot = await ballast.snapshot({account, instruments: [instrument]});

const {equityE18} = (await ballast.account(account)).margin;
console.log("equal to the contract:", assessBook(snapshot).equityE18 === equityE18);
for (const model of ["SCENARIO", "ISOLATED", "DELTA"] as const) {
    const {initialE18, maintenanceE18} = assessBook({...snapshot, book: {...snapshot.book, model}});
    console.log(model, "asks for more to open than to hold:", initialE18 > maintenanceE18);
}

const buy = {instrument, priceE18: parsePrice("60000"), lotE18: parseSize("0.001")};
const most = maxSize(snapshot, buy);
const told = await ballast.maxSize({account}, buy);
console.log("greatest size as the lens says:", most.sizeE18 === told.sizeE18, "stopped by", most.stop);
const {lowerE18, upperE18} = liquidationPrices(snapshot, BTC);
console.log("has a price below, above:", lowerE18 !== undefined, upperE18 !== undefined);
const coin = snapshot.tokens.get("USDC");
if (coin !== undefined) {
    console.log("may leave:", maxWithdraw(snapshot, coin) === (await ballast.maxWithdraw(account, "USDC")));
}
const sell = {instrument, mostE18: parseSize("-1"), priceE18: parsePrice("59990"), lotE18: parseSize("0.001")};
const hedge = cheapestHedge(snapshot, [sell]);
console.log("hedge:", hedge.outcome, formatE18(hedge.sizeE18));
