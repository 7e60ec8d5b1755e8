/** Written by `npm run abi`: every custom error of CloseOut, how its values read, what it means. */
export const CLOSE_OUT_ERRORS = [
    {
        fragment: "error CloseOut_ForeignTaker(bytes32 taker, bytes32 keeper)",
        units: ["account", "account"],
        says: "a quote is to be filled for another account than the keeper's",
    },
    {
        fragment: "error CloseOut_GainBelowLimit(int256 gainE18, int256 minGainE18)",
        units: ["E18", "E18"],
        says: "the keeper's cash rises by less than he wanted",
    },
    {
        fragment: "error CloseOut_NotAuthorised(bytes32 keeper, address caller)",
        units: ["account", "plain"],
        says: "the caller may not both trade and liquidate for the keeper's account",
    },
    {
        fragment: "error CloseOut_NotLiquidator(address caller)",
        units: ["plain"],
        says: "the callback is not the liquidator's",
    },
    {
        fragment: "error CloseOut_PositionsLeft(bytes32 keeper, uint256 before, uint256 left)",
        units: ["account", "plain", "plain"],
        says: "the quotes leave the keeper with more positions than he had",
    },
] as const;
