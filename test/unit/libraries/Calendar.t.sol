// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calendar} from "../../../contracts/libraries/Calendar.sol";
import {SolidityTest} from "../../base/SolidityTest.sol";

contract CalendarTest is SolidityTest {
    /// @dev Monday, 2 March 2026, 09:00 UTC.
    uint256 private constant NOW = 1_772_442_000;
    /// @dev The same day at 08:00 UTC.
    uint40 private constant TODAY = 1_772_438_400;

    function _inDays(uint256 ahead) private pure returns (uint40) {
        return uint40(TODAY + ahead * 1 days);
    }

    function test_Daily() public pure {
        vm.assertFalse(Calendar.isExpiry(TODAY, NOW), "this morning is past");
        for (uint256 ahead = 1; ahead <= 7; ++ahead) {
            vm.assertTrue(Calendar.isExpiry(_inDays(ahead), NOW), "each of the next seven days");
        }
        vm.assertFalse(Calendar.isExpiry(_inDays(8), NOW), "a Tuesday 8 days ahead");
        vm.assertTrue(Calendar.isExpiry(TODAY, TODAY - 7 days), "7 days to the second");
        vm.assertFalse(Calendar.isExpiry(TODAY, TODAY - 7 days - 1), "a second more than 7 days");
        vm.assertFalse(Calendar.isExpiry(TODAY, TODAY), "the second of expiry itself");
    }

    function test_HourOfDay() public pure {
        vm.assertFalse(Calendar.isExpiry(_inDays(1) + 1, NOW), "a second late");
        vm.assertFalse(Calendar.isExpiry(_inDays(1) - 1, NOW), "a second early");
        vm.assertFalse(Calendar.isExpiry(_inDays(1) - 8 hours, NOW), "midnight");
    }

    function test_Weekly() public pure {
        vm.assertTrue(Calendar.isExpiry(_inDays(11), NOW), "Friday 13 March");
        vm.assertTrue(Calendar.isExpiry(_inDays(18), NOW), "Friday 20 March");
        vm.assertFalse(Calendar.isExpiry(_inDays(17), NOW), "Thursday 19 March");
        vm.assertTrue(Calendar.isExpiry(_inDays(32), NOW), "Friday 3 April, 32 days ahead");
        vm.assertFalse(
            Calendar.isExpiry(_inDays(39), NOW),
            "Friday 10 April, 39 days ahead, not the last of its month"
        );
    }

    function test_Monthly() public pure {
        vm.assertTrue(Calendar.isExpiry(1_777_017_600, NOW), "Friday 24 April 2026");
        vm.assertFalse(Calendar.isExpiry(1_776_412_800, NOW), "Friday 17 April 2026");
        vm.assertTrue(Calendar.isExpiry(1_782_460_800, NOW), "Friday 26 June 2026");
        vm.assertTrue(Calendar.isExpiry(1_798_185_600, NOW), "Friday 25 December 2026");
        vm.assertTrue(Calendar.isExpiry(1_803_628_800, NOW), "Friday 26 February 2027, 361 days ahead");
        vm.assertTrue(Calendar.isExpiry(1_806_048_000, NOW), "Friday 26 March 2027, 389 days ahead");
        vm.assertFalse(Calendar.isExpiry(1_809_072_000, NOW), "Friday 30 April 2027, 424 days ahead");
    }

    function test_LeapYear() public pure {
        vm.assertTrue(Calendar.isLastOfItsWeekday(1_835_078_400), "Friday 25 February 2028: 3 March follows");
        vm.assertTrue(Calendar.isLastOfItsWeekday(1_709_107_200 + 1 days), "Thursday 29 February 2024");
        vm.assertFalse(Calendar.isLastOfItsWeekday(1_708_588_800), "Thursday 22 February 2024: the 29th follows");
    }

    /// @dev Once tradable, tradable until it expires.
    function testFuzz_OnceListedAlwaysListed(uint40 expiry, uint256 from, uint256 later) public pure {
        expiry = uint40(bound(uint256(expiry), 2 days, type(uint40).max - 2 days));
        expiry = expiry - uint40(expiry % 1 days) + 8 hours;
        from = bound(from, expiry > 401 days ? expiry - 401 days : 0, expiry - 1);
        later = bound(later, from, expiry - 1);
        if (Calendar.isExpiry(expiry, from)) vm.assertTrue(Calendar.isExpiry(expiry, later), "fell off the calendar");
    }

    /// @dev Exactly one of any seven Fridays in a row that share no month end is the last: checked by adding a week.
    function testFuzz_LastWeekday(uint40 moment) public pure {
        moment = uint40(bound(uint256(moment), 31 days, 20_000_000_000));
        bool last = Calendar.isLastOfItsWeekday(moment);
        uint256 lasts;
        for (uint256 i; i < 5; ++i) {
            if (Calendar.isLastOfItsWeekday(uint40(moment + i * 7 days))) ++lasts;
        }
        vm.assertGe(lasts, 1, "five weeks in a row hold the end of a month");
        vm.assertLe(lasts, 2, "and never three");
        if (last) vm.assertFalse(Calendar.isLastOfItsWeekday(moment + 7 days), "two weeks in a row end a month");
    }
}
