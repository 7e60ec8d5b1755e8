// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {LibSort} from "solady/src/utils/LibSort.sol";
import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {putFigure, wordAt} from "../../libraries/Lists.sol";
import {ONE_E18, mulDivDown} from "../../libraries/math/FixedPoint.sol";
import {AccountId} from "../../types/AccountId.sol";
import {Position, QuoteFigure, instrumentOfWord, positionWord, sizeOfWord} from "../../types/Book.sol";
import {InstrumentId} from "../../types/InstrumentId.sol";

/// @title Sizes and quote figures
/// @notice One bounded list of positions per account, in no order, and one signed figure per account and underlying with
/// the entry cost of all its linear positions. Nothing else writes them.
abstract contract Positions is IClearinghouse {
    using SafeCast for int256;
    using SafeCast for uint256;

    /// @dev One slot, 248 + 8 bits. `linearCount` is never above the position cap.
    struct Figure {
        int248 quoteE18; // settlement coin, 18 decimals
        uint8 linearCount; // perpetuals and futures held in the underlying
    }

    /// @dev A share of all positions on its way.
    struct Share {
        AccountId from;
        AccountId to;
        uint256[] held; // what the account that takes had
        uint256 count; // places of its list that are in use
        uint256[] instruments; // what was moved, in the first places
        int256[] sizesE18; // how much of each
        uint256 moved; // how many
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
        return index == list.length ? int256(0) : sizeOfWord(Arrays.unsafeAccess(list, index).value);
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

    /// @dev Moves a share of every position. Lists are read once, and keep their order, which makes them cheap to sort.
    /// @param words All positions of the account that gives, as its list has them; used up.
    /// @custom:rounding what moves toward zero
    function _moveShare(AccountId from, AccountId to, uint256[] memory words, uint256 fractionE18) internal {
        (uint256[] storage source, uint256[] storage target) = (_positions[from], _positions[to]);
        uint256[] memory held = target;
        Share memory share = Share(from, to, held, held.length, words, new int256[](words.length), 0);
        for (uint256 i; i < words.length; ++i) {
            InstrumentId instrument = instrumentOfWord(words[i]);
            int256 sizeE18 = sizeOfWord(words[i]);
            int256 movedE18 = _portion(sizeE18, fractionE18);
            if (movedE18 == 0) continue;
            _put(source, i, instrument, sizeE18 - movedE18);
            (uint256 place, int256 beforeE18) = _placeFor(share, instrument);
            _put(target, place, instrument, beforeE18 + movedE18);
            _recordMove(share, instrument, movedE18, sizeE18, beforeE18);
        }
        _close(source, words.length);
        uint256 count = _close(target, share.count);
        _announce(share);
        if (count > POSITION_CAP) revert Clearinghouse_TooManyPositions(to, POSITION_CAP);
    }

    /// @dev Where the account that takes has an instrument, or gets it, and its size there.
    function _placeFor(
        Share memory share,
        InstrumentId instrument
    ) private pure returns (uint256 place, int256 beforeE18) {
        place = _findIn(share.held, instrument);
        if (place == share.held.length) return (share.count++, 0);
        beforeE18 = sizeOfWord(share.held[place]);
    }

    /// @dev Adds to a position whose index in the list is known; the length stands for one that is not there.
    function _changeAt(
        AccountId account,
        uint256 index,
        InstrumentId instrument,
        int256 deltaE18,
        uint256 priceE18
    ) private returns (int256 beforeE18) {
        uint256[] storage list = _positions[account];
        bool held = index < list.length;
        beforeE18 = held ? sizeOfWord(Arrays.unsafeAccess(list, index).value) : int256(0);
        if (deltaE18 == 0) return beforeE18;
        int256 afterE18 = beforeE18 + deltaE18;
        if (afterE18 == 0) {
            _removeAt(list, index);
        } else if (held) {
            _put(list, index, instrument, afterE18);
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
        _addInterest(instrument.underlying(), _longOf(afterE18) - _longOf(beforeE18));
        _countLinear(account, instrument, beforeE18, afterE18);
        emit PositionChanged(account, instrument, afterE18 - beforeE18, afterE18, priceE18);
    }

    /// @dev Open interest changes only where the two sizes were on different sides of zero. What moves has the side of the size
    /// that it is a part of.
    function _recordMove(
        Share memory share,
        InstrumentId instrument,
        int256 movedE18,
        int256 fromBeforeE18,
        int256 toBeforeE18
    ) private {
        int256 toAfterE18 = toBeforeE18 + movedE18;
        int256 longE18 = _longOf(toAfterE18) - _longOf(toBeforeE18) - _longOf(movedE18);
        if (longE18 != 0) _addInterest(instrument.underlying(), longE18);
        _countLinear(share.from, instrument, fromBeforeE18, fromBeforeE18 - movedE18);
        _countLinear(share.to, instrument, toBeforeE18, toAfterE18);
        // Words that have been read make room for what the event says.
        share.instruments[share.moved] = InstrumentId.unwrap(instrument);
        putFigure(share.sizesE18, share.moved++, movedE18);
    }

    function _countLinear(AccountId account, InstrumentId instrument, int256 beforeE18, int256 afterE18) private {
        if (!instrument.isLinear()) return;
        uint16 underlying = instrument.underlying();
        if (beforeE18 == 0) ++_figures[account][underlying].linearCount;
        if (afterE18 == 0) --_figures[account][underlying].linearCount;
    }

    /// @dev One event for a whole share: 64 positions would take 128 of the other kind.
    function _announce(Share memory share) private {
        (uint256 moved, int256[] memory sizesE18) = (share.moved, share.sizesE18);
        if (moved == 0) return;
        uint256[] memory numbers = share.instruments;
        InstrumentId[] memory instruments;
        // Shortens the lists to what was filled; the rest stays unused memory.
        assembly ("memory-safe") {
            instruments := numbers
            mstore(instruments, moved)
            mstore(sizesE18, moved)
        }
        emit PositionsMoved(share.from, share.to, instruments, sizesE18);
    }

    function _addInterest(uint16 underlying, int256 longE18) private {
        // At most 128 bits for each of the accounts there can be.
        _openInterest[underlying] = (int256(_openInterest[underlying]) + longE18).toUint256();
    }

    function _longOf(int256 sizeE18) private pure returns (int256) {
        return SignedMath.max(sizeE18, 0);
    }

    /// @dev Writes a position into a place of a list, which may be beyond its end until `_close`; a size of zero leaves a gap.
    function _put(uint256[] storage list, uint256 place, InstrumentId instrument, int256 sizeE18) private {
        uint256 word = sizeE18 == 0 ? 0 : positionWord(instrument, sizeE18.toInt128());
        Arrays.unsafeAccess(list, place).value = word;
    }

    /// @dev Fills the gaps among the first places with what is last, and makes them the list.
    /// @return count Places that are left.
    function _close(uint256[] storage list, uint256 places) private returns (uint256 count) {
        count = places;
        // From the end, so that behind a gap there are positions only.
        for (uint256 i = places; i != 0; --i) {
            if (Arrays.unsafeAccess(list, i - 1).value != 0) continue;
            --count;
            if (i - 1 == count) continue;
            Arrays.unsafeAccess(list, i - 1).value = Arrays.unsafeAccess(list, count).value;
            Arrays.unsafeAccess(list, count).value = 0;
        }
        Arrays.unsafeSetLength(list, count);
    }

    function _removeAt(uint256[] storage list, uint256 index) private {
        uint256 last = list.length - 1;
        // Indices come from a walk along the list.
        if (index != last) Arrays.unsafeAccess(list, index).value = Arrays.unsafeAccess(list, last).value;
        list.pop();
    }

    /// @dev Index of an instrument in the list, its length if it is not there.
    function _indexOf(uint256[] storage list, InstrumentId instrument) private view returns (uint256 index) {
        uint256 length = list.length;
        // Below the length, so the check of bounds, which would read the length again, is left out.
        while (index < length && instrumentOfWord(Arrays.unsafeAccess(list, index).value) != instrument) ++index;
    }

    /// @dev Place of an instrument among words, their count if it is not there.
    function _findIn(uint256[] memory words, InstrumentId instrument) private pure returns (uint256 place) {
        uint256 count = words.length;
        while (place < count && instrumentOfWord(wordAt(words, place)) != instrument) ++place;
    }

    /// @custom:rounding toward zero
    function _portion(int256 x, uint256 fractionE18) internal pure returns (int256) {
        int256 part = mulDivDown(SignedMath.abs(x), fractionE18, ONE_E18).toInt256();
        return x < 0 ? -part : part;
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
