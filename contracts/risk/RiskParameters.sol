// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {AssetParams, GlobalParams, Scenario, UnderlyingParams} from "../types/Risk.sol";
import {Grid} from "./Grid.sol";
import {RiskBounds} from "./RiskBounds.sol";

/// @title What the risk engine is told
/// @notice See IRiskParameters. Parameters and grid of an underlying lie in the code of one data contract, so that the engine
/// reads both with one access.
contract RiskParameters is IRiskParameters, AccessManaged {
    /// @dev Where an underlying's parameters are and what of them decides whom it belongs with; one slot.
    struct Registration {
        address data; // data contract, 0 = unknown underlying
        uint8 group;
        uint8 gridLength;
    }

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
    }

    /// @inheritdoc IRiskParameters
    function setUnderlying(
        uint16 underlying,
        UnderlyingParams calldata params,
        Scenario[] calldata grid
    ) external restricted {
        RiskBounds.check("underlying", underlying, 1, type(uint16).max);
        RiskBounds.checkUnderlying(params);
        address data = Grid.write(params, grid);
        _checkGroupLength(underlying, params.group, grid.length);
        if (_registrations[underlying].data == address(0)) _insertUnderlying(underlying);
        // The grid has at most Grid.MAX_SCENARIOS.
        _registrations[underlying] = Registration(data, params.group, uint8(grid.length));
        emit UnderlyingSet(underlying, params);
        emit ScenariosSet(underlying, grid);
    }

    /// @inheritdoc IRiskParameters
    function setGroup(uint8 group, uint64 blendE18) external restricted {
        RiskBounds.check("blend", blendE18, 0, RiskBounds.MAX_BLEND_E18);
        _blendE18[group] = blendE18;
        emit GroupSet(group, blendE18);
    }

    /// @inheritdoc IRiskParameters
    function setAsset(uint8 assetId, AssetParams calldata params) external restricted {
        RiskBounds.checkAsset(params);
        if (params.underlying != 0) _registration(params.underlying);
        _assets[assetId] = params;
        emit AssetSet(assetId, params);
    }

    /// @inheritdoc IRiskParameters
    function setGlobal(GlobalParams calldata params) external restricted {
        _writeGlobal(params);
    }

    /// @inheritdoc IRiskParameters
    function setOracles(IPriceOracle priceOracle_, ISurfaceOracle surfaceOracle_) external restricted {
        _writeOracles(priceOracle_, surfaceOracle_);
    }

    /// @inheritdoc IRiskParameters
    function underlyingParams(uint16 underlying) external view returns (UnderlyingParams memory params) {
        (params, ) = Grid.read(_registration(underlying).data);
    }

    /// @inheritdoc IRiskParameters
    function scenarios(uint16 underlying) external view returns (Scenario[] memory grid) {
        (, grid) = Grid.read(_registration(underlying).data);
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
    function registrationOf(uint16 underlying) external view returns (address data, uint8 group, uint8 gridLength) {
        Registration memory registration = _registration(underlying);
        return (registration.data, registration.group, registration.gridLength);
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
        if (registration.data == address(0)) revert RiskParameters_UnknownUnderlying(underlying);
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
