import {clientOf, walletOf} from "./setup.js";

const {pool, amount, formatAmount} = await clientOf("ALICE");
const owner = walletOf("ALICE").address;

await pool.deposit(amount("1000", "USDC")).send();
const {shares, assets} = await pool.holding(owner);
console.log("holds shares worth", formatAmount(assets, "USDC"));

const early = await pool.redeem(shares).preview();
console.log("redeem:", early.allowed ? "allowed" : early.refusal.name);
const request = await pool.requestExit(shares).preview();
if (!request.allowed) throw new Error(request.refusal.sentence);
console.log("window of", (request.effect.closeAt - request.effect.openAt) / 3600, "hours");
await pool.requestExit(shares).send();
console.log("asked for all:", (await pool.holding(owner)).exit.shares === shares);
