// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Surface} from "./Market.sol";
import {AssetParams, Scenario, UnderlyingParams} from "./Risk.sol";

// What the risk engine works on in memory. Nothing here is stored.

/// @notice Where an expiry stands. EXPIRED: past its time, settlement price not fixed; legs are worth their intrinsic value
/// at the index and still move with it. SETTLED: price fixed; nothing moves any more.
enum Phase {
    LIVE,
    EXPIRED,
    SETTLED
}

/// @notice One expiry of one underlying, ready for pricing. Expiry 0 is the perpetual.
struct ExpiryMarket {
    uint40 expiry; // Unix time, seconds
    Phase phase;
    uint256 priceE18; // mark of the perpetual, forward, index once expired, settlement price once settled; USD, 18 decimals
    uint256 discountE18; // 1e18 for the perpetual and from expiry on
    uint256 yearsE18; // time to expiry, 0 for the perpetual and from expiry on
    uint256 rootYearsE18;
    uint256 reportYearsE18; // time from the surface's report to expiry
    uint256 volUpE18; // factor on implied volatility in the up state
    uint256 volDownE18; // factor on implied volatility in the down state
    Surface surface;
}

/// @notice One underlying, ready for pricing.
struct UnderlyingMarket {
    uint16 underlying;
    uint256 spotE18; // USD, 18 decimals
    int256 fundingE18; // cumulative funding of the perpetual, per unit
    UnderlyingParams params;
    Scenario[] grid;
    Scenario[] scenarios; // those to evaluate: the whole grid, or what a witness names
    ExpiryMarket[] expiries; // those of the book, ascending
}

/// @notice Units of one collateral asset with the asset's parameters.
struct Holding {
    AssetParams params;
    uint256 unitsE18;
}

/// @notice What the positions of one underlying are worth and how they move.
struct Exposure {
    int256 valueE18; // sum of the legs' values, each rounded down
    int256[] pnlE36; // change of value per scenario, not weighted, exact product of size and price
    uint256 isolatedE18; // sum of each leg's own worst weighted loss; 0 under SCENARIO
    int256 deltaE36;
    uint256 grossDeltaE36; // sum of the legs' absolute deltas
    uint256 rollE18;
    uint256 shortE18; // units of short options
    uint256 worstE18; // greatest loss over all prices, each expiry at its own worst
}

/// @notice One underlying of a book before it is put together with the others. USD, 18 decimals, charges rounded up.
struct UnderlyingRisk {
    uint16 underlying;
    uint8 group;
    uint256 spotE18;
    int256 equityE18; // legs and credited collateral, rounded down
    int256 deltaE18; // net, with collateral, rounded away from zero
    uint256 tradedDeltaE18; // size of the net delta without collateral
    int256[] lossE18; // weighted loss per evaluated scenario, positive = loss
    uint256 scanE18; // max(0, greatest loss), or sum of each leg's own under ISOLATED
    uint256 rollE18;
    uint256 floorDeltaE18;
    uint256 floorShortE18;
    uint256 concentrationE18; // before the cap
    uint256 capE18; // most that scan and add-ons may come to together
    uint256 oiLowerE18; // open interest in USD from which the initial requirement rises
    uint256 oiUpperE18;
}
