/** Written by `npm run abi`: every custom error of SolvencyGate, how its values read, what it means. */
export const SOLVENCY_GATE_ERRORS = [
    {
        fragment: "error SolvencyGate_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
] as const;
