// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {mulDivDown, mulDown} from "../libraries/math/FixedPoint.sol";
import {AssetParams} from "../types/Risk.sol";

/// @title How much of a holding counts
/// @notice weight = min(base, 1.1 / (k sqrt(value in USD) + 1)), applied to the whole holding. units * weight grows with the
/// units, so that more collateral never counts for less.
library Collateral {
    /// @dev sqrt(10^-18 * 10^-18 * 10^24 * value) has 30 decimals: so many that the rounding of the root stays far below the
    /// least step of units * weight, and the integers keep the growth that the formula has.
    uint256 private constant ROOT_SCALE_E24 = 1e24;
    uint256 private constant ONE_E48 = 1e48;
    uint256 private constant SIZE_LIMIT_E48 = 1.1e48;

    /// @notice Units that count.
    /// @param unitsE18 Units held, 18 decimals.
    /// @param priceE18 Price of one unit, USD, 18 decimals.
    /// @return 18 decimals, at most unitsE18 * base weight.
    /// @custom:rounding floor
    function creditedUnits(
        AssetParams memory params,
        uint256 unitsE18,
        uint256 priceE18
    ) internal pure returns (uint256) {
        uint256 baseE18 = mulDown(unitsE18, params.weightE18);
        if (params.sizeE18 == 0) return baseE18;
        uint256 rootE30 = Math.sqrt(unitsE18 * priceE18 * ROOT_SCALE_E24);
        uint256 sizedE18 = mulDivDown(unitsE18, SIZE_LIMIT_E48, uint256(params.sizeE18) * rootE30 + ONE_E48);
        return baseE18 < sizedE18 ? baseE18 : sizedE18;
    }
}
