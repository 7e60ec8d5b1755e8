// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {CashMath} from "../core/vault/CashMath.sol";
import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IFillPreview} from "../interfaces/IFillPreview.sol";
import {ILiquidator} from "../interfaces/ILiquidator.sol";
import {IMarginLens} from "../interfaces/IMarginLens.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {Decimals} from "../libraries/math/Decimals.sol";
import {mulDown} from "../libraries/math/FixedPoint.sol";
import {Search} from "../libraries/math/Search.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book} from "../types/Book.sol";
import {UnderlyingGreeks} from "../types/Greeks.sol";
import {Report, UnderlyingReport, Witness} from "../types/Risk.sol";

/// @title Read-only aggregates for people, bots and integrators
contract MarginLens is IMarginLens {
    using SafeCast for uint256;
    using Search for Search.Bracket;

    /// @dev What a search for the greatest withdrawal asks again and again.
    struct Withdrawal {
        IRiskEngine engine;
        Book book;
        bool settlement; // the settlement coin, otherwise the asset at `place` of the book's collateral
        uint256 place;
        uint8 decimals;
        int256 cashE18;
        uint256 supplyIndexE27;
        uint256 borrowIndexE27;
        bool borrowingPaused;
    }

    uint256 private constant PERCENT_E18 = 0.01e18;
    /// @dev Prices are found to this fraction of spot: 2^-30, about one in a thousand million.
    uint8 private constant PRICE_SHIFT = 30;
    uint256 private constant SCAN_POINTS = 16;
    /// @dev Points of the two scans in per cent of spot, one byte or two each, nearest first.
    bytes private constant BELOW = hex"625f5c5854504b463c32281e140a0501";
    bytes private constant ABOVE = hex"00660069006c007000740078007d0082008c009600af00c8012c01f402bc03e8";

    IMarginVault private immutable VAULT;
    IRiskEngine private immutable PREVIEW_ENGINE;

    /// @param vault Vault of the deployment.
    /// @param previewEngine_ A risk engine like the deployment's own whose clearinghouse is a fill preview.
    constructor(IMarginVault vault, IRiskEngine previewEngine_) {
        VAULT = vault;
        PREVIEW_ENGINE = previewEngine_;
    }

    modifier whenUnlocked() {
        if (VAULT.isLocked()) revert MarginLens_CoreLocked();
        _;
    }

    // --- accounts

    /// @inheritdoc IMarginLens
    function account(AccountId id) external view whenUnlocked returns (AccountView memory) {
        return _account(id);
    }

    /// @inheritdoc IMarginLens
    function accounts(AccountId[] calldata ids) external view whenUnlocked returns (AccountView[] memory views) {
        views = new AccountView[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            views[i] = _account(ids[i]);
        }
    }

    /// @inheritdoc IMarginLens
    function bookOf(AccountId id) external view whenUnlocked returns (Book memory) {
        return _bookOf(_engine(), id);
    }

    /// @inheritdoc IMarginLens
    function scenarioTable(AccountId id) external view whenUnlocked returns (Report memory) {
        IRiskEngine engine = _engine();
        return engine.report(_bookOf(engine, id));
    }

    /// @inheritdoc IMarginLens
    function greeks(AccountId id) external view whenUnlocked returns (UnderlyingGreeks[] memory) {
        IRiskEngine engine = _engine();
        bytes memory question = abi.encodeCall(engine.greeks, (_bookOf(engine, id)));
        bytes memory answer = Address.functionStaticCall(address(engine), question);
        assembly ("memory-safe") {
            // As it came: nothing here needs to be taken apart.
            return(add(answer, 32), mload(answer))
        }
    }

    /// @inheritdoc IMarginLens
    function scenarioDistances(AccountId id) external view whenUnlocked returns (Distances memory result) {
        IRiskEngine engine = _engine();
        result.report = engine.report(_bookOf(engine, id));
        Report memory report = result.report;
        result.leftE18 = report.equityE18 - report.maintenanceE18.toInt256();
        uint256 count = 0;
        for (uint256 i = 0; i < report.underlyings.length; ++i) {
            count = Math.max(count, report.underlyings[i].lossE18.length);
        }
        result.leftAloneE18 = new int256[](count);
        for (uint256 s = 0; s < count; ++s) {
            (, int256 equityE18, uint256 boundE18) = engine.breaches(id, _alone(report, uint8(s)));
            result.leftAloneE18[s] = equityE18 - boundE18.toInt256();
            if (result.leftAloneE18[s] < result.leftAloneE18[result.binding]) result.binding = uint8(s);
        }
    }

    // --- what if

    /// @inheritdoc IMarginLens
    function previewFill(
        IClearinghouse.Fill[] calldata items,
        AccountId id
    ) external whenUnlocked returns (Preview memory result) {
        IRiskEngine engine = _engine();
        if (address(engine.parameters()) != address(PREVIEW_ENGINE.parameters())) {
            revert MarginLens_PreviewOutdated(address(engine), address(PREVIEW_ENGINE));
        }
        result.before = engine.assess(id);
        IFillPreview fills = IFillPreview(address(PREVIEW_ENGINE.clearinghouse()));
        (result.after_, result.feeE18) = fills.preview(PREVIEW_ENGINE, items, id);
    }

    /// @inheritdoc IMarginLens
    function maxWithdraw(AccountId id, address token) external view whenUnlocked returns (uint256 amountNative) {
        (Withdrawal memory ask, uint256 most) = _withdrawal(id, token);
        if (most == 0) return 0;
        Search.Bracket memory bracket;
        (bracket.bad, bracket.atBad) = (most, _excessAfter(ask, most));
        if (bracket.atBad >= 0) return most;
        bracket.atGood = _excessAfter(ask, 0);
        if (bracket.atGood < 0) return 0;
        bool good = true;
        for (uint256 step = 0; bracket.width() > 1; ++step) {
            uint256 point = bracket.next(step, good);
            good = bracket.narrow(point, _excessAfter(ask, point));
        }
        return bracket.good;
    }

    /// @inheritdoc IMarginLens
    function liquidationPrices(
        AccountId id,
        uint16 underlying
    ) external view whenUnlocked returns (uint256 lowerE18, uint256 upperE18) {
        IRiskEngine engine = _engine();
        Book memory book = _bookOf(engine, id);
        (IPriceOracle prices, ) = engine.parameters().oracles();
        uint256 spotE18 = prices.price(underlying);
        int256 atSpot = _excessAt(engine, book, underlying, spotE18);
        lowerE18 = _crossing(engine, book, underlying, spotE18, atSpot, false);
        upperE18 = _crossing(engine, book, underlying, spotE18, atSpot, true);
    }

    /// @inheritdoc IMarginLens
    function previewEngine() external view returns (IRiskEngine) {
        return PREVIEW_ENGINE;
    }

    // --- scenarios

    /// @dev Witness that names one scenario for everything; what has no scenario of that number keeps its binding one.
    function _alone(Report memory report, uint8 scenario) private pure returns (Witness memory witness) {
        uint256 count = report.underlyings.length;
        (witness.own, witness.joint) = (new uint8[](count), new uint8[](report.groups.length));
        for (uint256 i = 0; i < count; ++i) {
            UnderlyingReport memory part = report.underlyings[i];
            bool known = scenario < part.lossE18.length;
            witness.own[i] = known ? scenario : part.binding;
            for (uint256 g = 0; g < report.groups.length; ++g) {
                // The grids of a group have one length.
                if (report.groups[g] == part.group) witness.joint[g] = known ? scenario : report.groupBinding[g];
            }
        }
    }

    // --- withdrawals

    /// @return ask What to ask.
    /// @return most What the account, or for the settlement coin anybody, could take at most, token units.
    function _withdrawal(AccountId id, address token) private view returns (Withdrawal memory ask, uint256 most) {
        ask.engine = _engine();
        ask.book = _bookOf(ask.engine, id);
        most = IERC20(token).balanceOf(address(VAULT));
        if (token == VAULT.settlementToken()) {
            IMarginVault.CashTotals memory totals = VAULT.cashTotals();
            ask.settlement = true;
            ask.decimals = VAULT.settlementDecimals();
            ask.cashE18 = ask.book.cashE18;
            (ask.supplyIndexE27, ask.borrowIndexE27) = (totals.supplyIndexE27, totals.borrowIndexE27);
            ask.borrowingPaused = VAULT.borrowingPaused();
            return (ask, most);
        }
        (bool listed, uint8 assetId) = VAULT.assetIdOf(token);
        if (!listed) return (ask, 0);
        ask.decimals = VAULT.asset(assetId).decimals;
        uint256 length = ask.book.collateral.length;
        while (ask.place < length && ask.book.collateral[ask.place].assetId != assetId) ++ask.place;
        if (ask.place == length) return (ask, 0);
        uint256 heldE18 = ask.book.collateral[ask.place].unitsE18;
        most = Math.min(most, Decimals.toNativeDown(heldE18, ask.decimals));
    }

    /// @dev Excess over the initial requirement after a withdrawal; the greatest number where the vault asks for none, the
    /// least where it refuses. Leaves the book as it found it.
    function _excessAfter(Withdrawal memory ask, uint256 amountNative) private view returns (int256 excessE18) {
        uint256 debitE18 = Decimals.toE18(amountNative, ask.decimals);
        if (ask.settlement) {
            int256 cashE18 = ask.cashE18 - debitE18.toInt256();
            if (cashE18 < 0 && ask.borrowingPaused && amountNative != 0) return type(int256).min;
            int256 principal = CashMath.principalOf(cashE18, ask.supplyIndexE27, ask.borrowIndexE27);
            ask.book.cashE18 =
                amountNative == 0 ? cashE18 : CashMath.balanceOf(principal, ask.supplyIndexE27, ask.borrowIndexE27);
        } else {
            ask.book.collateral[ask.place].unitsE18 -= debitE18;
        }
        bool idle = ask.book.cashE18 >= 0 && ask.book.positions.length == 0 && ask.book.quotes.length == 0;
        excessE18 = idle ? type(int256).max : _excess(ask.engine.assessBook(ask.book));
        if (!ask.settlement) ask.book.collateral[ask.place].unitsE18 += debitE18;
    }

    // --- prices

    /// @dev Scans away from spot for the first point on the other side of maintenance, then closes in on the crossing.
    function _crossing(
        IRiskEngine engine,
        Book memory book,
        uint16 underlying,
        uint256 spotE18,
        int256 atSpot,
        bool up
    ) private view returns (uint256) {
        (uint256 nearE18, int256 atNear) = (spotE18, atSpot);
        for (uint256 i = 0; i < SCAN_POINTS; ++i) {
            uint256 pointE18 = mulDown(spotE18, _scanFactor(i, up));
            int256 atPoint = _excessAt(engine, book, underlying, pointE18);
            if (atPoint >= 0 != atSpot >= 0) {
                Search.Bracket memory bracket =
                    atPoint < 0
                        ? Search.Bracket({good: nearE18, atGood: atNear, bad: pointE18, atBad: atPoint})
                        : Search.Bracket({good: pointE18, atGood: atPoint, bad: nearE18, atBad: atNear});
                _closeIn(engine, book, underlying, bracket, spotE18 >> PRICE_SHIFT);
                return atSpot >= 0 ? bracket.bad : bracket.good;
            }
            (nearE18, atNear) = (pointE18, atPoint);
        }
        return 0;
    }

    function _closeIn(
        IRiskEngine engine,
        Book memory book,
        uint16 underlying,
        Search.Bracket memory bracket,
        uint256 tolerance
    ) private view {
        bool good = bracket.atGood >= 0;
        for (uint256 step = 0; bracket.width() > tolerance + 1; ++step) {
            uint256 point = bracket.next(step, good);
            good = bracket.narrow(point, _excessAt(engine, book, underlying, point));
        }
    }

    /// @dev Excess over maintenance with the spot price of one underlying replaced.
    function _excessAt(
        IRiskEngine engine,
        Book memory book,
        uint16 underlying,
        uint256 spotE18
    ) private view returns (int256) {
        Assessment memory assessment = engine.assessBookAt(book, underlying, spotE18);
        return assessment.equityE18 - assessment.maintenanceE18.toInt256();
    }

    function _scanFactor(uint256 i, bool up) private pure returns (uint256 factorE18) {
        uint256 percent = up ? (uint256(uint8(ABOVE[2 * i])) << 8) | uint8(ABOVE[2 * i + 1]) : uint8(BELOW[i]);
        return percent * PERCENT_E18;
    }

    // --- small parts

    function _account(AccountId id) private view returns (AccountView memory result) {
        (address riskEngine, , address liquidator, ) = VAULT.core();
        result.book = _bookOf(IRiskEngine(riskEngine), id);
        result.assessment = IRiskEngine(riskEngine).assessBook(result.book);
        result.auction = ILiquidator(liquidator).auction(id);
        result.lastCheckedBlock = VAULT.lastCheckedBlock(id);
    }

    function _engine() private view returns (IRiskEngine) {
        (address riskEngine, , , ) = VAULT.core();
        return IRiskEngine(riskEngine);
    }

    function _bookOf(IRiskEngine engine, AccountId id) private view returns (Book memory book) {
        (book.cashE18, book.collateral, book.model) = VAULT.holdingsOf(id);
        (book.positions, book.quotes) = engine.clearinghouse().positionsOf(id);
    }

    function _excess(Assessment memory assessment) private pure returns (int256) {
        return assessment.equityE18 - assessment.initialE18.toInt256();
    }
}
