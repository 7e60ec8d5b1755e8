/** Written by `npm run abi`: every custom error of RiskParameters, how its values read, what it means. */
export const RISK_PARAMETERS_ERRORS = [
    {
        fragment: "error RiskParameters_GridMismatch(uint8 group, uint256 length, uint256 expected)",
        units: ["plain", "plain", "plain"],
        says: "underlyings of one correlation group have grids of different length",
    },
    {
        fragment: "error RiskParameters_InvalidScenario(uint256 index)",
        units: ["plain"],
        says: "a scenario of a list is malformed: factor and logarithm disagree, weight or volatility out of range",
    },
    {
        fragment: "error RiskParameters_OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
    {
        fragment: "error RiskParameters_UnknownAsset(uint8 assetId)",
        units: ["plain"],
        says: "a book names a collateral asset without risk parameters",
    },
    {
        fragment: "error RiskParameters_UnknownUnderlying(uint16 underlying)",
        units: ["plain"],
        says: "a book names an underlying without risk parameters",
    },
    {fragment: "error RiskParameters_ZeroAddress()", units: [], says: "a contract that is read is left empty"},
] as const;
