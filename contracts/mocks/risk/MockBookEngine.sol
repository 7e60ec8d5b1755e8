// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../../interfaces/IRiskEngine.sol";
import {AccountId} from "../../types/AccountId.sol";
import {Assessment, Book, Position} from "../../types/Book.sol";
import {MockSpot} from "../oracle/MockSpot.sol";

/// @notice A requirement one can work out by hand: cash, quote figures, linear legs at the index (perpetuals less funding),
/// options at a price the test sets; initial and maintenance are one fraction of each leg's notional at the index.
contract MockBookEngine {
    IMarginVault private immutable VAULT;
    IClearinghouse private immutable CLEARINGHOUSE;
    MockSpot private immutable SPOT;
    uint256 private _rateE18;
    mapping(uint128 instrument => uint256 priceE18) private _optionPrices;

    constructor(IMarginVault vault, IClearinghouse clearinghouse, MockSpot spot) {
        VAULT = vault;
        CLEARINGHOUSE = clearinghouse;
        SPOT = spot;
    }

    function setRate(uint256 rateE18) external {
        _rateE18 = rateE18;
    }

    function setOptionPrice(uint128 instrument, uint256 priceE18) external {
        _optionPrices[instrument] = priceE18;
    }

    function bookOf(AccountId account) public view returns (Book memory book) {
        (book.cashE18, book.collateral, book.model) = VAULT.holdingsOf(account);
        (book.positions, book.quotes) = CLEARINGHOUSE.positionsOf(account);
    }

    function assess(AccountId account) public view returns (Assessment memory) {
        return assessBook(bookOf(account));
    }

    function requireInitial(AccountId account) external view returns (Assessment memory result) {
        result = assess(account);
        if (result.equityE18 < int256(result.initialE18)) {
            revert IRiskEngine.RiskEngine_BelowInitial(account, result.equityE18, result.initialE18);
        }
    }

    function assessBook(Book memory book) public view returns (Assessment memory result) {
        result.equityE18 = book.cashE18;
        for (uint256 i; i < book.quotes.length; ++i) result.equityE18 += book.quotes[i].quoteE18;
        for (uint256 i; i < book.positions.length; ++i) {
            Position memory position = book.positions[i];
            uint256 spotE18 = SPOT.price(position.instrument.underlying());
            int256 size = position.sizeE18;
            result.equityE18 += (size * _unitValue(position, spotE18)) / 1e18;
            result.initialE18 += (((uint256(size < 0 ? -size : size) * spotE18) / 1e18) * _rateE18) / 1e18;
        }
        result.maintenanceE18 = result.initialE18;
    }

    function _unitValue(Position memory position, uint256 spotE18) private view returns (int256 valueE18) {
        if (position.instrument.isOption()) return int256(_optionPrices[uint128(_raw(position))]);
        valueE18 = int256(spotE18);
        if (position.instrument.isDated()) return valueE18;
        (, int256 fundingE18) = CLEARINGHOUSE.perpMark(position.instrument.underlying(), spotE18);
        return valueE18 - fundingE18;
    }

    function _raw(Position memory position) private pure returns (uint256 raw) {
        assembly {
            raw := mload(position)
        }
    }
}
