/** Written by `npm run abi`: every custom error of TradeLens, how its values read, what it means. */
export const TRADE_LENS_ERRORS = [
    {fragment: "error TradeLens_CoreLocked()", units: [], says: "the core is in the middle of a transaction"},
    {
        fragment: "error TradeLens_InvalidSize(uint128 instrument, int256 sizeE18)",
        units: ["instrument", "E18"],
        says: "a size or a lot is zero or has no opposite",
    },
    {fragment: "error TradeLens_NoLegs()", units: [], says: "a preview is asked for no legs"},
    {
        fragment: "error TradeLens_PreviewOutdated(address engine, address previewEngine)",
        units: ["plain", "plain"],
        says: "the preview's engine no longer has the parameters of the deployment's engine",
    },
    {
        fragment: "error TradeLens_SameAccount(bytes32 account)",
        units: ["account"],
        says: "an account would trade with itself",
    },
    {
        fragment: "error TradeLens_TooManyCandidates(uint256 count, uint256 max)",
        units: ["plain", "plain"],
        says: "more candidates are given than are searched in one call",
    },
] as const;
