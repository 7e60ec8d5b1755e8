/** Written by `npm run abi`: every custom error of LastKnownRisk, how its values read, what it means. */
export const LAST_KNOWN_RISK_ERRORS = [
    {
        fragment:
            "error LastKnownRisk_NotReduced(bytes32 account, int256 equityBeforeE18, int256 equityAfterE18, uint256 initialBeforeE18, uint256 initialAfterE18)",
        units: ["account", "E18", "E18", "E18", "E18"],
        says: "a fill leaves an account with a greater requirement, costs it more than a quarter of what was released, or leaves it owing more than it has",
    },
] as const;
