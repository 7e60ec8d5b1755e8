// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {IClearinghouse} from "./IClearinghouse.sol";
import {ILiquidator} from "./ILiquidator.sol";

/// @title Closing a slice at makers' quotes
/// @notice Takes a slice of a short account and lays it off to signed quotes in one transaction, for keepers without capital: what the
/// slice costs is paid out of what the makers pay, and the discount is left. Its gain is the auction's discount less what the quotes
/// are worse than the prices that the auction sells at.
/// A keeper makes this contract an operator of his account with the rights to trade and to liquidate, once. It holds nothing and
/// keeps nothing; it acts for an account only on the word of somebody who may trade and liquidate for it.
interface ICloseOut {
    /// @notice One closing.
    struct Order {
        AccountId account; // whose slice is taken; an auction runs
        AccountId keeper; // who takes it, and the taker of every quote
        uint256 maxFractionE18; // most of the book that is taken, 18 decimals
        int256 maxPriceE18; // highest price of the slice, settlement coin, 18 decimals, signed
        int256 minGainE18; // least that the keeper's cash has to rise by, settlement coin, 18 decimals
        IClearinghouse.Fill[] fills; // units of zero = as many as close what the fills before it leave of the first leg
    }

    event ClosedOut(
        AccountId indexed account,
        AccountId indexed keeper,
        uint256 fractionE18,
        int256 priceE18,
        int256 gainE18
    );

    /// @notice Thrown when the caller may not both trade and liquidate for the keeper's account.
    error CloseOut_NotAuthorised(AccountId keeper, address caller);
    /// @notice Thrown when the callback is not the liquidator's.
    error CloseOut_NotLiquidator(address caller);
    /// @notice Thrown when a quote is to be filled for another account than the keeper's.
    error CloseOut_ForeignTaker(AccountId taker, AccountId keeper);
    /// @notice Thrown when the quotes leave the keeper with more positions than he had.
    error CloseOut_PositionsLeft(AccountId keeper, uint256 before, uint256 left);
    /// @notice Thrown when the keeper's cash rises by less than he wanted. Settlement coin, 18 decimals.
    error CloseOut_GainBelowLimit(int256 gainE18, int256 minGainE18);

    /// @notice Takes a slice into the keeper's account and fills the quotes from it.
    /// @dev How much a slice brings is known only when it is taken, so a quote may be filled by what there is to close instead of by a
    /// number of units; quotes of one leg of a whole unit fit that always. Several quotes for one instrument are filled in order, all but
    /// the last by units. Errors of liquidator, clearinghouse and engine come
    /// through as they are. Collateral of the slice stays with the keeper; whoever has no capital takes slices of accounts whose
    /// equity is cash.
    /// @return terms What was taken.
    /// @return gainE18 What the keeper's cash rose by, settlement coin, 18 decimals.
    function closeOut(Order calldata order) external returns (ILiquidator.SliceTerms memory terms, int256 gainE18);
}
