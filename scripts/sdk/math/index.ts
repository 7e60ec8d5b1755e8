/** Twins of contracts/libraries/math: same names, same rounding, equal to the last unit. */
export * from "./cash.js";
export * from "./cdfTable.js";
export * from "./decimals.js";
export * from "./ewma.js";
export * from "./fixedPoint.js";
export * from "./logarithm.js";
export * from "./normal.js";
export * from "./transcendental.js";
