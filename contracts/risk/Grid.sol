// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {wordAt} from "../libraries/Lists.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {Scenario, VolState} from "../types/Risk.sol";
import {Shocks} from "../types/Valuation.sol";

/// @title Scenarios as data
/// @notice One scenario is one word: factor 96 | ln factor 72 | weight 64 | number 8 | zero 8 | state of volatility 8 bits. Words are
/// kept by state, up before down before flat, because the hot loop works through one state at a time, and by factor, so that the
/// ends of a run tell about all of it; the number says where the scenario stood in the list as it was set.
library Grid {
    uint256 internal constant MAX_SCENARIOS = 48;

    /// @notice Furthest the stored logarithm may be from the factor's own.
    uint256 internal constant LN_TOLERANCE_E18 = 1e6;

    /// @notice Price factors outside 0.001 to 1,000 are mistakes.
    uint256 internal constant MIN_FACTOR_E18 = 1e15;
    uint256 internal constant MAX_FACTOR_E18 = 1e21;

    uint256 internal constant MAX_WEIGHT_E18 = 1e18;

    /// @notice Checks a list and packs it, by state and factor.
    function pack(Scenario[] memory scenarios) internal pure returns (uint256[] memory words) {
        uint256 count = scenarios.length;
        if (count == 0 || count > MAX_SCENARIOS) {
            revert IRiskParameters.RiskParameters_OutOfBounds("scenarios", count, 1, MAX_SCENARIOS);
        }
        words = new uint256[](count);
        uint256 next = 0;
        VolState[3] memory order = [VolState.UP, VolState.DOWN, VolState.FLAT];
        for (uint256 o = 0; o < order.length; ++o) {
            uint256 first = next;
            for (uint256 i = 0; i < count; ++i) {
                if (scenarios[i].vol == order[o]) _insert(words, first, next++, _word(scenarios[i], i));
            }
        }
    }

    /// @dev Puts a word among those from `first` on, which ascend. The factor is the highest part of a word.
    function _insert(uint256[] memory words, uint256 first, uint256 place, uint256 word) private pure {
        for (; place > first && words[place - 1] > word; --place) {
            words[place] = words[place - 1];
        }
        words[place] = word;
    }

    /// @notice The list as it was set.
    function unpack(uint256[] memory words) internal pure returns (Scenario[] memory scenarios) {
        scenarios = new Scenario[](words.length);
        for (uint256 i = 0; i < words.length; ++i) {
            uint256 word = words[i];
            scenarios[numberOf(word)] = Scenario({
                factorE18: uint96(factorE18(word)),
                lnFactorE18: int72(lnFactorE18(word)),
                weightE18: uint64(weightE18(word)),
                vol: volOf(word)
            });
        }
    }

    /// @notice Shocks of a whole grid, lanes at zero.
    function all(uint256[] memory words) internal pure returns (Shocks memory shocks) {
        shocks.words = words;
        _arrange(shocks);
    }

    /// @notice Shocks of the scenarios with one of two numbers, lanes at zero.
    function only(uint256[] memory words, uint256 first, uint256 second) internal pure returns (Shocks memory shocks) {
        shocks.words = new uint256[](first == second ? 1 : 2);
        uint256 count = 0;
        for (uint256 i = 0; i < words.length; ++i) {
            uint256 number = numberOf(words[i]);
            if (number == first || number == second) shocks.words[count++] = words[i];
        }
        _arrange(shocks);
    }

    /// @notice Price after / price before, 18 decimals.
    function factorE18(uint256 word) internal pure returns (uint256) {
        return word >> 160;
    }

    /// @notice Greatest price factor of some scenarios, 18 decimals.
    function greatestFactorE18(uint256[] memory words) internal pure returns (uint256) {
        uint256 greatest = 0;
        uint256 count = words.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 word = wordAt(words, i);
            // The factor is the highest part of a word.
            if (word > greatest) greatest = word;
        }
        return factorE18(greatest);
    }

    /// @notice Natural logarithm of the factor, 18 decimals.
    function lnFactorE18(uint256 word) internal pure returns (int256) {
        return int72(uint72(word >> 88));
    }

    /// @notice Weight of the loss, 18 decimals.
    function weightE18(uint256 word) internal pure returns (uint256) {
        return uint64(word >> 24);
    }

    /// @notice Where the scenario moves implied volatility.
    function volOf(uint256 word) internal pure returns (VolState) {
        return VolState(uint8(word));
    }

    /// @notice Place in the list that was set.
    function numberOf(uint256 word) internal pure returns (uint256) {
        return uint8(word >> 16);
    }

    /// @dev Counts states and lays logarithms and lanes, at zero, side by side.
    function _arrange(Shocks memory shocks) private pure {
        uint256[] memory words = shocks.words;
        uint256 pairs;
        uint256 counts; // 32 bits for each state
        assembly ("memory-safe") {
            pairs := mload(0x40)
            let pair := pairs
            let end := add(words, shl(5, mload(words)))
            for {
                let at := words
            } lt(at, end) {
                pair := add(pair, 0x40)
            } {
                at := add(at, 0x20)
                let word := mload(at)
                // See lnFactorE18.
                mstore(pair, signextend(8, shr(88, word)))
                mstore(add(pair, 0x20), 0)
                counts := add(counts, shl(shl(5, and(word, 0xff)), 1))
            }
            mstore(0x40, pair)
        }
        shocks.up = pairs;
        unchecked {
            // Memory addresses; two words to a shock.
            shocks.down = pairs + 64 * uint256(uint32(counts >> (32 * uint256(VolState.UP))));
            shocks.flat = shocks.down + 64 * uint256(uint32(counts >> (32 * uint256(VolState.DOWN))));
            shocks.end = pairs + 64 * words.length;
        }
    }

    function _word(Scenario memory scenario, uint256 number) private pure returns (uint256) {
        if (!_isValid(scenario)) revert IRiskParameters.RiskParameters_InvalidScenario(number);
        return
            (uint256(scenario.factorE18) << 160) |
            (uint256(uint72(scenario.lnFactorE18)) << 88) |
            (uint256(scenario.weightE18) << 24) |
            (number << 16) |
            uint8(scenario.vol);
    }

    /// @dev Whether factor and logarithm agree within LN_TOLERANCE_E18 and factor and weight are in range.
    function _isValid(Scenario memory scenario) private pure returns (bool) {
        if (scenario.factorE18 < MIN_FACTOR_E18 || scenario.factorE18 > MAX_FACTOR_E18) return false;
        if (scenario.weightE18 == 0 || scenario.weightE18 > MAX_WEIGHT_E18) return false;
        int256 distanceE18 = Transcendental.lnE18(scenario.factorE18) - scenario.lnFactorE18;
        return distanceE18 <= int256(LN_TOLERANCE_E18) && distanceE18 >= -int256(LN_TOLERANCE_E18);
    }
}
