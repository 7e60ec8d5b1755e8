// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {IRiskSteward} from "../interfaces/IRiskSteward.sol";
import {ONE_E18, divDown, mulDivDown} from "../libraries/math/FixedPoint.sol";
import {AssetParams, GlobalParams, Scenario, UnderlyingParams} from "../types/Risk.sol";
import {Listing} from "../types/Market.sol";
import {Laws} from "./Laws.sol";
import {Moves} from "./Moves.sol";

/// @title RiskSteward
/// @notice See IRiskSteward. Holds no money and no other power than to write risk parameters, caps and fees.
contract RiskSteward is IRiskSteward, AccessManaged {
    uint256 private constant MAX_RAMP_SECONDS = 30 days;
    uint256 private constant MAX_STEP_E18 = 0.2e18;
    uint256 private constant MAX_REACTION_SECONDS = 1 days;
    /// @dev A new asset starts with a tenth of its cap.
    uint128 private constant FIRST_SHARE = 10;

    IMarginVault private immutable VAULT;
    IClearinghouse private immutable CLEARINGHOUSE;
    IRiskParameters private immutable PARAMETERS;

    Rules private _rules;
    mapping(Subject subject => mapping(uint16 id => Ramp ramp)) private _ramps;
    mapping(Subject subject => mapping(uint16 id => uint256 time)) private _tightenedAt;
    /// @dev Of an underlying: data contract with what the last change by an officer asks for, 0 = what stands.
    mapping(uint16 id => address data) private _governed;

    constructor(
        IMarginVault vault,
        IClearinghouse clearinghouse,
        IRiskParameters parameters,
        address authority,
        Rules memory rules_
    ) AccessManaged(authority) {
        VAULT = vault;
        CLEARINGHOUSE = clearinghouse;
        PARAMETERS = parameters;
        _storeRules(rules_);
    }

    /// @inheritdoc IRiskSteward
    function change(Subject subject, uint16 id, bytes calldata target) external restricted {
        bytes memory stand = figures(subject, id);
        _requireFit(subject, id, target);
        if (stand.length == 0) {
            _write(subject, id, target);
            emit Stepped(subject, id, target, ONE_E18);
            return;
        }
        (, uint256 costE18) = _compare(subject, stand, target);
        _startRamp(subject, id, target, costE18);
    }

    /// @inheritdoc IRiskSteward
    function tighten(Subject subject, uint16 id, bytes calldata target) external restricted {
        bytes memory stand = figures(subject, id);
        _requireFit(subject, id, target);
        (uint256 loosened, uint256 costE18) = _compare(subject, stand, target);
        _requireTighter(loosened, stand, target);
        if (costE18 != 0) _countTightening(subject, id, costE18);
        _startTightening(subject, id, target, stand, costE18);
    }

    /// @inheritdoc IRiskSteward
    function drive(uint16 id, bytes calldata target) external restricted {
        Subject subject = Subject.UNDERLYING;
        bytes memory stand = figures(subject, id);
        _requireFit(subject, id, target);
        address kept = _governed[id];
        if (kept == address(0)) kept = SSTORE2.write(stand);
        bytes memory governed_ = SSTORE2.read(kept);
        (uint256 loosened, uint256 costE18) = _compare(subject, governed_, target);
        _requireTighter(loosened, governed_, target);
        if (costE18 > _rules.maxTightenE18) revert RiskSteward_TooFar(costE18, _rules.maxTightenE18);
        (loosened, costE18) = _compare(subject, stand, target);
        if (loosened == 0) _startTightening(subject, id, target, stand, costE18);
        else _startRamp(subject, id, target, costE18);
        _governed[id] = kept;
    }

    /// @inheritdoc IRiskSteward
    function replace(Subject subject, uint16 id, bytes calldata target) external restricted {
        _requireFit(subject, id, target);
        uint256 units = _unitsInUse(subject, id);
        if (units != 0) revert RiskSteward_InUse(subject, id, units);
        delete _ramps[subject][id];
        if (subject == Subject.UNDERLYING) delete _governed[id];
        _write(subject, id, target);
        emit Stepped(subject, id, target, ONE_E18);
    }

    /// @inheritdoc IRiskSteward
    function stop(Subject subject, uint16 id) external restricted {
        Ramp memory ramp_ = _rampOf(subject, id);
        // What an officer asked for and what is stopped on its way there is no longer asked for.
        if (ramp_.target == _governed[id]) delete _governed[id];
        _ramps[subject][id] = Ramp(address(0), 0, ramp_.steppedAt);
        emit ChangeStopped(subject, id);
    }

    /// @inheritdoc IRiskSteward
    function listAsset(
        address token,
        uint128 capE18,
        AssetParams calldata params
    ) external restricted returns (uint8 assetId) {
        uint128 firstE18 = uint128(mulDivDown(capE18, 1, FIRST_SHARE));
        assetId = VAULT.listAsset(token, firstE18);
        PARAMETERS.setAsset(assetId, params);
        _startRamp(Subject.ASSET_CAP, assetId, abi.encode(capE18, true), 0);
    }

    /// @inheritdoc IRiskSteward
    function setFees(IClearinghouse.Fees calldata fees) external restricted {
        uint16[] memory underlyings = PARAMETERS.underlyings();
        for (uint256 i = 0; i < underlyings.length; ++i) {
            uint16 id = underlyings[i];
            _requireLawful(id, PARAMETERS.underlyingParams(id), PARAMETERS.scenarios(id), fees.linearE18);
        }
        CLEARINGHOUSE.setFees(fees);
    }

    /// @inheritdoc IRiskSteward
    function setRules(Rules calldata rules_) external restricted {
        _storeRules(rules_);
    }

    /// @inheritdoc IRiskSteward
    function step(Subject subject, uint16 id) external returns (bool done) {
        Ramp memory ramp_ = _rampOf(subject, id);
        uint256 readyAt = ramp_.steppedAt + _rules.stepSeconds;
        if (block.timestamp < readyAt) revert RiskSteward_TooEarly(readyAt);
        return _step(subject, id, figures(subject, id));
    }

    /// @inheritdoc IRiskSteward
    function assess(
        Subject subject,
        uint16 id,
        bytes calldata target
    ) external view returns (bool tightens, uint256 costE18) {
        bytes memory stand = figures(subject, id);
        _requireFit(subject, id, target);
        if (stand.length == 0) return (false, 0);
        uint256 loosened;
        (loosened, costE18) = _compare(subject, stand, target);
        tightens = loosened == 0;
    }

    /// @inheritdoc IRiskSteward
    function ramp(Subject subject, uint16 id) external view returns (Ramp memory) {
        return _ramps[subject][id];
    }

    /// @inheritdoc IRiskSteward
    function rules() external view returns (Rules memory) {
        return _rules;
    }

    /// @inheritdoc IRiskSteward
    function figures(Subject subject, uint16 id) public view returns (bytes memory) {
        if (subject == Subject.UNDERLYING) {
            try PARAMETERS.underlyingParams(id) returns (UnderlyingParams memory params) {
                return abi.encode(params, PARAMETERS.scenarios(id));
            } catch {
                return "";
            }
        }
        if (subject == Subject.ASSET) {
            try PARAMETERS.assetParams(uint8(id)) returns (AssetParams memory params) {
                return abi.encode(params);
            } catch {
                return "";
            }
        }
        if (subject == Subject.GROUP) return abi.encode(PARAMETERS.groupBlendE18(uint8(id)));
        if (subject == Subject.GLOBAL) return abi.encode(PARAMETERS.globalParams());
        if (subject == Subject.SETTLEMENT_CAP) return abi.encode(VAULT.settlementCapE18());
        if (subject == Subject.LISTING) return _listing(id);
        IMarginVault.Asset memory asset = VAULT.asset(uint8(id));
        return abi.encode(asset.capE18, asset.depositsOpen);
    }

    /// @inheritdoc IRiskSteward
    function governed(uint16 id) external view returns (bytes memory) {
        address data = _governed[id];
        return data == address(0) ? figures(Subject.UNDERLYING, id) : SSTORE2.read(data);
    }

    /// @inheritdoc IRiskSteward
    function encodedAgain(Subject subject, bytes calldata target) external pure returns (bytes memory) {
        if (subject == Subject.UNDERLYING) {
            (UnderlyingParams memory params, Scenario[] memory grid) = abi.decode(
                target,
                (UnderlyingParams, Scenario[])
            );
            return abi.encode(params, grid);
        }
        if (subject == Subject.ASSET) return abi.encode(abi.decode(target, (AssetParams)));
        if (subject == Subject.GROUP) return abi.encode(abi.decode(target, (uint64)));
        if (subject == Subject.GLOBAL) return abi.encode(abi.decode(target, (GlobalParams)));
        if (subject == Subject.SETTLEMENT_CAP) return abi.encode(abi.decode(target, (uint256)));
        if (subject == Subject.LISTING) return abi.encode(abi.decode(target, (Listing)));
        (uint128 capE18, bool depositsOpen) = abi.decode(target, (uint128, bool));
        return abi.encode(capE18, depositsOpen);
    }

    // --- inner

    /// @dev Encoding, number and laws; the bounds of single figures are those of the contracts that keep them.
    function _requireFit(Subject subject, uint16 id, bytes calldata target) private view {
        try this.encodedAgain(subject, target) returns (bytes memory again) {
            if (keccak256(again) != keccak256(target)) revert RiskSteward_BadEncoding(subject, target.length);
        } catch {
            revert RiskSteward_BadEncoding(subject, target.length);
        }
        if (subject == Subject.UNDERLYING) {
            (UnderlyingParams memory params, Scenario[] memory grid) = abi.decode(
                target,
                (UnderlyingParams, Scenario[])
            );
            _requireLawful(id, params, grid, CLEARINGHOUSE.fees().linearE18);
        } else if (subject == Subject.GLOBAL || subject == Subject.SETTLEMENT_CAP) {
            if (id != 0) revert RiskSteward_OutOfBounds("id", id, 0, 0);
        } else if (subject != Subject.LISTING && id > type(uint8).max) {
            revert RiskSteward_OutOfBounds("id", id, 0, type(uint8).max);
        }
    }

    function _requireLawful(
        uint16 underlying,
        UnderlyingParams memory params,
        Scenario[] memory grid,
        uint256 feeE18
    ) private view {
        Laws.requireLawful(underlying, params, grid, feeE18, _rules.reactionSeconds);
    }

    /// @dev Lists of different length have no figures in common places.
    function _compare(
        Subject subject,
        bytes memory stand,
        bytes memory target
    ) private pure returns (uint256 loosened, uint256 costE18) {
        if (stand.length != target.length) revert RiskSteward_CannotMove(0, stand.length, target.length);
        return Moves.compare(subject, stand, target);
    }

    /// @dev One tightening that can close somebody per subject and ramp time: what it may come to is bounded.
    function _countTightening(Subject subject, uint16 id, uint256 costE18) private {
        Rules memory now_ = _rules;
        if (costE18 > now_.maxTightenE18) revert RiskSteward_TooFar(costE18, now_.maxTightenE18);
        uint256 last = _tightenedAt[subject][id];
        uint256 readyAt = last + now_.rampSeconds;
        if (last != 0 && block.timestamp < readyAt) revert RiskSteward_TooEarly(readyAt);
        _tightenedAt[subject][id] = block.timestamp;
    }

    function _requireTighter(uint256 loosened, bytes memory from, bytes memory to) private pure {
        if (loosened == 0) return;
        uint256 place = loosened - 1;
        revert RiskSteward_Loosens(place, Moves.wordAt(from, place), Moves.wordAt(to, place));
    }

    function _startRamp(Subject subject, uint16 id, bytes memory target, uint256 costE18) private {
        _start(subject, id, target, costE18, block.timestamp + _rules.rampSeconds, block.timestamp);
    }

    function _startTightening(
        Subject subject,
        uint16 id,
        bytes memory target,
        bytes memory stand,
        uint256 costE18
    ) private {
        // What was stepped a moment ago keeps its pace.
        uint256 steppedAt = _ramps[subject][id].steppedAt;
        _start(subject, id, target, costE18, block.timestamp, steppedAt);
        if (costE18 == 0 || block.timestamp >= steppedAt + _rules.stepSeconds) _step(subject, id, stand);
    }

    function _start(
        Subject subject,
        uint16 id,
        bytes memory target,
        uint256 costE18,
        uint256 endsAt,
        uint256 steppedAt
    ) private {
        address data = SSTORE2.write(target);
        _ramps[subject][id] = Ramp(data, uint40(endsAt), uint40(steppedAt));
        if (subject == Subject.UNDERLYING) _governed[id] = data;
        emit ChangeStarted(subject, id, target, costE18, endsAt);
    }

    /// @dev A step goes the share of the way that time has passed, and no further than m / (1 + m) of cost: parts of a requirement
    /// that grow beside each other and one within the other grow by no more than e^cost <= 1 + m together.
    function _step(Subject subject, uint16 id, bytes memory stand) private returns (bool done) {
        Ramp memory ramp_ = _ramps[subject][id];
        bytes memory target = SSTORE2.read(ramp_.target);
        (uint256 loosened, uint256 costE18) = _compare(subject, stand, target);
        uint256 shareE18 = ONE_E18;
        if (block.timestamp < ramp_.endsAt) {
            shareE18 = mulDivDown(block.timestamp - ramp_.steppedAt, ONE_E18, ramp_.endsAt - ramp_.steppedAt);
        }
        uint256 maxStepE18 = _rules.maxStepE18;
        uint256 budgetE18 = divDown(maxStepE18, ONE_E18 + maxStepE18);
        if (costE18 > budgetE18) {
            uint256 reachE18 = divDown(budgetE18, costE18);
            if (reachE18 < shareE18) shareE18 = reachE18;
        }
        bytes memory next = Moves.between(subject, stand, target, shareE18, loosened == 0);
        done = shareE18 == ONE_E18;
        // The time of a step outlives its change: stopping or replacing one does not let the next step come sooner.
        if (costE18 != 0 || !done) ramp_.steppedAt = uint40(block.timestamp);
        if (done) (ramp_.target, ramp_.endsAt) = (address(0), 0);
        _ramps[subject][id] = ramp_;
        emit Stepped(subject, id, next, shareE18);
        _write(subject, id, next);
    }

    function _write(Subject subject, uint16 id, bytes memory data) private {
        if (subject == Subject.UNDERLYING) {
            (UnderlyingParams memory params, Scenario[] memory grid) = abi.decode(data, (UnderlyingParams, Scenario[]));
            PARAMETERS.setUnderlying(id, params, grid);
        } else if (subject == Subject.ASSET) {
            PARAMETERS.setAsset(uint8(id), abi.decode(data, (AssetParams)));
        } else if (subject == Subject.GROUP) {
            PARAMETERS.setGroup(uint8(id), abi.decode(data, (uint64)));
        } else if (subject == Subject.GLOBAL) {
            PARAMETERS.setGlobal(abi.decode(data, (GlobalParams)));
        } else if (subject == Subject.SETTLEMENT_CAP) {
            VAULT.setSettlementCap(abi.decode(data, (uint256)));
        } else if (subject == Subject.LISTING) {
            CLEARINGHOUSE.setListing(id, abi.decode(data, (Listing)));
        } else {
            (uint128 capE18, bool depositsOpen) = abi.decode(data, (uint128, bool));
            VAULT.setAssetCap(uint8(id), capE18, depositsOpen);
        }
    }

    /// @dev What is open in an underlying or held in assets that its grid shocks, or held of an asset. Whatever is not for one
    /// underlying or asset only is always in use.
    function _unitsInUse(Subject subject, uint16 id) private view returns (uint256 unitsE18) {
        if (subject == Subject.ASSET) return VAULT.asset(uint8(id)).totalE18;
        if (subject != Subject.UNDERLYING && subject != Subject.LISTING) return type(uint256).max;
        unitsE18 = CLEARINGHOUSE.openInterestE18(id);
        if (subject == Subject.LISTING) return unitsE18;
        uint256 count = VAULT.assetCount();
        for (uint256 assetId = 0; assetId < count; ++assetId) {
            if (PARAMETERS.assetParams(uint8(assetId)).underlying != id) continue;
            unitsE18 += VAULT.asset(uint8(assetId)).totalE18;
        }
    }

    /// @dev What was never listed has a strike step of zero.
    function _listing(uint16 underlying) private view returns (bytes memory) {
        Listing memory listing = CLEARINGHOUSE.listing(underlying);
        return listing.strikeStepE8 == 0 ? bytes("") : abi.encode(listing);
    }

    function _rampOf(Subject subject, uint16 id) private view returns (Ramp memory ramp_) {
        ramp_ = _ramps[subject][id];
        if (ramp_.target == address(0)) revert RiskSteward_NoRamp(subject, id);
    }

    function _storeRules(Rules memory r) private {
        _requireWithin("stepSeconds", r.stepSeconds, 1, r.rampSeconds);
        _requireWithin("rampSeconds", r.rampSeconds, 1, MAX_RAMP_SECONDS);
        _requireWithin("maxStep", r.maxStepE18, 1, MAX_STEP_E18);
        _requireWithin("maxTighten", r.maxTightenE18, r.maxStepE18, type(uint64).max);
        _requireWithin("reactionSeconds", r.reactionSeconds, 1, MAX_REACTION_SECONDS);
        _rules = r;
        emit RulesSet(r);
    }

    function _requireWithin(bytes32 name, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert RiskSteward_OutOfBounds(name, value, min, max);
    }
}
