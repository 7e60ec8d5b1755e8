// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {Decimals} from "../libraries/math/Decimals.sol";
import {mulDivDown, ONE_E18} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, MarginModel} from "../types/Book.sol";
import {GateLevel} from "../types/Gate.sol";
import {RIGHT_TRANSFER, RIGHT_WITHDRAW} from "../types/Rights.sol";
import {AssetList} from "./vault/AssetList.sol";
import {Ledger} from "./vault/Ledger.sol";
import {Operators} from "./vault/Operators.sol";

/// @title Who put in what?
/// @notice See IMarginVault. Every entry point: authorise, accrue, compute, write, check, emit, interact.
/// @dev Liveness: an account without positions and without debt after a withdrawal or transfer is not shown to the risk
/// engine, because nothing is owed and so nothing is required; a lender can leave while every feed is down. The other
/// limit is what the vault holds: cash that is lent out waits for repayment.
/// The vault is not upgradeable and calls nothing but listed tokens, the clearinghouse and the risk engine.
contract MarginVault is Ledger, Operators, AssetList {
    using SafeCast for uint256;

    /// @param authority AccessManager that holds the roles.
    /// @param settlementToken_ Settlement coin; neither rebasing nor with a fee on transfer.
    /// @param curve First interest curve.
    /// @param settlementCapE18_ First cap on supplied settlement coin, 18 decimals.
    constructor(
        address authority,
        address settlementToken_,
        RateCurve memory curve,
        uint256 settlementCapE18_
    ) AccessManaged(authority) Ledger(curve) AssetList(settlementToken_, settlementCapE18_) {}

    // --- users

    /// @inheritdoc IMarginVault
    function deposit(AccountId account, address token, uint256 amountNative) external override whenUnlocked {
        _deposit(account, token, amountNative);
    }

    /// @inheritdoc IMarginVault
    function depositWithPermit(
        AccountId account,
        address token,
        uint256 amountNative,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external override whenUnlocked {
        _requireListed(token);
        _usePermit(token, amountNative, deadline, v, r, s);
        _deposit(account, token, amountNative);
    }

    /// @inheritdoc IMarginVault
    function withdraw(
        AccountId account,
        address token,
        uint256 amountNative,
        address to
    ) external override whenUnlocked {
        _requireAuthorised(account, RIGHT_WITHDRAW, to);
        if (amountNative == 0) revert MarginVault_ZeroAmount();
        _requireRecipient(to);

        uint256 debitE18;
        if (token == settlementToken()) {
            _accrue();
            debitE18 = Decimals.toE18(amountNative, settlementDecimals());
            _payCash(account, debitE18);
        } else {
            (uint8 assetId, uint8 decimals) = _assetOf(token);
            debitE18 = Decimals.toE18(amountNative, decimals);
            _changeUnits(account, assetId, -debitE18.toInt256());
            _lowerTotal(assetId, debitE18);
        }
        _requireCovered(account);
        emit Withdrawn(account, token, to, amountNative, debitE18);
        _push(token, to, amountNative);
    }

    /// @inheritdoc IMarginVault
    function transfer(AccountId from, AccountId to, address token, uint256 amountE18) external override whenUnlocked {
        _requireAuthorised(from, RIGHT_TRANSFER, to.owner());
        if (amountE18 == 0) revert MarginVault_ZeroAmount();
        _requireRecipient(to.owner());

        if (token == settlementToken()) {
            _accrue();
            _payCash(from, amountE18);
            _changeCash(to, amountE18.toInt256());
        } else {
            (uint8 assetId, ) = _assetOf(token);
            _moveUnits(from, to, assetId, amountE18);
        }
        _requireCovered(from);
    }

    /// @inheritdoc IMarginVault
    function setModel(AccountId account, MarginModel model) external override whenUnlocked {
        _requireOwner(account);
        if (model == MarginModel.GREEKS) revert MarginVault_ModelDoesNotGovern(model);
        MarginModel before = _modelOf(account);
        if (_owesCash(account) || _hasPositions(account)) {
            IRiskEngine engine = _engine();
            _requireModel(engine, account, before);
            _requireModel(engine, account, model);
            _writeChecked(account);
        }
        _writeModel(account, model);
    }

    /// @inheritdoc IMarginVault
    function accrue() external override whenUnlocked {
        _accrue();
    }

    // --- core contracts only

    /// @inheritdoc IMarginVault
    function moveCash(AccountId from, AccountId to, uint256 amountE18) external override {
        if (msg.sender != _clearinghouseAddress() && msg.sender != _liquidatorAddress()) {
            revert MarginVault_NotCore(msg.sender);
        }
        _requireLocked();
        _accrue();
        _moveCash(from, to, amountE18.toInt256());
    }

    /// @inheritdoc IMarginVault
    function settleCash(AccountId account, int256 deltaE18) external override onlyCore(_clearinghouseAddress()) {
        if (deltaE18 == 0) return;
        _accrue();
        _changeCash(account, deltaE18);
        _changeNetSettled(deltaE18);
    }

    /// @inheritdoc IMarginVault
    function moveFraction(
        AccountId from,
        AccountId to,
        uint256 fractionE18
    ) external override onlyCore(_liquidatorAddress()) {
        _requireWithin("fraction", fractionE18, 0, ONE_E18);
        _accrue();
        // The whole balance at fraction one leaves a principal of exactly zero.
        int256 cashE18 = _changeCash(from, 0);
        uint256 sizeE18 = mulDivDown(cashE18 < 0 ? uint256(-cashE18) : uint256(cashE18), fractionE18, ONE_E18);
        _moveCash(from, to, cashE18 < 0 ? -sizeE18.toInt256() : sizeE18.toInt256());

        uint8[] memory held = _assetsOf(from);
        for (uint256 i = 0; i < held.length; ++i) {
            _moveUnits(from, to, held[i], mulDivDown(_unitsE18(from, held[i]), fractionE18, ONE_E18));
        }
    }

    /// @inheritdoc IMarginVault
    function depositFromBackstop(
        AccountId account,
        uint256 amountNative
    ) external override onlyCore(_backstopAddress()) {
        // Nothing to pay must not stop a liquidation.
        if (amountNative == 0) return;
        _accrue();
        address token = settlementToken();
        uint256 creditE18 = Decimals.toE18(amountNative, settlementDecimals());
        _changeCash(account, creditE18.toInt256());
        emit Deposited(account, token, msg.sender, amountNative, creditE18);
        _pull(token, msg.sender, amountNative);
    }

    /// @inheritdoc IMarginVault
    function socialise(
        AccountId creditedAccount,
        uint256 lossE18
    ) external override onlyCore(_liquidatorAddress()) returns (uint256 socialisedE18) {
        _accrue();
        uint256 beforeE27;
        uint256 afterE27;
        // The cut comes first: what is credited for the loss does not bear the loss.
        (socialisedE18, beforeE27, afterE27) = _writeDown(lossE18);
        if (socialisedE18 == 0) return 0;
        emit LossSocialised(creditedAccount, socialisedE18, beforeE27, afterE27);
        _changeCash(creditedAccount, socialisedE18.toInt256());
    }

    /// @inheritdoc IMarginVault
    function markChecked(AccountId account) external override {
        _requireCore();
        _requireLocked();
        _writeChecked(account);
    }

    // --- restricted

    /// @inheritdoc IMarginVault
    function setRateCurve(RateCurve calldata curve) external override restricted whenUnlocked {
        _accrue();
        _writeCurve(curve);
    }

    /// @inheritdoc IMarginVault
    function pauseBorrowing() external override restricted {
        _writeBorrowingPaused(true);
    }

    /// @inheritdoc IMarginVault
    function unpauseBorrowing() external override restricted {
        _writeBorrowingPaused(false);
    }

    /// @inheritdoc IMarginVault
    function setGate(GateLevel level) external override restricted {
        _writeGate(level);
    }

    // --- inner

    function _deposit(AccountId account, address token, uint256 amountNative) private {
        if (amountNative == 0) revert MarginVault_ZeroAmount();
        _requireRecipient(account.owner());
        uint256 creditE18;
        if (token == settlementToken()) {
            _accrue();
            creditE18 = Decimals.toE18(amountNative, settlementDecimals());
            _takeCash(account, creditE18);
        } else {
            (uint8 assetId, uint8 decimals) = _assetOf(token);
            creditE18 = Decimals.toE18(amountNative, decimals);
            _raiseTotal(assetId, creditE18);
            _changeUnits(account, assetId, creditE18.toInt256());
        }
        emit Deposited(account, token, msg.sender, amountNative, creditE18);
        _pull(token, msg.sender, amountNative);
    }

    /// @dev The cap counts claims: what only repays a debt is never refused.
    function _takeCash(AccountId account, uint256 creditE18) private {
        int256 cashAfterE18 = _changeCash(account, creditE18.toInt256());
        if (cashAfterE18 <= 0) return;
        uint256 suppliedE18 = _suppliedE18();
        if (suppliedE18 > settlementCapE18()) {
            revert MarginVault_CapExceeded(settlementToken(), suppliedE18, settlementCapE18());
        }
    }

    /// @dev Debits cash on the owner's wish; below zero it is borrowed.
    function _payCash(AccountId account, uint256 debitE18) private {
        int256 cashAfterE18 = _changeCash(account, -debitE18.toInt256());
        if (cashAfterE18 < 0 && borrowingPaused()) revert MarginVault_BorrowingPaused(account, cashAfterE18);
    }

    function _moveCash(AccountId from, AccountId to, int256 amountE18) private {
        _changeCash(from, -amountE18);
        _changeCash(to, amountE18);
    }

    function _moveUnits(AccountId from, AccountId to, uint8 assetId, uint256 amountE18) private {
        _changeUnits(from, assetId, -amountE18.toInt256());
        _changeUnits(to, assetId, amountE18.toInt256());
    }

    /// @dev The one check of everything an owner can do to lower a margin. Nothing owed, nothing required.
    function _requireCovered(AccountId account) internal virtual {
        if (!_owesCash(account) && !_hasPositions(account)) return;
        if (halted()) revert MarginVault_Halted(account);
        _engine().requireInitial(account);
        _writeChecked(account);
    }

    function _requireModel(IRiskEngine engine, AccountId account, MarginModel model) private view {
        Assessment memory result = engine.assessAs(account, model);
        if (result.equityE18 < result.initialE18.toInt256()) {
            revert MarginVault_ModelNotSatisfied(account, model, result.equityE18, result.initialE18);
        }
    }

    /// @dev Before the core is named nobody can have traded.
    function _hasPositions(AccountId account) private view returns (bool) {
        address clearinghouse = _clearinghouseAddress();
        if (clearinghouse == address(0)) return false;
        return IClearinghouse(clearinghouse).hasPositions(account);
    }

    function _engine() private view returns (IRiskEngine engine) {
        engine = IRiskEngine(_riskEngineAddress());
        if (address(engine) == address(0)) revert MarginVault_InvalidCore();
    }

    function _requireListed(address token) private view {
        if (token != settlementToken()) _assetOf(token);
    }

    function _requireRecipient(address to) private view {
        if (to == address(0) || to == address(this)) revert MarginVault_InvalidRecipient(to);
    }
}
