// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book} from "../types/Book.sol";
import {Report} from "../types/Risk.sol";
import {IClearinghouse} from "./IClearinghouse.sol";
import {ILiquidator} from "./ILiquidator.sol";

/// @title Read-only aggregates for people, bots and integrators
/// @notice Never called by the core. Every function reverts while a core function runs.
interface IMarginLens {
    /// @notice A whole account in one call.
    struct AccountView {
        Book book;
        Assessment assessment;
        ILiquidator.Auction auction;
        uint256 lastCheckedBlock;
    }

    /// @notice Margin of one account before and after a proposed trade.
    struct Preview {
        Assessment before;
        Assessment after_;
        uint256 feeE18; // settlement coin, 18 decimals
    }

    /// @notice Thrown when the core is in the middle of a transaction.
    error MarginLens_CoreLocked();
    /// @notice Thrown when a price search finds no crossing in its range. USD, 18 decimals.
    error MarginLens_NoLiquidationPrice(AccountId account, uint16 underlying);

    function account(AccountId id) external view returns (AccountView memory);

    function accounts(AccountId[] calldata ids) external view returns (AccountView[] memory);

    /// @notice Scenario table with every add-on.
    function scenarioTable(AccountId id) external view returns (Report memory);

    /// @notice Margin of taker and maker before and after filling quotes; signatures are not looked at.
    /// Equal to the result of executing them at the same block.
    function previewFill(IClearinghouse.Fill[] calldata items, AccountId id) external view returns (Preview memory);

    /// @notice Greatest amount of a token that `withdraw` would let out now. Token units.
    function maxWithdraw(AccountId id, address token) external view returns (uint256 amountNative);

    /// @notice Prices of one underlying at which equity meets maintenance, others and volatility fixed.
    /// @return lowerE18 Nearest below spot, USD, 18 decimals; 0 = none down to 1 % of spot.
    /// @return upperE18 Nearest above spot, USD, 18 decimals; 0 = none up to 10 times spot.
    function liquidationPrices(
        AccountId id,
        uint16 underlying
    ) external view returns (uint256 lowerE18, uint256 upperE18);
}
