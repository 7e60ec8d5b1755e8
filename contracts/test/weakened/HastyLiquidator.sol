// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBackstop} from "../../interfaces/IBackstop.sol";
import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {Liquidator} from "../../liquidation/Liquidator.sol";
import {AccountId} from "../../types/AccountId.sol";
import {RIGHT_LIQUIDATE} from "../../types/Rights.sol";

/// @title Liquidator that does not wait for the next block
/// @notice Missing: the rule that an account which passed a check in a block is not sold in it. R9, a caller who picks among two
/// prices of one block.
contract HastyLiquidator is Liquidator {
    constructor(
        IMarginVault vault,
        IClearinghouse clearinghouse,
        IBackstop backstop,
        IPriceOracle oracle,
        address authority,
        Curve memory curve_,
        KeeperPay memory pay
    ) Liquidator(vault, clearinghouse, backstop, oracle, authority, curve_, pay) {}

    function _authorise(AccountId account, AccountId keeper) internal view override {
        if (!VAULT.isAuthorised(keeper, msg.sender, RIGHT_LIQUIDATE)) {
            revert Liquidator_NotAuthorised(keeper, msg.sender);
        }
        if (account.owner() == keeper.owner()) revert Liquidator_SelfLiquidation(account, keeper);
    }
}
