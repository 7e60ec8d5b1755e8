import {clientOf} from "./setup.js";

const keeper = await clientOf("BOB");
const account = (await clientOf("ALICE")).accountId();

// The scenarios that make up an account's requirement are the proof that starts an auction, once they show a shortfall.
const witness = await keeper.auctions.witnessOf(account);
const start = await keeper.auctions.start({account, keeper: keeper.accountId(), witness}).preview();
console.log("start:", start.allowed ? "short" : start.refusal.name);
const {zone, auction} = await keeper.account(account);
console.log("zone:", zone, "auction since", auction.startedAt);
