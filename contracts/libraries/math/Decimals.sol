// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Token decimals
/// @notice The one place where amounts in a token's own decimals meet the 18 decimals used everywhere else.
library Decimals {
    uint8 internal constant MAX_DECIMALS = 18;

    /// @notice Thrown for a token with more than 18 decimals, whose units could not be represented.
    /// @param decimals Decimals of the token.
    error Decimals_TooMany(uint8 decimals);

    /// @notice Native amount to 18 decimals.
    /// @param amountNative Token units as the token counts them.
    /// @param decimals Decimals of the token, at most 18.
    /// @return Units, 18 decimals.
    /// @custom:rounding exact
    function toE18(uint256 amountNative, uint8 decimals) internal pure returns (uint256) {
        return amountNative * _scale(decimals);
    }

    /// @notice 18 decimals to the native amount that is paid out.
    /// @param amountE18 Units, 18 decimals.
    /// @param decimals Decimals of the token, at most 18.
    /// @return Token units as the token counts them.
    /// @custom:rounding floor
    function toNativeDown(uint256 amountE18, uint8 decimals) internal pure returns (uint256) {
        return amountE18 / _scale(decimals);
    }

    /// @notice 18 decimals to the native amount that is asked for.
    /// @param amountE18 Units, 18 decimals.
    /// @param decimals Decimals of the token, at most 18.
    /// @return Token units as the token counts them.
    /// @custom:rounding ceil
    function toNativeUp(uint256 amountE18, uint8 decimals) internal pure returns (uint256) {
        return Math.ceilDiv(amountE18, _scale(decimals));
    }

    /// @notice Feed answer to 18 decimals. A feed may have more than 18 decimals: its answer is truncated. Saturates instead of
    /// overflowing; the result is above any bound then.
    /// @param answer Answer as the feed counts it, positive.
    /// @param decimals Decimals of the feed, at most 77.
    /// @return Price, 18 decimals.
    /// @custom:rounding floor
    function answerToE18(uint256 answer, uint8 decimals) internal pure returns (uint256) {
        if (decimals > MAX_DECIMALS) return answer / 10 ** (decimals - MAX_DECIMALS);
        return Math.saturatingMul(answer, _scale(decimals));
    }

    function _scale(uint8 decimals) private pure returns (uint256) {
        if (decimals > MAX_DECIMALS) revert Decimals_TooMany(decimals);
        unchecked {
            return 10 ** (MAX_DECIMALS - decimals);
        }
    }
}
