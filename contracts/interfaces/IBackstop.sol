// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {AccountId} from "../types/AccountId.sol";

/// @title Who pays for the rest?
/// @notice ERC-4626 pool of the settlement coin. Earns trading fees and the reserve share of interest, pays for insolvent
/// slices within a budget per underlying and window. Shares leave in two steps: a request, then, after the cooldown and
/// within a window, the redemption.
interface IBackstop is IERC4626 {
    /// @notice A request to leave.
    struct Exit {
        uint176 shares; // a pool that was emptied once mints very many
        uint40 openAt; // Unix time, seconds
        uint40 closeAt; // Unix time, seconds
    }

    /// @notice What the pool may lose on one underlying. One slot: 96 + 96 + 40 + 24 = 256 bits.
    struct LossBudget {
        uint96 limitE18; // most of any window, USD, 18 decimals; half of it at once
        uint96 filledE18; // what losses had taken up by then, USD, 18 decimals
        uint40 filledAt; // Unix time, seconds
        uint24 windowSeconds; // 0 = no budget was set: nothing is paid
    }

    /// @notice Part of a loss that belongs to one underlying; 0 = to none.
    struct LossShare {
        uint16 underlying;
        uint256 amountE18; // USD, 18 decimals
    }

    event ExitRequested(address indexed owner, uint256 shares, uint40 openAt, uint40 closeAt);
    event LossCovered(AccountId indexed creditedAccount, uint256 askedE18, uint256 paidE18);
    event Harvested(uint256 amountNative);
    event CooldownSet(uint32 cooldownSeconds, uint32 windowSeconds);
    event LossBudgetSet(uint16 indexed underlying, uint96 limitE18, uint24 windowSeconds);
    /// @notice Part of a loss counts against a budget; what was asked beyond that is not the pool's to pay.
    event LossBudgetSpent(uint16 indexed underlying, uint256 askedE18, uint256 spentE18, uint256 roomE18);

    /// @notice Thrown when shares are redeemed outside an open request. Unix times, seconds.
    error Backstop_ExitNotOpen(address owner, uint256 nowSeconds, uint40 openAt, uint40 closeAt);
    /// @notice Thrown when more shares are redeemed than requested.
    error Backstop_ExitTooLarge(address owner, uint256 shares, uint256 requested);
    /// @notice Thrown when shares are redeemed while auctions of insolvent accounts run, whose losses the pool has yet to pay.
    error Backstop_DeficitOpen(uint256 auctions);
    /// @notice Thrown when a function for the liquidator is called by another address.
    error Backstop_NotLiquidator(address caller);
    /// @notice Thrown when shares move while the core lock is taken.
    error Backstop_Locked();
    /// @notice Thrown when a parameter is outside its bounds.
    error Backstop_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);

    /// @notice Asks to redeem shares after the cooldown. A new request replaces the old one.
    function requestExit(uint256 shares) external;

    /// @notice Pays up to `amountE18` into an account of the vault. Only the liquidator.
    /// @return paidE18 18 decimals, in whole token units, rounded up to the next unit if the pool can.
    function cover(AccountId creditedAccount, uint256 amountE18) external returns (uint256 paidE18);

    /// @notice Counts the shares of a loss against their budgets. Only the liquidator, which pays what is allowed and no more: a
    /// pool that then turns out to be empty has spent the budget all the same.
    /// @return allowedE18 At most the sum of the shares, USD, 18 decimals.
    function spendBudget(LossShare[] calldata shares) external returns (uint256 allowedE18);

    /// @notice Brings the protocol account's cash in the vault into the pool. Anyone.
    function harvest() external returns (uint256 amountNative);

    function exitOf(address owner) external view returns (Exit memory);

    function cooldown() external view returns (uint32 cooldownSeconds, uint32 windowSeconds);

    /// @notice Budget of an underlying as it was left by the last loss, and what may be lost now, USD, 18 decimals.
    function lossBudget(uint16 underlying) external view returns (LossBudget memory budget, uint256 roomE18);

    /// @notice Sets what the pool may lose on an underlying; what earlier losses took up stays.
    /// @param underlying 0 = losses that belong to no underlying.
    /// @param limitE18 Most of any window, USD, 18 decimals, at most 10 billion.
    /// @param windowSeconds Seconds, one hour to thirty days.
    /// @custom:access restricted
    function setLossBudget(uint16 underlying, uint96 limitE18, uint24 windowSeconds) external;

    /// @custom:access restricted
    function setCooldown(uint32 cooldownSeconds, uint32 windowSeconds) external;
}
