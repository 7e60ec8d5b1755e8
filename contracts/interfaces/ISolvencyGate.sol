// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GateLevel} from "../types/Gate.sol";

/// @title When to slow down
/// @notice A state machine over three signals that closes what adds risk while something is wrong with the whole, and opens it again
/// when it has been calm for long enough. Anyone may make it look. Fractions have 18 decimals (1e18 = 100 %).
interface ISolvencyGate {
    /// @notice What is watched. DEVIATION: greatest distance of a spot price from its moving average. LOSS: what liquidations cost the
    /// backstop and everybody, of all that the vault holds. OUTFLOW: what left the vault on balance, of what it held.
    /// Losses and outflows are sums that forget: each look takes away the share of the window that has passed since the last one.
    enum Signal {
        DEVIATION,
        LOSS,
        OUTFLOW
    }

    /// @notice Where a level begins and where it may end again, one slot.
    struct Thresholds {
        uint64 throttleInE18;
        uint64 throttleOutE18; // below `throttleInE18`
        uint64 haltInE18; // at least `throttleInE18`
        uint64 haltOutE18; // below `haltInE18`, at least `throttleOutE18`
    }

    /// @notice Times, seconds.
    struct Times {
        uint32 dwellSeconds; // of unbroken calm before the gate opens by one level
        uint32 averageSeconds; // time constant of the moving averages of spot prices
        uint32 windowSeconds; // in which a loss or an outflow is forgotten
    }

    /// @notice Where the gate stands. Unix times, seconds.
    struct State {
        GateLevel level;
        uint40 movedAt; // last change of level
        uint40 calmSince; // 0 = not calm
        uint40 lookedAt; // last look
    }

    /// @notice Emitted by every look: the three signals and the level they lead to.
    /// @param deviationE18 Greatest distance of a spot price from its average.
    /// @param lossE18 Losses, fraction of all value.
    /// @param outflowE18 Net outflow, fraction of all value.
    /// @param level Level from now on.
    event GateLooked(uint256 deviationE18, uint256 lossE18, uint256 outflowE18, GateLevel level);
    /// @notice Emitted when the level changes.
    event GateMoved(GateLevel before, GateLevel level);
    event ThresholdsSet(Signal indexed signal, Thresholds thresholds);
    event TimesSet(Times times);

    /// @notice Thrown when a parameter is outside its bounds.
    error SolvencyGate_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);

    /// @notice Reads the signals, moves the level if they say so and tells vault and clearinghouse. Rising is at once; opening by one
    /// level takes `dwellSeconds` in which every look found every signal below the level's way out, with no more than a quarter of
    /// that time between looks: what nobody watched was not calm.
    /// @dev A price that a feed refuses leaves that underlying's deviation out: what no price allows is refused by the price guards.
    /// @return level Level from now on.
    /// @custom:access anyone
    function look() external returns (GateLevel level);

    function state() external view returns (State memory);

    function thresholds(Signal signal) external view returns (Thresholds memory);

    function times() external view returns (Times memory);

    /// @notice Moving average of an underlying's spot price, USD, 18 decimals; 0 = not seen yet.
    function averageE18(uint16 underlying) external view returns (uint256);

    /// @notice Sums of losses and of net outflow as of the last look, USD, 18 decimals.
    function sums() external view returns (uint128 lossE18, uint128 outflowE18);

    /// @custom:access restricted
    function setThresholds(Signal signal, Thresholds calldata thresholds_) external;

    /// @custom:access restricted
    function setTimes(Times calldata times_) external;
}
