// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetParams} from "../types/Risk.sol";
import {IClearinghouse} from "./IClearinghouse.sol";

/// @title Who may move a parameter, how soon and how fast
/// @notice The one way to the risk parameters and to the caps once the system is handed over. Every change is compared with what
/// stands, figure by figure. One that loosens anything waits for the delay of its role and then moves in a straight line over
/// `rampSeconds`. One that only tightens begins at once, from the guardian: caps, the initial ratio and the bounds of open interest
/// arrive in the same transaction, because they can close nobody; whatever enters maintenance moves in steps that raise no
/// requirement by more than `maxStepE18`, so that no step takes an account from above 1 + maxStep to below one.
/// @dev A change is a subject, its number, and the new figures in their ABI encoding, all words of 32 bytes:
/// UNDERLYING `(UnderlyingParams, Scenario[])`, ASSET `(AssetParams)`, GROUP `(uint64 blendE18)`, GLOBAL `(GlobalParams)`,
/// ASSET_CAP `(uint128 capE18, bool depositsOpen)`, SETTLEMENT_CAP `(uint256 capE18)`, LISTING `(Listing)`. Errors name a figure by
/// its place there.
interface IRiskSteward {
    /// @notice What a change is about. The number with it is that of the underlying, asset or group; 0 where there is only one.
    enum Subject {
        UNDERLYING,
        ASSET,
        GROUP,
        GLOBAL,
        ASSET_CAP,
        SETTLEMENT_CAP,
        LISTING
    }

    /// @notice How fast, one slot. Fractions have 18 decimals.
    struct Rules {
        uint32 rampSeconds; // from the start of a loosening to its end; also from one tightening of a subject to its next
        uint32 stepSeconds; // between two steps of one ramp
        uint64 maxStepE18; // greatest relative rise of a requirement in one step
        uint64 maxTightenE18; // greatest relative rise of a requirement that one tightening may come to
        uint32 reactionSeconds; // from a price to the liquidation that follows it, for the delay inequality
    }

    /// @notice A change under way, one slot. Unix times, seconds.
    struct Ramp {
        address target; // data contract with the new figures, 0 = none
        uint40 endsAt; // not before then, if it loosens
        uint40 steppedAt; // last step, or the start
    }

    event ChangeStarted(Subject indexed subject, uint16 indexed id, bytes target, uint256 costE18, uint256 endsAt);
    /// @notice The figures as they now stand, and the share of the way that was left which this step went, 18 decimals.
    event Stepped(Subject indexed subject, uint16 indexed id, bytes figures, uint256 shareE18);
    event ChangeStopped(Subject indexed subject, uint16 indexed id);
    event RulesSet(Rules rules);

    /// @notice Thrown when a tightening would loosen a figure.
    error RiskSteward_Loosens(uint256 place, uint256 from, uint256 to);
    /// @notice Thrown when a figure cannot move: it is no quantity, or it would leave or reach zero where steps are relative.
    error RiskSteward_CannotMove(uint256 place, uint256 from, uint256 to);
    /// @notice Thrown when the encoding of a change is not exactly that of its subject.
    error RiskSteward_BadEncoding(Subject subject, uint256 length);
    /// @notice Thrown when a single tightening asks for too much.
    error RiskSteward_TooFar(uint256 costE18, uint256 maxE18);
    /// @notice Thrown when the next step or the next tightening is not due.
    error RiskSteward_TooEarly(uint256 readyAt);
    /// @notice Thrown when nothing is under way.
    error RiskSteward_NoRamp(Subject subject, uint16 id);
    /// @notice Thrown when figures would be replaced under open positions or held assets.
    /// @param units What is open or held, 18 decimals.
    error RiskSteward_InUse(Subject subject, uint16 id, uint256 units);
    /// @notice Thrown when the smallest shock does not cover a normal move in `reactionSeconds` with slippage and fee.
    error RiskSteward_ShockTooSmall(uint16 underlying, uint256 shockE18, uint256 neededE18);
    /// @notice Thrown when fee and slippage eat more than half of the smallest shock, so that a sale need not raise health.
    error RiskSteward_SaleTooDear(uint16 underlying, uint256 shockE18, uint256 costE18);
    /// @notice Thrown when a rule is outside its bounds.
    error RiskSteward_OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);

    /// @notice Begins any change, replacing one under way. What has no figures yet is set at once: nobody can hold it.
    /// @custom:access restricted, under delay
    function change(Subject subject, uint16 id, bytes calldata target) external;

    /// @notice Begins a change that loosens nothing, and takes its first step.
    /// @custom:access restricted, without delay
    function tighten(Subject subject, uint16 id, bytes calldata target) external;

    /// @notice Moves an underlying's figures by rule, above what officers ask for and no further from it than one tightening may come
    /// to: tighter at once and in steps, back in a ramp. Officers' changes stay what is asked for.
    /// @custom:access restricted, by rule, without delay
    function drive(uint16 id, bytes calldata target) external;

    /// @notice Sets figures at once while nothing is open in the underlying, nothing is held in assets that its grid shocks, or
    /// nothing is held of the asset. For what steps cannot reach: another correlation group, another list of scenarios.
    /// @custom:access restricted, under delay
    function replace(Subject subject, uint16 id, bytes calldata target) external;

    /// @notice Leaves a change where it is.
    /// @custom:access restricted, without delay
    function stop(Subject subject, uint16 id) external;

    /// @notice Lists a collateral asset with a tenth of its cap; the rest follows in a ramp.
    /// @custom:access restricted, under delay
    function listAsset(address token, uint128 capE18, AssetParams calldata params) external returns (uint8 assetId);

    /// @notice Sets trading fees that every underlying's shocks can bear.
    /// @custom:access restricted, under delay
    function setFees(IClearinghouse.Fees calldata fees) external;

    /// @custom:access restricted, under delay
    function setRules(Rules calldata rules_) external;

    /// @notice Moves a change on by what is due. Anyone may call it.
    /// @return done Whether the figures have arrived.
    function step(Subject subject, uint16 id) external returns (bool done);

    /// @notice What a change would be: whether it only tightens, and the greatest relative rise of a requirement that it may come
    /// to, 18 decimals, rounded up. Reverts as the change would.
    function assess(
        Subject subject,
        uint16 id,
        bytes calldata target
    ) external view returns (bool tightens, uint256 costE18);

    function ramp(Subject subject, uint16 id) external view returns (Ramp memory);

    /// @notice The figures that stand, as a change would encode them; empty when there are none yet.
    function figures(Subject subject, uint16 id) external view returns (bytes memory);

    /// @notice The figures of an underlying that the last change by an officer asks for, whatever was driven on top of them: where the
    /// next change should start from. What stands when there was none, or when it was stopped or replaced.
    function governed(uint16 id) external view returns (bytes memory);

    function rules() external view returns (Rules memory);

    /// @notice An encoding as it would be made of what it says; reverts without data when it says nothing of the kind.
    function encodedAgain(Subject subject, bytes calldata target) external pure returns (bytes memory);
}
