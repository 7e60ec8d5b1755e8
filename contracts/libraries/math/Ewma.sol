// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ONE_E18, mulDivDown, mulDivUp, mulUp} from "./FixedPoint.sol";
import {Transcendental} from "./Transcendental.sol";

/// @title Realised variance as an exponentially weighted moving average
/// @notice v' = k * v + (1 - k) * r^2 / t with k = 2^(-t / halfLife): the average of RiskMetrics (J.P. Morgan and Reuters, Technical
/// Document, 4th edition 1996, section 5.2) for returns r over times t that need not be equal. Variances are annual.
/// @dev 1 - k <= t * ln 2 / halfLife, so that one return raises the average by at most ln 2 * r^2 * year / halfLife, whatever t.
library Ewma {
    uint256 internal constant YEAR_SECONDS = 365 days;
    uint256 private constant LN2_E18 = 0.693_147_180_559_945_309e18;

    /// @notice The average after one more return.
    /// @param returnE18 Magnitude of the logarithmic return, 18 decimals.
    /// @param elapsedSeconds In which it was made, > 0.
    /// @param calmSeconds What is quieter than the average counts as if it had lasted for no longer: what nobody watched was not calm.
    /// @custom:rounding ceil
    function next(
        uint256 varianceE18,
        uint256 returnE18,
        uint256 elapsedSeconds,
        uint256 halfLifeSeconds,
        uint256 calmSeconds
    ) internal pure returns (uint256) {
        uint256 observedE18 = mulDivUp(mulUp(returnE18, returnE18), YEAR_SECONDS, elapsedSeconds);
        uint256 weighedSeconds = elapsedSeconds;
        if (observedE18 < varianceE18 && weighedSeconds > calmSeconds) weighedSeconds = calmSeconds;
        uint256 keptE18 = Transcendental.expE18(-int256(mulDivDown(LN2_E18, weighedSeconds, halfLifeSeconds)));
        return mulUp(varianceE18, keptE18) + mulUp(observedE18, ONE_E18 - keptE18);
    }

    /// @notice Annual volatility, 18 decimals.
    /// @custom:rounding ceil, by at most one unit
    function volatilityE18(uint256 varianceE18) internal pure returns (uint256) {
        return varianceE18 == 0 ? 0 : Transcendental.sqrtE18(varianceE18) + 1;
    }

    /// @notice multiple * sigma * sqrt(horizon), fraction of the price, 18 decimals.
    /// @custom:rounding ceil
    function moveE18(uint256 varianceE18, uint256 multipleE18, uint256 horizonSeconds) internal pure returns (uint256) {
        uint256 rootE18 = Transcendental.sqrtE18(mulDivUp(horizonSeconds, ONE_E18, YEAR_SECONDS)) + 1;
        return mulUp(mulUp(multipleE18, volatilityE18(varianceE18)), rootE18);
    }
}
