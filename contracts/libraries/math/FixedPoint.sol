// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

// Products and quotients that say which way they round. Floor and ceil are toward -infinity and +infinity, whatever the
// sign; down and up are the same thing for unsigned numbers. Every product is exact before the one division.

// One, with 18 decimals.
uint256 constant ONE_E18 = 1e18;

// One, with 18 decimals, signed.
int256 constant INT_ONE_E18 = 1e18;

/// @notice Thrown when a signed quotient is asked for with a denominator that is not positive.
/// @param denominator Denominator given.
error FixedPoint_NonPositiveDenominator(int256 denominator);

/// @notice a * b / denominator, rounded toward -infinity.
/// @custom:rounding floor
function mulDivFloor(int256 a, int256 b, int256 denominator) pure returns (int256) {
    if (denominator <= 0) revert FixedPoint_NonPositiveDenominator(denominator);
    if (int128(a) != a || int128(b) != b)
        return _mulDivSigned(a, b, denominator, Math.Rounding.Floor, Math.Rounding.Ceil);
    unchecked {
        // Two numbers of 128 bits: the product fits, and the quotient is no larger than it.
        int256 product = a * b;
        int256 quotient = product / denominator;
        return product % denominator < 0 ? quotient - 1 : quotient;
    }
}

/// @notice a * b / denominator, rounded toward +infinity.
/// @custom:rounding ceil
function mulDivCeil(int256 a, int256 b, int256 denominator) pure returns (int256) {
    if (denominator <= 0) revert FixedPoint_NonPositiveDenominator(denominator);
    if (int128(a) != a || int128(b) != b)
        return _mulDivSigned(a, b, denominator, Math.Rounding.Ceil, Math.Rounding.Floor);
    unchecked {
        // Two numbers of 128 bits: the product fits, and the quotient is no larger than it.
        int256 product = a * b;
        int256 quotient = product / denominator;
        return product % denominator > 0 ? quotient + 1 : quotient;
    }
}

/// @notice a * b / denominator, rounded down.
/// @custom:rounding floor
function mulDivDown(uint256 a, uint256 b, uint256 denominator) pure returns (uint256) {
    if ((a | b) >> 128 != 0) return Math.mulDiv(a, b, denominator);
    unchecked {
        // Two numbers of 128 bits: the product fits.
        return (a * b) / denominator;
    }
}

/// @notice a * b / denominator, rounded up.
/// @custom:rounding ceil
function mulDivUp(uint256 a, uint256 b, uint256 denominator) pure returns (uint256) {
    if ((a | b) >> 128 != 0) return Math.mulDiv(a, b, denominator, Math.Rounding.Ceil);
    unchecked {
        // Two numbers of 128 bits: the product fits, and one more than the quotient is no larger than it plus one.
        uint256 product = a * b;
        uint256 quotient = product / denominator;
        return product % denominator == 0 ? quotient : quotient + 1;
    }
}

/// @notice Product of two numbers with 18 decimals, rounded toward -infinity.
/// @custom:rounding floor
function mulFloor(int256 aE18, int256 bE18) pure returns (int256) {
    return mulDivFloor(aE18, bE18, INT_ONE_E18);
}

/// @notice Product of two numbers with 18 decimals, rounded toward +infinity.
/// @custom:rounding ceil
function mulCeil(int256 aE18, int256 bE18) pure returns (int256) {
    return mulDivCeil(aE18, bE18, INT_ONE_E18);
}

/// @notice Product of two numbers with 18 decimals, rounded down.
/// @custom:rounding floor
function mulDown(uint256 aE18, uint256 bE18) pure returns (uint256) {
    return mulDivDown(aE18, bE18, ONE_E18);
}

/// @notice Product of two numbers with 18 decimals, rounded up.
/// @custom:rounding ceil
function mulUp(uint256 aE18, uint256 bE18) pure returns (uint256) {
    return mulDivUp(aE18, bE18, ONE_E18);
}

/// @notice Quotient of two numbers with 18 decimals, rounded down.
/// @custom:rounding floor
function divDown(uint256 aE18, uint256 bE18) pure returns (uint256) {
    return mulDivDown(aE18, ONE_E18, bE18);
}

/// @notice Quotient of two numbers with 18 decimals, rounded up.
/// @custom:rounding ceil
function divUp(uint256 aE18, uint256 bE18) pure returns (uint256) {
    return mulDivUp(aE18, ONE_E18, bE18);
}

/// @notice A product of two numbers with 18 decimals cut back to 18 decimals.
/// @custom:rounding floor
function cutE36(uint256 xE36) pure returns (uint256 xE18) {
    unchecked {
        return xE36 / ONE_E18;
    }
}

/// @notice A figure with 24 decimals too many cut to those it needs.
/// @custom:rounding floor
function cutE24(int256 xE24) pure returns (int256 x) {
    x = quotientFloor(xE24, 1e24);
}

/// @notice The same with 18 decimals too many.
/// @custom:rounding floor
function cutE18(int256 xE18) pure returns (int256 x) {
    x = quotientFloor(xE18, INT_ONE_E18);
}

/// @notice A figure with 36 decimals times a weight with 18 decimals, to 18 decimals.
/// @param xE36 Magnitude below 2^191.
/// @param weightE18 Below 2^64.
/// @custom:rounding ceil
function weightedCeil(int256 xE36, uint256 weightE18) pure returns (int256) {
    unchecked {
        return -quotientFloor(-xE36 * int256(weightE18), 1e36);
    }
}

/// @notice A number in cells, see Cdf: 2^29 to the unit.
/// @param xE18 18 decimals, below 2^200.
/// @custom:rounding nearest
function cellsOf(uint256 xE18) pure returns (uint256) {
    unchecked {
        return ((xE18 << 29) + ONE_E18 / 2) / ONE_E18;
    }
}

/// @notice Cells per unit of a figure with 18 decimals that is divided by x: 2^125 / x, 96 fractional bits.
/// @param xE18 18 decimals, > 0.
/// @custom:rounding floor
function reciprocalCells(uint256 xE18) pure returns (uint256) {
    unchecked {
        return (1 << 125) / xE18;
    }
}

/// @notice Quotient rounded toward -infinity.
/// @param denominator > 0; the caller sees to it.
/// @custom:rounding floor
function quotientFloor(int256 numerator, int256 denominator) pure returns (int256 quotient) {
    assembly ("memory-safe") {
        // The remainder has the numerator's sign: where it is negative, the quotient was cut upwards.
        quotient := sub(sdiv(numerator, denominator), slt(smod(numerator, denominator), 0))
    }
}

/// @dev Rounds the magnitude by `positive` or, for a negative result, by `negative`: floor of -x is minus ceil of x.
function _mulDivSigned(
    int256 a,
    int256 b,
    int256 denominator,
    Math.Rounding positive,
    Math.Rounding negative
) pure returns (int256) {
    bool minus = (a < 0) != (b < 0);
    uint256 magnitude = Math.mulDiv(
        SignedMath.abs(a),
        SignedMath.abs(b),
        uint256(denominator),
        minus ? negative : positive
    );
    int256 signed = SafeCast.toInt256(magnitude);
    return minus ? -signed : signed;
}
