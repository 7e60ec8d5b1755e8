// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InstrumentId} from "./InstrumentId.sol";

/// @notice Rule that turns a book into a requirement. SCENARIO nets the whole book under the grid; ISOLATED charges each
/// leg its own worst scenario and adds them up; DELTA charges each underlying its net delta times one price move, or its worst
/// scenario if that is more, for books without options; GREEKS takes the grid by sensitivities alone: a report, which governs no
/// account.
enum MarginModel {
    SCENARIO,
    ISOLATED,
    DELTA,
    GREEKS
}

/// @notice One position, one word: `instrument uint128` in the low half, `sizeE18 int128` in the high half.
struct Position {
    InstrumentId instrument;
    int128 sizeE18; // units of the underlying, 18 decimals; positive = long
}

/// @notice The word of a position, as it stands in storage.
/// @param instrument Instrument.
/// @param sizeE18 Units of the underlying, 18 decimals; positive = long.
function positionWord(InstrumentId instrument, int128 sizeE18) pure returns (uint256) {
    return (uint256(uint128(sizeE18)) << 128) | InstrumentId.unwrap(instrument);
}

/// @notice Instrument of a position's word.
function instrumentOfWord(uint256 word) pure returns (InstrumentId) {
    return InstrumentId.wrap(uint128(word));
}

/// @notice Size of a position's word, units of the underlying, 18 decimals.
function sizeOfWord(uint256 word) pure returns (int128) {
    return int128(uint128(word >> 128));
}

/// @notice Units of one collateral asset.
struct CollateralUnits {
    uint8 assetId; // number the vault gave the asset when it was listed
    uint256 unitsE18; // units of the asset, 18 decimals whatever its token uses
}

/// @notice Entry cost of all linear positions of one underlying:
/// value of a linear leg = size * (price - cumulative funding), plus this figure once.
struct QuoteFigure {
    uint16 underlying;
    int256 quoteE18; // settlement coin, 18 decimals; positive = in favour of the account
}

/// @notice Everything an account has and owes, as the risk engine reads it. Positions are in ascending instrument order
/// without repetition; a quote figure stands for each underlying with a linear position or a non-zero figure, ascending.
struct Book {
    MarginModel model;
    int256 cashE18; // settlement coin, 18 decimals, interest included; negative = owed
    CollateralUnits[] collateral; // ascending by asset number
    QuoteFigure[] quotes;
    Position[] positions;
}

/// @notice The three figures that decide what an account may do. Health = equity / maintenance.
struct Assessment {
    int256 equityE18; // USD, 18 decimals, rounded down
    uint256 initialE18; // USD, 18 decimals, rounded up
    uint256 maintenanceE18; // USD, 18 decimals, rounded up; never above initial
}
