// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {ILiquidator} from "../interfaces/ILiquidator.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISolvencyGate} from "../interfaces/ISolvencyGate.sol";
import {Decimals} from "../libraries/math/Decimals.sol";
import {ONE_E18, divDown, mulDivDown, mulDown} from "../libraries/math/FixedPoint.sol";
import {GateLevel} from "../types/Gate.sol";
import {AssetParams} from "../types/Risk.sol";

/// @title SolvencyGate
/// @notice See ISolvencyGate. Holds no money and no other power than to call `setGate` of vault and clearinghouse.
contract SolvencyGate is ISolvencyGate, AccessManaged {
    /// @dev USD, 18 decimals, as of the last look.
    struct Sums {
        uint128 lossE18;
        uint128 outflowE18;
    }

    /// @dev Three signals of one look, fractions with 18 decimals.
    struct Reading {
        uint256 deviationE18;
        uint256 lossE18;
        uint256 outflowE18;
    }

    uint256 private constant MIN_DWELL_SECONDS = 5 minutes;
    uint256 private constant MIN_WINDOW_SECONDS = 1 hours;
    uint256 private constant MAX_WINDOW_SECONDS = 7 days;
    uint256 private constant MAX_SECONDS = 1 days;
    /// @dev Looks into a time of calm, at least.
    uint256 private constant LOOKS = 4;
    /// @dev Many times what reading a feed costs: else a caller could starve the read and hide a price.
    uint256 private constant PROBE_GAS = 400_000;

    IMarginVault private immutable VAULT;
    IClearinghouse private immutable CLEARINGHOUSE;
    IRiskParameters private immutable PARAMETERS;

    State private _state;
    Times private _times;
    Sums private _sums;
    uint256 private _lossesSeenE18;
    mapping(Signal signal => Thresholds thresholds) private _thresholds;
    mapping(uint16 underlying => uint256 priceE18) private _averages;
    /// @dev By asset number; the settlement coin after the last that can be.
    mapping(uint256 token => uint256 unitsE18) private _unitsSeen;

    constructor(
        IMarginVault vault,
        IClearinghouse clearinghouse,
        IRiskParameters parameters,
        address authority,
        Times memory times_,
        Thresholds[3] memory thresholds_
    ) AccessManaged(authority) {
        VAULT = vault;
        CLEARINGHOUSE = clearinghouse;
        PARAMETERS = parameters;
        _storeTimes(times_);
        for (uint256 i = 0; i < thresholds_.length; ++i) _storeThresholds(Signal(i), thresholds_[i]);
    }

    /// @inheritdoc ISolvencyGate
    function look() external returns (GateLevel level) {
        State memory stand = _state;
        uint256 elapsed = stand.lookedAt == 0 ? 0 : block.timestamp - stand.lookedAt;
        Reading memory reading = Reading(_deviation(elapsed), 0, 0);
        (reading.lossE18, reading.outflowE18) = _drains(stand.lookedAt == 0, elapsed);
        GateLevel before = stand.level;
        _move(stand, reading, elapsed);
        stand.lookedAt = uint40(block.timestamp);
        _state = stand;
        emit GateLooked(reading.deviationE18, reading.lossE18, reading.outflowE18, stand.level);
        if (stand.level == before) return before;
        emit GateMoved(before, stand.level);
        VAULT.setGate(stand.level);
        CLEARINGHOUSE.setGate(stand.level);
        return stand.level;
    }

    /// @inheritdoc ISolvencyGate
    function setThresholds(Signal signal, Thresholds calldata thresholds_) external restricted {
        _storeThresholds(signal, thresholds_);
    }

    /// @inheritdoc ISolvencyGate
    function setTimes(Times calldata times_) external restricted {
        _storeTimes(times_);
    }

    /// @inheritdoc ISolvencyGate
    function state() external view returns (State memory) {
        return _state;
    }

    /// @inheritdoc ISolvencyGate
    function thresholds(Signal signal) external view returns (Thresholds memory) {
        return _thresholds[signal];
    }

    /// @inheritdoc ISolvencyGate
    function times() external view returns (Times memory) {
        return _times;
    }

    /// @inheritdoc ISolvencyGate
    function averageE18(uint16 underlying) external view returns (uint256) {
        return _averages[underlying];
    }

    /// @inheritdoc ISolvencyGate
    function sums() external view returns (uint128 lossE18, uint128 outflowE18) {
        return (_sums.lossE18, _sums.outflowE18);
    }

    /// @dev Rises at once, opens by one level after its time of calm.
    function _move(State memory stand, Reading memory reading, uint256 elapsed) private view {
        GateLevel wanted = _wanted(reading);
        if (wanted > stand.level) {
            (stand.level, stand.movedAt, stand.calmSince) = (wanted, uint40(block.timestamp), 0);
            return;
        }
        if (stand.level == GateLevel.NORMAL) return;
        uint256 dwell = _times.dwellSeconds;
        if (!_isCalm(reading, stand.level)) {
            stand.calmSince = 0;
        } else if (stand.calmSince == 0 || elapsed * LOOKS > dwell) {
            stand.calmSince = uint40(block.timestamp);
        } else if (block.timestamp - stand.calmSince >= dwell) {
            stand.level = stand.level == GateLevel.HALT ? GateLevel.THROTTLE : GateLevel.NORMAL;
            (stand.movedAt, stand.calmSince) = (uint40(block.timestamp), uint40(block.timestamp));
        }
    }

    function _wanted(Reading memory reading) private view returns (GateLevel level) {
        for (uint256 i = 0; i <= uint256(Signal.OUTFLOW); ++i) {
            Thresholds memory limits = _thresholds[Signal(i)];
            uint256 valueE18 = _valueOf(reading, Signal(i));
            if (valueE18 >= limits.haltInE18) return GateLevel.HALT;
            if (valueE18 >= limits.throttleInE18) level = GateLevel.THROTTLE;
        }
    }

    function _isCalm(Reading memory reading, GateLevel level) private view returns (bool) {
        for (uint256 i = 0; i <= uint256(Signal.OUTFLOW); ++i) {
            Thresholds memory limits = _thresholds[Signal(i)];
            uint256 outE18 = level == GateLevel.HALT ? limits.haltOutE18 : limits.throttleOutE18;
            if (_valueOf(reading, Signal(i)) >= outE18) return false;
        }
        return true;
    }

    /// @dev Greatest distance of a spot price from its average, which then takes a step towards it.
    function _deviation(uint256 elapsed) private returns (uint256 mostE18) {
        (IPriceOracle oracle, ) = PARAMETERS.oracles();
        uint16[] memory underlyings = PARAMETERS.underlyings();
        uint256 constantSeconds = _times.averageSeconds;
        for (uint256 i = 0; i < underlyings.length; ++i) {
            uint256 spotE18 = _priceOf(oracle, underlyings[i]);
            if (spotE18 == 0) continue;
            uint256 average = _averages[underlyings[i]];
            if (average == 0) average = spotE18;
            uint256 gapE18 = spotE18 > average ? spotE18 - average : average - spotE18;
            uint256 distanceE18 = divDown(gapE18, average);
            if (distanceE18 > mostE18) mostE18 = distanceE18;
            uint256 stepE18 = mulDivDown(gapE18, elapsed, elapsed + constantSeconds);
            _averages[underlyings[i]] = spotE18 > average ? average + stepE18 : average - stepE18;
        }
    }

    /// @dev Losses and net outflow as fractions of what the vault holds with them.
    function _drains(bool first, uint256 elapsed) private returns (uint256 lossE18, uint256 outflowE18) {
        (uint256 heldE18, uint256 inE18, uint256 outE18) = _flows();
        uint256 lostE18 = _newLosses();
        Sums memory kept = _sums;
        uint256 window = _times.windowSeconds;
        uint256 left = elapsed < window ? window - elapsed : 0;
        uint256 lossSum = mulDivDown(kept.lossE18, left, window);
        uint256 outflowSum = mulDivDown(kept.outflowE18, left, window);
        // What was there before anybody looked is no outflow and no loss.
        if (!first) {
            lossSum += lostE18;
            outflowSum += outE18;
        }
        outflowSum = outflowSum > inE18 ? outflowSum - inE18 : 0;
        // Values of what one vault holds, far below 2^128.
        _sums = Sums(uint128(lossSum), uint128(outflowSum));
        if (heldE18 + outflowSum == 0) return (0, 0);
        return (divDown(lossSum, heldE18 + outflowSum), divDown(outflowSum, heldE18 + outflowSum));
    }

    /// @dev Losses since the last look. A new liquidator begins at nothing.
    function _newLosses() private returns (uint256 lostE18) {
        (, , address liquidator, ) = VAULT.core();
        ILiquidator.Losses memory losses = ILiquidator(liquidator).losses();
        uint256 allE18 = uint256(losses.backstopE18) + losses.writtenDownE18;
        lostE18 = allE18 > _lossesSeenE18 ? allE18 - _lossesSeenE18 : 0;
        _lossesSeenE18 = allE18;
    }

    /// @dev What the vault holds, and what came and went since the last look, on balance, all at the prices of now.
    function _flows() private returns (uint256 heldE18, uint256 inE18, uint256 outE18) {
        (IPriceOracle oracle, ) = PARAMETERS.oracles();
        uint256 count = VAULT.assetCount();
        for (uint256 i = 0; i <= count; ++i) {
            bool isCoin = i == count;
            uint256 unitsE18 = isCoin ? _coinsE18() : VAULT.asset(uint8(i)).totalE18;
            uint256 priceE18 = isCoin ? ONE_E18 : _lastPriceOf(oracle, uint8(i));
            uint256 place = isCoin ? type(uint8).max : i;
            uint256 before = _unitsSeen[place];
            _unitsSeen[place] = unitsE18;
            heldE18 += mulDown(unitsE18, priceE18);
            if (unitsE18 > before) inE18 += mulDown(unitsE18 - before, priceE18);
            else outE18 += mulDown(before - unitsE18, priceE18);
        }
        (inE18, outE18) = inE18 > outE18 ? (inE18 - outE18, uint256(0)) : (uint256(0), outE18 - inE18);
    }

    function _coinsE18() private view returns (uint256) {
        uint256 balance = IERC20(VAULT.settlementToken()).balanceOf(address(VAULT));
        return Decimals.toE18(balance, VAULT.settlementDecimals());
    }

    /// @dev Guarded price of an asset, or the last accepted one; 0 for one that nothing is known of.
    function _lastPriceOf(IPriceOracle oracle, uint8 assetId) private view returns (uint256 priceE18) {
        try PARAMETERS.assetParams(assetId) returns (AssetParams memory params) {
            priceE18 = _priceOf(oracle, params.feedId);
            if (priceE18 == 0) priceE18 = oracle.feedState(params.feedId).acceptedE18;
        } catch {
            return 0;
        }
    }

    /// @dev Guarded price, 0 while it is refused.
    function _priceOf(IPriceOracle oracle, uint16 feedId) private view returns (uint256) {
        if (gasleft() < PROBE_GAS) revert IPriceOracle.PriceOracle_TooLittleGas(gasleft(), PROBE_GAS);
        try oracle.price(feedId) returns (uint256 priceE18) {
            return priceE18;
        } catch {
            return 0;
        }
    }

    function _valueOf(Reading memory reading, Signal signal) private pure returns (uint256) {
        if (signal == Signal.DEVIATION) return reading.deviationE18;
        return signal == Signal.LOSS ? reading.lossE18 : reading.outflowE18;
    }

    function _storeThresholds(Signal signal, Thresholds memory t) private {
        _requireWithin("haltIn", t.haltInE18, 1, ONE_E18);
        _requireWithin("throttleIn", t.throttleInE18, 1, t.haltInE18);
        _requireWithin("haltOut", t.haltOutE18, 1, t.haltInE18 - 1);
        _requireWithin("throttleOut", t.throttleOutE18, 1, t.throttleInE18 - 1);
        _requireWithin("throttleOut", t.throttleOutE18, 1, t.haltOutE18);
        _thresholds[signal] = t;
        emit ThresholdsSet(signal, t);
    }

    function _storeTimes(Times memory t) private {
        _requireWithin("dwellSeconds", t.dwellSeconds, MIN_DWELL_SECONDS, MAX_SECONDS);
        _requireWithin("averageSeconds", t.averageSeconds, MIN_DWELL_SECONDS, MAX_SECONDS);
        _requireWithin("windowSeconds", t.windowSeconds, MIN_WINDOW_SECONDS, MAX_WINDOW_SECONDS);
        _times = t;
        emit TimesSet(t);
    }

    function _requireWithin(bytes32 name, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert SolvencyGate_ParameterOutOfBounds(name, value, min, max);
    }
}
