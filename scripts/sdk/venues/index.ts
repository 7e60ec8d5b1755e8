/** Margin of other venues for the same book: presets, and the comparison that `ballast compare` prints. */
export * from "./compare.js";
export * from "./deribit.js";
export * from "./derive.js";
export * from "./legs.js";
export * from "./paradex.js";
export * from "./regT.js";
export * from "./shocks.js";
export * from "./span.js";
export * from "./types.js";
