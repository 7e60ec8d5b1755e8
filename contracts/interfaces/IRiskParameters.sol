// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetParams, GlobalParams, Scenario, UnderlyingParams} from "../types/Risk.sol";
import {IPriceOracle} from "./IPriceOracle.sol";
import {ISurfaceOracle} from "./ISurfaceOracle.sol";

/// @title What the risk engine is told
/// @notice Every risk parameter, behind access control and bounds. The engine's code can be replaced without them.
interface IRiskParameters {
    event UnderlyingSet(uint16 indexed underlying, UnderlyingParams params);
    event ScenariosSet(uint16 indexed underlying, Scenario[] scenarios);
    event GroupSet(uint8 indexed group, uint64 blendE18);
    event AssetSet(uint8 indexed assetId, AssetParams params);
    event GlobalSet(GlobalParams params);
    event OraclesSet(address priceOracle, address surfaceOracle);
    /// @notice Follows every change: where the whole set now lies, and the hash that reports cite.
    event ParametersPublished(address indexed parameterSet, bytes32 parameterHash);

    /// @notice Thrown when a book names an underlying without risk parameters.
    error RiskParameters_UnknownUnderlying(uint16 underlying);
    /// @notice Thrown when a book names a collateral asset without risk parameters.
    error RiskParameters_UnknownAsset(uint8 assetId);
    /// @notice Thrown when a parameter is outside its bounds.
    /// @param name Name of the parameter.
    error RiskParameters_OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);
    /// @notice Thrown when a scenario of a list is malformed: factor and logarithm disagree, weight or volatility out of range.
    error RiskParameters_InvalidScenario(uint256 index);
    /// @notice Thrown when underlyings of one correlation group have grids of different length.
    error RiskParameters_GridMismatch(uint8 group, uint256 length, uint256 expected);
    /// @notice Thrown when a contract that is read is left empty.
    error RiskParameters_ZeroAddress();

    /// @notice Data contract with all parameters, risk arrays included; its code is laid out as ParameterSet says.
    function parameterSet() external view returns (address);

    /// @notice Code hash of the data contract: the same parameters have the same hash.
    function parameterHash() external view returns (bytes32);

    /// @notice Parameters of an underlying; reverts when it has none.
    function underlyingParams(uint16 underlying) external view returns (UnderlyingParams memory);

    /// @notice Numbers of all underlyings with parameters, ascending.
    function underlyings() external view returns (uint16[] memory);

    function scenarios(uint16 underlying) external view returns (Scenario[] memory);

    function groupBlendE18(uint8 group) external view returns (uint64);

    /// @notice Parameters of a collateral asset; reverts when it has none.
    function assetParams(uint8 assetId) external view returns (AssetParams memory);

    function globalParams() external view returns (GlobalParams memory);

    function oracles() external view returns (IPriceOracle priceOracle, ISurfaceOracle surfaceOracle);

    /// @notice Sets parameters and grid of an underlying. Grids of one correlation group have one length.
    /// @custom:access restricted
    function setUnderlying(uint16 underlying, UnderlyingParams calldata params, Scenario[] calldata grid) external;

    /// @notice Sets how much of a group's charge is netted between its underlyings, 18 decimals, at most one half.
    /// @custom:access restricted
    function setGroup(uint8 group, uint64 blendE18) external;

    /// @custom:access restricted
    function setAsset(uint8 assetId, AssetParams calldata params) external;

    /// @custom:access restricted
    function setGlobal(GlobalParams calldata params) external;

    /// @custom:access restricted
    function setOracles(IPriceOracle priceOracle_, ISurfaceOracle surfaceOracle_) external;
}
