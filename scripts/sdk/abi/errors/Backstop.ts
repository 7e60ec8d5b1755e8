/** Written by `npm run abi`: every custom error of Backstop, how its values read, what it means. */
export const BACKSTOP_ERRORS = [
    {
        fragment: "error Backstop_DeficitOpen(uint256 auctions)",
        units: ["plain"],
        says: "shares are redeemed while auctions of insolvent accounts run, whose losses the pool has yet to pay",
    },
    {
        fragment: "error Backstop_ExitNotOpen(address owner, uint256 nowSeconds, uint40 openAt, uint40 closeAt)",
        units: ["plain", "time", "time", "time"],
        says: "shares are redeemed outside an open request",
    },
    {
        fragment: "error Backstop_ExitTooLarge(address owner, uint256 shares, uint256 requested)",
        units: ["plain", "plain", "plain"],
        says: "more shares are redeemed than requested",
    },
    {fragment: "error Backstop_Locked()", units: [], says: "shares move while the core lock is taken"},
    {
        fragment: "error Backstop_NotLiquidator(address caller)",
        units: ["plain"],
        says: "a function for the liquidator is called by another address",
    },
    {
        fragment: "error Backstop_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
] as const;
