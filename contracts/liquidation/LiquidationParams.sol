// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ILiquidator} from "../interfaces/ILiquidator.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {ONE_E18, mulDivUp} from "../libraries/math/FixedPoint.sol";

/// @title Parameters of the auctions and of keeper pay
/// @notice The curve, the pay, their bounds, and the pay they come to at the present gas price.
abstract contract LiquidationParams is ILiquidator, AccessManaged {
    /// @dev Added to the base fee, which no keeper can choose; the margin over cost pays any further tip.
    uint256 private constant TIP_WEI = 0.1 gwei;
    uint256 private constant MAX_GAS = 30_000_000;
    uint256 private constant MAX_GAS_PRICE_WEI = 100_000 gwei;
    uint256 private constant MAX_PAY_E18 = 10_000e18;
    uint256 private constant MAX_DUST_E18 = 100_000e18;
    uint256 private constant MIN_TARGET_E18 = 1.001e18;
    uint256 private constant MAX_TARGET_E18 = 2e18;
    uint256 private constant MAX_PHASE_SECONDS = 7 days;

    IPriceOracle internal immutable ORACLE;

    Curve private _curveStored;
    KeeperPay private _payStored;

    constructor(IPriceOracle oracle, Curve memory curve_, KeeperPay memory pay) {
        ORACLE = oracle;
        _storeCurve(curve_);
        _storePay(pay);
    }

    /// @inheritdoc ILiquidator
    function setCurve(Curve calldata curve_) external restricted {
        _storeCurve(curve_);
    }

    /// @inheritdoc ILiquidator
    function setKeeperPay(KeeperPay calldata pay) external restricted {
        _storePay(pay);
    }

    /// @inheritdoc ILiquidator
    function curve() external view returns (Curve memory) {
        return _curveStored;
    }

    /// @inheritdoc ILiquidator
    function keeperPay() external view returns (KeeperPay memory) {
        return _payStored;
    }

    function _curve() internal view returns (Curve memory) {
        return _curveStored;
    }

    /// @dev Pay for starting an auction, USD, 18 decimals.
    function _startPayE18() internal view returns (uint256) {
        KeeperPay memory pay = _payStored;
        return _payFor(pay, pay.startGas);
    }

    /// @dev Pay for taking a slice of a book with so many positions, USD, 18 decimals.
    function _takePayE18(uint256 positions) internal view returns (uint256) {
        KeeperPay memory pay = _payStored;
        return _payFor(pay, pay.takeGas + positions * pay.takeGasPerPosition);
    }

    /// @dev Cost of the gas with the margin on top, within the bounds. Without a price of the native coin the least pay
    /// counts: an unrelated feed must not keep anybody from closing a short book.
    function _payFor(KeeperPay memory pay, uint256 gas) private view returns (uint256 payE18) {
        uint256 gasPriceWei = block.basefee + TIP_WEI;
        if (gasPriceWei > pay.maxGasPriceWei) gasPriceWei = pay.maxGasPriceWei;
        try ORACLE.price(pay.nativeFeedId) returns (uint256 nativeE18) {
            uint256 costE18 = mulDivUp(gas * gasPriceWei, nativeE18, ONE_E18);
            payE18 = mulDivUp(costE18, ONE_E18 + pay.marginE18, ONE_E18);
        } catch {
            payE18 = 0;
        }
        if (payE18 < pay.minE18) return pay.minE18;
        return payE18 > pay.maxE18 ? pay.maxE18 : payE18;
    }

    function _storeCurve(Curve memory c) private {
        _requireWithin("discountFastE18", c.discountFastE18, c.discountStartE18, ONE_E18);
        _requireWithin("fastSeconds", c.fastSeconds, 1, MAX_PHASE_SECONDS);
        _requireWithin("slowSeconds", c.slowSeconds, 1, MAX_PHASE_SECONDS);
        _requireWithin("insolventSeconds", c.insolventSeconds, 1, MAX_PHASE_SECONDS);
        _requireWithin("insolventCapE18", c.insolventCapE18, 0, ONE_E18);
        _requireWithin("targetHealthE18", c.targetHealthE18, MIN_TARGET_E18, MAX_TARGET_E18);
        _requireWithin("dustE18", c.dustE18, 0, MAX_DUST_E18);
        _curveStored = c;
        emit CurveSet(c);
    }

    function _storePay(KeeperPay memory p) private {
        _requireWithin("startGas", p.startGas, 0, MAX_GAS);
        _requireWithin("takeGas", p.takeGas, 0, MAX_GAS);
        _requireWithin("takeGasPerPosition", p.takeGasPerPosition, 0, MAX_GAS);
        _requireWithin("marginE18", p.marginE18, 0, ONE_E18);
        _requireWithin("maxGasPriceWei", p.maxGasPriceWei, 1, MAX_GAS_PRICE_WEI);
        _requireWithin("maxE18", p.maxE18, p.minE18, MAX_PAY_E18);
        _payStored = p;
        emit KeeperPaySet(p);
    }

    function _requireWithin(bytes32 name, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert Liquidator_ParameterOutOfBounds(name, value, min, max);
    }
}
