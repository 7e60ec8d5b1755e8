/** Written by `npm run abi` from the compiled MarginLens. */
export const MARGIN_LENS_ABI = [
    "error Decimals_TooMany(uint8 decimals)",
    "error FixedPoint_NonPositiveDenominator(int256 denominator)",
    "error MarginLens_CoreLocked()",
    "error MarginLens_PreviewOutdated(address engine, address previewEngine)",
    "error SafeCastOverflowedUintToInt(uint256 value)",
    "function account(bytes32 id) view returns (((uint8 model, int256 cashE18, (uint8 assetId, uint256 unitsE18)[] collateral, (uint16 underlying, int256 quoteE18)[] quotes, (uint128 instrument, int128 sizeE18)[] positions) book, (int256 equityE18, uint256 initialE18, uint256 maintenanceE18) assessment, (uint40 startedAt, uint40 insolventAt) auction, uint256 lastCheckedBlock))",
    "function accounts(bytes32[] ids) view returns (((uint8 model, int256 cashE18, (uint8 assetId, uint256 unitsE18)[] collateral, (uint16 underlying, int256 quoteE18)[] quotes, (uint128 instrument, int128 sizeE18)[] positions) book, (int256 equityE18, uint256 initialE18, uint256 maintenanceE18) assessment, (uint40 startedAt, uint40 insolventAt) auction, uint256 lastCheckedBlock)[] views)",
    "function bookOf(bytes32 id) view returns ((uint8 model, int256 cashE18, (uint8 assetId, uint256 unitsE18)[] collateral, (uint16 underlying, int256 quoteE18)[] quotes, (uint128 instrument, int128 sizeE18)[] positions))",
    "function liquidationPrices(bytes32 id, uint16 underlying) view returns (uint256 lowerE18, uint256 upperE18)",
    "function maxWithdraw(bytes32 id, address token) view returns (uint256 amountNative)",
    "function previewEngine() view returns (address)",
    "function previewFill(((bytes32 maker, bytes32 taker, (uint128 instrument, int128 sizePerUnitE18, uint128 priceE18)[] legs, uint128 unitsE18, uint64 group, uint64 epoch, uint128 nonce, uint40 deadline) quote, address signer, bytes signature, bytes32 taker, uint128 unitsE18)[] items, bytes32 id) returns (((int256 equityE18, uint256 initialE18, uint256 maintenanceE18) before, (int256 equityE18, uint256 initialE18, uint256 maintenanceE18) after_, uint256 feeE18) result)",
    "function scenarioDistances(bytes32 id) view returns (((int256 equityE18, uint256 initialE18, uint256 maintenanceE18, uint256 reserveE18, (uint16 underlying, uint8 group, uint8 binding, int256 spotE18, int256 deltaE18, int256[] lossE18, uint256 scanE18, uint256 rollE18, uint256 floorDeltaE18, uint256 floorShortE18, uint256 addOnE18, uint256 concentrationE18, uint256 openInterestE18)[] underlyings, uint8[] groups, uint256[] groupScanE18, uint8[] groupBinding) report, int256 leftE18, int256[] leftAloneE18, uint8 binding) result)",
    "function scenarioTable(bytes32 id) view returns ((int256 equityE18, uint256 initialE18, uint256 maintenanceE18, uint256 reserveE18, (uint16 underlying, uint8 group, uint8 binding, int256 spotE18, int256 deltaE18, int256[] lossE18, uint256 scanE18, uint256 rollE18, uint256 floorDeltaE18, uint256 floorShortE18, uint256 addOnE18, uint256 concentrationE18, uint256 openInterestE18)[] underlyings, uint8[] groups, uint256[] groupScanE18, uint8[] groupBinding))",
] as const;
