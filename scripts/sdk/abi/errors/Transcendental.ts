/** Written by `npm run abi`: every custom error of Transcendental, how its values read, what it means. */
export const TRANSCENDENTAL_ERRORS = [
    {fragment: "error Transcendental_ExpOverflow(int256 xE18)", units: ["E18"], says: "e^x does not fit"},
    {fragment: "error Transcendental_LnOfZero()", units: [], says: "the logarithm of zero is asked for"},
] as const;
