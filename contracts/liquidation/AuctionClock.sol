// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {mulDown, mulUp} from "../libraries/math/FixedPoint.sol";
import {CollateralUnits, instrumentOfWord} from "../types/Book.sol";

/// @title The clock of an auction
/// @notice Time goes by only while there are prices to sell on: seconds in which a feed of the account was braked, or the sequencer
/// was down, are left out, and so is the grace after them, in which an owner may mend what nobody could sell meanwhile.
/// Collateral stops the clock only if it matters: anybody may put any listed asset into any account, and dust of one that has just
/// been released must not keep an account from being sold.
library AuctionClock {
    /// @dev Value from which collateral matters, as a part of the maintenance requirement.
    uint256 private constant MATERIAL_E18 = 0.05e18;

    /// @notice What an account has, as far as its feeds depend on it.
    struct Held {
        uint256[] words; // positions, see types/Book.sol, in any order
        CollateralUnits[] collateral;
        int256 cashE18; // settlement coin, 18 decimals
    }

    /// @notice Unix time less the seconds since a time in which the account's prices were stopped.
    /// @param maintenanceE18 Maintenance requirement of the account, USD, 18 decimals.
    /// @param since Unix time, seconds: when the auction started.
    /// @return nowOnClock Not before `since`, seconds.
    /// @return openAt Unix time from which the account may be liquidated, seconds; in the past or 0 = now.
    function read(
        IPriceOracle oracle,
        IRiskParameters parameters,
        Held memory held,
        uint256 maintenanceE18,
        uint40 since
    ) internal view returns (uint256 nowOnClock, uint40 openAt) {
        uint256 stoppedSeconds;
        uint16[] memory feedIds = feedsOf(oracle, parameters, held, mulUp(maintenanceE18, MATERIAL_E18));
        (stoppedSeconds, openAt) = oracle.halts(feedIds, since);
        nowOnClock = block.timestamp - stoppedSeconds;
    }

    /// @notice Feeds that the value of an account depends on, each once: those of its underlyings, which have their numbers, and of its
    /// collateral and settlement coin of at least some value.
    /// @param leastE18 Least value, USD, 18 decimals; the coin counts at par.
    function feedsOf(
        IPriceOracle oracle,
        IRiskParameters parameters,
        Held memory held,
        uint256 leastE18
    ) internal view returns (uint16[] memory feedIds) {
        feedIds = new uint16[](held.words.length + held.collateral.length + 1);
        uint256 count = 0;
        uint256[] memory words = held.words;
        uint256 length = words.length;
        // Zero is no feed, so the first word is looked at.
        uint16 last = 0;
        for (uint256 i = 0; i < length; ++i) {
            uint16 underlying = instrumentOfWord(words[i]).underlying();
            if (underlying == last) continue;
            last = underlying;
            count = _add(feedIds, count, underlying);
        }
        for (uint256 i = 0; i < held.collateral.length; ++i) {
            uint16 feedId = parameters.assetParams(held.collateral[i].assetId).feedId;
            if (mulDown(held.collateral[i].unitsE18, oracle.price(feedId)) < leastE18) continue;
            count = _add(feedIds, count, feedId);
        }
        if (held.cashE18 > 0 && uint256(held.cashE18) >= leastE18) {
            count = _add(feedIds, count, parameters.globalParams().settlementFeedId);
        }
        assembly ("memory-safe") {
            // Shortens the list to the feeds that were put in.
            mstore(feedIds, count)
        }
    }

    function _add(uint16[] memory feedIds, uint256 count, uint16 feedId) private pure returns (uint256) {
        for (uint256 i = 0; i < count; ++i) if (feedIds[i] == feedId) return count;
        feedIds[count] = feedId;
        return count + 1;
    }
}
