// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {Scenario, UnderlyingParams, VolState} from "../types/Risk.sol";

/// @title Scenarios as data
/// @notice Keeps an underlying's parameters and its list of shocks in the code of one data contract, so that a check reads
/// both with a single cold access. One scenario is one word: factor 96 | logarithm 88 | weight 64 | volatility state 8 bits.
library Grid {
    uint256 internal constant MAX_SCENARIOS = 48;

    /// @notice Furthest the stored logarithm may be from the factor's own.
    uint256 internal constant LN_TOLERANCE_E18 = 1e6;

    /// @notice Price factors outside 0.001 to 1,000 are mistakes.
    uint256 internal constant MIN_FACTOR_E18 = 1e15;
    uint256 internal constant MAX_FACTOR_E18 = 1e21;

    uint256 internal constant MAX_WEIGHT_E18 = 1e18;

    /// @notice Checks a list and writes it with the parameters to a new data contract.
    function write(UnderlyingParams memory params, Scenario[] memory scenarios) internal returns (address data) {
        uint256 count = scenarios.length;
        if (count == 0 || count > MAX_SCENARIOS) {
            revert IRiskParameters.RiskParameters_OutOfBounds("scenarios", count, 1, MAX_SCENARIOS);
        }
        uint256[] memory words = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            if (!isValid(scenarios[i])) revert IRiskParameters.RiskParameters_InvalidScenario(i);
            words[i] = pack(scenarios[i]);
        }
        return SSTORE2.write(abi.encode(params, words));
    }

    /// @notice Reads back what `write` stored.
    function read(address data) internal view returns (UnderlyingParams memory params, Scenario[] memory scenarios) {
        uint256[] memory words;
        (params, words) = abi.decode(SSTORE2.read(data), (UnderlyingParams, uint256[]));
        scenarios = new Scenario[](words.length);
        for (uint256 i = 0; i < words.length; ++i) {
            scenarios[i] = unpack(words[i]);
        }
    }

    /// @notice Whether factor and logarithm agree within LN_TOLERANCE_E18 and factor and weight are in range.
    function isValid(Scenario memory scenario) internal pure returns (bool) {
        if (scenario.factorE18 < MIN_FACTOR_E18 || scenario.factorE18 > MAX_FACTOR_E18) return false;
        if (scenario.weightE18 == 0 || scenario.weightE18 > MAX_WEIGHT_E18) return false;
        int256 distanceE18 = Transcendental.lnE18(scenario.factorE18) - scenario.lnFactorE18;
        return distanceE18 <= int256(LN_TOLERANCE_E18) && distanceE18 >= -int256(LN_TOLERANCE_E18);
    }

    function pack(Scenario memory scenario) internal pure returns (uint256) {
        return
            (uint256(scenario.factorE18) << 160) |
            (uint256(uint88(scenario.lnFactorE18)) << 72) |
            (uint256(scenario.weightE18) << 8) |
            uint8(scenario.vol);
    }

    function unpack(uint256 word) internal pure returns (Scenario memory) {
        return
            Scenario({
                factorE18: uint96(word >> 160),
                lnFactorE18: int88(uint88(word >> 72)),
                weightE18: uint64(word >> 8),
                vol: VolState(uint8(word))
            });
    }
}
