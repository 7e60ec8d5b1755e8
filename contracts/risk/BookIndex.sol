// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {IRiskKernel} from "../interfaces/IRiskKernel.sol";
import {Book, Position} from "../types/Book.sol";
import {Holding} from "../types/Valuation.sol";

/// @title Order in a book
/// @notice Checks the order that the engine relies on and finds what belongs together.
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
    function withSize(Position[] memory positions) internal pure returns (Position[] memory kept) {
        uint256 count = 0;
        for (uint256 i = 0; i < positions.length; ++i) {
            if (positions[i].sizeE18 != 0) ++count;
        }
        if (count == positions.length) return positions;
        kept = new Position[](count);
        count = 0;
        for (uint256 i = 0; i < positions.length; ++i) {
            if (positions[i].sizeE18 != 0) kept[count++] = positions[i];
        }
    }

    /// @notice Underlyings of positions and of collateral inside the grid, ascending.
    function underlyings(
        Position[] memory positions,
        Holding[] memory holdings
    ) internal pure returns (uint16[] memory found) {
        uint256[] memory all = new uint256[](positions.length + holdings.length);
        uint256 count = 0;
        for (uint256 i = 0; i < positions.length; ++i) {
            count = _insert(all, count, positions[i].instrument.underlying());
        }
        for (uint256 i = 0; i < holdings.length; ++i) {
            uint16 underlying = holdings[i].params.underlying;
            if (underlying != 0 && holdings[i].unitsE18 != 0) count = _insert(all, count, underlying);
        }
        found = new uint16[](count);
        for (uint256 i = 0; i < count; ++i) {
            found[i] = uint16(all[i]);
        }
    }

    /// @notice Correlation groups of some parts, ascending.
    function groups(IRiskKernel.Part[] memory parts) internal pure returns (uint8[] memory found) {
        uint256[] memory all = new uint256[](parts.length);
        uint256 count = 0;
        for (uint256 i = 0; i < parts.length; ++i) {
            count = _insert(all, count, parts[i].group);
        }
        found = new uint8[](count);
        for (uint256 i = 0; i < count; ++i) {
            found[i] = uint8(all[i]);
        }
    }

    /// @notice Positions of one underlying.
    /// @param from Place of the first of them, if there is any.
    /// @return part Copies of them.
    /// @return next Place after the last of them.
    function positionsOf(
        Position[] memory positions,
        uint256 from,
        uint16 underlying
    ) internal pure returns (Position[] memory part, uint256 next) {
        next = from;
        while (next < positions.length && positions[next].instrument.underlying() == underlying) ++next;
        part = new Position[](next - from);
        for (uint256 i = from; i < next; ++i) {
            part[i - from] = positions[i];
        }
    }

    /// @notice Collateral inside the grid of one underlying.
    function holdingsOf(Holding[] memory holdings, uint16 underlying) internal pure returns (Holding[] memory part) {
        uint256 count = 0;
        for (uint256 i = 0; i < holdings.length; ++i) {
            if (holdings[i].params.underlying == underlying) ++count;
        }
        part = new Holding[](count);
        count = 0;
        for (uint256 i = 0; i < holdings.length; ++i) {
            if (holdings[i].params.underlying == underlying) part[count++] = holdings[i];
        }
    }

    /// @notice Place of a number in a list that has it.
    function placeOf(uint8[] memory list, uint8 number) internal pure returns (uint256 place) {
        while (list[place] != number) ++place;
    }

    /// @dev Puts a value into the first `count` places, which are ascending, unless it is there already.
    function _insert(uint256[] memory list, uint256 count, uint256 value) private pure returns (uint256) {
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
