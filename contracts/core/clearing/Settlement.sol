// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {Calendar} from "../../libraries/Calendar.sol";
import {mulDivFloor} from "../../libraries/math/FixedPoint.sol";
import {AccountId} from "../../types/AccountId.sol";
import {instrumentOfWord, sizeOfWord} from "../../types/Book.sol";
import {InstrumentId, Kind} from "../../types/InstrumentId.sol";
import {Funding} from "./Funding.sol";
import {Positions} from "./Positions.sol";

/// @title Expiry
/// @notice Fixes one price per underlying and expiry, and turns positions that have one into cash or quote figures when
/// their account is next touched.
abstract contract Settlement is Positions, Funding {
    using SafeCast for uint256;

    /// @dev Strikes have 8 decimals, prices 18.
    uint256 private constant STRIKE_TO_PRICE = 1e10;

    mapping(uint16 underlying => mapping(uint40 expiry => uint256 priceE18)) private _settlementPrices;

    /// @inheritdoc IClearinghouse
    function settlementPriceE18(uint16 underlying, uint40 expiry) external view returns (uint256) {
        return _settlementPrices[underlying][expiry];
    }

    /// @dev The oracle proves that the two rounds are adjacent and lie around the expiry; the caller only names them.
    function _settleExpiry(uint16 underlying, uint40 expiry, uint80 roundId, uint80 nextRoundId) internal {
        bool early = block.timestamp < expiry || !Calendar.isExpirySecond(expiry);
        if (early || _settlementPrices[underlying][expiry] != 0) revert Clearinghouse_CannotSettle(underlying, expiry);
        uint256 priceE18 = _priceOracle().priceAt(underlying, expiry, roundId, nextRoundId);
        _settlementPrices[underlying][expiry] = priceE18;
        emit ExpirySettled(underlying, expiry, priceE18, roundId);
    }

    /// @dev Backwards, because closing a position puts the last one in its place. Cash moves once for all options.
    /// @return words Positions that are left.
    function _settleAccount(AccountId account) internal returns (uint256[] memory words) {
        int256 cashE18;
        bool settled;
        words = _wordsOf(account);
        for (uint256 i = words.length; i != 0; --i) {
            InstrumentId instrument = instrumentOfWord(words[i - 1]);
            if (!instrument.isDated() || instrument.expiry() > block.timestamp) continue;
            uint256 priceE18 = _settlementPrices[instrument.underlying()][instrument.expiry()];
            if (priceE18 == 0) continue;
            settled = true;
            cashE18 += _settlePosition(account, i - 1, words[i - 1], priceE18);
        }
        _settleCash(account, cashE18);
        return settled ? _wordsOf(account) : words;
    }

    /// @return cashE18 What an option pays in cash; a future pays into the quote figure.
    /// @custom:rounding floor, so that long and short together never get more than nothing
    function _settlePosition(
        AccountId account,
        uint256 index,
        uint256 word,
        uint256 priceE18
    ) private returns (int256 cashE18) {
        InstrumentId instrument = instrumentOfWord(word);
        bool linear = instrument.isLinear();
        uint256 unitE18 = linear ? priceE18 : _intrinsic(instrument, priceE18);
        int256 payoffE18 = mulDivFloor(sizeOfWord(word), unitE18.toInt256(), 1e18);
        _closePosition(account, index);
        emit AccountSettled(account, instrument, sizeOfWord(word), payoffE18);
        if (!linear) return payoffE18;
        _changeQuote(account, instrument.underlying(), payoffE18);
        _realise(account, instrument.underlying());
    }

    function _intrinsic(InstrumentId instrument, uint256 priceE18) private pure returns (uint256) {
        uint256 strikeE18 = instrument.strikeE8() * STRIKE_TO_PRICE;
        if (instrument.kind() == Kind.CALL) return priceE18 > strikeE18 ? priceE18 - strikeE18 : 0;
        return strikeE18 > priceE18 ? strikeE18 - priceE18 : 0;
    }
}
