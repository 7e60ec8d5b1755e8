// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INT_ONE_E18, cutE18, divDown, mulFloor} from "./math/FixedPoint.sol";
import {Roots} from "./math/Roots.sol";
import {Transcendental} from "./math/Transcendental.sol";
import {Surface} from "../types/Market.sol";
import {ExpiryMarket} from "../types/Valuation.sol";

/// @title Implied variance by strike
/// @notice Raw SVI (Gatheral): total variance w2(k) = a + b (rho (k - m) + sqrt((k - m)^2 + s^2)), k = ln(strike / forward).
library Svi {
    /// @notice Steepest wings that leave no butterfly arbitrage: b (1 + |rho|) <= 4.
    int256 internal constant MAX_SLOPE_E18 = 4e18;

    /// @notice Total variance at log-strike k. Within 4e-18 (1 + b) of the formula.
    /// @param kE18 ln(strike / forward), 18 decimals.
    /// @return 18 decimals, never below 0.
    /// @custom:rounding floor
    function totalVariance(Surface memory surface, int256 kE18) internal pure returns (uint256) {
        int256 distanceE18 = kE18 - surface.mE18;
        int256 sigmaE18 = int256(uint256(surface.sigmaE18));
        int256 rootE18 = int256(Transcendental.hypotE18(distanceE18, sigmaE18));
        int256 wingE18 = mulFloor(surface.rhoE18, distanceE18) + rootE18;
        int256 varianceE18 = surface.aE18 + mulFloor(int256(uint256(surface.bE18)), wingE18);
        return varianceE18 > 0 ? uint256(varianceE18) : 0;
    }

    /// @notice Annual volatility at log-strike k of a surface that was reported with this time to expiry.
    /// @param kE18 ln(strike / forward), 18 decimals.
    /// @param reportYearsE18 Years from the report to expiry, 18 decimals, > 0.
    /// @return 18 decimals.
    /// @custom:rounding floor
    function volatility(Surface memory surface, int256 kE18, uint256 reportYearsE18) internal pure returns (uint256) {
        return Transcendental.sqrtE18(divDown(totalVariance(surface, kE18), reportYearsE18));
    }

    /// @notice Volatility times root of time at log-strike k, as of now: sqrt(w2(k) * time left / time from the report). The smile's
    /// annual volatility stays as reported while time passes. Leaves its two roots as guesses for the next strike.
    /// @param kE18 ln(strike / forward), 18 decimals.
    /// @return wE18 18 decimals.
    /// @custom:rounding floor
    function totalVol(ExpiryMarket memory expiry, int256 kE18) internal pure returns (uint256 wE18) {
        Surface memory surface = expiry.surface;
        uint256 sigmaE18 = surface.sigmaE18;
        unchecked {
            // A logarithm is below 2^68, the other figures of a surface and the time scale below 2^64: squares stay below 2^138,
            // a variance times the scale below 2^198.
            int256 distanceE18 = kE18 - surface.mE18;
            uint256 rootE18 = Roots.sqrtNear(
                uint256(distanceE18 * distanceE18) + sigmaE18 * sigmaE18,
                expiry.smileRoot
            );
            int256 wingE18 = cutE18(int256(surface.rhoE18) * distanceE18) + int256(rootE18);
            int256 varianceE18 = surface.aE18 + cutE18(int256(uint256(surface.bE18)) * wingE18);
            expiry.smileRoot = rootE18 | 1;
            if (varianceE18 <= 0) return 0;
            wE18 = Roots.sqrtNear(uint256(varianceE18) * expiry.timeScaleE18, expiry.volRoot);
            expiry.volRoot = wE18 | 1;
        }
    }

    /// @notice Whether the parameters make a smile: b >= 0, |rho| < 1, s > 0, least variance a + b s sqrt(1 - rho^2) >= 0,
    /// b (1 + |rho|) <= 4. Variance between expiries is for the caller to compare.
    function isAcceptable(Surface memory surface) internal pure returns (bool) {
        int256 rhoE18 = surface.rhoE18;
        if (rhoE18 <= -INT_ONE_E18 || rhoE18 >= INT_ONE_E18 || surface.sigmaE18 == 0) return false;
        int256 b = int256(uint256(surface.bE18));
        int256 absRhoE18 = rhoE18 < 0 ? -rhoE18 : rhoE18;
        if (b * (INT_ONE_E18 + absRhoE18) > MAX_SLOPE_E18 * INT_ONE_E18) return false;
        int256 cosineE18 = int256(Transcendental.sqrtE18(uint256(INT_ONE_E18 - mulFloor(rhoE18, rhoE18))));
        int256 lowestE18 = surface.aE18 + mulFloor(b, mulFloor(int256(uint256(surface.sigmaE18)), cosineE18));
        return lowestE18 >= 0;
    }
}
