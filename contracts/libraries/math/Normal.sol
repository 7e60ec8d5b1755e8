// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Transcendental} from "./Transcendental.sol";

/// @title Normal distribution
/// @notice Cumulative distribution and density of the standard normal, 18 decimals.
/// @dev W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969), in the form and
/// with the coefficients that R's `pnorm` publishes. Two of his three intervals are enough here: for |x| <= .67448975
///     cdf(x) = 1/2 + x A(x^2) / B(x^2),
/// and beyond, with y = |x|,
///     cdf(-y) = exp(-y^2 / 2) C(y) / D(y),
/// whose error, compared at 50 digits, is below 7e-20 up to y = 9, where the tail is 1.1e-19: past that the answer is 0 or 1.
/// Each coefficient is written as published and cut to 96 fractional bits by the compiler.
library Normal {
    /// @notice From this magnitude on the distribution is 0 or 1 with 18 decimals.
    int256 internal constant CUT_E18 = 9e18;

    int256 private constant ONE_X96 = 1 << 96;
    int256 private constant HALF_X96 = 1 << 95;
    int256 private constant CENTRE_E18 = 674489750000000000;
    int256 private constant INVERSE_SQRT_2PI_X96 = 31607463825455920808620519744;

    int256 private constant A0_X96 = (int256(22352520354606839287) << 96) / 1e19;
    int256 private constant A1_X96 = (int256(16102823106855587881) << 96) / 1e17;
    int256 private constant A2_X96 = (int256(10676894854603709582) << 96) / 1e16;
    int256 private constant A3_X96 = (int256(18154981253343561249) << 96) / 1e15;
    int256 private constant A4_X96 = (int256(65682337918207449113) << 96) / 1e21;

    int256 private constant B0_X96 = (int256(4720258190468824187) << 96) / 1e17;
    int256 private constant B1_X96 = (int256(97609855173777669322) << 96) / 1e17;
    int256 private constant B2_X96 = (int256(10260932208618978205) << 96) / 1e15;
    int256 private constant B3_X96 = (int256(45507789335026729956) << 96) / 1e15;

    int256 private constant C0_X96 = (int256(39894151208813466764) << 96) / 1e20;
    int256 private constant C1_X96 = (int256(88831497943883759412) << 96) / 1e19;
    int256 private constant C2_X96 = (int256(93506656132177855979) << 96) / 1e18;
    int256 private constant C3_X96 = (int256(59727027639480026226) << 96) / 1e17;
    int256 private constant C4_X96 = (int256(24945375852903726711) << 96) / 1e16;
    int256 private constant C5_X96 = (int256(68481904505362823326) << 96) / 1e16;
    int256 private constant C6_X96 = (int256(11602651437647350124) << 96) / 1e15;
    int256 private constant C7_X96 = (int256(98427148383839780218) << 96) / 1e16;
    int256 private constant C8_X96 = (int256(10765576773720192317) << 96) / 1e27;

    int256 private constant D0_X96 = (int256(22266688044328115691) << 96) / 1e18;
    int256 private constant D1_X96 = (int256(23538790178262499861) << 96) / 1e17;
    int256 private constant D2_X96 = (int256(1519377599407554805) << 96) / 1e15;
    int256 private constant D3_X96 = (int256(6485558298266760755) << 96) / 1e15;
    int256 private constant D4_X96 = (int256(18615571640885098091) << 96) / 1e15;
    int256 private constant D5_X96 = (int256(34900952721145977266) << 96) / 1e15;
    int256 private constant D6_X96 = (int256(38912003286093271411) << 96) / 1e15;
    int256 private constant D7_X96 = (int256(19685429676859990727) << 96) / 1e15;

    /// @notice Probability that a standard normal variable is at most x. Error below 1.1e-18, the cut included;
    /// cdf(x) + cdf(-x) = 1 to the last unit.
    /// @param xE18 Argument, 18 decimals.
    /// @return 18 decimals, in [0, 1e18].
    /// @custom:rounding floor for the lower tail, ceil for the upper
    function cdfE18(int256 xE18) internal pure returns (uint256) {
        if (xE18 >= CUT_E18) return 1e18;
        if (xE18 <= -CUT_E18) return 0;
        unchecked {
            // |x| < 9e18: the conversion stays below 2^160.
            int256 yX96 = ((xE18 < 0 ? -xE18 : xE18) * ONE_X96) / 1e18;
            bool central = xE18 <= CENTRE_E18 && xE18 >= -CENTRE_E18;
            int256 tailX96 = central ? _centralTail(yX96) : _outerTail(yX96);
            uint256 tailE18 = uint256((tailX96 * 1e18) >> 96);
            return xE18 < 0 ? tailE18 : 1e18 - tailE18;
        }
    }

    /// @notice Density of the standard normal, exp(-x^2 / 2) / sqrt(2 pi). Error below 1.1e-18; 0 from |x| = 9 on.
    /// @param xE18 Argument, 18 decimals.
    /// @return 18 decimals.
    /// @custom:rounding floor
    function pdfE18(int256 xE18) internal pure returns (uint256) {
        if (xE18 >= CUT_E18 || xE18 <= -CUT_E18) return 0;
        unchecked {
            int256 xX96 = (xE18 * ONE_X96) / 1e18;
            // The density is below 2^95, times 1e18 below 2^155.
            int256 densityX96 = (_bell(xX96) * INVERSE_SQRT_2PI_X96) >> 96;
            return uint256((densityX96 * 1e18) >> 96);
        }
    }

    /// @dev exp(-y^2 / 2) for |y| <= 9.
    function _bell(int256 yX96) private pure returns (int256) {
        unchecked {
            return Transcendental.expNegativeX96(-((yX96 * yX96) >> 97));
        }
    }

    /// @dev cdf(-y) for 0 <= y <= .67448975. All terms positive, numerator and denominator below 2^17 * 2^96.
    function _centralTail(int256 yX96) private pure returns (int256) {
        unchecked {
            int256 squareX96 = (yX96 * yX96) >> 96;
            int256 aX96 = (A4_X96 * squareX96) >> 96;
            aX96 = ((aX96 + A0_X96) * squareX96) >> 96;
            aX96 = ((aX96 + A1_X96) * squareX96) >> 96;
            aX96 = ((aX96 + A2_X96) * squareX96) >> 96;
            int256 bX96 = squareX96;
            bX96 = ((bX96 + B0_X96) * squareX96) >> 96;
            bX96 = ((bX96 + B1_X96) * squareX96) >> 96;
            bX96 = ((bX96 + B2_X96) * squareX96) >> 96;
            return HALF_X96 - (yX96 * (aX96 + A3_X96)) / (bX96 + B3_X96);
        }
    }

    /// @dev cdf(-y) for .67448975 < y <= 9. All terms positive, D(9) below 2^30 * 2^96, so that products stay below 2^226.
    function _outerTail(int256 yX96) private pure returns (int256) {
        unchecked {
            int256 cX96 = (C8_X96 * yX96) >> 96;
            cX96 = ((cX96 + C0_X96) * yX96) >> 96;
            cX96 = ((cX96 + C1_X96) * yX96) >> 96;
            cX96 = ((cX96 + C2_X96) * yX96) >> 96;
            cX96 = ((cX96 + C3_X96) * yX96) >> 96;
            cX96 = ((cX96 + C4_X96) * yX96) >> 96;
            cX96 = ((cX96 + C5_X96) * yX96) >> 96;
            cX96 = ((cX96 + C6_X96) * yX96) >> 96;
            int256 dX96 = yX96;
            dX96 = ((dX96 + D0_X96) * yX96) >> 96;
            dX96 = ((dX96 + D1_X96) * yX96) >> 96;
            dX96 = ((dX96 + D2_X96) * yX96) >> 96;
            dX96 = ((dX96 + D3_X96) * yX96) >> 96;
            dX96 = ((dX96 + D4_X96) * yX96) >> 96;
            dX96 = ((dX96 + D5_X96) * yX96) >> 96;
            dX96 = ((dX96 + D6_X96) * yX96) >> 96;
            return (_bell(yX96) * (cX96 + C7_X96)) / (dX96 + D7_X96);
        }
    }
}
