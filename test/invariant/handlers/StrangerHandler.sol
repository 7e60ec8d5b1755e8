// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IBackstop} from "../../../contracts/interfaces/IBackstop.sol";
import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {ICloseOut} from "../../../contracts/interfaces/ICloseOut.sol";
import {ILiquidator, ISliceReceiver} from "../../../contracts/interfaces/ILiquidator.sol";
import {IMarginVault} from "../../../contracts/interfaces/IMarginVault.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {ISurfaceOracle} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {MarginModel} from "../../../contracts/types/Book.sol";
import {GateLevel} from "../../../contracts/types/Gate.sol";
import {Witness} from "../../../contracts/types/Risk.sol";
import {Defaults} from "../../base/Defaults.sol";
import {AuctionHandler} from "./AuctionHandler.sol";

/// @notice CLR-4: every door that is not for everybody, tried by somebody it is not for, and refused with its own error.
abstract contract StrangerHandler is AuctionHandler {
    bytes4 private constant UNAUTHORISED = IAccessManaged.AccessManagedUnauthorized.selector;

    /// @notice A user of the protocol or nobody in particular tries the doors of one room.
    function strangers(uint256 seed) external {
        seed = _begin(seed);
        address who = vm.addr(_key("stranger"));
        if (seed & 1 == 0) who = accounts[(seed >> 8) % (TRADERS + KEEPERS)].owner();
        _try(who, seed >> 16);
        _end(false);
    }

    // --- rooms

    function _try(address who, uint256 seed) private {
        uint256 room = seed % 9;
        if (room == 0) _tryVaultCore(who, seed >> 16);
        else if (room == 1) _tryVaultSettings(who);
        else if (room == 2) _tryHouse(who, seed >> 16);
        else if (room == 3) _tryLiquidation(who, seed >> 16);
        else if (room == 4) _tryOracles(who);
        else if (room == 5) _tryParameters(who);
        else if (room == 6) _tryAccounts(who, seed >> 16);
        else if (room == 7) _tryCoreUnlocked(seed >> 16);
        else _tryAuthority(who);
    }

    function _tryVaultCore(address who, uint256 seed) private {
        AccountId victim = accounts[seed % accounts.length];
        AccountId gainer = accounts[(seed >> 8) % accounts.length];
        bytes4 refusal = IMarginVault.MarginVault_NotCore.selector;
        _refused(who, address(vault), abi.encodeCall(IMarginVault.lock, ()), refusal);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.unlock, ()), refusal);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.moveCash, (victim, gainer, 1e18)), refusal);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.settleCash, (gainer, 1e18)), refusal);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.moveFraction, (victim, gainer, ONE)), refusal);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.depositFromBackstop, (gainer, 1)), refusal);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.socialise, (gainer, 1e18)), refusal);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.markChecked, (victim)), refusal);
    }

    function _tryVaultSettings(address who) private {
        _refused(who, address(vault), abi.encodeCall(IMarginVault.setRateCurve, (Defaults.rateCurve())), UNAUTHORISED);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.pauseBorrowing, ()), UNAUTHORISED);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.unpauseBorrowing, ()), UNAUTHORISED);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.setCore, (who, who, who, who)), UNAUTHORISED);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.listAsset, (who, 1)), UNAUTHORISED);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.setAssetCap, (0, 1, false)), UNAUTHORISED);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.setSettlementCap, (0)), UNAUTHORISED);
        _refused(who, address(vault), abi.encodeCall(IMarginVault.setGate, (GateLevel.HALT)), UNAUTHORISED);
    }

    function _tryHouse(address who, uint256 seed) private {
        address target = address(house);
        AccountId victim = accounts[seed % accounts.length];
        AccountId gainer = accounts[(seed >> 8) % accounts.length];
        bytes4 refusal = IClearinghouse.Clearinghouse_NotCore.selector;
        _refused(who, target, abi.encodeCall(IClearinghouse.moveFraction, (victim, gainer, ONE)), refusal);
        _refused(who, target, abi.encodeCall(IClearinghouse.settleAccountLocked, (victim)), refusal);
        _refused(who, target, abi.encodeCall(IClearinghouse.setListing, (BTC, Defaults.listing(BTC))), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IClearinghouse.setFees, (Defaults.fees())), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IClearinghouse.setFundingParams, (Defaults.funding())), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IClearinghouse.pauseOpening, ()), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IClearinghouse.unpauseOpening, ()), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IClearinghouse.setPriceOracle, (target)), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IClearinghouse.setLastKnownRisk, (target)), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IClearinghouse.setPriceBand, (1e18)), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IClearinghouse.setGate, (GateLevel.HALT)), UNAUTHORISED);
    }

    function _tryLiquidation(address who, uint256 seed) private {
        AccountId gainer = accounts[seed % accounts.length];
        bytes4 refusal = IBackstop.Backstop_NotLiquidator.selector;
        IBackstop.LossShare[] memory shares = new IBackstop.LossShare[](1);
        shares[0] = IBackstop.LossShare(BTC, 1e18);
        _refused(who, address(backstop), abi.encodeCall(IBackstop.cover, (gainer, 1e18)), refusal);
        _refused(who, address(backstop), abi.encodeCall(IBackstop.spendBudget, (shares)), refusal);
        _refused(who, address(backstop), abi.encodeCall(IBackstop.setLossBudget, (BTC, 0, 1 days)), UNAUTHORISED);
        _refused(who, address(backstop), abi.encodeCall(IBackstop.setCooldown, (1 hours, 1 hours)), UNAUTHORISED);
        bytes memory curve = abi.encodeCall(ILiquidator.setCurve, (Defaults.curve()));
        _refused(who, address(liquidator), curve, UNAUTHORISED);
        bytes memory pay = abi.encodeCall(ILiquidator.setKeeperPay, (Defaults.keeperPay()));
        _refused(who, address(liquidator), pay, UNAUTHORISED);
        ILiquidator.SliceTerms memory terms;
        bytes memory slice = abi.encodeCall(ISliceReceiver.onSlice, (gainer, gainer, terms, ""));
        _refused(who, address(closer), slice, ICloseOut.CloseOut_NotLiquidator.selector);
    }

    function _tryOracles(address who) private {
        address target = address(prices);
        _refused(who, target, abi.encodeCall(IPriceOracle.setFeed, (BTC, Defaults.feed(who, false))), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IPriceOracle.setSequencer, (who, 0)), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IPriceOracle.setConfirmSeconds, (60)), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IPriceOracle.setSettlementWindow, (0)), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IPriceOracle.pauseFeed, (BTC)), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IPriceOracle.unpauseFeed, (BTC)), UNAUTHORISED);
        target = address(surfaces);
        _refused(who, target, abi.encodeCall(ISurfaceOracle.setSigner, (who, true)), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(ISurfaceOracle.setThreshold, (1)), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(ISurfaceOracle.setBounds, (Defaults.surfaceBounds())), UNAUTHORISED);
    }

    function _tryParameters(address who) private {
        address target = address(parameters);
        bytes memory data = abi.encodeCall(
            IRiskParameters.setUnderlying,
            (BTC, Defaults.underlyingParams(BTC), Defaults.grid(BTC))
        );
        _refused(who, target, data, UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IRiskParameters.setGroup, (1, 0)), UNAUTHORISED);
        data = abi.encodeCall(IRiskParameters.setAsset, (0, Defaults.assetParams(ETH)));
        _refused(who, target, data, UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IRiskParameters.setGlobal, (Defaults.globalParams())), UNAUTHORISED);
        _refused(who, target, abi.encodeCall(IRiskParameters.setOracles, (prices, surfaces)), UNAUTHORISED);
    }

    /// @dev What only an owner, or whom he lets, may do for an account.
    function _tryAccounts(address who, uint256 seed) private {
        AccountId victim = accounts[seed % TRADERS];
        // A keeper is nobody's operator.
        if (victim.owner() == who) who = accounts[TRADERS].owner();
        bytes4 refusal = IMarginVault.MarginVault_NotAuthorised.selector;
        bytes memory data = abi.encodeCall(IMarginVault.withdraw, (victim, address(usdc), 1, who));
        _refused(who, address(vault), data, refusal);
        data = abi.encodeCall(IMarginVault.transfer, (victim, accounts[TRADERS], address(usdc), 1));
        _refused(who, address(vault), data, refusal);
        data = abi.encodeCall(IMarginVault.setModel, (victim, MarginModel.SCENARIO));
        _refused(who, address(vault), data, refusal);
        data = abi.encodeCall(IMarginVault.setOperator, (victim, who, 15, type(uint40).max));
        _refused(who, address(vault), data, refusal);
        refusal = IClearinghouse.Clearinghouse_NotAuthorised.selector;
        _refused(who, address(house), abi.encodeCall(IClearinghouse.cancelQuote, (victim, 1)), refusal);
        _refused(who, address(house), abi.encodeCall(IClearinghouse.cancelGroup, (victim, 0)), refusal);
        _refused(who, address(house), abi.encodeCall(IClearinghouse.cancelAll, (victim)), refusal);
        _tryKeepers(who, victim);
    }

    function _tryKeepers(address who, AccountId keeper) private {
        AccountId account = accounts[TRADERS];
        Witness memory whole;
        bytes4 refusal = ILiquidator.Liquidator_NotAuthorised.selector;
        _refused(who, address(liquidator), abi.encodeCall(ILiquidator.start, (account, whole, keeper)), refusal);
        bytes memory data = abi.encodeCall(ILiquidator.take, (account, keeper, ONE, type(int256).max, ""));
        _refused(who, address(liquidator), data, refusal);
        ICloseOut.Order memory order;
        (order.account, order.keeper, order.maxFractionE18) = (account, keeper, ONE);
        data = abi.encodeCall(ICloseOut.closeOut, (order));
        _refused(who, address(closer), data, ICloseOut.CloseOut_NotAuthorised.selector);
    }

    /// @dev Contracts of the core by themselves, without the lock.
    function _tryCoreUnlocked(uint256 seed) private {
        AccountId victim = accounts[seed % accounts.length];
        AccountId gainer = accounts[(seed >> 8) % accounts.length];
        bytes4 refusal = IMarginVault.MarginVault_NotLocked.selector;
        address target = address(vault);
        _refused(address(house), target, abi.encodeCall(IMarginVault.moveCash, (victim, gainer, 1e18)), refusal);
        _refused(address(house), target, abi.encodeCall(IMarginVault.settleCash, (gainer, 1e18)), refusal);
        _refused(address(house), target, abi.encodeCall(IMarginVault.markChecked, (victim)), refusal);
        _refused(address(house), target, abi.encodeCall(IMarginVault.unlock, ()), refusal);
        address caller = address(liquidator);
        _refused(caller, target, abi.encodeCall(IMarginVault.moveFraction, (victim, gainer, ONE)), refusal);
        _refused(caller, target, abi.encodeCall(IMarginVault.socialise, (gainer, 1e18)), refusal);
        bytes memory data = abi.encodeCall(IMarginVault.depositFromBackstop, (gainer, 1));
        _refused(address(backstop), target, data, refusal);
        refusal = IClearinghouse.Clearinghouse_LockNotHeld.selector;
        data = abi.encodeCall(IClearinghouse.moveFraction, (victim, gainer, ONE));
        _refused(caller, address(house), data, refusal);
        data = abi.encodeCall(IClearinghouse.settleAccountLocked, (victim));
        _refused(caller, address(house), data, refusal);
    }

    function _tryAuthority(address who) private {
        address[7] memory managed = [
            address(vault),
            address(house),
            address(liquidator),
            address(backstop),
            address(prices),
            address(surfaces),
            address(parameters)
        ];
        for (uint256 i = 0; i < managed.length; ++i) {
            _refused(who, managed[i], abi.encodeCall(IAccessManaged.setAuthority, (who)), UNAUTHORISED);
        }
    }

    function _refused(address who, address target, bytes memory data, bytes4 refusal) private {
        bytes4 failure = _attempt(who, target, data);
        string memory door = vm.toString(bytes32(bytes4(data)));
        vm.assertEq(bytes32(failure), bytes32(refusal), string.concat("CLR-4: a stranger is refused by name: ", door));
    }
}
