// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice State of one underlying's perpetual, one slot: 112 + 64 + 40 + 40 = 256 bits.
struct PerpState {
    int112 cumulativeFundingE18; // settlement coin per unit long paid since listing, 18 decimals
    int64 premiumE18; // clamped moving average of (fill price - index) / index, 18 decimals
    uint40 updatedAt; // Unix time of the last accrual, seconds
    uint40 sampledAt; // Unix time up to which fills have moved the average, seconds
}

/// @notice Terms under which series of one underlying may be traded. Series need no listing of their own.
struct Listing {
    bool active; // false: only reducing
    uint64 strikeStepE8; // strikes are multiples of this, USD, 8 decimals
    uint64 minStrikeE8;
    uint64 maxStrikeE8;
    uint128 openInterestCapE18; // most units long over all instruments of the underlying, 18 decimals
}

/// @notice Smile and forward of one expiry. Raw SVI total variance w2(k) = a + b(rho(k - m) + sqrt((k - m)^2 + s^2)),
/// k = ln(strike / forward), as of `publishedAt`. In storage two words, see `libraries/SurfaceWords.sol`.
struct Surface {
    uint40 publishedAt; // Unix time, seconds; 0 = never published
    uint64 forwardRatioE18; // forward / spot, 18 decimals
    uint64 discountE18; // discount factor to expiry, 18 decimals, > 0
    int64 aE18;
    uint64 bE18;
    int64 rhoE18;
    int64 mE18;
    uint64 sigmaE18;
}

/// @notice What the risk engine needs to know about one underlying right now.
struct Spot {
    uint256 indexE18; // USD, 18 decimals
    uint256 markE18; // price of the perpetual, USD, 18 decimals
    int256 cumulativeFundingE18; // including what has accrued since the last touch
}
