// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What an instrument pays. Perpetuals and futures are linear, calls and puts are European and cash settled.
enum Kind {
    PERP,
    FUTURE,
    CALL,
    PUT
}

/// @notice All terms of an instrument, so that decoding costs no storage read:
/// `underlying uint16 | expiry uint40 (seconds) | kind uint8 | strike uint64 (8 decimals)` = 128 bits.
/// Ascending ids group a book by underlying, then expiry, then kind, then strike; a perpetual has expiry 0 and so comes
/// first in its underlying. One unit of size is one unit of the underlying.
type InstrumentId is uint128;

using {
    underlying,
    expiry,
    kind,
    strikeE8,
    isLinear,
    isOption,
    isDated,
    equals as ==,
    differs as !=,
    below as <
} for InstrumentId global;

/// @notice Thrown when the four terms do not make an instrument: a perpetual with an expiry, a dated one without,
/// an option without a strike, or a linear one with a strike.
/// @param kind_ Kind asked for.
/// @param expirySeconds Unix time, seconds.
/// @param strikeE8_ USD, 8 decimals.
error InstrumentId_InvalidTerms(Kind kind_, uint40 expirySeconds, uint64 strikeE8_);

/// @notice Packs an instrument's terms, checking that they belong together.
/// @param underlying_ Underlying number.
/// @param kind_ Perpetual, future, call or put.
/// @param expirySeconds Unix time, seconds; 0 for a perpetual only.
/// @param strikeE8_ USD, 8 decimals; 0 for linear instruments only.
function toInstrumentId(
    uint16 underlying_,
    Kind kind_,
    uint40 expirySeconds,
    uint64 strikeE8_
) pure returns (InstrumentId) {
    bool linear = kind_ == Kind.PERP || kind_ == Kind.FUTURE;
    if ((kind_ == Kind.PERP) != (expirySeconds == 0) || linear != (strikeE8_ == 0)) {
        revert InstrumentId_InvalidTerms(kind_, expirySeconds, strikeE8_);
    }
    return
        InstrumentId.wrap(
            (uint128(underlying_) << 112) | (uint128(expirySeconds) << 72) | (uint128(uint8(kind_)) << 64) | strikeE8_
        );
}

/// @notice Underlying number.
function underlying(InstrumentId id) pure returns (uint16) {
    return uint16(InstrumentId.unwrap(id) >> 112);
}

/// @notice Unix time of expiry in seconds, 0 for a perpetual.
function expiry(InstrumentId id) pure returns (uint40) {
    return uint40(InstrumentId.unwrap(id) >> 72);
}

/// @notice Kind of the instrument. Reverts with a panic on an id whose kind byte is above 3.
function kind(InstrumentId id) pure returns (Kind) {
    return Kind(uint8(InstrumentId.unwrap(id) >> 64));
}

/// @notice Strike in USD, 8 decimals; 0 for linear instruments.
function strikeE8(InstrumentId id) pure returns (uint64) {
    return uint64(InstrumentId.unwrap(id));
}

/// @notice True for perpetuals and futures.
function isLinear(InstrumentId id) pure returns (bool) {
    return uint8(InstrumentId.unwrap(id) >> 64) < 2;
}

/// @notice True for calls and puts.
function isOption(InstrumentId id) pure returns (bool) {
    return uint8(InstrumentId.unwrap(id) >> 64) >= 2;
}

/// @notice True for everything that expires.
function isDated(InstrumentId id) pure returns (bool) {
    return uint8(InstrumentId.unwrap(id) >> 64) != 0;
}

function equals(InstrumentId a, InstrumentId b) pure returns (bool) {
    return InstrumentId.unwrap(a) == InstrumentId.unwrap(b);
}

function differs(InstrumentId a, InstrumentId b) pure returns (bool) {
    return InstrumentId.unwrap(a) != InstrumentId.unwrap(b);
}

function below(InstrumentId a, InstrumentId b) pure returns (bool) {
    return InstrumentId.unwrap(a) < InstrumentId.unwrap(b);
}
