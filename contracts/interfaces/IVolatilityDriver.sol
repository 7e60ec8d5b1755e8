// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskSteward} from "./IRiskSteward.sol";

/// @title How the price range follows the market
/// @notice Works out realised volatility from the oracle's own prices and moves the price range of each underlying with it, through
/// the steward: `range = clamp(multiple * sigma * sqrt(horizon), what officers ask for, most * what officers ask for)`. Anyone may make
/// it move. Up: announced by an event `noticeSeconds` before the first step, to no more than was announced, in the steward's steps,
/// none of which takes an account from above 1 + maxStep to below one. Down: in the steward's ramp, never below what officers ask for.
/// @dev What a manipulated price can do: one sample counts a return of at most `maxReturnE18`, and so adds no more than
/// ln 2 * maxReturn^2 * year / halfLife to the annual variance.
/// Who wins: an officer's change is the floor from then on, and what volatility adds goes on top of it after notice. While a change
/// of an officer's that loosens something is on its way, a rise goes with it, in the same ramp; a new goal begins that ramp again.
interface IVolatilityDriver {
    /// @notice What a call did.
    enum Move {
        NONE, // nothing was due
        SAMPLED, // nothing but a new price
        ANNOUNCED,
        WITHDRAWN,
        DRIVEN, // a new goal
        STEPPED // one step on the way to the goal
    }

    /// @notice Two slots. Fractions have 18 decimals.
    struct Rules {
        uint32 spacingSeconds; // least time between two samples
        uint32 halfLifeSeconds; // in which a sample loses half its weight
        uint32 horizonSeconds; // over which the move is taken that the range should bear
        uint32 noticeSeconds; // from an announcement to the first step up
        uint64 maxReturnE18; // greatest logarithmic return that one sample counts
        uint64 multipleE18; // standard deviations that the range should bear
        uint64 mostE18; // greatest range as a multiple of what officers ask for
        uint64 hysteresisE18; // relative distance from the goal below which it stays
    }

    /// @notice Last sample of an underlying, one slot.
    struct Sample {
        uint112 priceE18; // USD
        uint40 sampledAt; // Unix time, seconds; 0 = none yet
        uint104 varianceE18; // annual, as of then
    }

    /// @notice A rise that was announced, one slot.
    struct Notice {
        uint64 rangeE18; // up to here; 0 = none
        uint40 riseAt; // Unix time of the first step at the earliest, seconds
        bool paused; // the driver leaves the underlying alone
    }

    event Sampled(uint16 indexed underlying, uint256 priceE18, int256 returnE18, uint256 varianceE18);
    event RiseAnnounced(uint16 indexed underlying, uint256 fromE18, uint256 toE18, uint256 riseAt);
    event RiseWithdrawn(uint16 indexed underlying);
    event RangeDriven(uint16 indexed underlying, uint256 fromE18, uint256 toE18);
    event PausedSet(uint16 indexed underlying, bool paused);
    event RulesSet(Rules rules);

    /// @notice Thrown when the next sample is not due.
    error VolatilityDriver_TooEarly(uint256 readyAt);
    /// @notice Thrown when the driver was told to leave an underlying alone.
    error VolatilityDriver_Paused(uint16 underlying);
    /// @notice Thrown when an underlying has no figures.
    error VolatilityDriver_UnknownUnderlying(uint16 underlying);
    /// @notice Thrown when a rule is outside its bounds.
    error VolatilityDriver_OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);

    /// @notice Takes a sample of the guarded price. Reverts as the oracle does while there is no price.
    /// @dev A sample after a longer time counts for that time where it is wilder than the average; where it is calmer, for two
    /// spacings at most.
    /// @return varianceE18 Annual variance from now on.
    /// @custom:access anyone
    function sample(uint16 underlying) external returns (uint256 varianceE18);

    /// @notice Takes the sample that is due, then does the one thing that is: announces a rise, withdraws it, sets a new goal, or
    /// takes a step of the change under way. Reverts while there is no price.
    /// @custom:access anyone
    function step(uint16 underlying) external returns (Move move);

    /// @notice Leaves an underlying alone: a change under way can be stopped at the steward.
    /// @custom:access restricted guardian, without delay
    function pause(uint16 underlying) external;

    /// @custom:access restricted, under delay
    function unpause(uint16 underlying) external;

    /// @custom:access restricted, under delay
    function setRules(Rules calldata rules_) external;

    /// @notice Annual volatility, 18 decimals, as of the last sample; 0 = none yet.
    /// @custom:rounding ceil
    function realisedVolatilityE18(uint16 underlying) external view returns (uint256);

    /// @notice Price ranges: what stands, where it is on its way to, and what the last sample asks for. 18 decimals.
    function ranges(uint16 underlying) external view returns (uint256 standE18, uint256 goalE18, uint256 wantedE18);

    function sampleOf(uint16 underlying) external view returns (Sample memory);

    function noticeOf(uint16 underlying) external view returns (Notice memory);

    function rules() external view returns (Rules memory);

    function steward() external view returns (IRiskSteward);
}
