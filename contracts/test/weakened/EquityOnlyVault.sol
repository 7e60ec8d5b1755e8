// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginVault} from "../../core/MarginVault.sol";
import {IRiskEngine} from "../../interfaces/IRiskEngine.sol";
import {AccountId} from "../../types/AccountId.sol";

/// @title Vault that pays profits out to the last cent
/// @notice Missing: the initial requirement behind open positions when money leaves; equity alone is asked for. R18, withdraw the
/// profit and let the house be liquidated against: the ETH whale on Hyperliquid, March 2025.
contract EquityOnlyVault is MarginVault {
    constructor(
        address authority,
        address settlementToken_,
        RateCurve memory curve,
        uint256 settlementCapE18_
    ) MarginVault(authority, settlementToken_, curve, settlementCapE18_) {}

    function _requireCovered(AccountId account) internal override {
        int256 equityE18 = IRiskEngine(_riskEngineAddress()).assess(account).equityE18;
        if (equityE18 < 0) revert MarginVault_InsufficientCollateral(account, 0, 0, uint256(-equityE18));
        _writeChecked(account);
    }
}
