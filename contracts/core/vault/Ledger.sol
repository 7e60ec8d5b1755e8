// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {Exact} from "../../libraries/math/Exact.sol";
import {mulDivDown, mulDivUp} from "../../libraries/math/FixedPoint.sol";
import {AccountId} from "../../types/AccountId.sol";
import {CollateralUnits, MarginModel} from "../../types/Book.sol";
import {GateLevel} from "../../types/Gate.sol";
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

    /// @notice One slot: 104 + 104 + 40 + 8 = 256 bits. All that the cash of an account needs beside its principal while
    /// nobody borrows. Indices are at most InterestModel.MAX_INDEX_E27, which has 104 bits.
    struct Indices {
        uint104 supplyE27;
        uint104 borrowE27;
        uint40 accruedAt; // Unix time, seconds; stands still while nobody borrows
        uint8 flags; // BORROWING_PAUSED, BORROWED, THROTTLED, HALTED
    }

    /// @notice One slot: 128 + 128 = 256 bits.
    struct Principals {
        uint128 supply; // sum of positive principals
        uint128 borrow; // sum of the sizes of negative principals
    }

    /// @notice One slot: 5 * 32 = 160 bits. A RateCurve in units of RATE_UNIT; the highest bound is 4e9 of them.
    struct PackedCurve {
        uint32 base;
        uint32 kink;
        uint32 slopeLow;
        uint32 slopeHigh;
        uint32 reserve;
    }

    uint8 private constant BORROWING_PAUSED = 1;
    uint8 private constant BORROWED = 2; // some principal is negative
    uint8 private constant THROTTLED = 4; // the solvency gate is not at NORMAL
    uint8 private constant HALTED = 8; // it is at HALT
    uint256 internal constant ONE_E27 = 1e27;
    /// @notice Where write-downs stop: one millionth of the first index. Below it the grid of principals would leave their 128
    /// bits; a vault that has lost that much needs people, not another step.
    uint256 internal constant MIN_SUPPLY_INDEX_E27 = 1e21;
    uint256 internal constant MIN_KINK_E18 = 0.01e18;
    uint256 internal constant MAX_KINK_E18 = 0.99e18;
    uint256 internal constant MAX_SLOPE_E18 = 4e18;
    uint256 internal constant MAX_BASE_E18 = 1e18;
    uint256 internal constant MAX_RESERVE_E18 = 0.5e18;
    uint64 private constant RATE_UNIT = 1e9;

    mapping(AccountId account => Header header) private _headers;
    mapping(AccountId account => mapping(uint8 assetId => uint256 unitsE18)) private _units;
    Indices private _indices;
    Principals private _principals;
    int256 private _netSettledE18;
    PackedCurve private _curve;

    constructor(RateCurve memory curve) {
        _indices = Indices(uint104(ONE_E27), uint104(ONE_E27), uint40(block.timestamp), 0);
        emit InterestAccrued(ONE_E27, ONE_E27, 0);
        _writeCurve(curve);
    }

    /// @inheritdoc IMarginVault
    function cashOf(AccountId account) public view override returns (int256 cashE18) {
        return _cashBehind(account, _headers[account].principal);
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
        cashE18 = _cashBehind(account, header.principal);
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
        Principals memory principals = _principals;
        if (step.reserveE18 != 0) {
            int256 before = _headers[protocolAccount()].principal;
            principals = _replaced(principals, before, _withReserve(before, step));
        }
        totals.suppliedE18 = mulDivUp(principals.supply, step.supplyIndexE27, ONE_E27);
        totals.borrowedE18 = mulDivDown(principals.borrow, step.borrowIndexE27, ONE_E27);
        totals.netSettledE18 = _netSettledE18;
        totals.supplyIndexE27 = step.supplyIndexE27;
        totals.borrowIndexE27 = step.borrowIndexE27;
        totals.accruedAt = uint40(block.timestamp);
    }

    /// @inheritdoc IMarginVault
    function rateCurve() external view override returns (RateCurve memory) {
        return _unpackedCurve();
    }

    /// @inheritdoc IMarginVault
    function borrowingPaused() public view override returns (bool) {
        return _indices.flags & (BORROWING_PAUSED | THROTTLED) != 0;
    }

    /// @inheritdoc IMarginVault
    function halted() public view override returns (bool) {
        return _indices.flags & HALTED != 0;
    }

    /// @dev Brings the indices to now and pays the reserve's share. Before every change of cash. While nobody borrows no index
    /// moves and no clock runs; it starts with the first debt.
    function _accrue() internal {
        Indices memory indices = _indices;
        if (indices.flags & BORROWED == 0 || indices.accruedAt == block.timestamp) return;
        InterestModel.Step memory step = _stepOf(indices);
        indices.supplyE27 = uint104(step.supplyIndexE27); // both at most InterestModel.MAX_INDEX_E27
        indices.borrowE27 = uint104(step.borrowIndexE27);
        indices.accruedAt = uint40(block.timestamp);
        _indices = indices;
        emit InterestAccrued(step.supplyIndexE27, step.borrowIndexE27, step.reserveE18);
        if (step.reserveE18 != 0) _changeCash(protocolAccount(), step.reserveE18.toInt256());
    }

    /// @dev Adds a signed amount to a balance. Assumes that interest is accrued.
    /// @return cashAfterE18 Balance after the change, before its rounding to a principal.
    function _changeCash(AccountId account, int256 deltaE18) internal returns (int256 cashAfterE18) {
        Indices memory indices = _indices;
        int256 before = _headers[account].principal;
        cashAfterE18 = CashMath.balanceOf(before, indices.supplyE27, indices.borrowE27) + deltaE18;
        if (deltaE18 == 0) return cashAfterE18;

        int256 principal = CashMath.principalOf(cashAfterE18, indices.supplyE27, indices.borrowE27);
        Principals memory principals = _replaced(_principals, before, principal);
        _headers[account].principal = principal.toInt128();
        _principals = principals;
        if ((principals.borrow != 0) != (indices.flags & BORROWED != 0)) _toggleBorrowed(indices);
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
        uint256 supplyPrincipal = _principals.supply;
        beforeE27 = _indices.supplyE27;
        afterE27 = beforeE27;
        if (lossE18 == 0 || supplyPrincipal == 0 || beforeE27 <= MIN_SUPPLY_INDEX_E27) return (0, beforeE27, afterE27);

        uint256 suppliedE18 = _suppliedE18();
        uint256 remainingE18 = suppliedE18 - Math.min(lossE18, suppliedE18);
        afterE27 = Math.max(mulDivDown(remainingE18, ONE_E27, supplyPrincipal), MIN_SUPPLY_INDEX_E27);
        // Rounded up on both sides, so that what is credited is never more than what the claims lost.
        takenE18 = Math.min(lossE18, suppliedE18 - mulDivUp(supplyPrincipal, afterE27, ONE_E27));
        _indices.supplyE27 = uint104(afterE27); // below its former value
    }

    function _changeNetSettled(int256 deltaE18) internal {
        int256 afterE18 = _netSettledE18 + deltaE18;
        _netSettledE18 = afterE18;
        emit NetSettledChanged(deltaE18, afterE18);
    }

    /// @dev Sum of claims at the stored indices, 18 decimals, rounded up.
    function _suppliedE18() internal view returns (uint256) {
        return mulDivUp(_principals.supply, _indices.supplyE27, ONE_E27);
    }

    function _writeChecked(AccountId account) internal {
        _headers[account].lastCheckedBlock = uint40(block.number);
    }

    function _writeModel(AccountId account, MarginModel model) internal {
        _headers[account].model = model;
        emit ModelSet(account, model);
    }

    function _writeBorrowingPaused(bool paused) internal {
        uint8 others = _indices.flags & ~BORROWING_PAUSED;
        _indices.flags = paused ? others | BORROWING_PAUSED : others;
        emit BorrowingPausedSet(paused);
    }

    function _writeGate(GateLevel level) internal {
        uint8 flags = _indices.flags & ~(THROTTLED | HALTED);
        if (level != GateLevel.NORMAL) flags |= THROTTLED;
        if (level == GateLevel.HALT) flags |= HALTED;
        _indices.flags = flags;
        emit GateSet(level);
    }

    /// @dev Bounds as in the interface. At 20 % a year debts take half a century to the highest index; at the highest curve and
    /// full utilisation more than a year, after which they bear no more interest.
    function _writeCurve(RateCurve memory curve) internal {
        _requireWithin("base", curve.baseE18, 0, MAX_BASE_E18);
        _requireWithin("kink", curve.kinkE18, MIN_KINK_E18, MAX_KINK_E18);
        _requireWithin("slopeLow", curve.slopeLowE18, 0, MAX_SLOPE_E18);
        _requireWithin("slopeHigh", curve.slopeHighE18, 0, MAX_SLOPE_E18);
        _requireWithin("reserve", curve.reserveE18, 0, MAX_RESERVE_E18);
        _curve = PackedCurve({
            base: _rateUnits("base", curve.baseE18),
            kink: _rateUnits("kink", curve.kinkE18),
            slopeLow: _rateUnits("slopeLow", curve.slopeLowE18),
            slopeHigh: _rateUnits("slopeHigh", curve.slopeHighE18),
            reserve: _rateUnits("reserve", curve.reserveE18)
        });
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

    /// @dev The first debt starts the clock of interest, the last one repaid stops it. Indices of a moment without debts are
    /// indices of now, because none moves.
    function _toggleBorrowed(Indices memory indices) private {
        indices.flags ^= BORROWED;
        indices.accruedAt = uint40(block.timestamp);
        _indices = indices;
    }

    /// @dev Balance behind a principal with interest to now; the protocol account has its reserve of the step too.
    function _cashBehind(AccountId account, int256 principal) private view returns (int256 cashE18) {
        InterestModel.Step memory step = _pendingStep();
        if (step.reserveE18 != 0 && account == protocolAccount()) principal = _withReserve(principal, step);
        return CashMath.balanceOf(principal, step.supplyIndexE27, step.borrowIndexE27);
    }

    /// @dev Indices as of now; no reserve when no time has passed.
    function _pendingStep() private view returns (InterestModel.Step memory) {
        return _stepOf(_indices);
    }

    /// @dev Principals and curve are read only while somebody borrows: InterestModel moves nothing without debts.
    function _stepOf(Indices memory indices) private view returns (InterestModel.Step memory) {
        if (indices.flags & BORROWED == 0 || indices.accruedAt == block.timestamp) {
            return InterestModel.Step(indices.supplyE27, indices.borrowE27, 0);
        }
        Principals memory principals = _principals;
        InterestModel.Pool memory pool = InterestModel.Pool({
            supplyIndexE27: indices.supplyE27,
            borrowIndexE27: indices.borrowE27,
            supplyPrincipal: principals.supply,
            borrowPrincipal: principals.borrow
        });
        return InterestModel.step(pool, _unpackedCurve(), block.timestamp - indices.accruedAt);
    }

    function _unpackedCurve() private view returns (RateCurve memory) {
        PackedCurve memory curve = _curve;
        return
            RateCurve({
                baseE18: curve.base * RATE_UNIT,
                kinkE18: curve.kink * RATE_UNIT,
                slopeLowE18: curve.slopeLow * RATE_UNIT,
                slopeHighE18: curve.slopeHigh * RATE_UNIT,
                reserveE18: curve.reserve * RATE_UNIT
            });
    }

    /// @dev The protocol account's principal after the reserve of a step.
    function _withReserve(int256 principal, InterestModel.Step memory step) private pure returns (int256) {
        int256 balanceE18 = CashMath.balanceOf(principal, step.supplyIndexE27, step.borrowIndexE27);
        return CashMath.principalOf(balanceE18 + step.reserveE18.toInt256(), step.supplyIndexE27, step.borrowIndexE27);
    }

    /// @dev Totals of principals once an account's principal is another.
    function _replaced(
        Principals memory principals,
        int256 before,
        int256 principal
    ) private pure returns (Principals memory) {
        uint256 supply = principals.supply - _positive(before) + _positive(principal);
        uint256 borrow = principals.borrow - _positive(-before) + _positive(-principal);
        return Principals(supply.toUint128(), borrow.toUint128());
    }

    /// @dev A rate that is not a whole number of units is refused rather than rounded.
    function _rateUnits(bytes32 name, uint256 rateE18) private pure returns (uint32) {
        (bool fits, uint256 count) = Exact.units(rateE18, RATE_UNIT, type(uint32).max);
        if (!fits) revert MarginVault_InexactParameter(name, rateE18, RATE_UNIT);
        return uint32(count);
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
