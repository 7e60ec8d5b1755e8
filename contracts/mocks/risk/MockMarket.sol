// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {ISurfaceOracle} from "../../interfaces/ISurfaceOracle.sol";
import {SurfaceWords} from "../../libraries/SurfaceWords.sol";
import {AccountId} from "../../types/AccountId.sol";
import {Book, CollateralUnits, MarginModel, Position, QuoteFigure, positionWord} from "../../types/Book.sol";
import {Surface} from "../../types/Market.sol";

/// @notice Everything around the risk engine in one: vault, clearinghouse, both oracles, as tests set them. What was not set
/// fails as the real oracle would.
contract MockMarket {
    mapping(AccountId account => Book book) private _books;
    mapping(uint16 feedId => uint256 priceE18) private _prices;
    mapping(uint16 underlying => mapping(uint40 expiry => Surface surface)) private _surfaces;
    mapping(uint16 underlying => mapping(uint40 expiry => uint256 priceE18)) private _settlements;
    mapping(uint16 underlying => uint256 ratioE18) private _markRatios;
    mapping(uint16 underlying => int256 fundingE18) private _fundings;
    mapping(uint16 underlying => uint256 unitsE18) private _openInterests;

    function setBook(AccountId account, Book calldata book) external {
        Book storage stored = _books[account];
        (stored.model, stored.cashE18) = (book.model, book.cashE18);
        delete stored.collateral;
        delete stored.quotes;
        delete stored.positions;
        for (uint256 i = 0; i < book.collateral.length; ++i) stored.collateral.push(book.collateral[i]);
        for (uint256 i = 0; i < book.quotes.length; ++i) stored.quotes.push(book.quotes[i]);
        for (uint256 i = 0; i < book.positions.length; ++i) stored.positions.push(book.positions[i]);
    }

    function setPrice(uint16 feedId, uint256 priceE18) external {
        _prices[feedId] = priceE18;
    }

    function setSurface(uint16 underlying, uint40 expiry, Surface calldata surface_) external {
        _surfaces[underlying][expiry] = surface_;
    }

    function setSettlement(uint16 underlying, uint40 expiry, uint256 priceE18) external {
        _settlements[underlying][expiry] = priceE18;
    }

    /// @param ratioE18 Mark of the perpetual / index.
    function setPerp(uint16 underlying, uint256 ratioE18, int256 fundingE18) external {
        _markRatios[underlying] = ratioE18;
        _fundings[underlying] = fundingE18;
    }

    function setOpenInterest(uint16 underlying, uint256 unitsE18) external {
        _openInterests[underlying] = unitsE18;
    }

    function holdingsOf(
        AccountId account
    ) external view returns (int256 cashE18, CollateralUnits[] memory collateral, MarginModel model) {
        Book storage book = _books[account];
        return (book.cashE18, book.collateral, book.model);
    }

    function positionsOf(
        AccountId account
    ) external view returns (Position[] memory positions, QuoteFigure[] memory quotes) {
        return (_books[account].positions, _books[account].quotes);
    }

    function positionWords(AccountId account) external view returns (uint256[] memory words) {
        Position[] storage positions = _books[account].positions;
        words = new uint256[](positions.length);
        uint256 count = 0;
        for (uint256 i = 0; i < positions.length; ++i) {
            if (positions[i].sizeE18 == 0) continue;
            words[count++] = positionWord(positions[i].instrument, positions[i].sizeE18);
        }
        assembly ("memory-safe") {
            mstore(words, count)
        }
    }

    function quoteOf(AccountId account, uint16 underlying) external view returns (int256) {
        QuoteFigure[] storage quotes = _books[account].quotes;
        for (uint256 i = 0; i < quotes.length; ++i) {
            if (quotes[i].underlying == underlying) return quotes[i].quoteE18;
        }
        return 0;
    }

    function price(uint16 feedId) external view returns (uint256 priceE18) {
        priceE18 = _prices[feedId];
        if (priceE18 == 0) revert IPriceOracle.PriceOracle_UnknownFeed(feedId);
    }

    function surface(uint16 underlying, uint40 expiry) external view returns (Surface memory found) {
        found = _surfaces[underlying][expiry];
        if (found.publishedAt == 0) revert ISurfaceOracle.SurfaceOracle_NoSurface(underlying, expiry);
    }

    function surfaceWords(uint16 underlying, uint40 expiry) external view returns (uint256 head, uint256 smile) {
        Surface memory found = _surfaces[underlying][expiry];
        if (found.publishedAt == 0) revert ISurfaceOracle.SurfaceOracle_NoSurface(underlying, expiry);
        SurfaceWords.Words memory words = SurfaceWords.pack(found, 1 days);
        return (words.head, words.smile);
    }

    function settlementPriceE18(uint16 underlying, uint40 expiry) external view returns (uint256) {
        return _settlements[underlying][expiry];
    }

    function perpMark(
        uint16 underlying,
        uint256 indexE18
    ) external view returns (uint256 markE18, int256 cumulativeFundingE18) {
        uint256 ratioE18 = _markRatios[underlying];
        return (ratioE18 == 0 ? indexE18 : (indexE18 * ratioE18) / 1e18, _fundings[underlying]);
    }

    function openInterestE18(uint16 underlying) external view returns (uint256) {
        return _openInterests[underlying];
    }
}
