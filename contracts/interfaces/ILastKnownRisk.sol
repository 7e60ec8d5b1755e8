// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {Book} from "../types/Book.sol";

/// @title May a book be made smaller while a price is missing?
/// @notice A fill that reduces both sides helps everybody and must not wait for a feed. It is checked at the last known prices, which
/// may be far from true ones; so it may not be used to carry value from an account that is lost to one that is not.
interface ILastKnownRisk {
    /// @notice Thrown when a fill leaves an account with a greater requirement, costs it more than a quarter of what was released, or
    /// leaves it owing more than it has. USD, 18 decimals, at the last known prices.
    error LastKnownRisk_NotReduced(
        AccountId account,
        int256 equityBeforeE18,
        int256 equityAfterE18,
        uint256 initialBeforeE18,
        uint256 initialAfterE18
    );

    /// @notice Reverts with LastKnownRisk_NotReduced unless an account's book got smaller for little: initial' <= initial,
    /// 4 * (equity - equity') <= initial - initial', equity' >= 0.
    /// @param before Its book before; what it is now, the account says itself.
    function requireReduced(AccountId account, Book memory before) external view;

    /// @notice Where the last known prices come from; answers `price` of IPriceOracle and `surfaceWords` of ISurfaceOracle.
    function prices() external view returns (address);
}
