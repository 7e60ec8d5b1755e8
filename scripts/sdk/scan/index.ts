/** Short accounts among many. */
export * from "./scan.js";
export {FINAL, MORE_STEPS, RELATIVE} from "./screen.js";
