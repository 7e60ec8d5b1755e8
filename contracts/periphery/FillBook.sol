// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {CashMath} from "../core/vault/CashMath.sol";
import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {mulDivFloor} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {CollateralUnits, MarginModel, Position, QuoteFigure} from "../types/Book.sol";
import {InstrumentId, Kind} from "../types/InstrumentId.sol";

/// @notice One account in memory, as far as fills change it.
struct Actor {
    AccountId id;
    int256 principal; // of cash, as the vault keeps it
    uint256 supplyIndexE27;
    uint256 borrowIndexE27;
    uint256 feeE18; // fees paid, settlement coin, 18 decimals
    CollateralUnits[] collateral;
    MarginModel model;
    Position[] positions; // ascending by instrument; the first `count` count
    uint256 count;
    QuoteFigure[] quotes; // in no order; the first `quoteCount` count
    uint256 quoteCount;
}

/// @title Changes of one account in memory
/// @notice The steps of the clearinghouse's ledger, on a copy.
library FillBook {
    using SafeCast for int256;

    uint256 internal constant POSITION_CAP = 64;
    /// @dev Strikes have 8 decimals, prices 18.
    uint256 private constant STRIKE_TO_PRICE = 1e10;

    /// @dev Room for as many positions as an account may hold.
    function load(Actor memory actor, Position[] memory positions, QuoteFigure[] memory quotes) internal pure {
        actor.positions = new Position[](POSITION_CAP);
        actor.quotes = new QuoteFigure[](POSITION_CAP);
        actor.count = positions.length;
        actor.quoteCount = quotes.length;
        for (uint256 i = 0; i < positions.length; ++i) {
            actor.positions[i] = positions[i];
        }
        for (uint256 i = 0; i < quotes.length; ++i) {
            actor.quotes[i] = quotes[i];
        }
    }

    /// @dev Adds to cash the way the vault does: each change is rounded to a principal.
    function changeCash(Actor memory actor, int256 deltaE18) internal pure {
        if (deltaE18 == 0) return;
        actor.principal = CashMath.principalOf(cashOf(actor) + deltaE18, actor.supplyIndexE27, actor.borrowIndexE27);
    }

    function cashOf(Actor memory actor) internal pure returns (int256) {
        return CashMath.balanceOf(actor.principal, actor.supplyIndexE27, actor.borrowIndexE27);
    }

    /// @dev Size of a position, 0 if there is none.
    function sizeOf(Actor memory actor, InstrumentId instrument) internal pure returns (int256) {
        for (uint256 i = 0; i < actor.count; ++i) {
            if (actor.positions[i].instrument == instrument) return actor.positions[i].sizeE18;
        }
        return 0;
    }

    /// @dev Whether the cap on positions leaves room for one in the instrument.
    function mayHold(Actor memory actor, InstrumentId instrument) internal pure returns (bool) {
        return actor.count < POSITION_CAP || sizeOf(actor, instrument) != 0;
    }

    /// @dev Adds to a position, keeping the order.
    /// @return longDeltaE18 Change of open interest.
    function changePosition(
        Actor memory actor,
        InstrumentId instrument,
        int256 deltaE18
    ) internal pure returns (int256 longDeltaE18) {
        uint256 place = 0;
        while (place < actor.count && actor.positions[place].instrument < instrument) ++place;
        bool held = place < actor.count && actor.positions[place].instrument == instrument;
        int256 beforeE18 = held ? actor.positions[place].sizeE18 : int256(0);
        int256 afterE18 = beforeE18 + deltaE18;
        if (!held) _open(actor, place, instrument);
        actor.positions[place].sizeE18 = afterE18.toInt128();
        if (afterE18 == 0) _close(actor, place);
        return _long(afterE18) - _long(beforeE18);
    }

    /// @dev Adds to a quote figure.
    function changeQuote(Actor memory actor, uint16 underlying, int256 deltaE18) internal pure {
        uint256 place = _quotePlace(actor, underlying);
        if (place == actor.quoteCount) actor.quotes[actor.quoteCount++].underlying = underlying;
        actor.quotes[place].quoteE18 += deltaE18;
    }

    /// @dev Turns a quote figure into cash once no linear position of the underlying is left.
    function realise(Actor memory actor, uint16 underlying) internal pure {
        uint256 place = _quotePlace(actor, underlying);
        if (place == actor.quoteCount || _holdsLinear(actor, underlying)) return;
        int256 quoteE18 = actor.quotes[place].quoteE18;
        actor.quotes[place].quoteE18 = 0;
        changeCash(actor, quoteE18);
    }

    /// @dev What a position pays at a settlement price, and whether into cash or into the quote figure.
    /// @custom:rounding floor
    function payoff(Position memory position, uint256 priceE18) internal pure returns (int256) {
        uint256 strikeE18 = position.instrument.strikeE8() * STRIKE_TO_PRICE;
        uint256 unitE18 = priceE18;
        if (position.instrument.kind() == Kind.CALL) unitE18 = priceE18 > strikeE18 ? priceE18 - strikeE18 : 0;
        if (position.instrument.kind() == Kind.PUT) unitE18 = strikeE18 > priceE18 ? strikeE18 - priceE18 : 0;
        return mulDivFloor(position.sizeE18, int256(unitE18), 1e18);
    }

    /// @dev Positions, and the quote figures of all underlyings with a linear position, ascending.
    function store(
        Actor memory actor
    ) internal pure returns (Position[] memory positions, QuoteFigure[] memory quotes) {
        positions = new Position[](actor.count);
        uint256 figures = 0;
        for (uint256 i = 0; i < actor.count; ++i) {
            positions[i] = actor.positions[i];
            if (_startsFigure(actor, i)) ++figures;
        }
        quotes = new QuoteFigure[](figures);
        figures = 0;
        for (uint256 i = 0; i < actor.count; ++i) {
            if (!_startsFigure(actor, i)) continue;
            uint16 underlying = actor.positions[i].instrument.underlying();
            uint256 place = _quotePlace(actor, underlying);
            int256 quoteE18 = place == actor.quoteCount ? int256(0) : actor.quotes[place].quoteE18;
            quotes[figures++] = QuoteFigure({underlying: underlying, quoteE18: quoteE18});
        }
    }

    function _open(Actor memory actor, uint256 place, InstrumentId instrument) private pure {
        if (actor.count == POSITION_CAP) {
            revert IClearinghouse.Clearinghouse_TooManyPositions(actor.id, POSITION_CAP);
        }
        for (uint256 i = actor.count++; i > place; --i) {
            actor.positions[i] = actor.positions[i - 1];
        }
        actor.positions[place] = Position({instrument: instrument, sizeE18: 0});
    }

    function _close(Actor memory actor, uint256 place) private pure {
        --actor.count;
        for (uint256 i = place; i < actor.count; ++i) {
            actor.positions[i] = actor.positions[i + 1];
        }
    }

    /// @dev Whether a position is the first linear one of its underlying.
    function _startsFigure(Actor memory actor, uint256 i) private pure returns (bool) {
        InstrumentId instrument = actor.positions[i].instrument;
        if (!instrument.isLinear()) return false;
        for (uint256 j = i; j > 0; --j) {
            InstrumentId other = actor.positions[j - 1].instrument;
            if (other.underlying() != instrument.underlying()) return true;
            if (other.isLinear()) return false;
        }
        return true;
    }

    function _holdsLinear(Actor memory actor, uint16 underlying) private pure returns (bool) {
        for (uint256 i = 0; i < actor.count; ++i) {
            InstrumentId instrument = actor.positions[i].instrument;
            if (instrument.underlying() == underlying && instrument.isLinear()) return true;
        }
        return false;
    }

    function _quotePlace(Actor memory actor, uint16 underlying) private pure returns (uint256 place) {
        while (place < actor.quoteCount && actor.quotes[place].underlying != underlying) ++place;
    }

    function _long(int256 sizeE18) private pure returns (int256) {
        return sizeE18 > 0 ? sizeE18 : int256(0);
    }
}
