// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InstrumentId} from "./InstrumentId.sol";

// Sensitivities. 18 decimals throughout, each figure rounded down, towards -infinity; sums are sums of rounded legs.
//   delta  units of the underlying: USD per USD of the price of the leg's own expiry
//   gamma  units per USD of that price
//   vega   USD per 1.00 of annual volatility
//   theta  USD per calendar day, forward, volatility and discount factor held; below zero for who has bought

/// @notice Sensitivities of a leg, or a sum of them.
struct Sensitivities {
    int256 deltaE18;
    int256 gammaE18;
    int256 vegaE18;
    int256 thetaE18;
}

/// @notice One leg: the whole position's sensitivities beside the price of one unit.
struct LegGreeks {
    InstrumentId instrument;
    int256 sizeE18; // units of the underlying; positive = long
    uint256 priceE18; // one unit, USD
    uint256 volE18; // annual implied volatility; 0 for a leg without
    Sensitivities whole;
}

/// @notice The legs of one expiry, ascending, and their sum.
struct ExpiryGreeks {
    uint40 expiry; // Unix time, seconds; 0 = the perpetual
    uint256 priceE18; // what delta and gamma refer to, USD
    Sensitivities sum;
    LegGreeks[] legs;
}

/// @notice One underlying: its expiries that have not settled, ascending, and their sum.
struct UnderlyingGreeks {
    uint16 underlying;
    Sensitivities sum; // delta includes the units of collateral inside the grid that count
    ExpiryGreeks[] expiries;
}
