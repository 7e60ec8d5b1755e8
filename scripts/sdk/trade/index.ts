/** The trade twin: what legs do to an account, how much it may trade, what hedges it for the least. */
export {cheapestHedge, maxSize, previewLegs} from "./tradeLens.js";
export type {Lot} from "./tradeLens.js";
export {NOBODY, OUTCOMES, STOPS} from "./types.js";
export type * from "./types.js";
