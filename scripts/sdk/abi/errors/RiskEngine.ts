/** Written by `npm run abi`: every custom error of RiskEngine, how its values read, what it means. */
export const RISK_ENGINE_ERRORS = [
    {
        fragment: "error RiskEngine_BelowInitial(bytes32 account, int256 equityE18, uint256 initialE18)",
        units: ["account", "E18", "E18"],
        says: "an account's equity does not cover its initial requirement",
    },
    {
        fragment: "error RiskEngine_BelowMaintenance(bytes32 account, int256 equityE18, uint256 maintenanceE18)",
        units: ["account", "E18", "E18"],
        says: "an account's equity does not cover its maintenance requirement",
    },
    {
        fragment: "error RiskEngine_InvalidSpot(uint16 underlying, uint256 spotE18)",
        units: ["plain", "E18"],
        says: "a spot price to be tried is zero or absurd",
    },
    {
        fragment: "error RiskEngine_InvalidWitness()",
        units: [],
        says: "a witness does not name one scenario per underlying and group of the book, or one off the grid",
    },
    {
        fragment: "error RiskEngine_LegTooGreat(uint128 instrument, int256 sizeE18)",
        units: ["instrument", "E18"],
        says: "a leg's size times its price leaves the room of the engine's sums: 1.9e13 USD for an option, 2.4e19 USD for all linear legs of an underlying",
    },
    {
        fragment: "error RiskEngine_ModelNotForOptions(uint128 instrument)",
        units: ["instrument"],
        says: "an account under the delta model holds an option",
    },
    {
        fragment: "error RiskEngine_OtherModel(uint8 model)",
        units: ["plain"],
        says: "a contract that answers for one model is asked about another",
    },
    {
        fragment: "error RiskEngine_UnorderedBook()",
        units: [],
        says: "a book's positions, quotes or collateral are not strictly ascending",
    },
    {
        fragment: "error RiskEngine_WrongTable(address table, bytes32 codeHash, bytes32 expected)",
        units: ["plain", "plain", "plain"],
        says: "the contract named as the table of the normal distribution has other code",
    },
    {fragment: "error RiskEngine_ZeroAddress()", units: [], says: "a contract the engine reads is left empty"},
] as const;
