// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Book, CollateralUnits, Position} from "../../contracts/types/Book.sol";
import {InstrumentId, Kind, toInstrumentId} from "../../contracts/types/InstrumentId.sol";
import {RiskWorld} from "./RiskWorld.sol";

/// @notice Books of known terms in the risk world: what they can lose is known without asking the engine.
abstract contract KnownBooks is RiskWorld {
    function _strike(uint16 u, uint256 percent) internal pure returns (uint64) {
        return uint64((_spot(u) * percent) / 100 / 1e10);
    }

    function _option(uint256[1] memory stream, uint16 u, uint40 expiry) internal pure returns (InstrumentId) {
        Kind kind = _next(stream, 2) == 0 ? Kind.CALL : Kind.PUT;
        return toInstrumentId(u, kind, expiry, _strike(u, 30 + _next(stream, 271)));
    }

    /// @dev Legs of one expiry that cannot lose without end: a vertical spread, a butterfly, options that are only owned, or any
    /// legs with as many calls bought above them as were sold.
    function _boundedBook(
        uint256[1] memory stream,
        uint16 u,
        uint40 expiry,
        int256 units
    ) internal pure returns (Book memory book) {
        uint256 form = _next(stream, 4);
        if (form < 2) _addSpread(book, stream, u, expiry, _next(stream, 2) == 0 ? units : -units, form == 1);
        else if (form == 2) _addOptions(book, stream, u, expiry, units, 0);
        else _addClosed(book, stream, u, expiry, units);
    }

    function _addSpread(
        Book memory book,
        uint256[1] memory stream,
        uint16 u,
        uint40 expiry,
        int256 units,
        bool butterfly
    ) internal pure {
        uint256 low = 40 + _next(stream, 120);
        uint256 step = 1 + _next(stream, 60);
        Kind kind = _next(stream, 2) == 0 ? Kind.CALL : Kind.PUT;
        _add(book, toInstrumentId(u, kind, expiry, _strike(u, low)), units);
        _add(book, toInstrumentId(u, kind, expiry, _strike(u, low + step)), butterfly ? -2 * units : -units);
        if (butterfly) _add(book, toInstrumentId(u, kind, expiry, _strike(u, low + 2 * step)), units);
    }

    /// @return slope Calls held.
    function _addOptions(
        Book memory book,
        uint256[1] memory stream,
        uint16 u,
        uint40 expiry,
        int256 units,
        int256 sold
    ) internal pure returns (int256 slope) {
        for (uint256 i = 0; i < 5; ++i) {
            InstrumentId instrument = _option(stream, u, expiry);
            int256 size = int256(_next(stream, uint256(2 * units))) - sold;
            if (instrument.kind() == Kind.CALL) slope += size;
            _add(book, instrument, size);
        }
    }

    function _addClosed(
        Book memory book,
        uint256[1] memory stream,
        uint16 u,
        uint40 expiry,
        int256 units
    ) internal pure {
        int256 linear = int256(_next(stream, uint256(2 * units))) - units;
        _add(book, toInstrumentId(u, Kind.FUTURE, expiry, 0), linear);
        int256 slope = linear + _addOptions(book, stream, u, expiry, units, units);
        // The calls count with the discount factor, so a tenth more than what is short.
        if (slope < 0) _add(book, toInstrumentId(u, Kind.CALL, expiry, _strike(u, 301)), (-slope * 11) / 10);
    }

    /// @dev Least that the legs of an expiry can pay, options discounted: at 0 or at a strike.
    function _leastPayoff(Book memory book, uint16 u, uint40 expiry) internal view returns (int256 least) {
        int256 discount = int256(uint256(market.surface(u, expiry).discountE18));
        least = type(int256).max;
        for (uint256 i = 0; i <= book.positions.length; ++i) {
            int256 price = i == 0 ? int256(0) : int256(uint256(book.positions[i - 1].instrument.strikeE8())) * 1e10;
            int256 payoff = 0;
            for (uint256 j = 0; j < book.positions.length; ++j) payoff += _payoff(book.positions[j], price, discount);
            if (payoff < least) least = payoff;
        }
    }

    function _payoff(Position memory position, int256 price, int256 discount) internal pure returns (int256) {
        int256 size = position.sizeE18;
        if (position.instrument.kind() == Kind.FUTURE) return (size * price) / 1e18;
        int256 inside = price - int256(uint256(position.instrument.strikeE8())) * 1e10;
        if (position.instrument.kind() == Kind.PUT) inside = -inside;
        return inside <= 0 ? int256(0) : (((size * inside) / 1e18) * discount) / 1e18;
    }

    function _holdings(uint8 a, uint256 x, uint8 b, uint256 y) internal pure returns (CollateralUnits[] memory held) {
        held = new CollateralUnits[](2);
        (held[0], held[1]) = (CollateralUnits(a, x), CollateralUnits(b, y));
    }
}
