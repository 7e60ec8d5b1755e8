// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {AccountId} from "../../types/AccountId.sol";
import {Position, QuoteFigure, positionWord} from "../../types/Book.sol";
import {InstrumentId} from "../../types/InstrumentId.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";

/// @notice Stands for the clearinghouse towards the liquidator: books that tests set, moved by fractions. Instruments are
/// numbered 1 to 64; one quote figure per account.
contract MockBooks is EIP712 {
    uint128 private constant LAST = 64;

    IMarginVault private immutable VAULT;
    mapping(AccountId account => mapping(uint128 instrument => int256 sizeE18)) private _sizes;
    mapping(AccountId account => int256 quoteE18) private _quotes;
    mapping(AccountId account => int256 cashE18) private _pendingCash;

    mapping(bytes32 expiryKey => uint256 priceE18) private _settlements;

    event ExpirySettled(uint16 indexed underlying, uint40 indexed expiry, uint256 priceE18, uint80 roundId);
    event AccountTouched(AccountId indexed account);

    constructor(IMarginVault vault) EIP712("Ballast", "1") {
        VAULT = vault;
    }

    function setSize(AccountId account, uint128 instrument, int256 sizeE18) external {
        _sizes[account][instrument] = sizeE18;
    }

    function setQuote(AccountId account, int256 quoteE18) external {
        _quotes[account] = quoteE18;
    }

    /// @notice Cash that the next settlement of the account brings or takes.
    function setPendingCash(AccountId account, int256 cashE18) external {
        _pendingCash[account] = cashE18;
    }

    function settleAccountLocked(AccountId account) external {
        emit AccountTouched(account);
        int256 cashE18 = _pendingCash[account];
        delete _pendingCash[account];
        VAULT.settleCash(account, cashE18);
    }

    /// @notice Credits cash under a lock of its own, as a settlement outside a liquidation would.
    function settleCash(AccountId account, int256 cashE18) external {
        VAULT.lock();
        VAULT.settleCash(account, cashE18);
        VAULT.unlock();
    }

    function moveFraction(AccountId from, AccountId to, uint256 fractionE18) external {
        for (uint128 i = 1; i <= LAST; ++i) {
            int256 movedE18 = (_sizes[from][i] * int256(fractionE18)) / 1e18;
            _sizes[from][i] -= movedE18;
            _sizes[to][i] += movedE18;
        }
        int256 quoteE18 = (_quotes[from] * int256(fractionE18)) / 1e18;
        _quotes[from] -= quoteE18;
        _quotes[to] += quoteE18;
    }

    /// @notice Settles at the number of the round.
    function settleExpiry(uint16 underlying, uint40 expiry, uint80 roundId, uint80 nextRoundId) external {
        _settlements[keccak256(abi.encode(underlying, expiry))] = nextRoundId;
        emit ExpirySettled(underlying, expiry, nextRoundId, roundId);
    }

    function settlementPriceE18(uint16 underlying, uint40 expiry) external view returns (uint256) {
        return _settlements[keccak256(abi.encode(underlying, expiry))];
    }

    function sizeOf(AccountId account, uint128 instrument) external view returns (int256) {
        return _sizes[account][instrument];
    }

    function quoteOf(AccountId account) external view returns (int256) {
        return _quotes[account];
    }

    function hasPositions(AccountId account) external view returns (bool held) {
        held = _quotes[account] != 0;
        for (uint128 i = 1; i <= LAST && !held; ++i) held = _sizes[account][i] != 0;
    }

    function positionWords(AccountId account) external view returns (uint256[] memory words) {
        uint256 count;
        for (uint128 i = 1; i <= LAST; ++i) if (_sizes[account][i] != 0) ++count;
        words = new uint256[](count);
        uint256 next;
        for (uint128 i = 1; i <= LAST; ++i) {
            int256 sizeE18 = _sizes[account][i];
            if (sizeE18 != 0) words[next++] = positionWord(InstrumentId.wrap(i), int128(sizeE18));
        }
    }

    function positionsOf(
        AccountId account
    ) external view returns (Position[] memory positions, QuoteFigure[] memory quotes) {
        uint256 count;
        for (uint128 i = 1; i <= LAST; ++i) if (_sizes[account][i] != 0) ++count;
        positions = new Position[](count);
        uint256 next;
        for (uint128 i = 1; i <= LAST; ++i) {
            int256 sizeE18 = _sizes[account][i];
            if (sizeE18 != 0) positions[next++] = Position(InstrumentId.wrap(i), int128(sizeE18));
        }
        quotes = new QuoteFigure[](_quotes[account] == 0 ? 0 : 1);
        if (quotes.length == 1) quotes[0] = QuoteFigure(1, _quotes[account]);
    }
}
