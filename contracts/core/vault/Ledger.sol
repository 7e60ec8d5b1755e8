// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {mulDivDown, mulDivUp} from "../../libraries/math/FixedPoint.sol";
import {AccountId} from "../../types/AccountId.sol";
import {CollateralUnits, MarginModel} from "../../types/Book.sol";
import {CashMath} from "./CashMath.sol";
import {CoreAccess} from "./CoreAccess.sol";
import {InterestModel} from "./InterestModel.sol";

/// @title Balances of all accounts
/// @notice One header slot per account, units per asset, and the totals of cash. Knows nothing of tokens.
/// @dev Law of the totals: tokens held + borrowed + netSettled >= supplied. Every function here keeps the gap between the
/// two sides or widens it by rounding; none narrows it unless the caller moves as many tokens.
/// @custom:invariant VLT-1
abstract contract Ledger is CoreAccess {
    using SafeCast for int256;
    using SafeCast for uint256;

    /// @notice One slot: 128 + 64 + 40 + 8 = 240 bits.
    struct Header {
        int128 principal; // cash; times the supply index above zero, times the borrow index below
        uint64 assets; // bit n set = units of asset n are not zero
        uint40 lastCheckedBlock;
        MarginModel model;
    }

    /// @notice Three slots: 128 + 128, 128 + 128, 128 + 40 + 8 = 176 bits.
    struct Cash {
        uint128 supplyPrincipal; // sum of positive principals
        uint128 borrowPrincipal; // sum of the sizes of negative principals
        uint128 supplyIndexE27;
        uint128 borrowIndexE27;
        int128 netSettledE18;
        uint40 accruedAt; // Unix time, seconds
        bool borrowingPaused;
    }

    uint256 internal constant ONE_E27 = 1e27;
    /// @notice Where write-downs stop: one millionth of the first index. Below it the grid of principals would leave their 128
    /// bits; a vault that has lost that much needs people, not another step.
    uint256 internal constant MIN_SUPPLY_INDEX_E27 = 1e21;
    uint256 internal constant MIN_KINK_E18 = 0.01e18;
    uint256 internal constant MAX_KINK_E18 = 0.99e18;
    uint256 internal constant MAX_SLOPE_E18 = 4e18;
    uint256 internal constant MAX_BASE_E18 = 1e18;
    uint256 internal constant MAX_RESERVE_E18 = 0.5e18;

    mapping(AccountId account => Header header) private _headers;
    mapping(AccountId account => mapping(uint8 assetId => uint256 unitsE18)) private _units;
    Cash private _cash;
    RateCurve private _curve;

    constructor(RateCurve memory curve) {
        _cash.supplyIndexE27 = uint128(ONE_E27);
        _cash.borrowIndexE27 = uint128(ONE_E27);
        _cash.accruedAt = uint40(block.timestamp);
        emit InterestAccrued(ONE_E27, ONE_E27, 0);
        _writeCurve(curve);
    }

    /// @inheritdoc IMarginVault
    function cashOf(AccountId account) public view override returns (int256 cashE18) {
        InterestModel.Step memory step = _pendingStep();
        int256 principal = _headers[account].principal;
        if (step.reserveE18 != 0 && account == protocolAccount()) principal = _withReserve(principal, step);
        return CashMath.balanceOf(principal, step.supplyIndexE27, step.borrowIndexE27);
    }

    /// @inheritdoc IMarginVault
    function principalOf(AccountId account) external view override returns (int256) {
        return _headers[account].principal;
    }

    /// @inheritdoc IMarginVault
    function unitsOf(AccountId account, uint8 assetId) external view override returns (uint256) {
        return _units[account][assetId];
    }

    /// @inheritdoc IMarginVault
    function holdingsOf(
        AccountId account
    ) external view override returns (int256 cashE18, CollateralUnits[] memory collateral, MarginModel model) {
        Header memory header = _headers[account];
        cashE18 = cashOf(account);
        model = header.model;
        uint8[] memory held = _heldAssets(header.assets);
        collateral = new CollateralUnits[](held.length);
        for (uint256 i = 0; i < held.length; ++i) {
            collateral[i] = CollateralUnits({assetId: held[i], unitsE18: _units[account][held[i]]});
        }
    }

    /// @inheritdoc IMarginVault
    function lastCheckedBlock(AccountId account) external view override returns (uint256) {
        return _headers[account].lastCheckedBlock;
    }

    /// @inheritdoc IMarginVault
    function cashTotals() public view override returns (CashTotals memory totals) {
        InterestModel.Step memory step = _pendingStep();
        uint256 supplyPrincipal = _cash.supplyPrincipal;
        uint256 borrowPrincipal = _cash.borrowPrincipal;
        if (step.reserveE18 != 0) {
            int256 before = _headers[protocolAccount()].principal;
            (supplyPrincipal, borrowPrincipal) = _replaced(before, _withReserve(before, step));
        }
        totals.suppliedE18 = mulDivUp(supplyPrincipal, step.supplyIndexE27, ONE_E27);
        totals.borrowedE18 = mulDivDown(borrowPrincipal, step.borrowIndexE27, ONE_E27);
        totals.netSettledE18 = _cash.netSettledE18;
        totals.supplyIndexE27 = step.supplyIndexE27;
        totals.borrowIndexE27 = step.borrowIndexE27;
        totals.accruedAt = uint40(block.timestamp);
    }

    /// @inheritdoc IMarginVault
    function rateCurve() external view override returns (RateCurve memory) {
        return _curve;
    }

    /// @inheritdoc IMarginVault
    function borrowingPaused() public view override returns (bool) {
        return _cash.borrowingPaused;
    }

    /// @dev Brings the indices to now and pays the reserve's share. Before every change of cash.
    function _accrue() internal {
        if (_cash.accruedAt == block.timestamp) return;
        InterestModel.Step memory step = _pendingStep();
        _cash.supplyIndexE27 = uint128(step.supplyIndexE27); // both at most InterestModel.MAX_INDEX_E27
        _cash.borrowIndexE27 = uint128(step.borrowIndexE27);
        _cash.accruedAt = uint40(block.timestamp);
        emit InterestAccrued(step.supplyIndexE27, step.borrowIndexE27, step.reserveE18);
        if (step.reserveE18 != 0) _changeCash(protocolAccount(), step.reserveE18.toInt256());
    }

    /// @dev Adds a signed amount to a balance. Assumes that interest is accrued.
    /// @return cashAfterE18 Balance after the change, before its rounding to a principal.
    function _changeCash(AccountId account, int256 deltaE18) internal returns (int256 cashAfterE18) {
        Header storage header = _headers[account];
        uint256 supplyIndexE27 = _cash.supplyIndexE27;
        uint256 borrowIndexE27 = _cash.borrowIndexE27;
        int256 before = header.principal;
        cashAfterE18 = CashMath.balanceOf(before, supplyIndexE27, borrowIndexE27) + deltaE18;
        if (deltaE18 == 0) return cashAfterE18;

        int256 principal = CashMath.principalOf(cashAfterE18, supplyIndexE27, borrowIndexE27);
        (uint256 supplyPrincipal, uint256 borrowPrincipal) = _replaced(before, principal);
        header.principal = principal.toInt128();
        _cash.supplyPrincipal = supplyPrincipal.toUint128();
        _cash.borrowPrincipal = borrowPrincipal.toUint128();
        emit CashChanged(account, deltaE18, principal);
    }

    /// @dev Adds signed units of one asset.
    function _changeUnits(AccountId account, uint8 assetId, int256 deltaE18) internal {
        if (deltaE18 == 0) return;
        uint256 heldE18 = _units[account][assetId];
        if (deltaE18 < 0 && heldE18 < uint256(-deltaE18)) {
            revert MarginVault_InsufficientCollateral(account, assetId, heldE18, uint256(-deltaE18));
        }
        uint256 afterE18 = (heldE18.toInt256() + deltaE18).toUint256();
        _units[account][assetId] = afterE18;
        uint64 bit = uint64(1) << assetId;
        if (heldE18 == 0) _headers[account].assets |= bit;
        else if (afterE18 == 0) _headers[account].assets &= ~bit;
        emit CollateralChanged(account, assetId, deltaE18, afterE18);
    }

    /// @dev Moves part of a loss onto all positive cash by lowering the supply index. Assumes that interest is accrued.
    /// @return takenE18 What the claims lost and may be credited elsewhere; the index stops at its least value.
    function _writeDown(uint256 lossE18) internal returns (uint256 takenE18, uint256 beforeE27, uint256 afterE27) {
        uint256 supplyPrincipal = _cash.supplyPrincipal;
        beforeE27 = _cash.supplyIndexE27;
        afterE27 = beforeE27;
        if (lossE18 == 0 || supplyPrincipal == 0 || beforeE27 <= MIN_SUPPLY_INDEX_E27) return (0, beforeE27, afterE27);

        uint256 suppliedE18 = _suppliedE18();
        uint256 remainingE18 = suppliedE18 - Math.min(lossE18, suppliedE18);
        afterE27 = Math.max(mulDivDown(remainingE18, ONE_E27, supplyPrincipal), MIN_SUPPLY_INDEX_E27);
        // Rounded up on both sides, so that what is credited is never more than what the claims lost.
        takenE18 = Math.min(lossE18, suppliedE18 - mulDivUp(supplyPrincipal, afterE27, ONE_E27));
        _cash.supplyIndexE27 = uint128(afterE27); // below its former value
    }

    function _changeNetSettled(int256 deltaE18) internal {
        int256 afterE18 = _cash.netSettledE18 + deltaE18;
        _cash.netSettledE18 = afterE18.toInt128();
        emit NetSettledChanged(deltaE18, afterE18);
    }

    /// @dev Sum of claims at the stored indices, 18 decimals, rounded up.
    function _suppliedE18() internal view returns (uint256) {
        return mulDivUp(_cash.supplyPrincipal, _cash.supplyIndexE27, ONE_E27);
    }

    function _writeChecked(AccountId account) internal {
        _headers[account].lastCheckedBlock = uint40(block.number);
    }

    function _writeModel(AccountId account, MarginModel model) internal {
        _headers[account].model = model;
        emit ModelSet(account, model);
    }

    function _writeBorrowingPaused(bool paused) internal {
        _cash.borrowingPaused = paused;
        emit BorrowingPausedSet(paused);
    }

    /// @dev The reserve share and both slopes stay within what the index can carry for decades at full utilisation.
    function _writeCurve(RateCurve memory curve) internal {
        _requireWithin("base", curve.baseE18, 0, MAX_BASE_E18);
        _requireWithin("kink", curve.kinkE18, MIN_KINK_E18, MAX_KINK_E18);
        _requireWithin("slopeLow", curve.slopeLowE18, 0, MAX_SLOPE_E18);
        _requireWithin("slopeHigh", curve.slopeHighE18, 0, MAX_SLOPE_E18);
        _requireWithin("reserve", curve.reserveE18, 0, MAX_RESERVE_E18);
        _curve = curve;
        emit RateCurveSet(curve);
    }

    /// @dev Numbers of the assets an account holds, ascending.
    function _assetsOf(AccountId account) internal view returns (uint8[] memory) {
        return _heldAssets(_headers[account].assets);
    }

    function _modelOf(AccountId account) internal view returns (MarginModel) {
        return _headers[account].model;
    }

    function _unitsE18(AccountId account, uint8 assetId) internal view returns (uint256) {
        return _units[account][assetId];
    }

    function _owesCash(AccountId account) internal view returns (bool) {
        return _headers[account].principal < 0;
    }

    function _requireWithin(bytes32 name, uint256 value, uint256 min, uint256 max) internal pure {
        if (value < min || value > max) revert MarginVault_ParameterOutOfBounds(name, value, min, max);
    }

    /// @dev Totals of principals once an account's principal is another.
    function _replaced(int256 before, int256 principal) private view returns (uint256 supply, uint256 borrow) {
        supply = _cash.supplyPrincipal - _positive(before) + _positive(principal);
        borrow = _cash.borrowPrincipal - _positive(-before) + _positive(-principal);
    }

    /// @dev Indices as of now; no reserve when no time has passed.
    function _pendingStep() private view returns (InterestModel.Step memory) {
        if (_cash.accruedAt == block.timestamp) {
            return InterestModel.Step(_cash.supplyIndexE27, _cash.borrowIndexE27, 0);
        }
        InterestModel.Pool memory pool = InterestModel.Pool({
            supplyIndexE27: _cash.supplyIndexE27,
            borrowIndexE27: _cash.borrowIndexE27,
            supplyPrincipal: _cash.supplyPrincipal,
            borrowPrincipal: _cash.borrowPrincipal
        });
        return InterestModel.step(pool, _curve, block.timestamp - _cash.accruedAt);
    }

    /// @dev The protocol account's principal after the reserve of a step.
    function _withReserve(int256 principal, InterestModel.Step memory step) private pure returns (int256) {
        int256 balanceE18 = CashMath.balanceOf(principal, step.supplyIndexE27, step.borrowIndexE27);
        return CashMath.principalOf(balanceE18 + step.reserveE18.toInt256(), step.supplyIndexE27, step.borrowIndexE27);
    }

    function _positive(int256 x) private pure returns (uint256) {
        return x > 0 ? uint256(x) : 0;
    }

    function _heldAssets(uint64 bitmap) private pure returns (uint8[] memory held) {
        uint256 count;
        for (uint64 rest = bitmap; rest != 0; rest &= rest - 1) ++count;
        held = new uint8[](count);
        uint256 next;
        for (uint8 assetId = 0; next < count; ++assetId) {
            if (bitmap & (uint64(1) << assetId) != 0) held[next++] = assetId;
        }
    }
}
