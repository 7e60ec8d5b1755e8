// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {AssetParams, GlobalParams, UnderlyingParams} from "../types/Risk.sol";

/// @title Bounds of every risk parameter, in one place
/// @notice Wide enough for any market the protocol could list, narrow enough that a slip of the decimal point is refused.
library RiskBounds {
    uint256 internal constant ONE_E18 = 1e18;

    /// @notice At most half of a group's charge is netted between underlyings.
    uint256 internal constant MAX_BLEND_E18 = 0.5e18;
    uint256 internal constant MAX_VOL_UP_E18 = 5e18;
    /// @notice Volatility never falls to nothing.
    uint256 internal constant MAX_VOL_DOWN_E18 = 0.99e18;
    uint256 internal constant MAX_VOL_FLOOR_E18 = 5e18;
    /// @notice Least volatility of the down state: 0.1 %.
    uint256 internal constant MIN_VOL_FLOOR_E18 = 0.001e18;
    uint256 internal constant MAX_POWER_E18 = 1e18;
    uint256 internal constant MAX_ROLL_MIN_E18 = 0.2e18;
    uint256 internal constant MAX_ROLL_YEAR_E18 = 1e18;
    /// @notice Floors stay well below the worth of a unit, so that more collateral never lowers excess.
    uint256 internal constant MAX_FLOOR_E18 = 0.2e18;
    uint256 internal constant MAX_SPREAD_E18 = 0.1e18;
    uint256 internal constant MAX_IMPACT_E18 = 10e18;
    uint256 internal constant MAX_SIGMA_DAY_E18 = 0.5e18;
    /// @notice Least average daily volume: a thousand dollars.
    uint256 internal constant MIN_ADV_E18 = 1_000e18;
    /// @notice Greatest volume or open interest: a quadrillion dollars.
    uint256 internal constant MAX_MARKET_E18 = 1e33;
    /// @notice Price move that the delta model charges: 1 % to 90 %.
    uint256 internal constant MIN_RANGE_E18 = 0.01e18;
    uint256 internal constant MAX_RANGE_E18 = 0.9e18;
    uint256 internal constant MIN_INITIAL_RATIO_E18 = 0.5e18;
    /// @notice Greatest keeper reserve, whole and per position: a thousand dollars.
    uint256 internal constant MAX_RESERVE_E18 = 1_000e18;
    /// @notice Greatest k of the size-dependent weight: at 1, a holding of a hundred dollars counts a tenth.
    uint256 internal constant MAX_SIZE_E18 = 1e18;

    function check(bytes32 name, uint256 value, uint256 min, uint256 max) internal pure {
        if (value < min || value > max) revert IRiskParameters.RiskParameters_OutOfBounds(name, value, min, max);
    }

    function checkUnderlying(UnderlyingParams memory params) internal pure {
        check("volUp", params.volUpE18, 0, MAX_VOL_UP_E18);
        check("volDown", params.volDownE18, 0, MAX_VOL_DOWN_E18);
        check("volFloorUp", params.volFloorUpE18, MIN_VOL_FLOOR_E18, MAX_VOL_FLOOR_E18);
        check("volFloorDown", params.volFloorDownE18, MIN_VOL_FLOOR_E18, params.volFloorUpE18);
        check("powerShort", params.powerShortE18, 0, MAX_POWER_E18);
        check("powerLong", params.powerLongE18, 0, MAX_POWER_E18);
        check("rollMin", params.rollMinE18, 0, MAX_ROLL_MIN_E18);
        check("rollYear", params.rollYearE18, 0, MAX_ROLL_YEAR_E18);
        check("floorNet", params.floorNetE18, 0, MAX_FLOOR_E18);
        check("floorHedged", params.floorHedgedE18, 0, MAX_FLOOR_E18);
        check("floorShort", params.floorShortE18, 0, MAX_FLOOR_E18);
        check("spread", params.spreadE18, 0, MAX_SPREAD_E18);
        check("impact", params.impactE18, 0, MAX_IMPACT_E18);
        check("sigmaDay", params.sigmaDayE18, 0, MAX_SIGMA_DAY_E18);
        check("adv", params.advE18, MIN_ADV_E18, MAX_MARKET_E18);
        check("oiUpper", params.oiUpperE18, uint256(params.oiLowerE18) + 1, MAX_MARKET_E18);
        check("range", params.rangeE18, MIN_RANGE_E18, MAX_RANGE_E18);
    }

    function checkAsset(AssetParams memory params) internal pure {
        check("weight", params.weightE18, 0, ONE_E18);
        check("size", params.sizeE18, 0, MAX_SIZE_E18);
        uint256 least = params.underlying == 0 ? 1 : params.underlying;
        check("feedId", params.feedId, least, params.underlying == 0 ? type(uint16).max : least);
    }

    function checkGlobal(GlobalParams memory params) internal pure {
        check("initialRatio", params.initialRatioE18, MIN_INITIAL_RATIO_E18, ONE_E18);
        check("reserveBase", params.reserveBaseE18, 0, MAX_RESERVE_E18);
        check("reservePerPosition", params.reservePerPositionE18, 0, MAX_RESERVE_E18);
        check("settlementFeedId", params.settlementFeedId, 1, type(uint16).max);
    }
}
