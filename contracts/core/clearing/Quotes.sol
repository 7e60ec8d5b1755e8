// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {mulDivFloor} from "../../libraries/math/FixedPoint.sol";
import {AccountId} from "../../types/AccountId.sol";

/// @title Signed offers
/// @notice Digests, signatures, what is filled and what is cancelled. A quote is known by its EIP-712 digest, which binds
/// it to one chain and one contract.
abstract contract Quotes is EIP712, IClearinghouse {
    uint256 internal constant MAX_LEGS = 8;

    bytes32 private constant LEG_TYPEHASH = keccak256("Leg(uint128 instrument,int128 sizePerUnitE18,uint128 priceE18)");
    bytes32 private constant QUOTE_TYPEHASH = keccak256(
        "Quote(bytes32 maker,bytes32 taker,Leg[] legs,uint128 unitsE18,uint64 group,uint64 epoch,uint128 nonce,uint40 deadline)"
        "Leg(uint128 instrument,int128 sizePerUnitE18,uint128 priceE18)"
    );

    mapping(bytes32 quoteHash => uint256 unitsE18) private _filled;
    mapping(AccountId maker => uint64 epoch) private _epochs;
    /// @dev 256 nonces to a slot, so that makers who count upwards cancel cheaply.
    mapping(AccountId maker => mapping(uint256 word => uint256 bits)) private _cancelledNonces;
    mapping(AccountId maker => mapping(uint64 group => bool cancelled)) private _cancelledGroups;

    constructor() EIP712("Ballast", "1") {}

    /// @inheritdoc IClearinghouse
    function filledE18(bytes32 quoteHash) external view returns (uint256) {
        return _filled[quoteHash];
    }

    /// @inheritdoc IClearinghouse
    function epochOf(AccountId maker) external view returns (uint64) {
        return _epochs[maker];
    }

    /// @inheritdoc IClearinghouse
    function quoteDigest(Quote calldata quote) external view returns (bytes32) {
        return _digestOf(quote);
    }

    function _cancelQuote(AccountId maker, uint128 nonce) internal {
        _cancelledNonces[maker][nonce >> 8] |= 1 << (nonce & 0xff);
        emit QuoteCancelled(maker, nonce);
    }

    function _cancelGroup(AccountId maker, uint64 group) internal {
        _cancelledGroups[maker][group] = true;
        emit GroupCancelled(maker, group);
    }

    function _cancelAll(AccountId maker) internal {
        uint64 epoch = ++_epochs[maker];
        emit AllCancelled(maker, epoch);
    }

    /// @dev Takes units of a quote.
    function _consume(Fill calldata item, bytes32 digest) internal virtual {
        uint256 filledBefore = _filled[digest];
        uint256 left = item.quote.unitsE18 - filledBefore;
        if (item.unitsE18 > left) revert Clearinghouse_Overfilled(digest, item.unitsE18, left);
        uint256 filledAfter = filledBefore + item.unitsE18;
        _filled[digest] = filledAfter;
        emit QuoteFilled(digest, item.quote.maker, item.taker, item.unitsE18, filledAfter);
    }

    /// @dev Everything about a quote that does not depend on positions or prices, except who may sign.
    /// @return digest EIP-712 digest of the quote.
    function _requireValid(Fill calldata item) internal view returns (bytes32 digest) {
        Quote calldata quote = item.quote;
        _requireOrdered(quote.legs);
        bool foreign = AccountId.unwrap(quote.taker) != 0 && quote.taker != item.taker;
        if (foreign || quote.maker == item.taker) revert Clearinghouse_WrongTaker(item.taker);
        if (block.timestamp > quote.deadline) revert Clearinghouse_QuoteExpired(quote.deadline, block.timestamp);
        digest = _digestOf(quote);
        if (_isCancelled(quote)) revert Clearinghouse_QuoteCancelled(digest);
    }

    /// @dev Last of all checks before the first write. A contract signer is asked by a static call: it can burn the gas it is
    /// given, and the taker who chose the quote pays for that, but it can change nothing.
    function _requireSigned(Fill calldata item, bytes32 digest) internal view {
        bool valid = SignatureChecker.isValidSignatureNowCalldata(item.signer, digest, item.signature);
        if (!valid) revert Clearinghouse_BadSignature(item.quote.maker, item.signer);
    }

    function _isCancelled(Quote calldata quote) private view returns (bool) {
        if (quote.epoch != _epochs[quote.maker] || _cancelledGroups[quote.maker][quote.group]) return true;
        return (_cancelledNonces[quote.maker][quote.nonce >> 8] >> (quote.nonce & 0xff)) & 1 != 0;
    }

    function _digestOf(Quote calldata quote) private view returns (bytes32) {
        bytes32[] memory legs = new bytes32[](quote.legs.length);
        for (uint256 i; i < legs.length; ++i) {
            Leg calldata leg = quote.legs[i];
            legs[i] = keccak256(abi.encode(LEG_TYPEHASH, leg.instrument, leg.sizePerUnitE18, leg.priceE18));
        }
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        QUOTE_TYPEHASH,
                        quote.maker,
                        quote.taker,
                        keccak256(abi.encodePacked(legs)),
                        quote.unitsE18,
                        quote.group,
                        quote.epoch,
                        quote.nonce,
                        quote.deadline
                    )
                )
            );
    }

    function _requireOrdered(Leg[] calldata legs) private pure {
        uint256 count = legs.length;
        if (count == 0 || count > MAX_LEGS) revert Clearinghouse_BadLegs();
        for (uint256 i = 1; i < count; ++i) {
            if (!(legs[i - 1].instrument < legs[i].instrument)) revert Clearinghouse_BadLegs();
        }
    }

    /// @dev Size of a leg for the units filled, from the maker's side.
    function _legSize(Leg calldata leg, uint128 unitsE18) internal pure returns (int256) {
        // 127 + 128 bits: the product fits.
        int256 product = int256(leg.sizePerUnitE18) * int256(uint256(unitsE18));
        if (product == 0 || product % 1e18 != 0) {
            revert Clearinghouse_InexactSize(leg.instrument, leg.sizePerUnitE18, unitsE18);
        }
        return mulDivFloor(product, 1, 1e18);
    }
}
