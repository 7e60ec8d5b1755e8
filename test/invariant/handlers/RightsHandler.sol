// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {ILiquidator} from "../../../contracts/interfaces/ILiquidator.sol";
import {IMarginVault} from "../../../contracts/interfaces/IMarginVault.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {
    ALL_RIGHTS,
    RIGHT_LIQUIDATE,
    RIGHT_TRADE,
    RIGHT_TRANSFER,
    RIGHT_WITHDRAW
} from "../../../contracts/types/Rights.sol";
import {Witness} from "../../../contracts/types/Risk.sol";
import {AuctionHandler} from "./AuctionHandler.sol";
import {Refusals} from "./Refusals.sol";

/// @notice CLR-5: operators come, act within their rights and expire; money comes in by permit and from others.
abstract contract RightsHandler is AuctionHandler {
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    /// @dev What the owners said last, kept apart from the vault's own memory of it.
    mapping(uint256 place => mapping(address operator => IMarginVault.OperatorGrant grant)) private _granted;

    /// @notice An owner names an operator, for longer or shorter, or takes back what he gave.
    function setOperator(uint256 seed) external {
        seed = _begin(seed);
        uint256 place = seed % (TRADERS + KEEPERS);
        address operator = _operator(seed >> 8);
        uint32 rights = uint32((seed >> 16) % (ALL_RIGHTS + 1));
        uint40 expiresAt = uint40(clock + ((seed >> 32) % 2 days));
        vm.prank(accounts[place].owner());
        vault.setOperator(accounts[place], operator, rights, expiresAt);
        _granted[place][operator] = IMarginVault.OperatorGrant(rights, expiresAt);
        _end(false);
    }

    /// @notice An operator does what his rights may or may not cover.
    function operate(uint256 seed) external {
        seed = _begin(seed);
        uint256 place = seed % (TRADERS + KEEPERS);
        address operator = _operator(seed >> 8);
        uint256 way = (seed >> 16) % 5;
        _touch(place);
        if (way == 0) _operateWithdraw(place, operator, seed >> 32);
        else if (way == 1) _operateTransfer(operator, seed >> 32);
        else if (way == 2) _operateCancel(place, operator, seed >> 32);
        else if (way == 3) _operateStart(operator, seed >> 32);
        else _operateQuote(place, operator, seed >> 32);
        _end(false);
    }

    /// @notice Somebody without an account pays into one, by permit or by approval, and gets nothing for it.
    function depositForOther(uint256 seed) external {
        seed = _begin(seed);
        AccountId account = accounts[seed % accounts.length];
        uint256 amount = bound(seed >> 32, 1, 20_000e6);
        address payer = vm.addr(_key("payer"));
        usdc.mint(payer, amount);
        int256 cashBeforeE18 = vault.cashOf(account);
        bytes4 failure;
        if ((seed >> 8) % 3 == 0) {
            vm.prank(payer);
            usdc.approve(address(vault), amount);
            failure = _attempt(
                payer,
                address(vault),
                abi.encodeCall(IMarginVault.deposit, (account, address(usdc), amount))
            );
        } else {
            failure = _depositByPermit(account, payer, amount, (seed >> 16) % 4);
            if (failure == IMarginVault.MarginVault_PermitFailed.selector) return _end(false);
        }
        _expect(failure, Refusals.deposits(), "deposit");
        int256 paidE18 = failure == 0 ? int256(amount) * 1e12 : int256(0);
        int256 gotE18 = vault.cashOf(account) - cashBeforeE18;
        vm.assertLe(gotE18, paidE18, "VLT-3: a deposit credits what it brings");
        vm.assertGe(gotE18 + 10, paidE18, "VLT-3: and no less, but for rounding");
        _end(false);
    }

    // --- operators

    function _operateWithdraw(uint256 place, address operator, uint256 seed) private {
        AccountId account = accounts[place];
        bool home = seed % 3 != 0;
        address to = home ? account.owner() : operator;
        bytes memory data = abi.encodeCall(
            IMarginVault.withdraw,
            (account, address(usdc), bound(seed >> 8, 1, 1_000e6), to)
        );
        bytes4 failure = _attempt(operator, address(vault), data);
        bytes4 refusal = IMarginVault.MarginVault_NotAuthorised.selector;
        _judge(failure, home && _may(place, operator, RIGHT_WITHDRAW), refusal, Refusals.payments());
    }

    /// @dev The first owner has two accounts.
    function _operateTransfer(address operator, uint256 seed) private {
        _touch(0);
        uint256 to = seed % 2 == 0 ? TRADERS + KEEPERS : 1;
        bytes memory data = abi.encodeCall(
            IMarginVault.transfer,
            (accounts[0], accounts[to], address(usdc), bound(seed >> 8, 1, 1_000e18))
        );
        bytes4 failure = _attempt(operator, address(vault), data);
        bool allowed = accounts[to].owner() == accounts[0].owner() && _may(0, operator, RIGHT_TRANSFER);
        _judge(failure, allowed, IMarginVault.MarginVault_NotAuthorised.selector, Refusals.payments());
    }

    function _operateCancel(uint256 place, address operator, uint256 seed) private {
        AccountId account = accounts[place];
        bytes memory data = abi.encodeCall(IClearinghouse.cancelGroup, (account, uint64(seed) | (1 << 63)));
        if (seed % 3 == 0) data = abi.encodeCall(IClearinghouse.cancelAll, (account));
        bytes4 failure = _attempt(operator, address(house), data);
        bytes4 refusal = IClearinghouse.Clearinghouse_NotAuthorised.selector;
        _judge(failure, _may(place, operator, RIGHT_TRADE), refusal, "");
    }

    /// @dev Whom an operator may start for is asked before anything else, so an account without an auction serves as well.
    function _operateStart(address operator, uint256 seed) private {
        uint256 keeper = TRADERS + (seed % KEEPERS);
        AccountId account = accounts[(seed >> 8) % TRADERS];
        _touch(keeper);
        Witness memory whole;
        bool isShort = _isShort(engine.assess(account));
        bytes4 failure = _attemptLogged(
            operator,
            address(liquidator),
            abi.encodeCall(ILiquidator.start, (account, whole, accounts[keeper]))
        );
        if (failure == 0) vm.assertTrue(isShort, "LIQ-1: an auction starts only while E < MM");
        bytes memory allowed = abi.encodePacked(
            ILiquidator.Liquidator_NotShort.selector,
            ILiquidator.Liquidator_AlreadyStarted.selector,
            ILiquidator.Liquidator_InGrace.selector
        );
        bytes4 refusal = ILiquidator.Liquidator_NotAuthorised.selector;
        _judge(failure, _may(keeper, operator, RIGHT_LIQUIDATE), refusal, allowed);
    }

    /// @dev The operator signs for the maker; a keeper takes.
    function _operateQuote(uint256 place, address operator, uint256 seed) private {
        if (place >= TRADERS) place -= KEEPERS;
        uint256 taker = TRADERS + (seed % KEEPERS);
        _touch(place);
        _touch(taker);
        IClearinghouse.Leg[] memory legs = _legs(_someLeg(BTC, (seed >> 8) % 7, seed >> 16));
        IClearinghouse.Fill memory item = _quote(keys[place], 0, accounts[taker], legs);
        item.signer = operator;
        item.signature = _signed(_operatorKey(operator), house.quoteDigest(item.quote));
        bytes4 failure = _attempt(accounts[taker].owner(), address(house), abi.encodeCall(IClearinghouse.fill, (item)));
        bytes memory allowed = abi.encodePacked(Refusals.fills(), _momentaryFillErrors());
        bytes4 refusal = IClearinghouse.Clearinghouse_BadSignature.selector;
        _judge(failure, _may(place, operator, RIGHT_TRADE), refusal, allowed);
    }

    function _judge(bytes4 failure, bool may, bytes4 refusal, bytes memory otherwise) private {
        if (may) {
            _reach("operated");
            _expect(failure, otherwise, "CLR-5: an operator within his rights");
        } else {
            vm.assertEq(bytes32(failure), bytes32(refusal), "CLR-5: no operator beyond his rights");
        }
    }

    function _may(uint256 place, address operator, uint32 right) private view returns (bool) {
        IMarginVault.OperatorGrant memory grant = _granted[place][operator];
        return grant.rights & right != 0 && clock <= grant.expiresAt;
    }

    function _operator(uint256 seed) private pure returns (address) {
        return vm.addr(_key(seed % 2 == 0 ? "operator" : "deputy"));
    }

    function _operatorKey(address operator) private pure returns (uint256 key) {
        key = _key("operator");
        if (vm.addr(key) != operator) key = _key("deputy");
    }

    // --- permits

    /// @param way 0 = a signature of somebody else, 1 = out of time, 2 = somebody was quicker, 3 = as it should be.
    function _depositByPermit(
        AccountId account,
        address payer,
        uint256 amount,
        uint256 way
    ) private returns (bytes4 failure) {
        uint256 deadline = way == 1 ? clock - 1 : clock + 60;
        bytes memory data = _permitted(account, amount, deadline, _key(way == 0 ? "stranger" : "payer"));
        if (way == 2) _usePermit(amount, deadline);
        failure = _attempt(payer, address(vault), data);
        if (way >= 2) return failure;
        bytes4 refusal = IMarginVault.MarginVault_PermitFailed.selector;
        vm.assertEq(bytes32(failure), bytes32(refusal), "CLR-5: no permit, no allowance, no deposit");
    }

    function _permitted(
        AccountId account,
        uint256 amount,
        uint256 deadline,
        uint256 key
    ) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _permitDigest(amount, deadline));
        return abi.encodeCall(IMarginVault.depositWithPermit, (account, address(usdc), amount, deadline, v, r, s));
    }

    function _usePermit(uint256 amount, uint256 deadline) private {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_key("payer"), _permitDigest(amount, deadline));
        usdc.permit(vm.addr(_key("payer")), address(vault), amount, deadline, v, r, s);
    }

    function _permitDigest(uint256 amount, uint256 deadline) private view returns (bytes32) {
        address payer = vm.addr(_key("payer"));
        bytes32 inner = keccak256(
            abi.encode(PERMIT_TYPEHASH, payer, address(vault), amount, usdc.nonces(payer), deadline)
        );
        return keccak256(abi.encodePacked(hex"1901", usdc.DOMAIN_SEPARATOR(), inner));
    }
}
