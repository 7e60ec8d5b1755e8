// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {mulDivDown} from "./FixedPoint.sol";

/// @title Where a figure changes sign
/// @notice Mixes interpolation, a probe right beside its answer, and halving: quick where the figure is nearly straight, and
/// never slower than three times plain halving.
library Search {
    /// @notice A sign change between two points: the figure is >= 0 at `good` and < 0 at `bad`, on either side of it.
    struct Bracket {
        uint256 good;
        int256 atGood;
        uint256 bad;
        int256 atBad;
    }

    /// @dev The probe beside an answer is this fraction (a power of two) of what is left away from it.
    uint8 private constant PROBE_SHIFT = 12;

    /// @notice Distance between the two ends.
    /// @param bracket Bracket.
    /// @return Unit of its ends.
    function width(Bracket memory bracket) internal pure returns (uint256) {
        return bracket.good < bracket.bad ? bracket.bad - bracket.good : bracket.good - bracket.bad;
    }

    /// @notice Point to ask next, strictly between the ends. Assumes a width above 1.
    /// @param bracket Bracket.
    /// @param step Number of the step, from 0.
    /// @param lastWasGood Whether the last answer was >= 0.
    /// @return Unit of the ends.
    function next(Bracket memory bracket, uint256 step, bool lastWasGood) internal pure returns (uint256) {
        uint256 span = width(bracket);
        uint256 distance = span >> 1; // from the good end
        if (step % 3 == 0 && bracket.atGood != type(int256).max && bracket.atBad != type(int256).min) {
            uint256 drop = uint256(bracket.atGood) + uint256(-bracket.atBad);
            distance = mulDivDown(span, uint256(bracket.atGood), drop);
        } else if (step % 3 == 1) {
            uint256 near = (span >> PROBE_SHIFT) + 1;
            distance = lastWasGood ? near : span - (near < span ? near : span);
        }
        if (distance == 0) distance = 1;
        if (distance >= span) distance = span - 1;
        return bracket.good < bracket.bad ? bracket.good + distance : bracket.good - distance;
    }

    /// @notice Replaces the end on whose side an answer falls.
    /// @param bracket Bracket, changed in place.
    /// @param point Point asked.
    /// @param answer Figure there.
    /// @return good Whether the answer is >= 0.
    function narrow(Bracket memory bracket, uint256 point, int256 answer) internal pure returns (bool good) {
        good = answer >= 0;
        if (good) (bracket.good, bracket.atGood) = (point, answer);
        else (bracket.bad, bracket.atBad) = (point, answer);
    }
}
