/** The risk twin: everything the risk contract computes, equal to the last unit. */
export * as addOns from "./addOns.js";
export * as aggregation from "./aggregation.js";
export * as black76 from "./black76.js";
export * as svi from "./svi.js";
export * from "./collateral.js";
export * from "./defaults.js";
export * from "./distances.js";
export * from "./greeks.js";
export * from "./greeksModel.js";
export * from "./grid.js";
export * from "./marketReader.js";
export * from "./options.js";
export * from "./revaluation.js";
export * from "./riskEngine.js";
export * from "./shifted.js";
export * from "./types.js";
