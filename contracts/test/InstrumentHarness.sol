// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {InstrumentId, Kind, toInstrumentId} from "../types/InstrumentId.sol";

/// @title Instrument ids, exposed
contract InstrumentHarness is Multicall {
    function pack(
        uint16 underlying,
        Kind kind,
        uint40 expirySeconds,
        uint64 strikeE8
    ) external pure returns (InstrumentId) {
        return toInstrumentId(underlying, kind, expirySeconds, strikeE8);
    }

    function underlyingOf(InstrumentId id) external pure returns (uint16) {
        return id.underlying();
    }

    function expiryOf(InstrumentId id) external pure returns (uint40) {
        return id.expiry();
    }

    function kindOf(InstrumentId id) external pure returns (Kind) {
        return id.kind();
    }

    function strikeOf(InstrumentId id) external pure returns (uint64) {
        return id.strikeE8();
    }

    function isLinear(InstrumentId id) external pure returns (bool) {
        return id.isLinear();
    }

    function isOption(InstrumentId id) external pure returns (bool) {
        return id.isOption();
    }

    function isDated(InstrumentId id) external pure returns (bool) {
        return id.isDated();
    }

    function isBelow(InstrumentId a, InstrumentId b) external pure returns (bool) {
        return a < b;
    }
}
