// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INT_ONE_E18, ONE_E18, mulDivDown, mulDivFloor, mulDown, mulFloor} from "../libraries/math/FixedPoint.sol";
import {Normal} from "../libraries/math/Normal.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {Kind} from "../types/InstrumentId.sol";

/// @title Price of a European option on a forward
/// @notice Black 1976: call = D (F cdf(d1) - K cdf(d2)), d1 = ln(F/K) / w + w / 2, d2 = d1 - w, w = volatility * sqrt(T).
/// The put follows by parity, D (call - F + K), from the same call, so that parity holds to the last unit.
/// @dev The normal distribution is 0 or 1 from |d| = 9 on, which makes the price intrinsic value where volatility no longer
/// matters and lets a very great w tend to F for a call and K for a put. Prices are within 3e-18 (F + K) of the formula.
library Black76 {
    /// @notice Least and greatest w: below, the option is worth its intrinsic value; above, F or K.
    uint256 internal constant MIN_W_E18 = 1e9;
    uint256 internal constant MAX_W_E18 = 24e18;

    /// @notice Terms of one option that no scenario changes.
    struct Terms {
        Kind kind; // CALL or PUT
        uint256 forwardE18; // USD, 18 decimals
        uint256 strikeE18; // USD, 18 decimals, > 0
        int256 lnMoneynessE18; // ln(forward / strike), 18 decimals
        uint256 discountE18; // discount factor to expiry, 18 decimals
    }

    /// @notice Collects an option's terms; takes its one logarithm.
    function terms(
        Kind kind,
        uint256 forwardE18,
        uint256 strikeE18,
        uint256 discountE18
    ) internal pure returns (Terms memory) {
        return
            Terms({
                kind: kind,
                forwardE18: forwardE18,
                strikeE18: strikeE18,
                lnMoneynessE18: Transcendental.lnRatioE18(forwardE18, strikeE18),
                discountE18: discountE18
            });
    }

    /// @notice Discounted value of one unit of the option.
    /// @param wE18 Volatility times the root of the time to expiry, 18 decimals.
    /// @return USD, 18 decimals; between discounted intrinsic value and discounted F (call) or K (put).
    /// @custom:rounding floor
    function price(Terms memory option, uint256 wE18) internal pure returns (uint256) {
        return _price(option, option.forwardE18, option.lnMoneynessE18, wE18);
    }

    /// @notice The same with the forward multiplied by a factor whose logarithm is known.
    /// @param factorE18 Price after / price before, 18 decimals.
    /// @param lnFactorE18 Natural logarithm of the factor, 18 decimals.
    /// @param wE18 Volatility in the scenario times the root of the time to expiry, 18 decimals.
    /// @return USD, 18 decimals.
    /// @custom:rounding floor
    function priceAt(
        Terms memory option,
        uint256 factorE18,
        int256 lnFactorE18,
        uint256 wE18
    ) internal pure returns (uint256) {
        return _price(option, mulDown(option.forwardE18, factorE18), option.lnMoneynessE18 + lnFactorE18, wE18);
    }

    /// @notice Change of the discounted value per unit of forward: D cdf(d1) for a call, D (cdf(d1) - 1) for a put.
    /// @return 18 decimals, in [0, D] for a call and [-D, 0] for a put.
    /// @custom:rounding floor
    function delta(Terms memory option, uint256 wE18) internal pure returns (int256) {
        (int256 d1E18, ) = distances(option.lnMoneynessE18, boundW(wE18));
        int256 undiscountedE18 = int256(Normal.cdfE18(d1E18));
        if (option.kind == Kind.PUT) undiscountedE18 -= INT_ONE_E18;
        return mulFloor(undiscountedE18, int256(option.discountE18));
    }

    /// @notice Undiscounted call.
    /// @param forwardE18 USD, 18 decimals, below 2^128.
    /// @param strikeE18 USD, 18 decimals, below 2^128.
    /// @param lnMoneynessE18 ln(forward / strike), 18 decimals.
    /// @param wE18 Volatility times the root of the time to expiry, 18 decimals.
    /// @return USD, 18 decimals, between max(F - K, 0) and F.
    /// @custom:rounding floor
    function undiscountedCall(
        uint256 forwardE18,
        uint256 strikeE18,
        int256 lnMoneynessE18,
        uint256 wE18
    ) internal pure returns (uint256) {
        (int256 d1E18, int256 d2E18) = distances(lnMoneynessE18, boundW(wE18));
        uint256 gainE36 = forwardE18 * Normal.cdfE18(d1E18);
        uint256 costE36 = strikeE18 * Normal.cdfE18(d2E18);
        // The last units of the two products may cross; intrinsic value is the floor that parity needs for the put.
        uint256 callE18 = gainE36 > costE36 ? mulDivDown(gainE36 - costE36, 1, ONE_E18) : 0;
        uint256 intrinsicE18 = forwardE18 > strikeE18 ? forwardE18 - strikeE18 : 0;
        return callE18 > intrinsicE18 ? callE18 : intrinsicE18;
    }

    /// @notice Value of the option if it expired at this forward.
    /// @return USD, 18 decimals, undiscounted.
    /// @custom:rounding exact
    function intrinsic(Kind kind, uint256 forwardE18, uint256 strikeE18) internal pure returns (uint256) {
        (uint256 plus, uint256 minus) = kind == Kind.CALL ? (forwardE18, strikeE18) : (strikeE18, forwardE18);
        return plus > minus ? plus - minus : 0;
    }

    /// @notice w within its bounds.
    function boundW(uint256 wE18) internal pure returns (uint256) {
        if (wE18 < MIN_W_E18) return MIN_W_E18;
        return wE18 > MAX_W_E18 ? MAX_W_E18 : wE18;
    }

    function _price(
        Terms memory option,
        uint256 forwardE18,
        int256 lnMoneynessE18,
        uint256 wE18
    ) private pure returns (uint256) {
        uint256 valueE18 = undiscountedCall(forwardE18, option.strikeE18, lnMoneynessE18, wE18);
        // A call is worth at least forward - strike, so the put is never negative.
        if (option.kind == Kind.PUT) valueE18 = valueE18 + option.strikeE18 - forwardE18;
        return mulDown(valueE18, option.discountE18);
    }

    /// @notice d1 = ln(F / K) / w + w / 2 and d2 = d1 - w, 18 decimals, for a w within its bounds.
    /// @custom:rounding floor
    function distances(int256 lnMoneynessE18, uint256 wE18) internal pure returns (int256 d1E18, int256 d2E18) {
        int256 w = int256(wE18);
        d1E18 = mulDivFloor(lnMoneynessE18, INT_ONE_E18, w) + (w >> 1);
        d2E18 = d1E18 - w;
    }
}
