// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InstrumentId} from "./InstrumentId.sol";

/// @notice A position in one word: instrument in the higher, signed size (18 decimals) in the lower 128 bits. Ascending words
/// are ascending instruments: by underlying, then expiry, then kind, then strike.
type PositionWord is uint256;

using {instrument, sizeE18, underlyingOf, expiryOf, kindOf, strikeE18, isLinearLeg, isCall} for PositionWord global;

/// @notice Packs a position.
function toPositionWord(InstrumentId instrument_, int128 sizeE18_) pure returns (PositionWord) {
    return PositionWord.wrap((uint256(InstrumentId.unwrap(instrument_)) << 128) | uint128(sizeE18_));
}

/// @notice Leg at a place of a list. Does not check the place: for loops whose bounds come from the list.
function legAt(PositionWord[] memory legs, uint256 place) pure returns (PositionWord leg) {
    assembly ("memory-safe") {
        leg := mload(add(add(legs, 0x20), shl(5, place)))
    }
}

/// @notice Instrument of the position.
function instrument(PositionWord word) pure returns (InstrumentId) {
    return InstrumentId.wrap(uint128(PositionWord.unwrap(word) >> 128));
}

/// @notice Units of the underlying, 18 decimals; positive = long.
function sizeE18(PositionWord word) pure returns (int256) {
    return int128(uint128(PositionWord.unwrap(word)));
}

/// @notice Underlying number.
function underlyingOf(PositionWord word) pure returns (uint16) {
    return uint16(PositionWord.unwrap(word) >> 240);
}

/// @notice Unix time of expiry in seconds, 0 for a perpetual.
function expiryOf(PositionWord word) pure returns (uint40) {
    return uint40(PositionWord.unwrap(word) >> 200);
}

/// @notice Kind as a number: 0 perpetual, 1 future, 2 call, 3 put.
function kindOf(PositionWord word) pure returns (uint8) {
    return uint8(PositionWord.unwrap(word) >> 192);
}

/// @notice Strike in USD, 18 decimals; 0 for linear instruments.
function strikeE18(PositionWord word) pure returns (uint256) {
    unchecked {
        // 64 bits times 10^10 stay below 2^98.
        return uint256(uint64(PositionWord.unwrap(word) >> 128)) * 1e10;
    }
}

/// @notice True for perpetuals and futures.
function isLinearLeg(PositionWord word) pure returns (bool) {
    return uint8(PositionWord.unwrap(word) >> 192) < 2;
}

/// @notice True for calls.
function isCall(PositionWord word) pure returns (bool) {
    return uint8(PositionWord.unwrap(word) >> 192) == 2;
}
