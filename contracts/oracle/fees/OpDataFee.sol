// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDataFee} from "../../interfaces/IDataFee.sol";

/// @notice Predeploy of OP-stack chains since their Fjord upgrade.
interface IOpGasPriceOracle {
    /// @notice Upper bound of the data fee of an unsigned transaction of so many bytes, wei.
    function getL1FeeUpperBound(uint256 unsignedTxSize) external view returns (uint256);
}

/// @title Data fee of OP-stack chains
/// @dev Source: specs.optimism.io, Fjord predeploys.
contract OpDataFee is IDataFee {
    IOpGasPriceOracle private constant ORACLE = IOpGasPriceOracle(0x420000000000000000000000000000000000000F);

    /// @inheritdoc IDataFee
    function feeWei(uint256 size) external view returns (uint256) {
        return ORACLE.getL1FeeUpperBound(size);
    }
}
