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
    IPriceOracle private _priceOracle;
    ISurfaceOracle private _surfaceOracle;
    GlobalParams private _global;
    uint16[] private _underlyings;
    mapping(uint16 underlying => address data) private _data;
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
        if (_data[underlying] == address(0)) _insertUnderlying(underlying);
        _data[underlying] = data;
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
        if (params.underlying != 0) _dataOf(params.underlying);
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
        (params, ) = _underlying(underlying);
    }

    /// @inheritdoc IRiskParameters
    function scenarios(uint16 underlying) external view returns (Scenario[] memory grid) {
        (, grid) = _underlying(underlying);
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
    function dataOf(uint16 underlying) external view returns (address) {
        return _dataOf(underlying);
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

    /// @dev Parameters and grid of an underlying that must have them.
    function _underlying(
        uint16 underlying
    ) private view returns (UnderlyingParams memory params, Scenario[] memory grid) {
        return Grid.read(_dataOf(underlying));
    }

    function _dataOf(uint16 underlying) private view returns (address data) {
        data = _data[underlying];
        if (data == address(0)) revert RiskParameters_UnknownUnderlying(underlying);
    }

    /// @dev Joint losses add scenario by scenario, so the grids of a group have one length.
    function _checkGroupLength(uint16 underlying, uint8 group, uint256 length) private view {
        for (uint256 i = 0; i < _underlyings.length; ++i) {
            if (_underlyings[i] == underlying) continue;
            (UnderlyingParams memory other, Scenario[] memory grid) = _underlying(_underlyings[i]);
            if (other.group == group && grid.length != length) {
                revert RiskParameters_GridMismatch(group, length, grid.length);
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
