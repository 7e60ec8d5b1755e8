/** The trade twin: what legs do to an account, how much it may trade, what hedges it for the least. */
export {liquidationPrices} from "./prices.js";
export type {LiquidationPrices} from "./prices.js";
export {cheapestHedge, maxSize, previewLegs} from "./tradeLens.js";
export type {Lot} from "./tradeLens.js";
export {NOBODY, OUTCOMES, STOPS} from "./types.js";
export type * from "./types.js";
export {maxWithdraw} from "./withdraw.js";
export type {WithdrawQuestion, WithdrawToken} from "./withdraw.js";
