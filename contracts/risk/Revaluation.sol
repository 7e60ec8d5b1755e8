// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {mulDivCeil, mulDivUp, mulDown, mulFloor} from "../libraries/math/FixedPoint.sol";
import {MarginModel, Position} from "../types/Book.sol";
import {InstrumentId, Kind} from "../types/InstrumentId.sol";
import {UnderlyingParams, VolState} from "../types/Risk.sol";
import {ExpiryMarket, Exposure, Phase, UnderlyingMarket} from "../types/Valuation.sol";
import {AddOns} from "./AddOns.sol";
import {Black76} from "./Black76.sol";
import {Svi} from "../libraries/Svi.sol";

/// @title Value of a book's legs now and under every scenario
/// @notice The only place that prices. Sums keep the exact products of size and price (36 decimals); each figure is rounded
/// once, at its end, so that the order of the legs changes nothing.
/// @dev Products of size and price must stay below 2^255: size * price < 5.7e40 USD per leg, far above any open-interest cap.
library Revaluation {
    uint256 private constant ONE_E18 = 1e18;
    int256 private constant ONE_E36 = 1e36;

    /// @dev What one pass over the legs of an underlying works with.
    struct Pass {
        UnderlyingMarket market;
        MarginModel model;
        Position[] positions;
        uint256[] shockedE18; // value of one unit of the current leg per scenario
        Exposure exposure;
    }

    /// @notice Values positions, all of the market's underlying.
    function revalue(
        UnderlyingMarket memory market,
        MarginModel model,
        Position[] memory positions
    ) internal pure returns (Exposure memory) {
        uint256 count = market.scenarios.length;
        Pass memory pass;
        (pass.market, pass.model, pass.positions) = (market, model, positions);
        pass.shockedE18 = new uint256[](count);
        pass.exposure.pnlE36 = new int256[](count);
        uint256 next = 0;
        for (uint256 i = 0; i < market.expiries.length; ++i) {
            ExpiryMarket memory expiry = market.expiries[i];
            uint256 start = next;
            while (next < positions.length && positions[next].instrument.expiry() == expiry.expiry) ++next;
            if (expiry.phase == Phase.SETTLED) {
                _addSettled(pass, expiry, start, next);
            } else {
                _addExpiry(pass, expiry, start, next);
            }
        }
        return pass.exposure;
    }

    /// @notice Loss of a scenario, positive = loss.
    /// @custom:rounding ceil
    function weightedLoss(int256 pnlE36, uint256 weightE18) internal pure returns (int256) {
        return mulDivCeil(-pnlE36, int256(weightE18), ONE_E36);
    }

    /// @dev Legs of one expiry, then what depends on the expiry as a whole.
    function _addExpiry(Pass memory pass, ExpiryMarket memory expiry, uint256 from, uint256 to) private pure {
        Exposure memory exposure = pass.exposure;
        int256 deltaE36 = 0;
        int256 priceValueE36 = 0;
        for (uint256 i = from; i < to; ++i) {
            (int256 legDeltaE36, int256 legValueE36) = _addLeg(pass, expiry, pass.positions[i]);
            deltaE36 += legDeltaE36;
            priceValueE36 += legValueE36;
        }
        exposure.deltaE36 += deltaE36;
        exposure.rollE18 += AddOns.roll(
            pass.market.params,
            mulDivUp(_abs(deltaE36), 1, ONE_E18),
            pass.market.spotE18,
            expiry.yearsE18
        );
        exposure.worstE18 += AddOns.worstLoss(expiry, pass.positions, from, to, priceValueE36);
    }

    /// @dev Value, delta and change under every scenario of one leg.
    function _addLeg(
        Pass memory pass,
        ExpiryMarket memory expiry,
        Position memory position
    ) private pure returns (int256 deltaE36, int256 priceValueE36) {
        Exposure memory exposure = pass.exposure;
        int256 size = position.sizeE18;
        (uint256 markE18, int256 unitDeltaE18) = _price(pass, expiry, position.instrument);
        deltaE36 = size * unitDeltaE18;
        exposure.grossDeltaE36 += _abs(deltaE36);
        priceValueE36 = size * int256(markE18);
        // Only a perpetual has funding; it takes nothing from what a move of the price does.
        int256 paidE18 = expiry.expiry == 0 ? pass.market.fundingE18 : int256(0);
        exposure.valueE18 += mulFloor(size, int256(markE18) - paidE18);
        if (size < 0 && position.instrument.isOption()) exposure.shortE18 += uint256(-size);
        _addPnl(pass, size, markE18);
    }

    /// @dev A settled leg is a sum of money: no scenario moves it.
    function _addSettled(Pass memory pass, ExpiryMarket memory expiry, uint256 from, uint256 to) private pure {
        for (uint256 i = from; i < to; ++i) {
            uint256 payoffE18 = _payoff(pass.positions[i].instrument, expiry.priceE18);
            pass.exposure.valueE18 += mulFloor(pass.positions[i].sizeE18, int256(payoffE18));
        }
    }

    function _addPnl(Pass memory pass, int256 size, uint256 markE18) private pure {
        int256[] memory sumsE36 = pass.exposure.pnlE36;
        uint256[] memory shockedE18 = pass.shockedE18;
        int256 mark = int256(markE18);
        for (uint256 s = 0; s < sumsE36.length; ++s) {
            sumsE36[s] += size * (int256(shockedE18[s]) - mark);
        }
        if (pass.model == MarginModel.ISOLATED) pass.exposure.isolatedE18 += _worstLoss(pass, size, mark);
    }

    /// @dev Greatest weighted loss of one leg by itself.
    function _worstLoss(Pass memory pass, int256 size, int256 markE18) private pure returns (uint256) {
        int256 worstE18 = 0;
        for (uint256 s = 0; s < pass.shockedE18.length; ++s) {
            int256 pnlE36 = size * (int256(pass.shockedE18[s]) - markE18);
            if (pnlE36 >= 0) continue;
            int256 lossE18 = weightedLoss(pnlE36, pass.market.scenarios[s].weightE18);
            if (lossE18 > worstE18) worstE18 = lossE18;
        }
        return uint256(worstE18);
    }

    /// @dev Value of one unit now and, in `pass.shockedE18`, under every scenario.
    function _price(
        Pass memory pass,
        ExpiryMarket memory expiry,
        InstrumentId instrument
    ) private pure returns (uint256 markE18, int256 deltaE18) {
        if (instrument.isOption() && expiry.phase == Phase.LIVE) {
            return _priceOption(pass, expiry, instrument);
        }
        for (uint256 s = 0; s < pass.shockedE18.length; ++s) {
            uint256 priceE18 = mulDown(expiry.priceE18, pass.market.scenarios[s].factorE18);
            pass.shockedE18[s] = _payoff(instrument, priceE18);
        }
        return (_payoff(instrument, expiry.priceE18), _payoffDelta(instrument, expiry.priceE18));
    }

    function _priceOption(
        Pass memory pass,
        ExpiryMarket memory expiry,
        InstrumentId instrument
    ) private pure returns (uint256 markE18, int256 deltaE18) {
        Black76.Terms memory option = Black76.terms(
            instrument.kind(),
            expiry.priceE18,
            strikeE18(instrument),
            expiry.discountE18
        );
        uint256[3] memory wE18 = _totalVols(pass.market.params, expiry, option.lnMoneynessE18);
        Black76.row(option, pass.market.scenarios, wE18, pass.shockedE18);
        markE18 = Black76.price(option, wE18[uint256(VolState.FLAT)]);
        deltaE18 = Black76.delta(option, wE18[uint256(VolState.FLAT)]);
    }

    /// @dev Volatility times root of time in each state of volatility. The smile's annual volatility stays as reported while
    /// time passes between two reports.
    function _totalVols(
        UnderlyingParams memory params,
        ExpiryMarket memory expiry,
        int256 lnMoneynessE18
    ) private pure returns (uint256[3] memory wE18) {
        uint256 volE18 = Svi.volatility(expiry.surface, -lnMoneynessE18, expiry.reportYearsE18);
        uint256 upE18 = mulDown(volE18, expiry.volUpE18);
        uint256 downE18 = mulDown(volE18, expiry.volDownE18);
        if (upE18 < params.volFloorUpE18) upE18 = params.volFloorUpE18;
        if (downE18 < params.volFloorDownE18) downE18 = params.volFloorDownE18;
        wE18[uint256(VolState.FLAT)] = mulDown(volE18, expiry.rootYearsE18);
        wE18[uint256(VolState.UP)] = mulDown(upE18, expiry.rootYearsE18);
        wE18[uint256(VolState.DOWN)] = mulDown(downE18, expiry.rootYearsE18);
    }

    /// @notice Strike in USD with 18 decimals.
    function strikeE18(InstrumentId instrument) internal pure returns (uint256) {
        return uint256(instrument.strikeE8()) * 1e10;
    }

    /// @dev What one unit pays at a price: the price itself for linear legs, intrinsic value for options.
    function _payoff(InstrumentId instrument, uint256 priceE18) private pure returns (uint256) {
        if (instrument.isLinear()) return priceE18;
        return Black76.intrinsic(instrument.kind(), priceE18, strikeE18(instrument));
    }

    function _payoffDelta(InstrumentId instrument, uint256 priceE18) private pure returns (int256) {
        if (instrument.isLinear()) return 1e18;
        if (_payoff(instrument, priceE18) == 0) return 0;
        return instrument.kind() == Kind.CALL ? int256(1e18) : -1e18;
    }

    function _abs(int256 x) private pure returns (uint256) {
        return uint256(x < 0 ? -x : x);
    }
}
