// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDataFee} from "../../interfaces/IDataFee.sol";

/// @notice Precompile of Arbitrum chains.
interface IArbGasInfo {
    /// @notice The chain's estimate of the parent chain's price of calldata gas, wei.
    function getL1BaseFeeEstimate() external view returns (uint256);
}

/// @title Data fee of Arbitrum chains
/// @dev A byte counts as 16 units of calldata gas, zero or not, before compression: an upper bound. Source: docs.arbitrum.io, ArbGasInfo.
contract ArbitrumDataFee is IDataFee {
    IArbGasInfo private constant INFO = IArbGasInfo(0x000000000000000000000000000000000000006C);
    uint256 private constant GAS_PER_BYTE = 16;

    /// @inheritdoc IDataFee
    function feeWei(uint256 size) external view returns (uint256) {
        return INFO.getL1BaseFeeEstimate() * GAS_PER_BYTE * size;
    }
}
