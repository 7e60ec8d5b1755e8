// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "./AccountId.sol";
import {CollateralUnits, MarginModel, QuoteFigure} from "./Book.sol";
import {Surface} from "./Market.sol";
import {PositionWord} from "./PositionWord.sol";
import {AssetParams, UnderlyingParams} from "./Risk.sol";

// What the risk engine works on in memory. Nothing here is stored.

/// @notice A book as the engine works on it.
struct Folio {
    MarginModel model;
    int256 cashE18; // settlement coin; positive cash is worth the coin's price, at most one dollar
    int256 quotesE18; // entry costs of linear positions, USD
    bool held; // an account's own book, whose entry costs are still to be asked for
    AccountId account; // whose
    QuoteFigure[] quotes; // of a book that is no account's own
    CollateralUnits[] collateral; // ascending by asset number
    PositionWord[] legs; // ascending, each with a size
    uint16 assumed; // underlying whose spot price is not asked for but assumed; 0 = none
    uint256 assumedSpotE18;
}

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
    // Below: options of a live expiry only.
    int256 lnPriceE18; // ln of the forward
    uint256 discountedE18; // discounted forward, USD, 18 decimals
    uint256 timeScaleE18; // time left / time from the surface's report to expiry
    uint256 volUpE18; // factor on implied volatility in the up state
    uint256 volDownE18; // factor on implied volatility in the down state
    uint256 floorUpE18; // least w in the up state: annual floor times the root of the time left
    uint256 floorDownE18; // the same in the down state
    Surface surface;
    uint256 strikeBits; // place of the last strike's highest bit and its square roots: guesses for the next
    uint256 smileRoot;
    uint256 volRoot;
}

/// @notice The scenarios to evaluate, ordered by state of volatility: up, then down, then flat.
struct Shocks {
    uint256[] words; // factor, weight and number of each, see Grid
    // Memory addresses of two words for each: ln f with 18 decimals, and lanes, see Row.
    uint256 up;
    uint256 down; // first with volatility down
    uint256 flat; // first with volatility as it is
    uint256 end; // after the last
}

/// @notice One leg between its valuation and its repricing.
struct LegTerms {
    PositionWord leg;
    ExpiryMarket expiry;
    // Value under a price factor f, minus value now: lanes(f) + linear * f + base; live options alone have lanes.
    int256 linearE36;
    int256 baseE36;
    int256 lnMoneynessE18; // ln(forward / strike)
    uint256 wE18; // volatility times root of time
    int256 forwardLane; // size * discounted forward, 1e-12 USD
    int256 strikeLane; // -size * discounted strike, 1e-12 USD
}

/// @notice One underlying, ready for pricing.
struct UnderlyingMarket {
    uint16 underlying;
    uint256 spotE18; // USD, 18 decimals
    int256 fundingE18; // cumulative funding of the perpetual, per unit
    UnderlyingParams params;
    uint256[] grid; // all scenario words
    uint256 farFactorE18; // greatest price factor of the grid
    uint256 blendE18; // share of the group's charge that is netted
}

/// @notice Units of one collateral asset with the asset's parameters.
struct Holding {
    AssetParams params;
    uint256 unitsE18;
}

/// @notice What the positions of one underlying are worth and what is needed to reprice them.
struct Exposure {
    int256 valueE18; // sum of the legs' values, each rounded down
    int256 deltaE36;
    uint256 grossDeltaE36; // sum of the legs' absolute deltas
    uint256 rollE18;
    uint256 shortE18; // units of short options
    bool hasLinear; // a perpetual or future among the legs, settled ones included
    int256 profitE18; // of the linear legs: their values and entry cost, settled ones included
    bool hasExpired; // an option whose time is past and whose price is not fixed
    uint256 worstE18; // greatest loss over all prices, each expiry at its own worst
    int256 linearE36; // sums over all terms
    int256 baseE36;
    LegTerms[] terms; // of the legs that scenarios move, in order
}

/// @notice One underlying of a book before it is put together with the others. USD, 18 decimals, charges rounded up.
struct UnderlyingRisk {
    UnderlyingMarket market;
    Exposure exposure;
    uint256 creditedE18; // units of collateral that count
    int256 equityE18; // legs and credited collateral, rounded down
    int256 deltaE18; // net, with collateral, rounded away from zero
    uint256 tradedDeltaE18; // size of the net delta without collateral
    int256[] lossE18; // weighted loss per scenario number, or of the two that a witness names; positive = loss
    uint256 scanE18; // max(0, greatest loss), at most the cap; or what the model puts in its place
    uint256 floorDeltaE18;
    uint256 floorShortE18;
    uint256 concentrationE18; // before the cap
    uint256 capE18; // most that scan and add-ons may come to together
}
