// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ONE_E18, mulDivUp} from "../libraries/math/FixedPoint.sol";
import {Moves} from "./Moves.sol";

/// @title Figures of an underlying with a wider price range
/// @notice The price range PR stands in the figures twice: as the range of the delta model, and in the weights PR / |move| of the
/// far scenarios, so that a linear position is charged PR in each of them. Both together are m, see Laws.
/// @dev The regular scenarios keep their factors. A wider factor can double what a far short option is charged for every hundredth
/// of the price, so that steps of a twentieth would be days on their way; weights and range move every requirement by no more than
/// their own part, and reach in hours.
library Widening {
    uint256 private constant RANGE = 18;
    uint256 private constant WEIGHT = 2;
    uint256 private constant SCENARIO_WORDS = 4;

    /// @notice Price range of an encoding, 18 decimals.
    function rangeOf(bytes memory figures) internal pure returns (uint256) {
        return Moves.wordAt(figures, RANGE);
    }

    /// @notice Figures with another price range. Weights stay within one; one that is one does not move.
    /// @custom:rounding ceil
    function widened(bytes memory figures, uint256 toE18) internal pure returns (bytes memory result) {
        uint256 fromE18 = rangeOf(figures);
        result = bytes.concat(figures);
        Moves.putWord(result, RANGE, toE18);
        uint256 words = figures.length >> 5;
        for (uint256 place = Moves.UNDERLYING_WORDS + WEIGHT; place < words; place += SCENARIO_WORDS) {
            uint256 weightE18 = Moves.wordAt(figures, place);
            if (weightE18 >= ONE_E18) continue;
            uint256 nextE18 = mulDivUp(weightE18, toE18, fromE18);
            Moves.putWord(result, place, nextE18 < ONE_E18 ? nextE18 : ONE_E18);
        }
    }
}
