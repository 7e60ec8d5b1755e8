// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {Calendar} from "../../libraries/Calendar.sol";
import {InstrumentId, Kind} from "../../types/InstrumentId.sol";
import {Listing} from "../../types/Market.sol";

/// @title What may be traded
/// @notice Underlyings are listed, series are not: an instrument is tradable if its own terms fit its underlying's listing.
abstract contract Listings is IClearinghouse {
    mapping(uint16 underlying => Listing listing) private _listings;

    /// @inheritdoc IClearinghouse
    function listing(uint16 underlying) external view returns (Listing memory) {
        return _listings[underlying];
    }

    /// @inheritdoc IClearinghouse
    function isTradable(InstrumentId instrument) external view returns (bool) {
        return _isTradable(instrument);
    }

    function _setListing(uint16 underlying, Listing memory listing_) internal {
        _requireWithin("underlying", underlying, 1, type(uint16).max);
        _requireWithin("strikeStep", listing_.strikeStepE8, 1, type(uint64).max);
        _requireWithin("minStrike", listing_.minStrikeE8, 1, listing_.maxStrikeE8);
        _listings[underlying] = listing_;
        emit ListingSet(underlying, listing_);
    }

    function _openInterestCap(uint16 underlying) internal view returns (uint256) {
        return _listings[underlying].openInterestCapE18;
    }

    /// @dev Malformed ids are not tradable; nothing here reverts on them.
    function _isTradable(InstrumentId instrument) internal view returns (bool) {
        Listing memory terms = _listings[instrument.underlying()];
        uint8 kind = uint8(InstrumentId.unwrap(instrument) >> 64);
        if (!terms.active || kind > uint8(type(Kind).max)) return false;
        if (!instrument.isDated()) return instrument.expiry() == 0 && instrument.strikeE8() == 0;
        if (!Calendar.isExpiry(instrument.expiry(), block.timestamp)) return false;
        uint64 strikeE8 = instrument.strikeE8();
        if (instrument.isLinear()) return strikeE8 == 0;
        return strikeE8 >= terms.minStrikeE8 && strikeE8 <= terms.maxStrikeE8 && strikeE8 % terms.strikeStepE8 == 0;
    }

    function _isExpired(InstrumentId instrument) internal view returns (bool) {
        return instrument.isDated() && instrument.expiry() <= block.timestamp;
    }

    function _requireWithin(bytes32 name, uint256 value, uint256 min, uint256 max) internal pure {
        if (value < min || value > max) revert Clearinghouse_ParameterOutOfBounds(name, value, min, max);
    }
}
