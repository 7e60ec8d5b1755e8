// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IBackstop} from "../../../contracts/interfaces/IBackstop.sol";
import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {ICloseOut} from "../../../contracts/interfaces/ICloseOut.sol";
import {ILiquidator} from "../../../contracts/interfaces/ILiquidator.sol";
import {IMarginVault} from "../../../contracts/interfaces/IMarginVault.sol";
import {MockWallet} from "../../../contracts/mocks/core/MockWallet.sol";
import {CallbackKeeper} from "../../../contracts/mocks/liquidation/CallbackKeeper.sol";
import {HostileKeeper} from "../../../contracts/mocks/liquidation/HostileKeeper.sol";
import {BlacklistToken} from "../../../contracts/mocks/token/BlacklistToken.sol";
import {MockToken} from "../../../contracts/mocks/token/MockToken.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Position} from "../../../contracts/types/Book.sol";
import {InstrumentId} from "../../../contracts/types/InstrumentId.sol";
import {RIGHT_LIQUIDATE, RIGHT_TRADE} from "../../../contracts/types/Rights.sol";
import {AuctionHandler} from "./AuctionHandler.sol";
import {Refusals} from "./Refusals.sol";

/// @notice Tokens, keepers and makers that do what they can, and a keeper without capital.
abstract contract HostileHandler is AuctionHandler {
    /// @dev Enough for a slice, and little enough that what burns it does not take long.
    uint256 private constant GAS = 20_000_000;

    /// @notice A token calls back while it is moved, says false, takes a fee or blocks an address.
    function hostileToken(uint256 seed) external {
        seed = _begin(seed);
        uint256 place = seed % TRADERS;
        uint256 amount = bound(seed >> 32, 100, 1_000e18);
        bool out = (seed >> 8) & 1 == 0;
        _touch(place);
        uint256 kind = (seed >> 16) % 5;
        if (kind == 0) _moveReentrant(place, amount, out, seed >> 128);
        else if (kind == 1) _moveFalse(place, amount, out);
        else if (kind == 2) _moveWithFee(place, amount, out);
        else if (kind == 3) _moveBlocked(place, amount);
        else _moveHonest(place, amount, seed >> 128);
        _end(false);
    }

    /// @notice A keeper's contract answers its callback with junk, burns its gas, throws a large error, or comes back in.
    function hostileKeeper(uint256 seed) external {
        seed = _begin(seed);
        AccountId account = accounts[_findAuction(seed)];
        uint256 mood = (seed >> 8) % 8;
        if (mood < 3) {
            _touch(hostilePlace);
            _takeHostile(account, HostileKeeper.Mood(mood), bound(seed >> 16, 0.05e18, ONE));
        } else {
            _touch(callbackPlace);
            _takeReentering(account, bound(seed >> 16, 0.05e18, ONE), seed >> 128);
        }
        _end(wroteDown);
    }

    /// @notice A contract that signs quotes refuses, burns its gas or comes back in; only what it approved is filled.
    function hostileWallet(uint256 seed) external {
        seed = _begin(seed);
        uint256 taker = seed % TRADERS;
        _touch(taker);
        _touch(walletPlace);
        IClearinghouse.Leg[] memory legs = _legs(
            _someLeg((seed >> 8) & 1 == 0 ? BTC : ETH, (seed >> 16) % 7, seed >> 32)
        );
        IClearinghouse.Fill memory item = _quote(keys[taker], 0, accounts[walletPlace], legs);
        (item.quote.maker, item.quote.taker) = (accounts[walletPlace], accounts[taker]);
        item.quote.epoch = house.epochOf(item.quote.maker);
        (item.signer, item.taker) = (address(wallet), accounts[taker]);
        bool approved = (seed >> 24) % 4 != 0;
        if (approved) wallet.approve(house.quoteDigest(item.quote));
        MockWallet.Mood mood = MockWallet.Mood((seed >> 26) % 4);
        wallet.setMood(mood, house);
        bool signs = approved && (mood == MockWallet.Mood.HONEST || mood == MockWallet.Mood.REENTERING);
        bytes4 failure = _attemptWith(
            GAS,
            accounts[taker].owner(),
            address(house),
            abi.encodeCall(IClearinghouse.fill, (item))
        );
        if (signs) {
            _reach("walletSigned");
            _expect(failure, abi.encodePacked(Refusals.fills(), _momentaryFillErrors()), "fill of a contract's quote");
        } else {
            bytes4 refusal = IClearinghouse.Clearinghouse_BadSignature.selector;
            vm.assertEq(bytes32(failure), bytes32(refusal), "LED-5: a contract fills only what it approved");
        }
        _end(false);
    }

    /// @notice LIQ-12: a keeper takes a slice and lays it off to makers in one call, or nothing happens.
    function closeOut(uint256 seed) external {
        seed = _begin(seed);
        ICloseOut.Order memory order;
        order.account = accounts[_findAuction(seed)];
        uint256 keeper = TRADERS + ((seed >> 8) % KEEPERS);
        order.keeper = accounts[keeper];
        order.maxFractionE18 = bound(seed >> 16, 0.01e18, ONE);
        order.maxPriceE18 = type(int256).max;
        order.minGainE18 = (seed >> 9) & 1 == 0 ? type(int256).min : int256(0);
        _touch(keeper);
        _touch(TRADERS + ((keeper + 1 - TRADERS) % KEEPERS));
        vm.prank(order.keeper.owner());
        vault.setOperator(order.keeper, address(closer), RIGHT_TRADE | RIGHT_LIQUIDATE, uint40(clock + 1));
        house.settleAccount(order.account);
        house.settleAccount(order.keeper);
        order.fills = _closingFills(order, keys[TRADERS + ((keeper + 1 - TRADERS) % KEEPERS)]);
        _closeOut(order);
        _end(wroteDown);
    }

    // --- tokens

    /// @dev VLT-8: whatever the token calls while it moves finds the lock taken.
    function _moveReentrant(uint256 place, uint256 amount, bool out, uint256 seed) private {
        bool swallow = seed & 1 == 0;
        (address target, bytes memory data, bytes4 refusal) = _door(accounts[place], seed >> 8);
        _stock(place, reentrant, amount);
        reentrant.arm(target, data, swallow);
        bytes4 failure = _moveToken(place, reentrant, amount, out);
        bytes4 answer = bytes4(reentrant.answer());
        reentrant.arm(address(0), "", true);
        if (!swallow) {
            if (failure != IMarginVault.MarginVault_InsufficientCollateral.selector) {
                _expect(failure, abi.encodePacked(refusal, Refusals.payments()), "VLT-8: a call from a token's hook");
                vm.assertTrue(failure != 0, "VLT-8: a call from a token's hook fails");
            }
            return;
        }
        _expect(failure, Refusals.payments(), "reentrant token");
        if (failure != 0) return;
        _reach("hooked");
        vm.assertEq(bytes32(answer), bytes32(refusal), "VLT-8: the lock is taken while a token moves");
    }

    /// @dev A door of each room, and how it is shut.
    function _door(AccountId account, uint256 seed) private view returns (address, bytes memory, bytes4) {
        uint256 way = seed % 7;
        bytes4 locked = IMarginVault.MarginVault_Locked.selector;
        if (way == 0) return (address(vault), abi.encodeCall(IMarginVault.accrue, ()), locked);
        if (way == 1) {
            bytes memory data = abi.encodeCall(IMarginVault.withdraw, (account, address(usdc), 1, account.owner()));
            return (address(vault), data, locked);
        }
        if (way == 2) return (address(house), abi.encodeCall(IClearinghouse.settleAccount, (account)), locked);
        if (way == 3) return (address(house), abi.encodeCall(IClearinghouse.accrueFunding, (BTC)), locked);
        if (way == 4) return (address(liquidator), abi.encodeCall(ILiquidator.cancel, (account)), locked);
        locked = IBackstop.Backstop_Locked.selector;
        if (way == 5) return (address(backstop), abi.encodeCall(IBackstop.harvest, ()), locked);
        return (address(backstop), abi.encodeCall(backstop.deposit, (1, address(this))), locked);
    }

    function _moveFalse(uint256 place, uint256 amount, bool out) private {
        _stock(place, falsy, amount);
        falsy.setBroken(true);
        bytes4 failure = _moveToken(place, falsy, amount, out);
        falsy.setBroken(false);
        vm.assertTrue(failure != 0, "VLT-9: what a token did not move is not booked");
        bytes4 refusal = SafeERC20.SafeERC20FailedOperation.selector;
        _expect(failure, abi.encodePacked(Refusals.payments(), refusal), "VLT-9: a token that says false");
    }

    function _moveWithFee(uint256 place, uint256 amount, bool onTop) private {
        bool out = amount & 1 == 0;
        _stock(place, taxed, amount);
        taxed.setFee(true, onTop);
        bytes4 failure = _moveToken(place, taxed, amount, out);
        taxed.setFee(false, onTop);
        // A fee that the vault neither pays nor misses is the owner's own affair.
        if (onTop != out) return;
        vm.assertTrue(failure != 0, "VLT-9: a fee is not booked as if it had arrived");
        bytes memory refusals = abi.encodePacked(
            Refusals.payments(),
            IMarginVault.MarginVault_UnexpectedBalance.selector,
            IERC20Errors.ERC20InsufficientBalance.selector
        );
        _expect(failure, refusals, "VLT-9: a token with a fee");
    }

    /// @dev Whom a token blocks gets nothing of it, and everything else as before.
    function _moveBlocked(uint256 place, uint256 amount) private {
        address owner = accounts[place].owner();
        _stock(place, blocking, amount);
        blocking.setBlocked(owner, true);
        bytes4 failure = _moveToken(place, blocking, amount, true);
        blocking.setBlocked(owner, false);
        bytes4 refusal = BlacklistToken.BlacklistToken_Blocked.selector;
        vm.assertTrue(failure != 0, "VLT-9: nothing leaves to whom the token blocks");
        _expect(failure, abi.encodePacked(Refusals.payments(), refusal), "VLT-9: a token that blocks");
    }

    function _moveHonest(uint256 place, uint256 amount, uint256 seed) private {
        MockToken token = collateral[3 + (seed % 4)];
        _stock(place, token, amount);
        bool out = (seed >> 8) & 1 == 0;
        bytes4 failure = _moveToken(place, token, amount, out);
        _expect(failure, Refusals.payments(), "a token on its good day");
        if (failure == 0 && out) _requireCovered(place);
    }

    /// @dev The owner has the tokens and has put some in.
    function _stock(uint256 place, MockToken token, uint256 amount) private {
        address owner = accounts[place].owner();
        token.mint(owner, 2 * amount);
        vm.prank(owner);
        token.approve(address(vault), type(uint256).max);
        vm.prank(owner);
        vault.deposit(accounts[place], address(token), amount);
    }

    function _moveToken(uint256 place, MockToken token, uint256 amount, bool out) private returns (bytes4) {
        AccountId account = accounts[place];
        bytes memory data = abi.encodeCall(IMarginVault.deposit, (account, address(token), amount));
        if (out) data = abi.encodeCall(IMarginVault.withdraw, (account, address(token), amount, account.owner()));
        return _attempt(account.owner(), address(vault), data);
    }

    // --- keepers

    function _takeHostile(AccountId account, HostileKeeper.Mood mood, uint256 fractionE18) private {
        HostileKeeper keeper = HostileKeeper(payable(accounts[hostilePlace].owner()));
        keeper.setMood(mood);
        bool running = liquidator.auction(account).startedAt != 0;
        vm.recordLogs();
        (bool success, ) = address(keeper).call{gas: GAS}(abi.encodeCall(HostileKeeper.take, (account, fractionE18)));
        _count(success);
        if (!running || mood != HostileKeeper.Mood.JUNK) {
            vm.assertFalse(success, "LIQ-3: a take whose callback fails takes nothing");
            return;
        }
        if (success) _checkKeeper(accounts[hostilePlace], "junk");
    }

    function _checkKeeper(AccountId keeper, bytes32 what) private {
        _reach(what);
        vm.assertGe(_excess(engine.assess(keeper)), int256(0), "CLR-1: the keeper meets his own initial requirement");
    }

    /// @dev In its callback the keeper takes again, ends the auction, or leaves with all the cash it has.
    function _takeReentering(AccountId account, uint256 fractionE18, uint256 seed) private {
        AccountId own = accounts[callbackPlace];
        CallbackKeeper keeper = CallbackKeeper(own.owner());
        CallbackKeeper.Step[] memory steps = new CallbackKeeper.Step[](1);
        steps[0].target = address(liquidator);
        uint256 way = seed % 4;
        if (way == 0) {
            steps[0].data = abi.encodeCall(ILiquidator.take, (account, own, ONE, type(int256).max, ""));
        } else if (way == 1) {
            steps[0].data = abi.encodeCall(ILiquidator.cancel, (account));
        } else if (way == 2) {
            steps[0].data = abi.encodeCall(ILiquidator.restart, (account));
        } else {
            uint256 cash = vault.cashOf(own) > 0 ? uint256(vault.cashOf(own)) / 1e12 : 1;
            steps[0].target = address(vault);
            steps[0].data = abi.encodeCall(IMarginVault.withdraw, (own, address(usdc), cash, own.owner()));
        }
        bytes4 failure = _attemptLogged(
            address(this),
            address(keeper),
            abi.encodeCall(CallbackKeeper.take, (account, 0, fractionE18, steps))
        );
        bytes memory refusals = abi.encodePacked(Refusals.callbacks(), _graceErrors());
        _expect(failure, refusals, "take with a callback");
        if (failure == 0) _checkKeeper(own, "reentered");
    }

    // --- close-out

    /// @dev The other keeper offers to take every position of the account off, near the index.
    function _closingFills(
        ICloseOut.Order memory order,
        uint256 makerKey
    ) private returns (IClearinghouse.Fill[] memory fills) {
        (Position[] memory positions, ) = house.positionsOf(order.account);
        fills = new IClearinghouse.Fill[](positions.length);
        for (uint256 i = 0; i < fills.length; ++i) {
            InstrumentId id = positions[i].instrument;
            int256 unit = positions[i].sizeE18 > 0 ? int256(ONE) : -int256(ONE);
            uint256 spot = spotE18[id.underlying()];
            uint256 price = id.isLinear() ? spot : _intrinsic(id, spot) + spot / 50;
            fills[i] = _quote(makerKey, 0, order.keeper, _legs(_leg(id, unit, price)));
            fills[i].quote.unitsE18 = type(uint96).max;
            fills[i].unitsE18 = 0;
            fills[i].signature = _signed(makerKey, house.quoteDigest(fills[i].quote));
        }
    }

    function _closeOut(ICloseOut.Order memory order) private {
        uint256 before = house.positionWords(order.keeper).length;
        int256 cashBeforeE18 = vault.cashOf(order.keeper);
        bytes memory data = abi.encodeCall(ICloseOut.closeOut, (order));
        bytes4 failure = _attemptLogged(order.keeper.owner(), address(closer), data);
        bytes memory refusals = abi.encodePacked(Refusals.closeOuts(), _graceErrors());
        if (liquidator.auction(order.account).startedAt == 0) {
            refusals = abi.encodePacked(refusals, ILiquidator.Liquidator_NoAuction.selector);
        }
        if (failure != 0) return _expect(failure, refusals, "closeOut");
        _reach("closeOut");
        vm.assertLe(house.positionWords(order.keeper).length, before, "LIQ-12: no position is left with the keeper");
        int256 gainE18 = vault.cashOf(order.keeper) - cashBeforeE18;
        vm.assertTrue(
            order.minGainE18 == type(int256).min || gainE18 >= order.minGainE18,
            "LIQ-12: the keeper gains what he asked for"
        );
    }
}
