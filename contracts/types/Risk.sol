// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where a scenario moves implied volatility.
enum VolState {
    FLAT,
    UP,
    DOWN
}

/// @notice One shock of the grid. Its number is its place in the list that was set.
struct Scenario {
    uint96 factorE18; // price after / price before, 18 decimals, > 0
    int72 lnFactorE18; // natural logarithm of the factor, 18 decimals
    uint64 weightE18; // weight of the loss, 18 decimals, 0 < weight <= 1
    VolState vol;
}

/// @notice Risk parameters of one underlying. Fractions have 18 decimals (1e18 = 100 %).
struct UnderlyingParams {
    uint8 group; // correlation group
    uint64 volUpE18; // relative rise of implied volatility at 30 days
    uint64 volDownE18; // relative fall of implied volatility at 30 days, < 1
    uint64 volFloorUpE18; // annual volatility that the up state never goes below
    uint64 volFloorDownE18; // annual volatility that the down state never goes below
    uint64 powerShortE18; // exponent p of (30 / DTE)^p below 30 days
    uint64 powerLongE18; // the same from 30 days on
    uint64 rollMinE18; // least roll charge, fraction of spot per unit of delta
    uint64 rollYearE18; // roll charge per year to expiry
    uint64 floorNetE18; // hedged-delta floor, charge on net delta
    uint64 floorHedgedE18; // hedged-delta floor, charge on hedged delta
    uint64 floorShortE18; // short-option floor, fraction of spot per unit short
    uint64 spreadE18; // bid-ask spread as fraction of price
    uint64 impactE18; // Y of the square-root impact law
    uint64 sigmaDayE18; // daily volatility
    uint128 advE18; // average daily volume, USD, 18 decimals, > 0
    uint128 oiLowerE18; // open interest in USD from which initial margin rises
    uint128 oiUpperE18; // open interest in USD at which initial margin is 100 %; > lower
    uint64 rangeE18; // relative price move that the delta model charges
}

/// @notice Risk parameters of one collateral asset.
struct AssetParams {
    uint16 underlying; // underlying whose grid shocks the asset; 0 = none (a stablecoin)
    uint16 feedId; // price feed; for an asset with an underlying, that underlying's number
    uint64 weightE18; // base weight of the value, 18 decimals, <= 1e18
    uint64 sizeE18; // k of the size-dependent weight: weight = min(base, 1.1 / (k * sqrt(value in USD) + 1))
}

/// @notice Parameters of the whole engine.
struct GlobalParams {
    uint64 initialRatioE18; // maintenance / initial, default 0.8e18
    uint128 reserveBaseE18; // keeper reserve of a book with positions, USD, 18 decimals
    uint128 reservePerPositionE18; // keeper reserve per position, USD, 18 decimals
    uint16 settlementFeedId; // price feed of the settlement coin
}

/// @notice Names the scenarios under which a book is claimed to be short. `own` has one scenario number per underlying of
/// the book in ascending order of underlying, `joint` one per correlation group of the book in ascending order of group.
/// Both empty: evaluate the whole grid.
struct Witness {
    uint8[] own;
    uint8[] joint;
}

/// @notice What one underlying contributes to a requirement. USD, 18 decimals, charges rounded up.
struct UnderlyingReport {
    uint16 underlying;
    uint8 group;
    uint8 binding; // scenario number with the greatest weighted loss
    int256 spotE18;
    int256 deltaE18; // net delta, units of the underlying, 18 decimals
    int256[] lossE18; // weighted loss per scenario, positive = loss
    uint256 scanE18; // max(0, greatest loss)
    uint256 rollE18;
    uint256 floorDeltaE18; // hedged-delta floor before subtracting the scan
    uint256 floorShortE18; // short-option floor before subtracting the scan
    uint256 addOnE18; // max(roll, floorDelta - scan, floorShort - scan, 0), capped by the book's bounded loss
    uint256 concentrationE18;
    uint256 openInterestE18; // extra initial margin from crowded open interest
    uint256 withheldE18; // extra initial margin for profit of linear positions that does not count for opening and withdrawing
}

/// @notice A whole assessment with its parts.
struct Report {
    int256 equityE18;
    uint256 initialE18;
    uint256 maintenanceE18;
    uint256 reserveE18; // keeper reserve
    UnderlyingReport[] underlyings; // ascending
    uint8[] groups; // ascending
    uint256[] groupScanE18; // blended scan per group
    uint8[] groupBinding; // scenario with the greatest joint loss per group
}
