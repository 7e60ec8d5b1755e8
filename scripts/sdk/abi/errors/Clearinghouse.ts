/** Written by `npm run abi`: every custom error of Clearinghouse, how its values read, what it means. */
export const CLEARINGHOUSE_ERRORS = [
    {
        fragment: "error Clearinghouse_BadLegs()",
        units: [],
        says: "a quote has no leg, more than 8, or legs that are not in ascending order",
    },
    {
        fragment: "error Clearinghouse_BadSignature(bytes32 maker, address signer)",
        units: ["account", "plain"],
        says: "a quote's signature does not come from somebody who may sign for the maker",
    },
    {
        fragment: "error Clearinghouse_CannotSettle(uint16 underlying, uint40 expiry)",
        units: ["plain", "time"],
        says: "a settlement price is set twice, or before expiry",
    },
    {
        fragment: "error Clearinghouse_InexactSize(uint128 instrument, int256 sizePerUnitE18, uint256 unitsE18)",
        units: ["instrument", "E18", "E18"],
        says: "a leg's size for the units asked is not a whole number of 1e-18 units, or is zero",
    },
    {
        fragment: "error Clearinghouse_Insolvent(bytes32 account, int256 equityE18)",
        units: ["account", "E18"],
        says: "a trade leaves an account owing more than it has: its counterparty would be paid by everybody else",
    },
    {
        fragment:
            "error Clearinghouse_InsufficientMargin(bytes32 account, int256 excessBeforeE18, int256 excessAfterE18)",
        units: ["account", "E18", "E18"],
        says: "a trade needs initial margin the account does not have, or lowers its excess while it is short",
    },
    {
        fragment: "error Clearinghouse_LockNotHeld()",
        units: [],
        says: "a function that works inside another core call is called without the core lock",
    },
    {
        fragment: "error Clearinghouse_NoLastKnownPrices()",
        units: [],
        says: "nobody was named who knows the last prices",
    },
    {
        fragment: "error Clearinghouse_NotAuthorised(bytes32 account, address caller)",
        units: ["account", "plain"],
        says: "the caller may not trade for an account",
    },
    {
        fragment: "error Clearinghouse_NotCore(address caller)",
        units: ["plain"],
        says: "a function for core contracts is called by another address",
    },
    {
        fragment: "error Clearinghouse_NotReducing(bytes32 account, uint128 instrument)",
        units: ["account", "instrument"],
        says: "a fill at the last known prices brings a position of an account not closer to zero",
    },
    {
        fragment: "error Clearinghouse_NotTradable(uint128 instrument)",
        units: ["instrument"],
        says: "an instrument cannot be traded: unknown underlying, expiry off the calendar or past, strike off its step or bounds, malformed id",
    },
    {
        fragment: "error Clearinghouse_OpenInterestCap(uint16 underlying, uint256 openInterestE18, uint256 capE18)",
        units: ["plain", "E18", "E18"],
        says: "open interest would pass its cap",
    },
    {
        fragment: "error Clearinghouse_OpeningPaused(bytes32 account, uint128 instrument)",
        units: ["account", "instrument"],
        says: "opening is stopped, by the guardian or by the solvency gate, and a trade does not only reduce",
    },
    {
        fragment: "error Clearinghouse_Overfilled(bytes32 quoteHash, uint256 unitsE18, uint256 leftE18)",
        units: ["plain", "E18", "E18"],
        says: "more is filled than the quote has left",
    },
    {
        fragment: "error Clearinghouse_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
    {
        fragment:
            "error Clearinghouse_PriceOutsideBand(uint128 instrument, uint256 priceE18, uint256 minE18, uint256 maxE18)",
        units: ["instrument", "E18", "E18", "E18"],
        says: "a leg's price cannot be the market's: see `priceBandE18`",
    },
    {
        fragment: "error Clearinghouse_QuoteCancelled(bytes32 quoteHash)",
        units: ["plain"],
        says: "a quote, its group or its epoch was cancelled",
    },
    {
        fragment: "error Clearinghouse_QuoteExpired(uint40 deadline, uint256 nowSeconds)",
        units: ["time", "time"],
        says: "a quote is past its deadline",
    },
    {
        fragment: "error Clearinghouse_TooManyPositions(bytes32 account, uint256 cap)",
        units: ["account", "plain"],
        says: "an account would hold more positions than the cap",
    },
    {
        fragment: "error Clearinghouse_WrongTaker(bytes32 taker)",
        units: ["account"],
        says: "a quote names another taker, or maker and taker are one account",
    },
] as const;
