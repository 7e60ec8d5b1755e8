/** Written by `npm run abi`: every custom error of FixedPoint, how its values read, what it means. */
export const FIXED_POINT_ERRORS = [
    {
        fragment: "error FixedPoint_NonPositiveDenominator(int256 denominator)",
        units: ["plain"],
        says: "a signed quotient is asked for with a denominator that is not positive",
    },
] as const;
