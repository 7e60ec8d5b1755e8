// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {IRiskSteward} from "../interfaces/IRiskSteward.sol";
import {IVolatilityDriver} from "../interfaces/IVolatilityDriver.sol";
import {Ewma} from "../libraries/math/Ewma.sol";
import {ONE_E18, mulDown, mulUp} from "../libraries/math/FixedPoint.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {Widening} from "./Widening.sol";

/// @title VolatilityDriver
/// @notice See IVolatilityDriver. Holds no money and no other power than to call `drive` of the steward.
contract VolatilityDriver is IVolatilityDriver, AccessManaged {
    /// @dev Figures of one underlying, their encodings, and price ranges with 18 decimals.
    struct Situation {
        bytes governed;
        bytes stand;
        uint256 floorE18;
        uint256 standE18;
        uint256 goalE18;
        uint256 wantedE18;
        bool moving;
        uint256 dueAt; // of the next step, Unix time, seconds
    }

    IRiskSteward.Subject private constant UNDERLYING = IRiskSteward.Subject.UNDERLYING;
    /// @dev An announcement that nobody acted on for so long says nothing any more.
    uint256 private constant NOTICE_LASTS_SECONDS = 1 days;
    uint256 private constant MIN_SPACING_SECONDS = 10 minutes;
    uint256 private constant MAX_SPACING_SECONDS = 1 days;
    uint256 private constant MAX_HALF_LIFE_SECONDS = 90 days;
    uint256 private constant MIN_HORIZON_SECONDS = 1 hours;
    uint256 private constant MAX_HORIZON_SECONDS = 30 days;
    uint256 private constant MIN_NOTICE_SECONDS = 10 minutes;
    uint256 private constant MAX_NOTICE_SECONDS = 7 days;
    uint256 private constant MIN_RETURN_E18 = 0.001e18;
    uint256 private constant MAX_RETURN_E18 = 0.5e18;
    uint256 private constant MAX_MULTIPLE_E18 = 10e18;
    uint256 private constant MAX_MOST_E18 = 3e18;
    uint256 private constant MIN_HYSTERESIS_E18 = 0.01e18;
    uint256 private constant MAX_HYSTERESIS_E18 = 0.5e18;
    /// @dev Greatest range that the risk parameters take.
    uint256 private constant MAX_RANGE_E18 = 0.9e18;
    /// @dev Spacings that a calm sample counts for at most.
    uint256 private constant CALM_SPACINGS = 2;

    IRiskSteward private immutable STEWARD;
    IRiskParameters private immutable PARAMETERS;

    Rules private _rules;
    mapping(uint16 underlying => Sample last) private _samples;
    mapping(uint16 underlying => Notice notice) private _notices;

    constructor(
        IRiskSteward steward_,
        IRiskParameters parameters,
        address authority,
        Rules memory rules_
    ) AccessManaged(authority) {
        STEWARD = steward_;
        PARAMETERS = parameters;
        _storeRules(rules_);
    }

    /// @inheritdoc IVolatilityDriver
    function sample(uint16 underlying) external returns (uint256 varianceE18) {
        uint256 readyAt = _sampleDueAt(underlying);
        if (block.timestamp < readyAt) revert VolatilityDriver_TooEarly(readyAt);
        return _sample(underlying);
    }

    /// @inheritdoc IVolatilityDriver
    function step(uint16 underlying) external returns (Move move) {
        if (_notices[underlying].paused) revert VolatilityDriver_Paused(underlying);
        if (block.timestamp >= _sampleDueAt(underlying)) {
            _sample(underlying);
            move = Move.SAMPLED;
        }
        Situation memory now_ = _situation(underlying);
        Move more = _aim(underlying, now_);
        if (more != Move.NONE) move = more;
        if (more == Move.DRIVEN || more == Move.ANNOUNCED) return move;
        if (!now_.moving || block.timestamp < now_.dueAt) return move;
        STEWARD.step(UNDERLYING, underlying);
        return Move.STEPPED;
    }

    /// @inheritdoc IVolatilityDriver
    function pause(uint16 underlying) external restricted {
        _setPaused(underlying, true);
    }

    /// @inheritdoc IVolatilityDriver
    function unpause(uint16 underlying) external restricted {
        _setPaused(underlying, false);
    }

    /// @inheritdoc IVolatilityDriver
    function setRules(Rules calldata rules_) external restricted {
        _storeRules(rules_);
    }

    /// @inheritdoc IVolatilityDriver
    function realisedVolatilityE18(uint16 underlying) external view returns (uint256) {
        return Ewma.volatilityE18(_samples[underlying].varianceE18);
    }

    /// @inheritdoc IVolatilityDriver
    function ranges(uint16 underlying) external view returns (uint256 standE18, uint256 goalE18, uint256 wantedE18) {
        Situation memory now_ = _situation(underlying);
        return (now_.standE18, now_.goalE18, now_.wantedE18);
    }

    /// @inheritdoc IVolatilityDriver
    function sampleOf(uint16 underlying) external view returns (Sample memory) {
        return _samples[underlying];
    }

    /// @inheritdoc IVolatilityDriver
    function noticeOf(uint16 underlying) external view returns (Notice memory) {
        return _notices[underlying];
    }

    /// @inheritdoc IVolatilityDriver
    function rules() external view returns (Rules memory) {
        return _rules;
    }

    /// @inheritdoc IVolatilityDriver
    function steward() external view returns (IRiskSteward) {
        return STEWARD;
    }

    // --- samples

    function _sampleDueAt(uint16 underlying) private view returns (uint256) {
        uint256 last = _samples[underlying].sampledAt;
        return last == 0 ? 0 : last + _rules.spacingSeconds;
    }

    function _sample(uint16 underlying) private returns (uint256 varianceE18) {
        Sample memory last = _samples[underlying];
        (IPriceOracle oracle, ) = PARAMETERS.oracles();
        uint256 priceE18 = oracle.price(underlying);
        int256 returnE18 = 0;
        if (last.sampledAt != 0) {
            Rules memory r = _rules;
            int256 mostE18 = int256(uint256(r.maxReturnE18));
            returnE18 = Transcendental.lnRatioE18(priceE18, last.priceE18);
            if (returnE18 > mostE18) returnE18 = mostE18;
            if (returnE18 < -mostE18) returnE18 = -mostE18;
            varianceE18 = Ewma.next(
                last.varianceE18,
                uint256(returnE18 < 0 ? -returnE18 : returnE18),
                block.timestamp - last.sampledAt,
                r.halfLifeSeconds,
                CALM_SPACINGS * r.spacingSeconds
            );
        }
        // A price is below 2^98; returns within one half in no less than ten minutes make a variance far below 2^104.
        _samples[underlying] = Sample(uint112(priceE18), uint40(block.timestamp), uint104(varianceE18));
        emit Sampled(underlying, priceE18, returnE18, varianceE18);
    }

    // --- goals

    function _situation(uint16 underlying) private view returns (Situation memory s) {
        s.stand = STEWARD.figures(UNDERLYING, underlying);
        if (s.stand.length == 0) revert VolatilityDriver_UnknownUnderlying(underlying);
        s.governed = STEWARD.governed(underlying);
        s.floorE18 = Widening.rangeOf(s.governed);
        s.standE18 = Widening.rangeOf(s.stand);
        IRiskSteward.Ramp memory ramp = STEWARD.ramp(UNDERLYING, underlying);
        s.moving = ramp.target != address(0);
        s.goalE18 = s.moving ? Widening.rangeOf(SSTORE2.read(ramp.target)) : s.standE18;
        s.dueAt = ramp.steppedAt + STEWARD.rules().stepSeconds;
        Rules memory r = _rules;
        uint256 mostE18 = _min(mulDown(s.floorE18, r.mostE18), MAX_RANGE_E18);
        uint256 moveE18 = Ewma.moveE18(_samples[underlying].varianceE18, r.multipleE18, r.horizonSeconds);
        s.wantedE18 = _max(s.floorE18, _min(moveE18, mostE18));
    }

    /// @dev Announces, withdraws or sets a goal. What is below what stands needs no notice.
    function _aim(uint16 underlying, Situation memory s) private returns (Move move) {
        bool off = _isOff(s);
        if (off && s.wantedE18 > _max(s.standE18, s.goalE18)) return _rise(underlying, s);
        if (_notices[underlying].rangeE18 != 0) {
            _clear(underlying);
            emit RiseWithdrawn(underlying);
            move = Move.WITHDRAWN;
        }
        uint256 toE18 = off ? s.wantedE18 : _max(s.goalE18, s.floorE18);
        bytes memory target = Widening.widened(s.governed, toE18);
        // Where nothing moves, other figures too go where officers want them.
        if (!off && (s.moving || keccak256(target) == keccak256(s.stand))) return move;
        return _drive(underlying, s, toE18, target);
    }

    function _isOff(Situation memory s) private view returns (bool) {
        uint256 bandE18 = _rules.hysteresisE18;
        if (s.wantedE18 > mulUp(s.goalE18, ONE_E18 + bandE18)) return true;
        if (s.wantedE18 < mulDown(s.goalE18, ONE_E18 - bandE18)) return true;
        return s.wantedE18 == s.floorE18 && s.goalE18 > s.floorE18;
    }

    function _rise(uint16 underlying, Situation memory s) private returns (Move) {
        Notice memory notice = _notices[underlying];
        bool valid =
            notice.rangeE18 > _max(s.standE18, s.goalE18) && block.timestamp <= notice.riseAt + NOTICE_LASTS_SECONDS;
        if (!valid) {
            uint256 riseAt = block.timestamp + _rules.noticeSeconds;
            // At most MAX_RANGE_E18.
            _notices[underlying] = Notice(uint64(s.wantedE18), uint40(riseAt), false);
            emit RiseAnnounced(underlying, s.standE18, s.wantedE18, riseAt);
            return Move.ANNOUNCED;
        }
        if (block.timestamp < notice.riseAt) return Move.NONE;
        uint256 toE18 = _min(s.wantedE18, notice.rangeE18);
        _clear(underlying);
        return _drive(underlying, s, toE18, Widening.widened(s.governed, toE18));
    }

    function _drive(uint16 underlying, Situation memory s, uint256 toE18, bytes memory target) private returns (Move) {
        emit RangeDriven(underlying, s.standE18, toE18);
        STEWARD.drive(underlying, target);
        return Move.DRIVEN;
    }

    function _clear(uint16 underlying) private {
        _notices[underlying] = Notice(0, 0, false);
    }

    // --- rules

    function _setPaused(uint16 underlying, bool paused) private {
        _notices[underlying] = Notice(0, 0, paused);
        emit PausedSet(underlying, paused);
    }

    function _storeRules(Rules memory r) private {
        _requireWithin("spacingSeconds", r.spacingSeconds, MIN_SPACING_SECONDS, MAX_SPACING_SECONDS);
        _requireWithin("halfLifeSeconds", r.halfLifeSeconds, r.spacingSeconds, MAX_HALF_LIFE_SECONDS);
        _requireWithin("horizonSeconds", r.horizonSeconds, MIN_HORIZON_SECONDS, MAX_HORIZON_SECONDS);
        _requireWithin("noticeSeconds", r.noticeSeconds, MIN_NOTICE_SECONDS, MAX_NOTICE_SECONDS);
        _requireWithin("maxReturn", r.maxReturnE18, MIN_RETURN_E18, MAX_RETURN_E18);
        _requireWithin("multiple", r.multipleE18, 0, MAX_MULTIPLE_E18);
        _requireWithin("most", r.mostE18, ONE_E18, MAX_MOST_E18);
        _requireWithin("hysteresis", r.hysteresisE18, MIN_HYSTERESIS_E18, MAX_HYSTERESIS_E18);
        _rules = r;
        emit RulesSet(r);
    }

    function _requireWithin(bytes32 name, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert VolatilityDriver_OutOfBounds(name, value, min, max);
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
