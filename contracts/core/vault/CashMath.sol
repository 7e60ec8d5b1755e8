// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {mulDivFloor} from "../../libraries/math/FixedPoint.sol";

/// @title Principal and balance of signed cash
/// @notice balance = principal * index, with the supply index above zero and the borrow index below. Both directions round
/// toward minus infinity: a claim is never more than its share, a debt never less. Hence a change of a balance by d moves
/// the real total of claims by at most d and the real total of debts by at least -d, which keeps the totals' law exact.
library CashMath {
    int256 internal constant ONE_E27 = 1e27;

    /// @notice Balance behind a principal.
    /// @param principal Signed principal.
    /// @param supplyIndexE27 Index of claims, 27 decimals, > 0.
    /// @param borrowIndexE27 Index of debts, 27 decimals, > 0.
    /// @return balanceE18 Signed balance, 18 decimals.
    /// @custom:rounding floor
    function balanceOf(
        int256 principal,
        uint256 supplyIndexE27,
        uint256 borrowIndexE27
    ) internal pure returns (int256 balanceE18) {
        return mulDivFloor(principal, int256(principal >= 0 ? supplyIndexE27 : borrowIndexE27), ONE_E27);
    }

    /// @notice Principal to store for a balance.
    /// @param balanceE18 Signed balance, 18 decimals.
    /// @param supplyIndexE27 Index of claims, 27 decimals, > 0.
    /// @param borrowIndexE27 Index of debts, 27 decimals, > 0.
    /// @return principal Signed principal.
    /// @custom:rounding floor
    function principalOf(
        int256 balanceE18,
        uint256 supplyIndexE27,
        uint256 borrowIndexE27
    ) internal pure returns (int256 principal) {
        return mulDivFloor(balanceE18, ONE_E27, int256(balanceE18 >= 0 ? supplyIndexE27 : borrowIndexE27));
    }
}
