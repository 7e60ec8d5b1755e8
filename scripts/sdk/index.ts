/** The kit for integrators: pure functions over bigint, no chain, no files, no clock. */
export * from "./errors.js";
export * from "./events.js";
export * from "./failures.js";
export * from "./format.js";
export * from "./ids.js";
export * from "./instruments.js";
export * from "./quotes.js";
export * from "./rights.js";
export * from "./steward.js";
export * from "./surfaces.js";
export * from "./units.js";
export * from "./validity.js";
export * from "./zone.js";
