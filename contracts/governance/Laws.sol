// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskSteward} from "../interfaces/IRiskSteward.sol";
import {mulDivUp, mulDown, mulUp} from "../libraries/math/FixedPoint.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {Scenario, UnderlyingParams} from "../types/Risk.sol";

/// @title What the parameters of an underlying must satisfy together
/// @notice m, the smallest charge of one unit of a linear position as a fraction of its price, is the least of: worst weighted fall
/// of the grid, worst weighted rise, range of the delta model.
/// - Delay inequality: m >= z * sigma * sqrt(tau) + slippage + fee. Between a price and the liquidation that follows it the market
///   makes a normal move; what is left must pay for the sale.
/// - A sale raises health h where fee + slippage < h * m; here for every h from one half on.
library Laws {
    /// @dev One-sided 99.9 % of a normal move.
    uint256 private constant Z_E18 = 3.090_232_306_167_813_54e18;
    uint256 private constant ONE_E18 = 1e18;
    /// @dev Root of one hundredth: a sale of a hundredth of a day's volume.
    uint256 private constant ROOT_OF_SIZE_E18 = 0.1e18;

    function requireLawful(
        uint16 underlying,
        UnderlyingParams memory params,
        Scenario[] memory grid,
        uint256 feeE18,
        uint256 reactionSeconds
    ) internal pure {
        uint256 shockE18 = leastShock(params, grid);
        uint256 saleE18 = slippage(params) + feeE18;
        uint256 neededE18 = normalMove(params, reactionSeconds) + saleE18;
        if (shockE18 < neededE18) revert IRiskSteward.RiskSteward_ShockTooSmall(underlying, shockE18, neededE18);
        if (2 * saleE18 > shockE18) revert IRiskSteward.RiskSteward_SaleTooDear(underlying, shockE18, saleE18);
    }

    /// @notice Smallest charge on a linear unit, fraction of its price, 18 decimals.
    /// @custom:rounding floor
    function leastShock(UnderlyingParams memory params, Scenario[] memory grid) internal pure returns (uint256) {
        uint256 fallE18 = 0;
        uint256 riseE18 = 0;
        for (uint256 i = 0; i < grid.length; ++i) {
            (uint256 factorE18, uint256 weightE18) = (grid[i].factorE18, grid[i].weightE18);
            if (factorE18 < ONE_E18) fallE18 = _max(fallE18, mulDown(ONE_E18 - factorE18, weightE18));
            else riseE18 = _max(riseE18, mulDown(factorE18 - ONE_E18, weightE18));
        }
        uint256 leastE18 = fallE18 < riseE18 ? fallE18 : riseE18;
        return params.rangeE18 < leastE18 ? params.rangeE18 : leastE18;
    }

    /// @notice z * sigma * sqrt(tau), fraction of the price, 18 decimals.
    /// @custom:rounding ceil
    function normalMove(UnderlyingParams memory params, uint256 reactionSeconds) internal pure returns (uint256) {
        uint256 rootE18 = Transcendental.sqrtE18(mulDivUp(reactionSeconds, ONE_E18, 1 days)) + 1;
        return mulUp(mulUp(Z_E18, params.sigmaDayE18), rootE18);
    }

    /// @notice Half the spread and the impact of a hundredth of a day's volume, fraction of the price, 18 decimals.
    /// @custom:rounding ceil
    function slippage(UnderlyingParams memory params) internal pure returns (uint256) {
        return mulDivUp(params.spreadE18, 1, 2) + mulUp(mulUp(params.impactE18, params.sigmaDayE18), ROOT_OF_SIZE_E18);
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
