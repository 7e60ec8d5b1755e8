/** Written by `npm run abi`: every custom error of SurfaceOracle, how its values read, what it means. */
export const SURFACE_ORACLE_ERRORS = [
    {
        fragment: "error SurfaceOracle_BadDiscount(uint256 discountE18)",
        units: ["E18"],
        says: "a discount factor is zero or above its bound",
    },
    {
        fragment: "error SurfaceOracle_BadSigner(address signer)",
        units: ["plain"],
        says: "signers are not registered or not in strictly ascending order of address",
    },
    {
        fragment:
            "error SurfaceOracle_BadTime(uint40 publishedAt, uint40 acceptedAt, uint256 nowSeconds, uint40 expiry)",
        units: ["time", "time", "time", "time"],
        says: "a report is not newer than the accepted one, from the future, too old, or at or after its expiry",
    },
    {
        fragment: "error SurfaceOracle_Butterfly(int256 aE18, int256 bE18, int256 rhoE18, int256 sigmaE18)",
        units: ["E18", "E18", "E18", "E18"],
        says: "SVI parameters admit butterfly arbitrage by the bounds of the margin model",
    },
    {
        fragment:
            "error SurfaceOracle_Calendar(uint40 earlier, uint256 earlierVarianceE18, uint40 later, uint256 laterVarianceE18)",
        units: ["time", "E18", "time", "E18"],
        says: "at-the-money total variance falls from one expiry to the next",
    },
    {
        fragment: "error SurfaceOracle_ForwardOutOfBounds(uint256 ratioE18, uint256 acceptedE18)",
        units: ["E18", "E18"],
        says: "a forward ratio leaves its bounds or steps too far",
    },
    {
        fragment: "error SurfaceOracle_InvalidConfig()",
        units: [],
        says: "signers, threshold or bounds do not fit together",
    },
    {
        fragment: "error SurfaceOracle_LengthMismatch(uint256 reports, uint256 signatures)",
        units: ["plain", "plain"],
        says: "reports and lists of signatures differ in number",
    },
    {
        fragment: "error SurfaceOracle_NoSurface(uint16 underlying, uint40 expiry)",
        units: ["plain", "time"],
        says: "an expiry has no surface yet",
    },
    {
        fragment:
            "error SurfaceOracle_Stale(uint16 underlying, uint40 expiry, uint256 ageSeconds, uint256 maxAgeSeconds)",
        units: ["plain", "time", "duration", "duration"],
        says: "the last surface is too old",
    },
    {
        fragment: "error SurfaceOracle_TooFewSignatures(uint256 given, uint256 threshold)",
        units: ["plain", "plain"],
        says: "fewer signatures than the threshold are given",
    },
    {
        fragment: "error SurfaceOracle_TooManyExpiries(uint16 underlying, uint256 cap)",
        units: ["plain", "plain"],
        says: "an underlying would have more unexpired expiries than the cap",
    },
    {
        fragment: "error SurfaceOracle_VolJump(uint256 volE18, uint256 acceptedE18)",
        units: ["E18", "E18"],
        says: "at-the-money volatility steps too far",
    },
] as const;
