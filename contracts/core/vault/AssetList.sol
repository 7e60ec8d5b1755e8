// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {Custody} from "./Custody.sol";

/// @title Tokens the vault takes
/// @notice The settlement coin, fixed for ever, and up to 32 collateral assets that are numbered as they are listed.
/// @dev A listed asset never leaves the list: closing it stops deposits, never withdrawals.
abstract contract AssetList is IMarginVault, AccessManaged, Custody {
    /// @notice Bounds the gas of the heaviest account and the bits of the asset bitmap.
    uint256 internal constant MAX_ASSETS = 32;
    uint256 internal constant MAX_SETTLEMENT_CAP_E18 = type(uint120).max;

    address private immutable SETTLEMENT_TOKEN;
    uint8 private immutable SETTLEMENT_DECIMALS;

    /// @notice One slot: 8 + 8 = 16 bits. What a movement of a token has to know about it.
    struct AssetRef {
        uint8 numberPlusOne; // 0 = not listed
        uint8 decimals;
    }

    uint8 private _assetCount;
    mapping(uint8 assetId => Asset entry) private _assets;
    mapping(address token => AssetRef ref) private _refs;
    uint256 private _settlementCapE18;

    constructor(address settlementToken_, uint256 settlementCapE18_) {
        SETTLEMENT_DECIMALS = _probe(settlementToken_);
        SETTLEMENT_TOKEN = settlementToken_;
        _writeSettlementCap(settlementCapE18_);
    }

    /// @inheritdoc IMarginVault
    function listAsset(address token, uint128 capE18) external override restricted returns (uint8 assetId) {
        assetId = _assetCount;
        if (assetId == MAX_ASSETS || token == SETTLEMENT_TOKEN || _refs[token].numberPlusOne != 0) {
            revert MarginVault_CannotList(token);
        }
        uint8 decimals = _probe(token);
        _assets[assetId] = Asset({token: token, decimals: decimals, depositsOpen: true, capE18: capE18, totalE18: 0});
        _refs[token] = AssetRef({numberPlusOne: assetId + 1, decimals: decimals});
        _assetCount = assetId + 1;
        emit AssetListed(assetId, token, decimals, capE18);
    }

    /// @inheritdoc IMarginVault
    function setAssetCap(uint8 assetId, uint128 capE18, bool depositsOpen) external override restricted {
        Asset storage entry = _listed(assetId);
        uint128 capBeforeE18 = entry.capE18;
        entry.capE18 = capE18;
        entry.depositsOpen = depositsOpen;
        emit AssetCapSet(assetId, capBeforeE18, capE18, depositsOpen);
    }

    /// @inheritdoc IMarginVault
    function setSettlementCap(uint256 capE18) external override restricted {
        _writeSettlementCap(capE18);
    }

    /// @inheritdoc IMarginVault
    function settlementToken() public view override returns (address) {
        return SETTLEMENT_TOKEN;
    }

    /// @inheritdoc IMarginVault
    function settlementDecimals() public view override returns (uint8) {
        return SETTLEMENT_DECIMALS;
    }

    /// @inheritdoc IMarginVault
    function settlementCapE18() public view override returns (uint256) {
        return _settlementCapE18;
    }

    /// @inheritdoc IMarginVault
    function assetCount() external view override returns (uint8) {
        return _assetCount;
    }

    /// @inheritdoc IMarginVault
    function asset(uint8 assetId) external view override returns (Asset memory) {
        return _listed(assetId);
    }

    /// @inheritdoc IMarginVault
    function assetIdOf(address token) external view override returns (bool listed, uint8 assetId) {
        uint8 number = _refs[token].numberPlusOne;
        return number == 0 ? (false, 0) : (true, number - 1);
    }

    /// @dev Counts a deposit against the cap. Assumes that the asset is listed.
    function _raiseTotal(uint8 assetId, uint256 creditE18) internal {
        Asset storage entry = _assets[assetId];
        uint256 totalE18 = entry.totalE18 + creditE18;
        if (!entry.depositsOpen) revert MarginVault_AssetNotOpen(entry.token);
        if (totalE18 > entry.capE18) revert MarginVault_CapExceeded(entry.token, totalE18, entry.capE18);
        entry.totalE18 = uint128(totalE18); // at most the cap, which has 128 bits
    }

    /// @dev Counts a withdrawal; the total is never below what one account holds.
    function _lowerTotal(uint8 assetId, uint256 debitE18) internal {
        Asset storage entry = _assets[assetId];
        entry.totalE18 = uint128(entry.totalE18 - debitE18);
    }

    /// @dev Number and decimals of a listed token.
    function _assetOf(address token) internal view returns (uint8 assetId, uint8 decimals) {
        AssetRef memory ref = _refs[token];
        if (ref.numberPlusOne == 0) revert MarginVault_AssetNotOpen(token);
        return (ref.numberPlusOne - 1, ref.decimals);
    }

    function _listed(uint8 assetId) private view returns (Asset storage) {
        uint256 count = _assetCount;
        if (assetId >= count)
            revert MarginVault_ParameterOutOfBounds("assetId", assetId, 0, count == 0 ? 0 : count - 1);
        return _assets[assetId];
    }

    function _writeSettlementCap(uint256 capE18) private {
        if (capE18 > MAX_SETTLEMENT_CAP_E18) {
            revert MarginVault_ParameterOutOfBounds("settlementCap", capE18, 0, MAX_SETTLEMENT_CAP_E18);
        }
        _settlementCapE18 = capE18;
        emit SettlementCapSet(capE18);
    }
}
