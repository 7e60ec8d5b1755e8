/** Written by `npm run abi`: every custom error of MarginVault, how its values read, what it means. */
export const MARGIN_VAULT_ERRORS = [
    {
        fragment: "error MarginVault_AssetNotOpen(address token)",
        units: ["plain"],
        says: "a token is not listed, or is closed for deposits",
    },
    {
        fragment: "error MarginVault_BorrowingPaused(bytes32 account, int256 cashAfterE18)",
        units: ["account", "E18"],
        says: "a withdrawal would borrow while borrowing is paused",
    },
    {
        fragment: "error MarginVault_CannotList(address token)",
        units: ["plain"],
        says: "a token cannot be listed: already listed, more than 18 decimals, no code, or list full",
    },
    {
        fragment: "error MarginVault_CapExceeded(address token, uint256 totalE18, uint256 capE18)",
        units: ["plain", "E18", "E18"],
        says: "a deposit would pass the cap",
    },
    {
        fragment: "error MarginVault_Halted(bytes32 account)",
        units: ["account"],
        says: "money would leave an account that owes or holds positions while the solvency gate is at HALT",
    },
    {
        fragment: "error MarginVault_InexactParameter(bytes32 name, uint256 value, uint256 unit)",
        units: ["text", "plain", "plain"],
        says: "a rate is not a whole number of the units in which rates are stored",
    },
    {
        fragment:
            "error MarginVault_InsufficientCollateral(bytes32 account, uint8 assetId, uint256 heldE18, uint256 neededE18)",
        units: ["account", "plain", "E18", "E18"],
        says: "an account holds less than what is taken",
    },
    {
        fragment: "error MarginVault_InsufficientLiquidity(address token, uint256 heldNative, uint256 neededNative)",
        units: ["plain", "plain", "plain"],
        says: "the vault holds fewer settlement tokens than a withdrawal needs",
    },
    {
        fragment: "error MarginVault_InvalidCore()",
        units: [],
        says: "core addresses are set a second time or left empty",
    },
    {
        fragment: "error MarginVault_InvalidRecipient(address to)",
        units: ["plain"],
        says: "a recipient is the zero address or the vault",
    },
    {fragment: "error MarginVault_Locked()", units: [], says: "the core lock is already taken"},
    {
        fragment: "error MarginVault_ModelDoesNotGovern(uint8 model)",
        units: ["plain"],
        says: "an account would be governed by a model that is a report only",
    },
    {
        fragment:
            "error MarginVault_ModelNotSatisfied(bytes32 account, uint8 model, int256 equityE18, uint256 initialE18)",
        units: ["account", "plain", "E18", "E18"],
        says: "an account's equity does not cover its requirement under a model it wants to switch to",
    },
    {
        fragment: "error MarginVault_NotAuthorised(bytes32 account, address caller, uint32 right)",
        units: ["account", "plain", "plain"],
        says: "the caller may not act for an account in this way",
    },
    {
        fragment: "error MarginVault_NotCore(address caller)",
        units: ["plain"],
        says: "a function for core contracts is called by another address",
    },
    {
        fragment: "error MarginVault_NotLocked(address caller)",
        units: ["plain"],
        says: "a function for core contracts runs without the lock, or the lock is given back by another than took it",
    },
    {
        fragment: "error MarginVault_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
    {
        fragment:
            "error MarginVault_PermitFailed(address token, address owner, uint256 allowanceNative, uint256 neededNative)",
        units: ["plain", "plain", "plain", "plain"],
        says: "a permit fails and the allowance does not cover the deposit",
    },
    {
        fragment: "error MarginVault_UnexpectedBalance(address token, uint256 expectedNative, uint256 receivedNative)",
        units: ["plain", "plain", "plain"],
        says: "the tokens that arrived are not the amount asked for (fee on transfer, rebasing)",
    },
    {fragment: "error MarginVault_ZeroAmount()", units: [], says: "an amount is zero"},
] as const;
