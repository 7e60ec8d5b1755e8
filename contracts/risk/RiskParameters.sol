// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {AssetParams, GlobalParams, Scenario, UnderlyingParams} from "../types/Risk.sol";
import {Grid} from "./Grid.sol";
import {ParameterSet} from "./ParameterSet.sol";
import {RiskBounds} from "./RiskBounds.sol";

/// @title What the risk engine is told
/// @notice See IRiskParameters. Every change writes the whole set to a new data contract, see ParameterSet, so that a check reads
/// it with one access and its code hash says which parameters a figure was made with.
contract RiskParameters is IRiskParameters, AccessManaged {
    /// @dev Where an underlying's section is and what of it decides whom the underlying belongs with; one slot.
    struct Registration {
        address section; // data contract, 0 = unknown underlying
        uint8 group;
        uint8 gridLength;
    }

    /// @dev The set names underlyings and assets by 8 bits; these bounds keep it within a contract's code.
    uint256 private constant MAX_UNDERLYINGS = 16;
    uint256 private constant MAX_ASSETS = 64;

    address private _set;
    uint8 private _assetCount; // highest number of an asset with parameters, plus one
    IPriceOracle private _priceOracle;
    ISurfaceOracle private _surfaceOracle;
    GlobalParams private _global;
    uint16[] private _underlyings;
    mapping(uint16 underlying => Registration registration) private _registrations;
    mapping(uint8 group => uint64 blendE18) private _blendE18;
    mapping(uint8 assetId => AssetParams params) private _assets;

    constructor(
        address authority_,
        IPriceOracle priceOracle_,
        ISurfaceOracle surfaceOracle_,
        GlobalParams memory global_
    ) AccessManaged(authority_) {
        _writeOracles(priceOracle_, surfaceOracle_);
        _writeGlobal(global_);
        _publish();
    }

    /// @inheritdoc IRiskParameters
    function setUnderlying(
        uint16 underlying,
        UnderlyingParams calldata params,
        Scenario[] calldata grid
    ) external restricted {
        RiskBounds.check("underlying", underlying, 1, type(uint16).max);
        RiskBounds.checkUnderlying(params);
        uint256[] memory section = ParameterSet.section(params, Grid.pack(grid));
        _checkGroupLength(underlying, params.group, grid.length);
        if (_registrations[underlying].section == address(0)) _insertUnderlying(underlying);
        address data = SSTORE2.write(abi.encodePacked(section));
        // The grid has at most Grid.MAX_SCENARIOS.
        _registrations[underlying] = Registration(data, params.group, uint8(grid.length));
        emit UnderlyingSet(underlying, params);
        emit ScenariosSet(underlying, grid);
        _publish();
    }

    /// @inheritdoc IRiskParameters
    function setGroup(uint8 group, uint64 blendE18) external restricted {
        RiskBounds.check("blend", blendE18, 0, RiskBounds.MAX_BLEND_E18);
        _blendE18[group] = blendE18;
        emit GroupSet(group, blendE18);
        _publish();
    }

    /// @inheritdoc IRiskParameters
    function setAsset(uint8 assetId, AssetParams calldata params) external restricted {
        RiskBounds.check("assetId", assetId, 0, MAX_ASSETS - 1);
        RiskBounds.checkAsset(params);
        if (params.underlying != 0) _registration(params.underlying);
        _assets[assetId] = params;
        if (assetId >= _assetCount) _assetCount = assetId + 1;
        emit AssetSet(assetId, params);
        _publish();
    }

    /// @inheritdoc IRiskParameters
    function setGlobal(GlobalParams calldata params) external restricted {
        _writeGlobal(params);
        _publish();
    }

    /// @inheritdoc IRiskParameters
    function setOracles(IPriceOracle priceOracle_, ISurfaceOracle surfaceOracle_) external restricted {
        _writeOracles(priceOracle_, surfaceOracle_);
        _publish();
    }

    /// @inheritdoc IRiskParameters
    function parameterSet() external view returns (address) {
        return _set;
    }

    /// @inheritdoc IRiskParameters
    function parameterHash() external view returns (bytes32) {
        return _set.codehash;
    }

    /// @inheritdoc IRiskParameters
    function underlyingParams(uint16 underlying) external view returns (UnderlyingParams memory params) {
        params = ParameterSet.paramsOf(ParameterSet.load(_registration(underlying).section), 0);
    }

    /// @inheritdoc IRiskParameters
    function scenarios(uint16 underlying) external view returns (Scenario[] memory grid) {
        grid = Grid.unpack(ParameterSet.gridOf(ParameterSet.load(_registration(underlying).section), 0));
    }

    /// @inheritdoc IRiskParameters
    function underlyings() external view returns (uint16[] memory) {
        return _underlyings;
    }

    /// @inheritdoc IRiskParameters
    function assetParams(uint8 assetId) external view returns (AssetParams memory params) {
        params = _assets[assetId];
        // The feed number of an asset is never 0.
        if (params.feedId == 0) revert RiskParameters_UnknownAsset(assetId);
    }

    /// @inheritdoc IRiskParameters
    function oracles() external view returns (IPriceOracle priceOracle, ISurfaceOracle surfaceOracle) {
        return (_priceOracle, _surfaceOracle);
    }

    /// @inheritdoc IRiskParameters
    function groupBlendE18(uint8 group) external view returns (uint64) {
        return _blendE18[group];
    }

    /// @inheritdoc IRiskParameters
    function globalParams() external view returns (GlobalParams memory) {
        return _global;
    }

    /// @dev An underlying that must be known.
    function _registration(uint16 underlying) private view returns (Registration memory registration) {
        registration = _registrations[underlying];
        if (registration.section == address(0)) revert RiskParameters_UnknownUnderlying(underlying);
    }

    /// @dev Writes the set as it stands now.
    function _publish() private {
        uint256 count = _underlyings.length;
        uint256[][] memory sections = new uint256[][](count);
        uint256[] memory blendsE18 = new uint256[](count);
        uint256 words = 0;
        for (uint256 i = 0; i < count; ++i) {
            Registration memory registration = _registrations[_underlyings[i]];
            sections[i] = ParameterSet.load(registration.section);
            blendsE18[i] = _blendE18[registration.group];
            words += sections[i].length;
        }
        RiskBounds.check("words", words, 0, ParameterSet.MAX_SECTION_WORDS);
        uint256[] memory assets = new uint256[](_assetCount);
        for (uint256 i = 0; i < assets.length; ++i) assets[i] = ParameterSet.assetWord(_assets[uint8(i)]);
        address[2] memory oracles_ = [address(_priceOracle), address(_surfaceOracle)];
        _set = ParameterSet.write(_global, oracles_, assets, _underlyings, sections, blendsE18);
        emit ParametersPublished(_set, _set.codehash);
    }

    /// @dev Joint losses add scenario by scenario, so the grids of a group have one length.
    function _checkGroupLength(uint16 underlying, uint8 group, uint256 length) private view {
        for (uint256 i = 0; i < _underlyings.length; ++i) {
            if (_underlyings[i] == underlying) continue;
            Registration memory other = _registrations[_underlyings[i]];
            if (other.group == group && other.gridLength != length) {
                revert RiskParameters_GridMismatch(group, length, other.gridLength);
            }
        }
    }

    function _insertUnderlying(uint16 underlying) private {
        RiskBounds.check("underlyings", _underlyings.length + 1, 1, MAX_UNDERLYINGS);
        _underlyings.push(underlying);
        for (uint256 i = _underlyings.length - 1; i > 0 && _underlyings[i - 1] > underlying; --i) {
            (_underlyings[i - 1], _underlyings[i]) = (underlying, _underlyings[i - 1]);
        }
    }

    function _writeGlobal(GlobalParams memory params) private {
        RiskBounds.checkGlobal(params);
        _global = params;
        emit GlobalSet(params);
    }

    function _writeOracles(IPriceOracle priceOracle_, ISurfaceOracle surfaceOracle_) private {
        if (address(priceOracle_) == address(0) || address(surfaceOracle_) == address(0)) {
            revert RiskParameters_ZeroAddress();
        }
        _priceOracle = priceOracle_;
        _surfaceOracle = surfaceOracle_;
        emit OraclesSet(address(priceOracle_), address(surfaceOracle_));
    }
}
