// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {mulFloor} from "./FixedPoint.sol";

/// @title Exponential, logarithm, power and root
/// @notice Numbers come and go with 18 decimals; inside, binary fixed point with 96 fractional bits (suffix X96).
/// @dev `unchecked` throughout the kernels: each line that could overflow names its bound.
library Transcendental {
    /// @notice Largest argument of `expE18`: e^130 * 1e18 is below 2^250.
    int256 internal constant EXP_MAX_E18 = 130e18;

    /// @notice Below this argument e^x is less than one unit of the last decimal: ln(1e-18) = -41.4465...
    int256 internal constant EXP_MIN_E18 = -42e18;

    /// @dev Constants times 2^96, to the nearest integer.
    int256 private constant ONE_X96 = 1 << 96;
    int256 private constant LN2_X96 = 54916777467707473351141471128;
    int256 private constant INVERSE_LN2_X96 = 114302077158074026402637675937;
    int256 private constant SQRT2_X96 = 112045541949572279837463876455;
    int256 private constant LN_1E18_X96 = 3283732547111784853622338894909;

    /// @notice Thrown when e^x does not fit.
    /// @param xE18 Argument, 18 decimals.
    error Transcendental_ExpOverflow(int256 xE18);
    /// @notice Thrown when the logarithm of zero is asked for.
    error Transcendental_LnOfZero();

    /// @notice e^x. Relative error below 1e-22 before the cut to 18 decimals; exact at 0; 0 below EXP_MIN_E18.
    /// @param xE18 Argument, 18 decimals, at most EXP_MAX_E18.
    /// @return 18 decimals.
    /// @custom:rounding floor
    function expE18(int256 xE18) internal pure returns (uint256) {
        if (xE18 > EXP_MAX_E18) revert Transcendental_ExpOverflow(xE18);
        if (xE18 < EXP_MIN_E18) return 0;
        unchecked {
            (int256 mantissaX96, int256 exponent) = _expParts((xE18 * ONE_X96) / 1e18);
            // mantissa < 2^97, 1e18 < 2^60, exponent <= 188: at most 2^157 * 2^92.
            int256 scaled = mantissaX96 * 1e18;
            return uint256(exponent <= 96 ? scaled >> uint256(96 - exponent) : scaled << uint256(exponent - 96));
        }
    }

    /// @notice e^x for x <= 0 in binary fixed point: the kernel of the normal distribution.
    /// @param xX96 Argument, 96 fractional bits, -2^104 < x <= 0.
    /// @return 96 fractional bits, in [0, 2^96].
    /// @custom:rounding floor
    function expNegativeX96(int256 xX96) internal pure returns (int256) {
        unchecked {
            (int256 mantissaX96, int256 exponent) = _expParts(xX96);
            // x <= 0 gives exponent <= 0; a shift past 255 bits leaves zero.
            return mantissaX96 >> uint256(-exponent);
        }
    }

    /// @notice Natural logarithm, to the nearest unit: error below 0.51e-18; exact at 1.
    /// @dev x = 2^e * m with m in [sqrt(1/2), sqrt(2)), and ln m = 2 artanh(z), z = (m - 1) / (m + 1), |z| < .1716:
    /// z + z^3/3 + z^5/5 + ... with 15 terms leaves less than 1e-25.
    /// @param xE18 Argument, 18 decimals, > 0.
    /// @return 18 decimals.
    /// @custom:rounding nearest
    function lnE18(uint256 xE18) internal pure returns (int256) {
        if (xE18 == 0) revert Transcendental_LnOfZero();
        uint256 exponent = Math.log2(xE18);
        unchecked {
            int256 mX96 = int256(exponent >= 96 ? xE18 >> (exponent - 96) : xE18 << (96 - exponent));
            int256 unitX96 = ONE_X96;
            if (mX96 >= SQRT2_X96) {
                unitX96 = 2 * ONE_X96;
                exponent += 1;
            }
            int256 zX96 = ((mX96 - unitX96) * ONE_X96) / (mX96 + unitX96);
            int256 squareX96 = (zX96 * zX96) >> 96;
            int256 seriesX96 = 0;
            for (int256 k = 29; k > 0; k -= 2) {
                seriesX96 = ((seriesX96 * squareX96) >> 96) + ONE_X96 / k;
            }
            int256 lnX96 = ((2 * zX96 * seriesX96) >> 96) + int256(exponent) * LN2_X96 - LN_1E18_X96;
            // |ln| < 178 < 2^8: the product stays below 2^165.
            return (lnX96 * 1e18 + ONE_X96 / 2) >> 96;
        }
    }

    /// @notice ln(a / b) of two positive numbers of the same unit; ln(a / b) = -ln(b / a) to the last unit.
    /// @dev The quotient is formed the way that makes it at least 1, so that 18 decimals keep 18 digits.
    /// @return 18 decimals.
    /// @custom:rounding nearest, of the quotient rounded down
    function lnRatioE18(uint256 a, uint256 b) internal pure returns (int256) {
        return a >= b ? lnE18(Math.mulDiv(a, 1e18, b)) : -lnE18(Math.mulDiv(b, 1e18, a));
    }

    /// @notice x^p = e^(p ln x). Relative error below (1 + |p|) * 1e-18 before the cut to 18 decimals.
    /// @param xE18 Base, 18 decimals, > 0.
    /// @param pE18 Exponent, 18 decimals.
    /// @return 18 decimals.
    /// @custom:rounding floor
    function powE18(uint256 xE18, int256 pE18) internal pure returns (uint256) {
        return expE18(mulFloor(lnE18(xE18), pE18));
    }

    /// @notice Square root of a number with 18 decimals.
    /// @param xE18 Argument, 18 decimals, below 2^196.
    /// @return 18 decimals.
    /// @custom:rounding floor
    function sqrtE18(uint256 xE18) internal pure returns (uint256) {
        return Math.sqrt(xE18 * 1e18);
    }

    /// @notice sqrt(x^2 + y^2) of two numbers with 18 decimals.
    /// @param xE18 18 decimals, magnitude below 2^127.
    /// @param yE18 18 decimals, magnitude below 2^127.
    /// @return 18 decimals.
    /// @custom:rounding floor
    function hypotE18(int256 xE18, int256 yE18) internal pure returns (uint256) {
        return Math.sqrt(uint256(xE18 * xE18 + yE18 * yE18));
    }

    /// @dev e^x = 2^exponent * mantissa, mantissa in [sqrt(1/2), sqrt(2)].
    /// x = exponent * ln 2 + r with |r| <= ln(2) / 2, and e^r = (P + rQ) / (P - rQ) by the diagonal Pade approximant of
    /// order 7, whose integer coefficients are (14 - j)! / ((7 - j)! j!) and whose relative error is below 3e-23 there.
    /// Needs |x| < 2^104.
    function _expParts(int256 xX96) private pure returns (int256 mantissaX96, int256 exponent) {
        unchecked {
            exponent = (xX96 * INVERSE_LN2_X96 + (1 << 191)) >> 192;
            int256 rX96 = xX96 - exponent * LN2_X96;
            int256 yX96 = (rX96 * rX96) >> 96;
            int256 pX96 = 56 * yX96 + 25200 * ONE_X96;
            pX96 = ((pX96 * yX96) >> 96) + 1995840 * ONE_X96;
            pX96 = ((pX96 * yX96) >> 96) + 17297280 * ONE_X96;
            int256 qX96 = yX96 + 1512 * ONE_X96;
            qX96 = ((qX96 * yX96) >> 96) + 277200 * ONE_X96;
            qX96 = ((qX96 * yX96) >> 96) + 8648640 * ONE_X96;
            int256 oddX96 = (rX96 * qX96) >> 96;
            // P < 2^25 * 2^96 and |rQ| < P / 2: the numerator stays below 2^218 and the denominator above zero.
            mantissaX96 = ((pX96 + oddX96) * ONE_X96) / (pX96 - oddX96);
        }
    }
}
