// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockToken} from "../../../contracts/mocks/token/MockToken.sol";
import {AuctionHandler} from "./AuctionHandler.sol";
import {Refusals} from "./Refusals.sol";

/// @notice Everything the backstop's depositors do, and tokens given away to nobody.
abstract contract PoolHandler is AuctionHandler {
    /// @notice Coins go into the pool, are asked back, wait and leave; shares change hands.
    function pool(uint256 seed) external {
        seed = _begin(seed);
        address provider = providers[seed % providers.length];
        uint256 way = (seed >> 8) % 10;
        if (way < 2) _enter(provider, seed >> 16);
        else if (way < 4) _requestExit(provider, seed >> 16);
        else if (way < 7) _leave(provider, provider, seed >> 16);
        else if (way == 7) _handOver(provider, seed >> 16);
        else if (way == 8) _leaveForOther(provider, seed >> 16);
        else _harvest();
        _end(false);
    }

    /// @notice VLT-5: tokens that come as a present are nobody's, and move neither balances nor indices.
    function donate(uint256 seed) external {
        seed = _begin(seed);
        MockToken token = collateral[(seed >> 8) % collateral.length];
        bool coin = seed % 3 == 0;
        uint256 amount = bound(seed >> 16, 1, coin ? 10_000e6 : 1e8);
        int256 cashBeforeE18 = vault.cashOf(accounts[0]);
        uint256 suppliedE18 = vault.cashTotals().suppliedE18;
        if (!coin) {
            token.mint(address(vault), amount);
            donatedNative[address(token)] += amount;
        } else {
            usdc.mint(seed % 2 == 0 ? address(vault) : address(backstop), amount);
        }
        vm.assertEq(vault.cashOf(accounts[0]), cashBeforeE18, "VLT-5: a donation changes no balance");
        vm.assertEq(vault.cashTotals().suppliedE18, suppliedE18, "VLT-5: a donation is nobody's claim");
        _end(false);
    }

    function _enter(address provider, uint256 seed) private {
        uint256 amount = bound(seed >> 8, 1, 50_000e6);
        usdc.mint(provider, amount);
        vm.prank(provider);
        usdc.approve(address(backstop), amount);
        uint256 worthBefore = backstop.convertToAssets(backstop.balanceOf(provider));
        if (seed % 2 == 0) {
            vm.prank(provider);
            backstop.deposit(amount, provider);
        } else {
            uint256 shares = backstop.previewDeposit(amount);
            vm.prank(provider);
            backstop.mint(shares, provider);
        }
        uint256 worthAfter = backstop.convertToAssets(backstop.balanceOf(provider));
        vm.assertLe(worthAfter, worthBefore + amount + 1, "BCK-1: shares are worth no more than was paid for them");
    }

    function _requestExit(address provider, uint256 seed) private {
        uint256 held = backstop.balanceOf(provider);
        bytes memory data = abi.encodeCall(backstop.requestExit, (bound(seed, 0, held + 1)));
        _expect(_attempt(provider, address(backstop), data), Refusals.exits(), "requestExit");
    }

    /// @dev BCK-3: nobody leaves before the time he asked for, with more than he asked for, or while a deficit is open.
    function _leave(address caller, address owner, uint256 seed) private {
        uint256 requested = backstop.exitOf(owner).shares;
        uint256 shares = bound(seed >> 8, 0, requested + 1);
        bytes memory data = abi.encodeCall(backstop.redeem, (shares, caller, owner));
        if (seed % 2 == 0) {
            data = abi.encodeCall(backstop.withdraw, (backstop.previewRedeem(shares), caller, owner));
        }
        uint256 openAt = backstop.exitOf(owner).openAt;
        uint256 closeAt = backstop.exitOf(owner).closeAt;
        uint256 suppliedBefore = backstop.totalSupply();
        bytes4 failure = _attempt(caller, address(backstop), data);
        bytes memory refusals = Refusals.exits();
        if (caller != owner) refusals = abi.encodePacked(refusals, Refusals.allowances());
        _expect(failure, refusals, "redeem");
        if (failure != 0) return;
        _reach("exit");
        vm.assertTrue(openAt <= clock && clock <= closeAt, "BCK-3: nobody leaves but in his window");
        uint256 burned = suppliedBefore - backstop.totalSupply();
        vm.assertLe(burned, requested, "BCK-3: nobody leaves with more than he asked for");
        vm.assertEq(liquidator.insolventAuctions(), 0, "BCK-3: nobody leaves while a deficit is open");
    }

    /// @dev Shares go from one provider to the next, by himself or by whom he approved.
    function _handOver(address provider, uint256 seed) private {
        address other = providers[(seed >> 8) % providers.length];
        uint256 shares = bound(seed >> 16, 0, backstop.balanceOf(provider));
        if (seed % 2 == 0) {
            vm.prank(provider);
            backstop.transfer(other, shares);
            return;
        }
        vm.prank(provider);
        backstop.approve(other, shares / 2);
        bytes memory data = abi.encodeCall(backstop.transferFrom, (provider, other, shares));
        bytes4 failure = _attempt(other, address(backstop), data);
        if (provider != other && shares > shares / 2) {
            vm.assertTrue(failure != 0, "CLR-4: shares beyond the allowance stay");
        }
        _expect(failure, Refusals.allowances(), "transferFrom");
        vm.prank(provider);
        backstop.approve(other, 0);
    }

    function _leaveForOther(address provider, uint256 seed) private {
        address other = providers[seed % providers.length];
        if (other == provider) return;
        uint256 held = backstop.balanceOf(other);
        _leave(provider, other, seed >> 8);
        vm.assertEq(backstop.balanceOf(other), held, "CLR-4: nobody redeems another's shares without allowance");
    }

    /// @dev BCK-1: what the vault owes the pool counts as the pool's before and after it comes home.
    function _harvest() private {
        uint256 assetsBefore = backstop.totalAssets();
        backstop.harvest();
        vm.assertApproxEqAbs(backstop.totalAssets(), assetsBefore, 1, "BCK-1: harvesting changes no share's worth");
    }
}
