import {rightBits} from "@ballast/sdk";

import {clientOf, provider, walletOf} from "./setup.js";

const owner = await clientOf("ALICE");
const account = owner.accountId();
const operator = walletOf("BOB").address;

// For an hour, the operator may trade and take slices for the account; he can take nothing out of it.
const {timestamp = 0} = (await provider.getBlock("latest")) ?? {};
await owner.setOperator({account, operator, rights: ["trade", "liquidate"], expiresAt: timestamp + 3600}).send();
const {rights} = await owner.grantOf(account, operator);
console.log("rights:", rights.join(", "), "as bits", rightBits(rights));

const hand = await clientOf("BOB");
const theft = await hand.withdraw({account, token: "USDC", amount: hand.amount("1", "USDC")}).preview();
console.log("withdraw:", theft.allowed ? "allowed" : theft.refusal.name);

await owner.setOperator({account, operator, rights: []}).send();
console.log("may trade now:", await owner.isAuthorised(account, operator, "trade"));
