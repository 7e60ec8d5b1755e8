// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {AccountId} from "../types/AccountId.sol";

/// @title Who pays for the rest?
/// @notice ERC-4626 pool of the settlement coin. Earns trading fees and the reserve share of interest, pays for insolvent
/// slices. Shares leave in two steps: a request, then, after the cooldown and within a window, the redemption.
interface IBackstop is IERC4626 {
    /// @notice A request to leave.
    struct Exit {
        uint176 shares; // a pool that was emptied once mints very many
        uint40 openAt; // Unix time, seconds
        uint40 closeAt; // Unix time, seconds
    }

    event ExitRequested(address indexed owner, uint256 shares, uint40 openAt, uint40 closeAt);
    event LossCovered(AccountId indexed creditedAccount, uint256 askedE18, uint256 paidE18);
    event Harvested(uint256 amountNative);
    event CooldownSet(uint32 cooldownSeconds, uint32 windowSeconds);

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

    /// @notice Brings the protocol account's cash in the vault into the pool. Anyone.
    function harvest() external returns (uint256 amountNative);

    function exitOf(address owner) external view returns (Exit memory);

    function cooldown() external view returns (uint32 cooldownSeconds, uint32 windowSeconds);

    /// @custom:access restricted
    function setCooldown(uint32 cooldownSeconds, uint32 windowSeconds) external;
}
