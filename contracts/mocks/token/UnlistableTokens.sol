// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Has decimals but tells no balances.
contract TokenWithoutBalances {
    error TokenWithoutBalances_Refused();

    function decimals() external pure returns (uint8) {
        return 18;
    }

    function balanceOf(address) external pure returns (uint256) {
        revert TokenWithoutBalances_Refused();
    }
}

/// @notice Tells balances but has no decimals.
contract TokenWithoutDecimals {
    function balanceOf(address) external pure returns (uint256) {
        return 0;
    }
}
