/** Written by `npm run abi` from the compiled TradeLens. */
export const TRADE_LENS_ABI = [
    "error SafeCastOverflowedUintToInt(uint256 value)",
    "error TradeLens_CoreLocked()",
    "error TradeLens_InvalidSize(uint128 instrument, int256 sizeE18)",
    "error TradeLens_NoLegs()",
    "error TradeLens_PreviewOutdated(address engine, address previewEngine)",
    "error TradeLens_SameAccount(bytes32 account)",
    "error TradeLens_TooManyCandidates(uint256 count, uint256 max)",
    "function cheapestHedge((bytes32 account, bytes32 counterparty, uint8 role) party, (uint128 instrument, int128 mostE18, uint128 priceE18, uint128 lotE18)[] candidates) returns ((uint8 outcome, uint256 index, int256 sizeE18, (int256 equityE18, uint256 initialE18, uint256 maintenanceE18) held, (int256 equityE18, uint256 initialE18, uint256 maintenanceE18) after_, int256 costE18, uint256 feeE18) hedge)",
    "function maxSize((bytes32 account, bytes32 counterparty, uint8 role) party, uint128 instrument, uint128 priceE18, int128 lotE18) returns (int256 sizeE18, uint8 stop)",
    "function previewEngine() view returns (address)",
    "function previewLegs((bytes32 account, bytes32 counterparty, uint8 role) party, (uint128 instrument, int128 sizeE18, uint128 priceE18)[] legs) returns (((int256 equityE18, uint256 initialE18, uint256 maintenanceE18) before, (int256 equityE18, uint256 initialE18, uint256 maintenanceE18) held, (int256 equityE18, uint256 initialE18, uint256 maintenanceE18) after_, uint256 feeE18, bool suffices) result)",
] as const;
