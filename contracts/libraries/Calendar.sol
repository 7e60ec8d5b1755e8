// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DateTimeLib} from "solady/src/utils/DateTimeLib.sol";

/// @title Days on which series expire
/// @notice Every series expires at 08:00 UTC. Days are counted from the Unix epoch; nothing is stored, so that the same
/// moment is an expiry for ever once it is one: a day that is near enough to be listed only comes nearer.
library Calendar {
    /// @notice Seconds after midnight UTC at which series expire.
    uint256 internal constant EXPIRY_SECOND = 8 hours;
    /// @notice How far ahead any day may be.
    uint256 internal constant DAILY_AHEAD = 7 days;
    /// @notice How far ahead a Friday may be.
    uint256 internal constant WEEKLY_AHEAD = 35 days;
    /// @notice How far ahead the last Friday of a month may be.
    uint256 internal constant MONTHLY_AHEAD = 400 days;

    /// @notice Whether series with this expiry may be traded now.
    /// @param expirySeconds Unix time, seconds.
    /// @param nowSeconds Unix time, seconds.
    function isExpiry(uint40 expirySeconds, uint256 nowSeconds) internal pure returns (bool) {
        if (expirySeconds <= nowSeconds || !isExpirySecond(expirySeconds)) return false;
        uint256 ahead = expirySeconds - nowSeconds;
        if (ahead <= DAILY_AHEAD) return true;
        if (ahead > MONTHLY_AHEAD || !isFriday(expirySeconds)) return false;
        return ahead <= WEEKLY_AHEAD || isLastOfItsWeekday(expirySeconds);
    }

    /// @notice Whether a moment is 08:00:00 UTC of some day.
    /// @param atSeconds Unix time, seconds.
    function isExpirySecond(uint40 atSeconds) internal pure returns (bool) {
        return atSeconds % 1 days == EXPIRY_SECOND;
    }

    /// @notice Whether a moment lies on a Friday.
    /// @param atSeconds Unix time, seconds.
    function isFriday(uint40 atSeconds) internal pure returns (bool) {
        return DateTimeLib.weekday(atSeconds) == DateTimeLib.FRI;
    }

    /// @notice Whether the same weekday a week later belongs to another month.
    /// @param atSeconds Unix time, seconds.
    function isLastOfItsWeekday(uint40 atSeconds) internal pure returns (bool) {
        (uint256 year, uint256 month, uint256 day) = DateTimeLib.timestampToDate(atSeconds);
        return day + 7 > DateTimeLib.daysInMonth(year, month);
    }
}
