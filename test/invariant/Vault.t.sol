// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {MarginVault} from "../../contracts/core/MarginVault.sol";
import {IMarginVault} from "../../contracts/interfaces/IMarginVault.sol";
import {MockCore} from "../../contracts/mocks/core/MockCore.sol";
import {MockPositions} from "../../contracts/mocks/core/MockPositions.sol";
import {MockRiskEngine} from "../../contracts/mocks/risk/MockRiskEngine.sol";
import {MockToken} from "../../contracts/mocks/token/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {SolidityTest} from "../base/SolidityTest.sol";
import {VaultHandler} from "./handlers/VaultHandler.sol";

/// @notice The vault under any order of calls: claims stay covered, now and later.
contract VaultInvariantTest is SolidityTest {
    MarginVault private _vault;
    MockToken private _coin;
    MockToken private _asset;
    VaultHandler private _handler;

    function setUp() external {
        _coin = new MockToken("USDC", 6);
        _asset = new MockToken("USDX", 8);
        AccessManager authority = new AccessManager(address(this));
        _vault = new MarginVault(
            address(authority),
            address(_coin),
            IMarginVault.RateCurve(0.02e18, 0.8e18, 0.04e18, 0.6e18, 0.1e18),
            1e30
        );
        MockPositions clearinghouse = new MockPositions();
        MockCore liquidator = new MockCore();
        MockCore backstop = new MockCore();
        MockRiskEngine engine = new MockRiskEngine(_vault);
        _vault.setCore(address(engine), address(clearinghouse), address(liquidator), address(backstop));
        _vault.listAsset(address(_asset), 1e30);
        engine.setPrice(0, 1e18);
        _handler = new VaultHandler(_vault, _coin, _asset, clearinghouse, liquidator, backstop, engine);
        targetContract(address(_handler));
    }

    function invariantClaimsAreCovered() external {
        _requireCovered("VLT-1: claims above tokens + debts + settled ahead");
        _requireSums();
        vm.warp(vm.getBlockTimestamp() + 97 days);
        _requireCovered("VLT-1: the same after interest of 97 days, still to be booked");
        _requireSums();
        _vault.accrue();
        _requireCovered("VLT-1: the same once it is booked");
        _requireSums();
    }

    function invariantCollateralIsHeld() external view {
        AccountId[] memory accounts = _handler.accounts();
        uint256 unitsE18;
        for (uint256 i = 0; i < accounts.length; ++i) unitsE18 += _vault.unitsOf(accounts[i], 0);
        vm.assertEq(_vault.asset(0).totalE18, unitsE18, "VLT-2: the total is not the sum");
        vm.assertGe(_asset.balanceOf(address(_vault)) * 1e10, unitsE18, "VLT-2: units without tokens");
    }

    function invariantLockIsOpen() external view {
        vm.assertFalse(_vault.isLocked(), "the lock outlived its call");
    }

    function _requireCovered(string memory label) private view {
        IMarginVault.CashTotals memory totals = _vault.cashTotals();
        int256 assetsE18 = int256(_coin.balanceOf(address(_vault)) * 1e12 + totals.borrowedE18) + totals.netSettledE18;
        vm.assertGe(assetsE18, int256(totals.suppliedE18), label);
    }

    /// @dev Each account by itself never shows more, together, than the totals do.
    function _requireSums() private view {
        IMarginVault.CashTotals memory totals = _vault.cashTotals();
        AccountId[] memory accounts = _handler.accounts();
        uint256 claimsE18;
        uint256 debtsE18;
        for (uint256 i = 0; i < accounts.length; ++i) {
            int256 cashE18 = _vault.cashOf(accounts[i]);
            if (cashE18 > 0) claimsE18 += uint256(cashE18);
            else debtsE18 += uint256(-cashE18);
        }
        vm.assertLe(claimsE18, totals.suppliedE18, "VLT-1: balances above the total of claims");
        vm.assertGe(claimsE18 + accounts.length * 2, totals.suppliedE18, "claims without an owner");
        vm.assertGe(debtsE18, totals.borrowedE18, "VLT-1: debts below their total");
    }
}
