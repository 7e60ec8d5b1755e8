/** Twin of contracts/libraries/math/Logarithm.sol, where formula and error bound are stated. */
import {InputError} from "../failures.js";
import {ONE_E18} from "../units.js";

const SQRT2_X63 = 13043817825332782212n;
const HALF_LN2_X64 = 6393154322601327829n;
const LN2_X64 = 12786308645202655659n;
const LN_1E18_X64 = 764553562531197642353n;
/** 2^64 divided by 13, 11, ... 1. */
const SERIES_X64 = [13n, 11n, 9n, 7n, 5n, 3n, 1n].map((k) => (1n << 64n) / k);

/** ln(x / 1e18) within 1e-12, 18 decimals. */
export function lnPriceE18(xE18: bigint): bigint {
    if (xE18 <= 0n) throw new InputError("number-out-of-range", "The logarithm is of prices above zero only");
    const exponent = BigInt(xE18.toString(2).length - 1);
    const m = exponent > 63n ? xE18 >> (exponent - 63n) : xE18 << (63n - exponent);
    const z = ((m - SQRT2_X63) << 64n) / (m + SQRT2_X63);
    const y = (z * z) >> 64n;
    const series = SERIES_X64.reduce((sum, term) => ((sum * y) >> 64n) + term, 0n);
    const lnX64 = ((z * series) >> 63n) + HALF_LN2_X64 + exponent * LN2_X64 - LN_1E18_X64;
    return (lnX64 * ONE_E18) >> 64n;
}
