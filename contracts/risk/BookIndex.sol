// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibSort} from "solady/src/utils/LibSort.sol";

import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {Book, QuoteFigure} from "../types/Book.sol";
import {PositionWord, legAt, toPositionWord} from "../types/PositionWord.sol";
import {UnderlyingRisk} from "../types/Valuation.sol";

/// @title Order in a book
/// @notice Checks or makes the order that the engine relies on and finds what belongs together.
library BookIndex {
    /// @notice Reverts unless positions, quotes and collateral are strictly ascending, which also rules out repetition.
    function checkOrder(Book memory book) internal pure {
        bool ordered = true;
        for (uint256 i = 1; i < book.positions.length; ++i) {
            if (!(book.positions[i - 1].instrument < book.positions[i].instrument)) ordered = false;
        }
        for (uint256 i = 1; i < book.quotes.length; ++i) {
            if (book.quotes[i - 1].underlying >= book.quotes[i].underlying) ordered = false;
        }
        for (uint256 i = 1; i < book.collateral.length; ++i) {
            if (book.collateral[i - 1].assetId >= book.collateral[i].assetId) ordered = false;
        }
        if (!ordered) revert IRiskEngine.RiskEngine_UnorderedBook();
    }

    /// @notice The positions that have a size: an empty one changes no figure and needs no price.
    function legsOf(Book memory book) internal pure returns (PositionWord[] memory legs) {
        uint256 count = 0;
        legs = new PositionWord[](book.positions.length);
        for (uint256 i = 0; i < book.positions.length; ++i) {
            int128 sizeE18 = book.positions[i].sizeE18;
            if (sizeE18 != 0) legs[count++] = toPositionWord(book.positions[i].instrument, sizeE18);
        }
        assembly ("memory-safe") {
            mstore(legs, count)
        }
    }

    /// @notice Entry cost of an underlying's linear positions in a book; 0 where none stands.
    function quoteOf(QuoteFigure[] memory quotes, uint16 underlying) internal pure returns (int256) {
        for (uint256 i = 0; i < quotes.length; ++i) {
            if (quotes[i].underlying == underlying) return quotes[i].quoteE18;
        }
        return 0;
    }

    /// @notice Positions as the clearinghouse stores them, turned and sorted in place. None of them is empty.
    /// @param slots Instrument in the lower, size in the higher 128 bits, in any order.
    function sorted(uint256[] memory slots) internal pure returns (PositionWord[] memory legs) {
        bool ordered;
        assembly ("memory-safe") {
            ordered := 1
            let last := 0
            let end := add(slots, shl(5, mload(slots)))
            for {
                let at := slots
            } lt(at, end) {} {
                at := add(at, 0x20)
                let slot := mload(at)
                let word := or(shl(128, slot), shr(128, slot))
                ordered := and(ordered, lt(last, word))
                last := word
                mstore(at, word)
            }
            // The same words under their own name.
            legs := slots
        }
        if (!ordered) LibSort.insertionSort(slots);
    }

    /// @notice Place after the last leg of an underlying.
    /// @param from Place of its first leg, if it has any.
    function endOf(PositionWord[] memory legs, uint256 from, uint16 underlying) internal pure returns (uint256 to) {
        uint256 count = legs.length;
        if (from == count || legAt(legs, from).underlyingOf() != underlying) return from;
        unchecked {
            // There is a last leg. Where it is of the underlying, so are all between.
            if (legAt(legs, count - 1).underlyingOf() == underlying) return count;
            to = from + 1;
            while (legAt(legs, to).underlyingOf() == underlying) ++to;
        }
    }

    /// @notice Place after the last leg of an expiry.
    /// @param from Place of its first leg.
    /// @param end Place after the last leg of the underlying.
    function endOfExpiry(
        PositionWord[] memory legs,
        uint256 from,
        uint256 end,
        uint40 expiry
    ) internal pure returns (uint256 to) {
        unchecked {
            // The same for the legs of an underlying.
            if (legAt(legs, end - 1).expiryOf() == expiry) return end;
            to = from + 1;
            while (legAt(legs, to).expiryOf() == expiry) ++to;
        }
    }

    /// @notice Correlation groups of some parts, ascending.
    function groups(UnderlyingRisk[] memory parts) internal pure returns (uint8[] memory found) {
        found = new uint8[](parts.length);
        uint256 count = 0;
        for (uint256 i = 0; i < parts.length; ++i) {
            count = _insert(found, count, parts[i].market.params.group);
        }
        assembly ("memory-safe") {
            mstore(found, count)
        }
    }

    /// @notice Place of a number in a list that has it.
    function placeOf(uint8[] memory list, uint8 number) internal pure returns (uint256 place) {
        while (list[place] != number) ++place;
    }

    /// @dev Puts a value into the first `count` places, which are ascending, unless it is there already.
    function _insert(uint8[] memory list, uint256 count, uint8 value) private pure returns (uint256) {
        uint256 place = count;
        while (place > 0 && list[place - 1] > value) --place;
        if (place > 0 && list[place - 1] == value) return count;
        for (uint256 i = count; i > place; --i) {
            list[i] = list[i - 1];
        }
        list[place] = value;
        return count + 1;
    }
}
