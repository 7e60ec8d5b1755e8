/** Written by `npm run abi`: every custom error of RiskSteward, how its values read, what it means. */
export const RISK_STEWARD_ERRORS = [
    {
        fragment: "error RiskSteward_BadEncoding(uint8 subject, uint256 length)",
        units: ["plain", "plain"],
        says: "the encoding of a change is not exactly that of its subject",
    },
    {
        fragment: "error RiskSteward_CannotMove(uint256 place, uint256 from, uint256 to)",
        units: ["plain", "plain", "plain"],
        says: "a figure cannot move: it is no quantity, or it would leave or reach zero where steps are relative",
    },
    {
        fragment: "error RiskSteward_InUse(uint8 subject, uint16 id, uint256 units)",
        units: ["plain", "plain", "plain"],
        says: "figures would be replaced under open positions or held assets",
    },
    {
        fragment: "error RiskSteward_Loosens(uint256 place, uint256 from, uint256 to)",
        units: ["plain", "plain", "plain"],
        says: "a tightening would loosen a figure",
    },
    {
        fragment: "error RiskSteward_NoRamp(uint8 subject, uint16 id)",
        units: ["plain", "plain"],
        says: "nothing is under way",
    },
    {
        fragment: "error RiskSteward_OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a rule is outside its bounds",
    },
    {
        fragment: "error RiskSteward_SaleTooDear(uint16 underlying, uint256 shockE18, uint256 costE18)",
        units: ["plain", "E18", "E18"],
        says: "fee and slippage eat more than half of the smallest shock, so that a sale need not raise health",
    },
    {
        fragment: "error RiskSteward_ShockTooSmall(uint16 underlying, uint256 shockE18, uint256 neededE18)",
        units: ["plain", "E18", "E18"],
        says: "the smallest shock does not cover a normal move in `reactionSeconds` with slippage and fee",
    },
    {
        fragment: "error RiskSteward_TooEarly(uint256 readyAt)",
        units: ["plain"],
        says: "the next step or the next tightening is not due",
    },
    {
        fragment: "error RiskSteward_TooFar(uint256 costE18, uint256 maxE18)",
        units: ["E18", "E18"],
        says: "a single tightening asks for too much",
    },
] as const;
