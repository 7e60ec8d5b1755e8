// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBackstop} from "../../interfaces/IBackstop.sol";
import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {Liquidator} from "../../liquidation/Liquidator.sol";
import {LossShares} from "../../liquidation/LossShares.sol";
import {AccountId} from "../../types/AccountId.sol";

/// @title Liquidator that pays for starts whatever the book is worth
/// @notice Missing: the bound of the start pay by what the book has at stake. R17, liquidating oneself for the reward: accounts of a
/// few dollars are opened to be started on when gas is dear.
contract GenerousLiquidator is Liquidator {
    constructor(
        IMarginVault vault,
        IClearinghouse clearinghouse,
        IBackstop backstop,
        IPriceOracle oracle,
        address authority,
        Curve memory curve_,
        KeeperPay memory pay
    ) Liquidator(vault, clearinghouse, backstop, oracle, authority, curve_, pay) {}

    function _payForStart(
        AccountId account,
        AccountId keeper,
        int256 equityE18,
        uint256
    ) internal override returns (uint256 payE18) {
        uint256 dueE18 = _startPayE18();
        uint256 ownE18 = equityE18 > 0 ? uint256(equityE18) : 0;
        payE18 = ownE18 < dueE18 ? ownE18 : dueE18;
        VAULT.moveCash(account, keeper, payE18);
        if (payE18 < dueE18) payE18 += _payFromBackstop(keeper, LossShares.whole(LossShares.NONE, dueE18 - payE18));
    }
}
