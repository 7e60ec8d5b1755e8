/** Written by `npm run abi` from the compiled CloseOut. */
export const CLOSE_OUT_ABI = [
    "error CloseOut_ForeignTaker(bytes32 taker, bytes32 keeper)",
    "error CloseOut_GainBelowLimit(int256 gainE18, int256 minGainE18)",
    "error CloseOut_NotAuthorised(bytes32 keeper, address caller)",
    "error CloseOut_NotLiquidator(address caller)",
    "error CloseOut_PositionsLeft(bytes32 keeper, uint256 before, uint256 left)",
    "error FixedPoint_NonPositiveDenominator(int256 denominator)",
    "error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)",
    "error SafeCastOverflowedUintToInt(uint256 value)",
    "event ClosedOut(bytes32 indexed account, bytes32 indexed keeper, uint256 fractionE18, int256 priceE18, int256 gainE18)",
    "function closeOut((bytes32 account, bytes32 keeper, uint256 maxFractionE18, int256 maxPriceE18, int256 minGainE18, ((bytes32 maker, bytes32 taker, (uint128 instrument, int128 sizePerUnitE18, uint128 priceE18)[] legs, uint128 unitsE18, uint64 group, uint64 epoch, uint128 nonce, uint40 deadline) quote, address signer, bytes signature, bytes32 taker, uint128 unitsE18)[] fills) order) returns ((uint256 fractionE18, int256 equityE18, uint256 maintenanceE18, int256 priceE18, uint256 discountE18) terms, int256 gainE18)",
    "function onSlice(bytes32, bytes32 keeper, (uint256 fractionE18, int256 equityE18, uint256 maintenanceE18, int256 priceE18, uint256 discountE18), bytes data)",
] as const;
