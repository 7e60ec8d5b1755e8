// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {mulDivUp, mulUp} from "../../libraries/math/FixedPoint.sol";
import {InstrumentId, Kind} from "../../types/InstrumentId.sol";

/// @title Prices that can be the market's
/// @notice See IClearinghouse.priceBandE18. A forward may stand away from spot by its basis, which grows with time; an option is held to
/// what it can be worth while the index stays in its own band, because its mark would cost more to work out than the fill itself.
library PriceBand {
    /// @dev Strikes have 8 decimals, prices 18.
    uint256 private constant STRIKE_TO_PRICE = 1e10;
    uint256 private constant YEAR_SECONDS = 365 days;

    /// @notice Lowest and highest price of a leg. USD, 18 decimals.
    /// @param indexE18 Spot, USD, 18 decimals.
    /// @param bandE18 Greatest distance of a perpetual from its index, fraction of it, 18 decimals.
    /// @custom:rounding outward
    function rangeOf(
        InstrumentId instrument,
        uint256 indexE18,
        uint256 bandE18
    ) internal view returns (uint256 minE18, uint256 maxE18) {
        uint256 widthE18 = bandE18;
        uint256 expiry = instrument.expiry();
        if (expiry > block.timestamp) widthE18 += mulDivUp(bandE18, expiry - block.timestamp, YEAR_SECONDS);
        uint256 moveE18 = mulUp(indexE18, widthE18);
        (minE18, maxE18) = (_less(indexE18, moveE18), indexE18 + moveE18);
        if (instrument.isLinear()) return (minE18, maxE18);
        uint256 strikeE18 = instrument.strikeE8() * STRIKE_TO_PRICE;
        if (instrument.kind() == Kind.CALL) return (_less(minE18, strikeE18), maxE18);
        return (_less(strikeE18, maxE18), strikeE18);
    }

    /// @dev a - b, not below 0.
    function _less(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : 0;
    }
}
