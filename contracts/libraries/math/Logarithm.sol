// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/src/utils/LibBit.sol";

/// @title Natural logarithm for prices
/// @notice A shorter series than Transcendental's for the place where one logarithm per option is taken.
library Logarithm {
    /// @dev sqrt(2) with 63, the rest with 64 fractional bits, to the nearest integer.
    int256 private constant SQRT2_X63 = 13043817825332782212;
    int256 private constant HALF_LN2_X64 = 6393154322601327829;
    int256 private constant LN2_X64 = 12786308645202655659;
    int256 private constant LN_1E18_X64 = 764553562531197642353;

    /// @notice ln(x / 1e18), error below 1e-12. Never falls as x rises.
    /// @param xE18 18 decimals, > 0.
    /// @return 18 decimals.
    /// @custom:rounding floor
    function lnE18(uint256 xE18) internal pure returns (int256) {
        return _lnE18(xE18, LibBit.fls(xE18));
    }

    /// @notice The same. A right guess of the place of the highest bit saves finding it and never changes the result.
    /// @param xE18 18 decimals, > 0.
    /// @return 18 decimals.
    /// @return place Of the highest bit, counted from 0.
    /// @custom:rounding floor
    function lnNear(uint256 xE18, uint256 guess) internal pure returns (int256, uint256 place) {
        place = xE18 >> guess == 1 ? guess : LibBit.fls(xE18);
        return (_lnE18(xE18, place), place);
    }

    /// @dev x = 2^e m with m in [1, 2), and ln(m / sqrt 2) = 2 artanh(z), z = (m - sqrt 2) / (m + sqrt 2), |z| < .1716. Seven terms
    /// z + z^3 / 3 + ... + z^13 / 13 leave less than 4.5e-13.
    function _lnE18(uint256 xE18, uint256 exponent) private pure returns (int256) {
        unchecked {
            // m has 63 fractional bits; z and its powers are below 2^62, so that products stay below 2^126.
            int256 m = int256(exponent > 63 ? xE18 >> (exponent - 63) : xE18 << (63 - exponent));
            int256 z = ((m - SQRT2_X63) << 64) / (m + SQRT2_X63);
            int256 y = (z * z) >> 64;
            int256 series = 1418980313362273201; // 2^64 / 13
            series = ((series * y) >> 64) + 1676976733973595601; // 2^64 / 11
            series = ((series * y) >> 64) + 2049638230412172401; // 2^64 / 9
            series = ((series * y) >> 64) + 2635249153387078802; // 2^64 / 7
            series = ((series * y) >> 64) + 3689348814741910323; // 2^64 / 5
            series = ((series * y) >> 64) + 6148914691236517205; // 2^64 / 3
            series = ((series * y) >> 64) + 18446744073709551616; // 2^64
            int256 lnX64 = ((z * series) >> 63) + HALF_LN2_X64 + int256(exponent) * LN2_X64 - LN_1E18_X64;
            return (lnX64 * 1e18) >> 64;
        }
    }
}
