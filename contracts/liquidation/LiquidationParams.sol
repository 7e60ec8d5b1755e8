// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IDataFee} from "../interfaces/IDataFee.sol";
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
    uint256 private constant MAX_BYTES = 131_072;
    /// @dev A hundred coins: beyond it a source says nothing about fees.
    uint256 private constant MAX_DATA_FEE_WEI = 100 ether;

    IPriceOracle internal immutable ORACLE;

    Curve private _curveStored;
    KeeperPay private _payStored;
    DataFee private _dataFeeStored;

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
    function setDataFee(DataFee calldata dataFee_) external restricted {
        _requireWithin("startBytes", dataFee_.startBytes, 0, MAX_BYTES);
        _requireWithin("takeBytes", dataFee_.takeBytes, 0, MAX_BYTES);
        _dataFeeStored = dataFee_;
        emit DataFeeSet(dataFee_);
    }

    /// @inheritdoc ILiquidator
    function dataFee() external view returns (DataFee memory) {
        return _dataFeeStored;
    }

    /// @inheritdoc ILiquidator
    function dataFeesWei() public view returns (uint256 startWei, uint256 takeWei) {
        DataFee memory fee = _dataFeeStored;
        return (_dataFeeWei(fee.source, fee.startBytes), _dataFeeWei(fee.source, fee.takeBytes));
    }

    /// @inheritdoc ILiquidator
    function closingPayE18(uint256 positions, uint256 gasPriceWei) external view returns (uint256) {
        KeeperPay memory pay = _payStored;
        (uint256 startWei, uint256 takeWei) = dataFeesWei();
        uint256 gas = uint256(pay.startGas) + pay.takeGas + positions * pay.takeGasPerPosition;
        return _worthE18(pay, gas * gasPriceWei + startWei + takeWei);
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
        DataFee memory fee = _dataFeeStored;
        return _payFor(pay, pay.startGas, _dataFeeWei(fee.source, fee.startBytes));
    }

    /// @dev Pay for taking a slice of a book with so many positions, USD, 18 decimals.
    function _takePayE18(uint256 positions) internal view returns (uint256) {
        KeeperPay memory pay = _payStored;
        DataFee memory fee = _dataFeeStored;
        uint256 dataWei = _dataFeeWei(fee.source, fee.takeBytes);
        return _payFor(pay, pay.takeGas + positions * pay.takeGasPerPosition, dataWei);
    }

    /// @dev Cost of gas and data with the margin on top, within the bounds. Base fee and data fee are the chain's; no keeper can
    /// choose them.
    function _payFor(KeeperPay memory pay, uint256 gas, uint256 dataWei) private view returns (uint256 payE18) {
        uint256 gasPriceWei = block.basefee + TIP_WEI;
        if (gasPriceWei > pay.maxGasPriceWei) gasPriceWei = pay.maxGasPriceWei;
        payE18 = _worthE18(pay, gas * gasPriceWei + dataWei);
        if (payE18 < pay.minE18) return pay.minE18;
        return payE18 > pay.maxE18 ? pay.maxE18 : payE18;
    }

    /// @dev Native coin with the margin on top, USD, 18 decimals. Without a price of the coin nothing, so that the least pay counts:
    /// an unrelated feed must not keep anybody from closing a short book.
    function _worthE18(KeeperPay memory pay, uint256 amountWei) private view returns (uint256) {
        try ORACLE.price(pay.nativeFeedId) returns (uint256 nativeE18) {
            return mulDivUp(mulDivUp(amountWei, nativeE18, ONE_E18), ONE_E18 + pay.marginE18, ONE_E18);
        } catch {
            return 0;
        }
    }

    /// @dev A source that fails or answers absurdly pays nothing; the bound on pay would hold in any case.
    function _dataFeeWei(address source, uint256 size) private view returns (uint256) {
        if (source == address(0)) return 0;
        try IDataFee(source).feeWei(size) returns (uint256 feeWei) {
            return feeWei < MAX_DATA_FEE_WEI ? feeWei : 0;
        } catch {
            return 0;
        }
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
