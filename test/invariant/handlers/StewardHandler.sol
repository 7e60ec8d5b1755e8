// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {IMarginVault} from "../../../contracts/interfaces/IMarginVault.sol";
import {IRiskSteward} from "../../../contracts/interfaces/IRiskSteward.sol";
import {RiskSteward} from "../../../contracts/governance/RiskSteward.sol";
import {Assessment, CollateralUnits} from "../../../contracts/types/Book.sol";
import {Listing} from "../../../contracts/types/Market.sol";
import {AssetParams, GlobalParams, UnderlyingParams} from "../../../contracts/types/Risk.sol";
import {Defaults} from "../../base/Defaults.sol";
import {AuctionHandler} from "./AuctionHandler.sol";

/// @notice Figures on their way: changes and tightenings of every subject, steps by anybody, and what a steward refuses.
abstract contract StewardHandler is AuctionHandler {
    uint32 private constant RAMP_SECONDS = 2 days;
    uint256 private constant SUBJECTS = 7;

    RiskSteward internal steward;

    /// @notice A change begins; what only tightens takes its first step.
    function moveFigures(uint256 seed) external {
        seed = _begin(seed);
        (IRiskSteward.Subject subject, uint16 id) = _subject(seed);
        if (seed & (1 << 255) == 0) {
            steward.change(subject, id, _target(subject, id, seed >> 16));
        } else {
            bytes memory target = _tighter(subject, id, seed >> 16);
            Assessment[] memory before = _assessedAll();
            bytes4 failure = _attempt(
                address(this),
                address(steward),
                abi.encodeCall(IRiskSteward.tighten, (subject, id, target))
            );
            _expect(failure, abi.encodePacked(IRiskSteward.RiskSteward_TooEarly.selector), "tighten");
            if (failure == 0) _requireGentle(subject, id, before);
        }
        _endMarket();
    }

    /// @notice STW-1: anybody moves a change on when a step is due, and no step closes who was above one and a step.
    function stepFigures(uint256 seed) external {
        seed = _begin(seed);
        (IRiskSteward.Subject subject, uint16 id) = _subject(seed);
        // The first of all that is under way, if there is any.
        for (uint256 i = 0; i < SUBJECTS && steward.ramp(subject, id).target == address(0); ++i) {
            (subject, id) = _subject(uint256(subject) + 1);
        }
        if (seed & (1 << 255) == 0) _later(bound(seed >> 16, 1, RAMP_SECONDS / 4));
        IRiskSteward.Ramp memory ramp = steward.ramp(subject, id);
        Assessment[] memory before = _assessedAll();
        bytes4 failure = _attempt(
            vm.addr(_key("stranger")),
            address(steward),
            abi.encodeCall(IRiskSteward.step, (subject, id))
        );
        bytes4 refusal;
        if (ramp.target == address(0)) refusal = IRiskSteward.RiskSteward_NoRamp.selector;
        else if (clock < ramp.steppedAt + steward.rules().stepSeconds)
            refusal = IRiskSteward.RiskSteward_TooEarly.selector;
        vm.assertEq(bytes32(failure), bytes32(refusal), "STW-1: a step happens when it is due");
        if (failure == 0) {
            _reach("stepped");
            _requireGentle(subject, id, before);
        }
        _endMarket();
    }

    /// @notice What else officers may do there.
    function stewardRights(uint256 seed) external {
        seed = _begin(seed);
        uint256 way = seed % 6;
        (IRiskSteward.Subject subject, uint16 id) = _subject(seed >> 8);
        if (way == 0) {
            bool running = steward.ramp(subject, id).target != address(0);
            bytes4 refusal = running ? bytes4(0) : IRiskSteward.RiskSteward_NoRamp.selector;
            _require(address(this), abi.encodeCall(IRiskSteward.stop, (subject, id)), refusal);
        } else if (way == 1) {
            steward.setRules(_rules(uint32(bound(seed >> 32, 60, 20 minutes))));
        } else if (way == 2) {
            IClearinghouse.Fees memory fees = Defaults.fees();
            fees.linearE18 = uint64(bound(seed >> 32, 0, 0.001e18));
            steward.setFees(fees);
        } else if (way == 3) {
            // Somebody always holds ether, and caps belong to no market.
            bytes memory figures = steward.figures(IRiskSteward.Subject.ASSET, 0);
            bytes memory data = abi.encodeCall(IRiskSteward.replace, (IRiskSteward.Subject.ASSET, 0, figures));
            bool held = vault.asset(0).totalE18 != 0;
            _require(address(this), data, held ? IRiskSteward.RiskSteward_InUse.selector : bytes4(0));
        } else if (way == 4) {
            _tryDoors(accounts[(seed >> 32) % (TRADERS + KEEPERS)].owner(), subject, id);
        } else {
            AssetParams memory params = Defaults.assetParams(ETH);
            bytes memory data = abi.encodeCall(IRiskSteward.listAsset, (address(weth), 1e18, params));
            _require(address(this), data, IMarginVault.MarginVault_CannotList.selector);
        }
        _endMarket();
    }

    function _openSteward() internal {
        steward = new RiskSteward(vault, house, parameters, address(manager), _rules(10 minutes));
        manager.grantRole(manager.ADMIN_ROLE(), address(steward), 0);
    }

    // --- figures

    function _subject(uint256 seed) private pure returns (IRiskSteward.Subject subject, uint16 id) {
        subject = IRiskSteward.Subject(seed % SUBJECTS);
        if (subject == IRiskSteward.Subject.GROUP) return (subject, 1);
        if (subject == IRiskSteward.Subject.GLOBAL || subject == IRiskSteward.Subject.SETTLEMENT_CAP)
            return (subject, 0);
        // The second underlying, and the second asset: the coin whose cap other actions leave alone.
        return (subject, subject == IRiskSteward.Subject.ASSET_CAP ? 1 : ETH);
    }

    /// @dev Somewhere around the defaults, tighter or looser.
    function _target(IRiskSteward.Subject subject, uint16 id, uint256 seed) private pure returns (bytes memory) {
        uint256 part = bound(seed, 0.8e18, 1.2e18);
        if (subject == IRiskSteward.Subject.UNDERLYING) {
            UnderlyingParams memory params = Defaults.underlyingParams(id);
            params.volUpE18 = _times(params.volUpE18, part);
            params.floorShortE18 = _times(params.floorShortE18, bound(seed >> 64, 0.8e18, 1.2e18));
            params.spreadE18 = _times(params.spreadE18, bound(seed >> 128, 0.8e18, 1.2e18));
            return abi.encode(params, Defaults.grid(id));
        }
        if (subject == IRiskSteward.Subject.ASSET) {
            AssetParams memory params = Defaults.assetParams(0);
            params.weightE18 = _times(params.weightE18, bound(seed, 0.8e18, 1e18));
            return abi.encode(params);
        }
        if (subject == IRiskSteward.Subject.GROUP) return abi.encode(_times(0.4e18, part));
        if (subject == IRiskSteward.Subject.GLOBAL) {
            GlobalParams memory params = Defaults.globalParams();
            params.initialRatioE18 = _times(params.initialRatioE18, part);
            params.reserveBaseE18 = _times(uint64(params.reserveBaseE18), bound(seed >> 64, 0.8e18, 1.2e18));
            return abi.encode(params);
        }
        if (subject == IRiskSteward.Subject.SETTLEMENT_CAP) return abi.encode(500e24 * (1 + (seed % 3)));
        if (subject == IRiskSteward.Subject.ASSET_CAP) return abi.encode(uint128(10_000e18 * (1 + (seed % 3))), true);
        Listing memory listing = Defaults.listing(id);
        listing.openInterestCapE18 = uint128((uint256(listing.openInterestCapE18) * part) / ONE);
        return abi.encode(listing);
    }

    /// @dev What stands, with one figure tighter; no further than a fifth beyond the defaults.
    function _tighter(IRiskSteward.Subject subject, uint16 id, uint256 seed) private view returns (bytes memory) {
        uint256 part = bound(seed, 1e18, 1.2e18);
        if (subject == IRiskSteward.Subject.UNDERLYING) {
            UnderlyingParams memory params = parameters.underlyingParams(id);
            uint64 floorE18 = _times(Defaults.underlyingParams(id).floorShortE18, part);
            if (floorE18 > params.floorShortE18) params.floorShortE18 = floorE18;
            return abi.encode(params, parameters.scenarios(id));
        }
        if (subject == IRiskSteward.Subject.ASSET) {
            AssetParams memory params = parameters.assetParams(uint8(id));
            if (params.weightE18 > 0.8e18) params.weightE18 -= uint64((params.weightE18 - 0.8e18) / 4);
            return abi.encode(params);
        }
        if (subject == IRiskSteward.Subject.GROUP) {
            uint64 blendE18 = parameters.groupBlendE18(uint8(id));
            uint64 lessE18 = uint64((0.4e18 * ONE) / part);
            return abi.encode(lessE18 < blendE18 ? lessE18 : blendE18);
        }
        if (subject == IRiskSteward.Subject.GLOBAL) {
            GlobalParams memory params = parameters.globalParams();
            uint128 reserveE18 = uint128((5e18 * part) / ONE);
            if (reserveE18 > params.reserveBaseE18) params.reserveBaseE18 = reserveE18;
            return abi.encode(params);
        }
        return steward.figures(subject, id);
    }

    // --- checks

    function _assessedAll() internal view returns (Assessment[] memory all) {
        all = new Assessment[](accounts.length);
        for (uint256 i = 0; i < all.length; ++i) all[i] = engine.assess(accounts[i]);
    }

    /// @dev STW-1: MM rises by no more than maxStep, and equity falls by no more than that part of the asset's worth.
    function _requireGentle(IRiskSteward.Subject subject, uint16 id, Assessment[] memory before) internal view {
        uint256 step = steward.rules().maxStepE18;
        for (uint256 i = 0; i < before.length; ++i) {
            Assessment memory now_ = engine.assess(accounts[i]);
            uint256 mostE18 = (before[i].maintenanceE18 * (ONE + step)) / ONE + 1;
            vm.assertLe(now_.maintenanceE18, mostE18, "STW-1: a step raises no requirement by more than maxStep");
            uint256 lostE18 = 0;
            if (subject == IRiskSteward.Subject.ASSET) lostE18 = (_worthE18(i, uint8(id)) * step) / ONE + 1;
            int256 leastE18 = before[i].equityE18 - int256(lostE18);
            vm.assertGe(now_.equityE18, leastE18, "STW-1: nor takes more than that of what an asset is worth");
        }
    }

    /// @dev At one settlement token a unit, as the coin of the campaign.
    function _worthE18(uint256 place, uint8 assetId) private view returns (uint256) {
        (, CollateralUnits[] memory held, ) = vault.holdingsOf(accounts[place]);
        for (uint256 i = 0; i < held.length; ++i) if (held[i].assetId == assetId) return held[i].unitsE18;
        return 0;
    }

    /// @dev CLR-4: nobody but an officer moves a figure.
    function _tryDoors(address who, IRiskSteward.Subject subject, uint16 id) private {
        bytes4 refusal = IAccessManaged.AccessManagedUnauthorized.selector;
        bytes memory figures = steward.figures(subject, id);
        _require(who, abi.encodeCall(IRiskSteward.change, (subject, id, figures)), refusal);
        _require(who, abi.encodeCall(IRiskSteward.tighten, (subject, id, figures)), refusal);
        _require(who, abi.encodeCall(IRiskSteward.replace, (subject, id, figures)), refusal);
        _require(who, abi.encodeCall(IRiskSteward.stop, (subject, id)), refusal);
        _require(who, abi.encodeCall(IRiskSteward.listAsset, (who, 1, Defaults.assetParams(ETH))), refusal);
        _require(who, abi.encodeCall(IRiskSteward.setFees, (Defaults.fees())), refusal);
        _require(who, abi.encodeCall(IRiskSteward.setRules, (_rules(60))), refusal);
        _require(who, abi.encodeCall(IAccessManaged.setAuthority, (who)), refusal);
    }

    function _require(address who, bytes memory data, bytes4 refusal) private {
        bytes4 failure = _attempt(who, address(steward), data);
        vm.assertEq(bytes32(failure), bytes32(refusal), string.concat("STW-2: ", vm.toString(bytes32(bytes4(data)))));
    }

    function _rules(uint32 stepSeconds) private pure returns (IRiskSteward.Rules memory) {
        return IRiskSteward.Rules(RAMP_SECONDS, stepSeconds, 0.05e18, 10e18, 1 hours);
    }

    function _times(uint64 figure, uint256 part) private pure returns (uint64) {
        return uint64((figure * part) / ONE);
    }
}
