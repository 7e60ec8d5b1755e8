/** Written by `npm run abi`: every custom error of Liquidator, how its values read, what it means. */
export const LIQUIDATOR_ERRORS = [
    {
        fragment: "error Liquidator_AlreadyStarted(bytes32 account, uint40 startedAt)",
        units: ["account", "time"],
        says: "an auction runs already",
    },
    {
        fragment: "error Liquidator_CheckedThisBlock(bytes32 account, uint256 blockNumber)",
        units: ["account", "plain"],
        says: "an account passed a full check in this very block",
    },
    {
        fragment: "error Liquidator_DustLeft(bytes32 account, uint256 maintenanceLeftE18, uint256 dustE18)",
        units: ["account", "E18", "E18"],
        says: "a slice would leave a rest too small to be worth closing",
    },
    {
        fragment: "error Liquidator_InGrace(bytes32 account, uint40 openAt)",
        units: ["account", "time"],
        says: "Thrown in the grace after a stop of one of the account's prices",
    },
    {
        fragment: "error Liquidator_InvalidFraction(uint256 fractionE18)",
        units: ["E18"],
        says: "the fraction asked for is zero or above one",
    },
    {
        fragment: "error Liquidator_LossNotCovered(bytes32 account, uint256 missingE18)",
        units: ["account", "E18"],
        says: "a loss is larger than backstop and positive cash together",
    },
    {
        fragment: "error Liquidator_NoAuction(bytes32 account)",
        units: ["account"],
        says: "no auction runs for the account",
    },
    {
        fragment:
            "error Liquidator_NoImprovement(bytes32 account, int256 equityBeforeE18, uint256 maintenanceBeforeE18, int256 equityAfterE18, uint256 maintenanceAfterE18)",
        units: ["account", "E18", "E18", "E18", "E18"],
        says: "a slice would not raise the account's health",
    },
    {
        fragment:
            "error Liquidator_NoMarginCall(bytes32 account, int256 equityE18, uint256 initialE18, uint256 maintenanceE18)",
        units: ["account", "E18", "E18", "E18"],
        says: "a margin call is announced for an account that is not between maintenance and initial",
    },
    {
        fragment: "error Liquidator_NotAuthorised(bytes32 keeper, address caller)",
        units: ["account", "plain"],
        says: "the caller may not act for the keeper's account",
    },
    {
        fragment: "error Liquidator_NotInsolvent(bytes32 account, int256 equityE18, uint40 insolventAt)",
        units: ["account", "E18", "time"],
        says: "insolvency is recorded for an account with equity, or twice",
    },
    {
        fragment: "error Liquidator_NotShort(bytes32 account, int256 equityE18, uint256 boundE18)",
        units: ["account", "E18", "E18"],
        says: "the witness does not show that the account is short",
    },
    {
        fragment: "error Liquidator_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
    {
        fragment: "error Liquidator_PriceAboveLimit(int256 priceE18, int256 limitE18)",
        units: ["E18", "E18"],
        says: "the price of the slice is above what the keeper accepts",
    },
    {
        fragment: "error Liquidator_SelfLiquidation(bytes32 account, bytes32 keeper)",
        units: ["account", "account"],
        says: "keeper and account have the same owner",
    },
    {
        fragment: "error Liquidator_StillBelowMaintenance(bytes32 account, int256 equityE18, uint256 maintenanceE18)",
        units: ["account", "E18", "E18"],
        says: "an auction is restarted while the account is short",
    },
    {
        fragment: "error Liquidator_StillShort(bytes32 account, int256 equityE18, uint256 targetE18)",
        units: ["account", "E18", "E18"],
        says: "an auction is cancelled while the account is still below its target",
    },
] as const;
