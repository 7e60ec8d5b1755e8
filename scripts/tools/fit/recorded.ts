/**
 * A few smiles as they were: raw SVI fitted to the option chains that Deribit publishes, on the day before the fall of 5 February 2026,
 * on that day, and on 1 June 2026, a calm one. Among them are the nearest and the furthest expiries, a kink, and wings that are
 * steeper than the oracle takes.
 */
import type {KnownSmile} from "./quality.js";

const ROWS = [
    ["BTC 2026-02-13", 0.023095, 73132.0, -0.049397, 0.1343, 0.051466, 0.091127, 0.41669],
    ["ETH 2026-06-26", 0.38723, 2169.4, 0.0081888, 0.17329, -0.11348, 0.14909, 0.95877],
    ["BTC 2026-02-08", 0.0066742, 63731.0, -0.0040559, 0.077743, -0.43129, 0.016011, 0.1752],
    ["ETH 2026-12-25", 0.88279, 1941.2, 0.38923, 0.14932, -0.41573, 0.072735, 0.0001],
    ["BTC 2026-06-12", 0.030035, 72677.0, -0.08102, 2.6494, 0.97562, 0.70913, 0.14504],
    ["ETH 2027-03-26", 0.8158, 2028.8, -0.5, 0.99189, -0.82629, -1.6073, 1.3777],
] as const;

export const RECORDED_SMILES: readonly KnownSmile[] = ROWS.map(([name, years, forward, a, b, rho, m, sigma]) => ({
    name,
    years,
    forward,
    svi: {a, b, rho, m, sigma},
}));
