/** Written by `npm run abi`: every custom error of InstrumentId, how its values read, what it means. */
export const INSTRUMENT_ID_ERRORS = [
    {
        fragment: "error InstrumentId_InvalidTerms(uint8 kind_, uint40 expirySeconds, uint64 strikeE8_)",
        units: ["plain", "time", "plain"],
        says: "the four terms do not make an instrument: a perpetual with an expiry, a dated one without, an option without a strike, or a linear one with a strike",
    },
] as const;
