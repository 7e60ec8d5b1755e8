// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What a rollup charges for publishing a transaction
/// @notice Comes on top of gas times base fee, and is set by the chain, not by whoever sends.
interface IDataFee {
    /// @notice Fee for a transaction of so many bytes, wei of the native coin.
    /// @param size Bytes of the transaction.
    function feeWei(uint256 size) external view returns (uint256);
}
