/** Written by `npm run abi`: every custom error of VolatilityDriver, how its values read, what it means. */
export const VOLATILITY_DRIVER_ERRORS = [
    {
        fragment: "error VolatilityDriver_OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a rule is outside its bounds",
    },
    {
        fragment: "error VolatilityDriver_Paused(uint16 underlying)",
        units: ["plain"],
        says: "the driver was told to leave an underlying alone",
    },
    {
        fragment: "error VolatilityDriver_TooEarly(uint256 readyAt)",
        units: ["plain"],
        says: "the next sample is not due",
    },
    {
        fragment: "error VolatilityDriver_UnknownUnderlying(uint16 underlying)",
        units: ["plain"],
        says: "an underlying has no figures",
    },
] as const;
