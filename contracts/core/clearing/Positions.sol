// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {LibSort} from "solady/src/utils/LibSort.sol";
import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {AccountId} from "../../types/AccountId.sol";
import {Position, QuoteFigure, instrumentOfWord, positionWord, sizeOfWord} from "../../types/Book.sol";
import {InstrumentId} from "../../types/InstrumentId.sol";

/// @title Sizes and quote figures
/// @notice One bounded list of positions per account, in no order, and one signed figure per account and underlying with
/// the entry cost of all its linear positions. Nothing else writes them.
abstract contract Positions is IClearinghouse {
    using SafeCast for int256;

    /// @dev One slot, 248 + 8 bits. `linearCount` is never above the position cap.
    struct Figure {
        int248 quoteE18; // settlement coin, 18 decimals
        uint8 linearCount; // perpetuals and futures held in the underlying
    }

    /// @dev The heaviest book must stay cheap enough to be closed in one transaction.
    uint256 internal constant POSITION_CAP = 64;

    IMarginVault internal immutable VAULT;

    /// @dev Words of `types/Book.sol`, one to a slot.
    mapping(AccountId account => uint256[] words) private _positions;
    mapping(AccountId account => mapping(uint16 underlying => Figure figure)) private _figures;
    mapping(uint16 underlying => uint256 unitsE18) private _openInterest;

    constructor(IMarginVault vault) {
        VAULT = vault;
    }

    /// @inheritdoc IClearinghouse
    function positionsOf(
        AccountId account
    ) external view returns (Position[] memory positions, QuoteFigure[] memory quotes) {
        return _bookOf(account);
    }

    /// @inheritdoc IClearinghouse
    function positionWords(AccountId account) external view returns (uint256[] memory words) {
        return _wordsOf(account);
    }

    /// @inheritdoc IClearinghouse
    function hasPositions(AccountId account) external view returns (bool) {
        return _positions[account].length != 0;
    }

    /// @inheritdoc IClearinghouse
    function sizeOf(AccountId account, InstrumentId instrument) external view returns (int256 sizeE18) {
        uint256[] storage list = _positions[account];
        uint256 index = _indexOf(list, instrument);
        return index == list.length ? int256(0) : sizeOfWord(list[index]);
    }

    /// @inheritdoc IClearinghouse
    function quoteOf(AccountId account, uint16 underlying) external view returns (int256 quoteE18) {
        return _figures[account][underlying].quoteE18;
    }

    /// @inheritdoc IClearinghouse
    function openInterestE18(uint16 underlying) external view returns (uint256) {
        return _openInterest[underlying];
    }

    /// @inheritdoc IClearinghouse
    function positionCap() external pure returns (uint256) {
        return POSITION_CAP;
    }

    /// @dev Adds to a position, opening or removing it as needed, and keeps open interest.
    /// @param priceE18 For the event only: price of the trade, 0 for moves without one.
    /// @return beforeE18 Size before the change.
    function _changePosition(
        AccountId account,
        InstrumentId instrument,
        int256 deltaE18,
        uint256 priceE18
    ) internal returns (int256 beforeE18) {
        return _changeAt(account, _indexOf(_positions[account], instrument), instrument, deltaE18, priceE18);
    }

    /// @dev The same for a position whose index in the list is known; the length stands for one that is not there.
    function _changeAt(
        AccountId account,
        uint256 index,
        InstrumentId instrument,
        int256 deltaE18,
        uint256 priceE18
    ) internal returns (int256 beforeE18) {
        uint256[] storage list = _positions[account];
        bool held = index < list.length;
        beforeE18 = held ? sizeOfWord(list[index]) : int256(0);
        if (deltaE18 == 0) return beforeE18;
        int256 afterE18 = beforeE18 + deltaE18;
        if (afterE18 == 0) {
            _removeAt(list, index);
        } else if (held) {
            list[index] = positionWord(instrument, afterE18.toInt128());
        } else {
            if (index == POSITION_CAP) revert Clearinghouse_TooManyPositions(account, POSITION_CAP);
            list.push(positionWord(instrument, afterE18.toInt128()));
        }
        _recordChange(account, instrument, beforeE18, afterE18, priceE18);
    }

    /// @dev Removes the position at an index of the list, whatever its size.
    function _closePosition(AccountId account, uint256 index) internal {
        uint256[] storage list = _positions[account];
        uint256 closed = list[index];
        _removeAt(list, index);
        _recordChange(account, instrumentOfWord(closed), sizeOfWord(closed), 0, 0);
    }

    /// @dev Adds to the quote figure of an account.
    function _changeQuote(AccountId account, uint16 underlying, int256 deltaE18) internal {
        if (deltaE18 == 0) return;
        Figure storage figure = _figures[account][underlying];
        int256 afterE18 = figure.quoteE18 + deltaE18;
        figure.quoteE18 = afterE18.toInt248();
        emit QuoteFigureChanged(account, underlying, deltaE18, afterE18);
    }

    /// @dev Turns the quote figure into cash once no linear position of the underlying is left, so that a figure never
    /// outlives the positions whose cost it is.
    function _realise(AccountId account, uint16 underlying) internal {
        Figure storage figure = _figures[account][underlying];
        int256 quoteE18 = figure.quoteE18;
        if (quoteE18 == 0 || figure.linearCount != 0) return;
        figure.quoteE18 = 0;
        emit QuoteFigureChanged(account, underlying, -quoteE18, 0);
        _settleCash(account, quoteE18);
    }

    /// @dev Cash whose other side is settled when the other account is touched.
    function _settleCash(AccountId account, int256 deltaE18) internal {
        if (deltaE18 != 0) VAULT.settleCash(account, deltaE18);
    }

    /// @dev The whole list as it stands, each slot read once.
    function _wordsOf(AccountId account) internal view returns (uint256[] memory) {
        return _positions[account];
    }

    function _unitsLong(uint16 underlying) internal view returns (uint256) {
        return _openInterest[underlying];
    }

    /// @dev Positions and quote figures in ascending order. The list in storage has no order, because moving a slot costs
    /// more than sorting a whole book in memory.
    function _bookOf(
        AccountId account
    ) internal view returns (Position[] memory positions, QuoteFigure[] memory quotes) {
        uint256[] memory words = _wordsOf(account);
        QuoteFigure[] memory figures = _figuresOf(account, words);
        return _bookBehind(words, figures);
    }

    /// @dev Quote figures of all underlyings with a linear position among the words, each once, in no order.
    function _figuresOf(
        AccountId account,
        uint256[] memory words
    ) internal view returns (QuoteFigure[] memory figures) {
        uint256 linear;
        for (uint256 i; i < words.length; ++i) if (instrumentOfWord(words[i]).isLinear()) ++linear;
        figures = new QuoteFigure[](linear);
        uint256 count;
        for (uint256 i; linear != 0; ++i) {
            InstrumentId instrument = instrumentOfWord(words[i]);
            if (!instrument.isLinear()) continue;
            --linear;
            uint16 underlying = instrument.underlying();
            if (_placeOf(figures, count, underlying) != count) continue;
            figures[count++] = QuoteFigure(underlying, _figures[account][underlying].quoteE18);
        }
        // Shortens the array to what was filled; the rest stays unused memory.
        assembly ("memory-safe") {
            mstore(figures, count)
        }
    }

    /// @dev A book in ascending order out of its words, which are reordered, and its figures.
    function _bookBehind(
        uint256[] memory words,
        QuoteFigure[] memory figures
    ) internal pure returns (Position[] memory positions, QuoteFigure[] memory quotes) {
        positions = _sorted(words);
        quotes = new QuoteFigure[](figures.length);
        uint256 count;
        for (uint256 i; count < quotes.length; ++i) {
            if (!positions[i].instrument.isLinear()) continue;
            uint16 underlying = positions[i].instrument.underlying();
            if (count != 0 && quotes[count - 1].underlying == underlying) continue;
            quotes[count++] = figures[_placeOf(figures, figures.length, underlying)];
        }
    }

    function _recordChange(
        AccountId account,
        InstrumentId instrument,
        int256 beforeE18,
        int256 afterE18,
        uint256 priceE18
    ) private {
        uint16 underlying = instrument.underlying();
        if (instrument.isLinear()) {
            if (beforeE18 == 0) ++_figures[account][underlying].linearCount;
            if (afterE18 == 0) --_figures[account][underlying].linearCount;
        }
        uint256 longBefore = uint256(SignedMath.max(beforeE18, 0));
        uint256 longAfter = uint256(SignedMath.max(afterE18, 0));
        _openInterest[underlying] = _openInterest[underlying] + longAfter - longBefore;
        emit PositionChanged(account, instrument, afterE18 - beforeE18, afterE18, priceE18);
    }

    function _removeAt(uint256[] storage list, uint256 index) private {
        uint256 last = list.length - 1;
        if (index != last) list[index] = list[last];
        list.pop();
    }

    /// @dev Index of an instrument in the list, its length if it is not there.
    function _indexOf(uint256[] storage list, InstrumentId instrument) private view returns (uint256 index) {
        uint256 length = list.length;
        // Below the length, so the check of bounds, which would read the length again, is left out.
        while (index < length && instrumentOfWord(Arrays.unsafeAccess(list, index).value) != instrument) ++index;
    }

    /// @dev Place of an underlying among the first figures, their count if it is not there.
    function _placeOf(
        QuoteFigure[] memory figures,
        uint256 count,
        uint16 underlying
    ) private pure returns (uint256 place) {
        while (place < count && figures[place].underlying != underlying) ++place;
    }

    /// @dev Sorts words by their instruments, whose half goes on top for that, and unpacks them.
    function _sorted(uint256[] memory words) private pure returns (Position[] memory positions) {
        for (uint256 i; i < words.length; ++i) words[i] = (words[i] << 128) | (words[i] >> 128);
        LibSort.insertionSort(words);
        positions = new Position[](words.length);
        for (uint256 i; i < words.length; ++i) {
            positions[i].instrument = InstrumentId.wrap(uint128(words[i] >> 128));
            positions[i].sizeE18 = int128(uint128(words[i]));
        }
    }
}
