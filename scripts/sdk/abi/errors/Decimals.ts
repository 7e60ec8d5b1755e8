/** Written by `npm run abi`: every custom error of Decimals, how its values read, what it means. */
export const DECIMALS_ERRORS = [
    {
        fragment: "error Decimals_TooMany(uint8 decimals)",
        units: ["plain"],
        says: "Thrown for a token with more than 18 decimals, whose units could not be represented",
    },
] as const;
