// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IBackstop} from "../interfaces/IBackstop.sol";
import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {ILiquidator, ISliceReceiver} from "../interfaces/ILiquidator.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {ONE_E18, mulDivUp, mulDown} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book} from "../types/Book.sol";
import {RIGHT_LIQUIDATE} from "../types/Rights.sol";
import {GlobalParams, Report, Witness} from "../types/Risk.sol";
import {Zone, zoneOf} from "../types/Zone.sol";
import {AuctionClock} from "./AuctionClock.sol";
import {LiquidationParams} from "./LiquidationParams.sol";
import {LossShares} from "./LossShares.sol";
import {ShortBook, SliceMath} from "./SliceMath.sol";

/// @title Liquidator
/// @notice Sells slices of short books to keepers by Dutch auction.
/// @dev Holds no money: every amount moves inside the vault, under the lock all core contracts share.
contract Liquidator is ILiquidator, LiquidationParams {
    /// @dev An account in an auction, as one call sees it.
    struct Snapshot {
        Assessment margin;
        uint256 positions;
        uint256 reserveE18; // the part of the maintenance that stays while a single position stays, USD, 18 decimals
        uint16 settlementFeedId;
        uint256 nowOnClock; // Unix time on the auction's clock, seconds
        uint40 openAt; // Unix time from which it may be sold, seconds
    }

    /// @dev What rounding may leave uncovered of a loss: a billionth of a dollar.
    uint256 private constant ROUNDING_E18 = 1e9;

    /// @dev How clearly what is left must be healthy to need no evaluation: far above the errors of pricing a book twice, and what
    /// sizes lose to rounding, and far below a cent.
    uint256 private constant SURE_E18 = 1e12;

    IMarginVault internal immutable VAULT;
    IClearinghouse private immutable CLEARINGHOUSE;
    IBackstop private immutable BACKSTOP;

    mapping(AccountId account => Auction auction) private _auctions;
    uint256 private _insolventAuctions;
    Losses private _losses;

    /// @dev The core's lock around one function of this contract.
    modifier locked() {
        VAULT.lock();
        _;
        VAULT.unlock();
    }

    constructor(
        IMarginVault vault,
        IClearinghouse clearinghouse,
        IBackstop backstop,
        IPriceOracle oracle,
        address authority,
        Curve memory curve_,
        KeeperPay memory pay
    ) AccessManaged(authority) LiquidationParams(oracle, curve_, pay) {
        VAULT = vault;
        CLEARINGHOUSE = clearinghouse;
        BACKSTOP = backstop;
    }

    /// @inheritdoc ILiquidator
    function callMargin(AccountId account) external locked {
        Assessment memory now_ = _engine().assess(account);
        if (zoneOf(now_) != Zone.RESTRICTED) {
            revert Liquidator_NoMarginCall(account, now_.equityE18, now_.initialE18, now_.maintenanceE18);
        }
        uint256 shortfallE18 = uint256(int256(now_.initialE18) - now_.equityE18);
        Witness memory binding = _bindingOf(account);
        emit MarginCall(account, now_.equityE18, now_.initialE18, now_.maintenanceE18, shortfallE18, binding);
    }

    /// @inheritdoc ILiquidator
    function start(AccountId account, Witness calldata witness, AccountId keeper) external locked {
        _authorise(account, keeper);
        uint40 startedAt = _auctions[account].startedAt;
        if (startedAt != 0) revert Liquidator_AlreadyStarted(account, startedAt);
        CLEARINGHOUSE.settleAccountLocked(account);
        (bool short, int256 equityE18, uint256 boundE18) = _engine().breaches(account, witness);
        if (!short) revert Liquidator_NotShort(account, equityE18, boundE18);

        _auctions[account].startedAt = uint40(block.timestamp);
        _syncInsolvency(account, equityE18, _openClock(account, _heldBy(account), boundE18));
        uint256 payE18 = _payForStart(account, keeper, equityE18, boundE18);
        emit AuctionStarted(account, keeper, equityE18, boundE18, payE18);
    }

    /// @inheritdoc ILiquidator
    function take(
        AccountId account,
        AccountId keeper,
        uint256 maxFractionE18,
        int256 maxPriceE18,
        bytes calldata callbackData
    ) external returns (SliceTerms memory terms) {
        VAULT.lock();
        _authorise(account, keeper);
        terms = _take(account, keeper, maxFractionE18, maxPriceE18);
        if (callbackData.length > 0) {
            VAULT.unlock();
            ISliceReceiver(msg.sender).onSlice(account, keeper, terms, callbackData);
            VAULT.lock();
        }
        _engine().requireInitial(keeper);
        VAULT.unlock();
    }

    /// @inheritdoc ILiquidator
    function cancel(AccountId account) external locked {
        _requireAuction(account);
        CLEARINGHOUSE.settleAccountLocked(account);
        Assessment memory now_ = _engine().assess(account);
        uint256 targetE18 = _target(now_.maintenanceE18);
        if (now_.equityE18 < int256(targetE18)) revert Liquidator_StillShort(account, now_.equityE18, targetE18);
        _end(account, now_.equityE18, now_.maintenanceE18);
    }

    /// @inheritdoc ILiquidator
    function restart(AccountId account) external locked {
        _requireAuction(account);
        CLEARINGHOUSE.settleAccountLocked(account);
        Assessment memory now_ = _engine().assess(account);
        if (now_.equityE18 < int256(now_.maintenanceE18)) {
            revert Liquidator_StillBelowMaintenance(account, now_.equityE18, now_.maintenanceE18);
        }
        _auctions[account].startedAt = uint40(block.timestamp);
        _syncInsolvency(account, now_.equityE18, block.timestamp);
        emit AuctionRestarted(account, now_.equityE18, now_.maintenanceE18);
    }

    /// @inheritdoc ILiquidator
    function recordInsolvency(AccountId account) external locked {
        uint40 insolventAt = _requireAuction(account).insolventAt;
        CLEARINGHOUSE.settleAccountLocked(account);
        Assessment memory now_ = _engine().assess(account);
        if (now_.equityE18 >= 0 || insolventAt != 0) {
            revert Liquidator_NotInsolvent(account, now_.equityE18, insolventAt);
        }
        // In the grace too: what is known to be lost keeps the backstop's depositors in.
        (uint256 nowOnClock, ) = _clock(account, _heldBy(account), now_.maintenanceE18);
        _syncInsolvency(account, now_.equityE18, nowOnClock);
    }

    /// @inheritdoc ILiquidator
    function previewTake(AccountId account, uint256 maxFractionE18) external view returns (SliceTerms memory terms) {
        _requireAuction(account);
        (terms, ) = _terms(account, maxFractionE18, _snapshot(account));
    }

    /// @inheritdoc ILiquidator
    function auction(AccountId account) external view returns (Auction memory) {
        return _auctions[account];
    }

    /// @inheritdoc ILiquidator
    function clockOf(AccountId account) external view returns (uint256 nowOnClock, uint40 openAt) {
        _requireAuction(account);
        Snapshot memory seen = _snapshot(account);
        return (seen.nowOnClock, seen.openAt);
    }

    /// @inheritdoc ILiquidator
    function losses() external view returns (Losses memory) {
        return _losses;
    }

    /// @inheritdoc ILiquidator
    function insolventAuctions() external view returns (uint256) {
        return _insolventAuctions;
    }

    /// @dev Everything of a slice but the keeper's own check.
    function _take(
        AccountId account,
        AccountId keeper,
        uint256 maxFractionE18,
        int256 maxPriceE18
    ) private returns (SliceTerms memory terms) {
        _requireAuction(account);
        CLEARINGHOUSE.settleAccountLocked(account);
        Snapshot memory seen = _snapshot(account);
        _requireOpen(account, seen.openAt);
        bool finishes;
        (terms, finishes) = _terms(account, maxFractionE18, seen);
        if (terms.priceE18 > maxPriceE18) revert Liquidator_PriceAboveLimit(terms.priceE18, maxPriceE18);
        _syncInsolvency(account, terms.equityE18, seen.nowOnClock);
        if (terms.fractionE18 > 0) _sell(account, keeper, terms);
        _conclude(account, terms, finishes, seen);
        // From here the keeper's account counts as checked, so that nobody can start on it inside the callback, where it
        // may be short for a moment; the check itself follows, or nothing of this happened.
        VAULT.markChecked(keeper);
    }

    /// @dev Moves the slice one way and its price the other.
    function _sell(AccountId account, AccountId keeper, SliceTerms memory terms) private {
        bool asksBackstop = terms.priceE18 < 0 && (terms.equityE18 < 0 || terms.fractionE18 == ONE_E18);
        // Whose loss it is shows in the book as it was.
        IBackstop.LossShare[] memory shares;
        if (asksBackstop) {
            shares = LossShares.split(_engine().models(), _bookOf(account), uint256(-terms.priceE18));
        }
        CLEARINGHOUSE.moveFraction(account, keeper, terms.fractionE18);
        VAULT.moveFraction(account, keeper, terms.fractionE18);
        uint256 backstopPaidE18;
        uint256 socialisedE18;
        if (terms.priceE18 > 0) {
            VAULT.moveCash(keeper, account, uint256(terms.priceE18));
        } else if (terms.priceE18 < 0) {
            uint256 dueE18 = uint256(-terms.priceE18);
            if (asksBackstop) (backstopPaidE18, socialisedE18) = _cover(account, keeper, dueE18, shares);
            else VAULT.moveCash(account, keeper, dueE18);
        }
        emit SliceTaken(
            account,
            keeper,
            terms.fractionE18,
            terms.equityE18,
            terms.maintenanceE18,
            terms.priceE18,
            backstopPaidE18,
            socialisedE18
        );
    }

    /// @dev Pays a loss: within its budgets the backstop's coins and its cash in the vault, then everybody's cash.
    function _cover(
        AccountId account,
        AccountId keeper,
        uint256 dueE18,
        IBackstop.LossShare[] memory shares
    ) internal virtual returns (uint256 backstopPaidE18, uint256 socialisedE18) {
        backstopPaidE18 = _payFromBackstop(keeper, shares);
        if (backstopPaidE18 >= dueE18) return (backstopPaidE18, 0);
        socialisedE18 = VAULT.socialise(keeper, dueE18 - backstopPaidE18);
        _losses.writtenDownE18 += uint128(socialisedE18); // at most all claims, which have 128 bits
        uint256 coveredE18 = backstopPaidE18 + socialisedE18;
        if (coveredE18 + ROUNDING_E18 < dueE18) revert Liquidator_LossNotCovered(account, dueE18 - coveredE18);
    }

    /// @dev Pays as far as the backstop may and can, first from its coins, then from what the vault owes it.
    function _payFromBackstop(
        AccountId keeper,
        IBackstop.LossShare[] memory shares
    ) internal returns (uint256 paidE18) {
        uint256 dueE18 = BACKSTOP.spendBudget(shares);
        if (dueE18 == 0) return 0;
        paidE18 = BACKSTOP.cover(keeper, dueE18);
        if (paidE18 < dueE18) paidE18 += _payFromProtocol(keeper, dueE18 - paidE18);
        _losses.backstopE18 += uint128(paidE18); // amounts of cash, which have 128 bits
    }

    /// @dev Pays from what the vault owes the backstop.
    function _payFromProtocol(AccountId keeper, uint256 dueE18) private returns (uint256 paidE18) {
        AccountId protocol = VAULT.protocolAccount();
        int256 cashE18 = VAULT.cashOf(protocol);
        if (cashE18 <= 0) return 0;
        paidE18 = uint256(cashE18) < dueE18 ? uint256(cashE18) : dueE18;
        VAULT.moveCash(protocol, keeper, paidE18);
    }

    /// @dev Ends the auction or keeps it, after holding the slice to its promise: the account is better off than before.
    function _conclude(AccountId account, SliceTerms memory terms, bool finishes, Snapshot memory seen) private {
        if (terms.fractionE18 == ONE_E18) {
            _end(account, terms.priceE18 > 0 ? terms.priceE18 : int256(0), 0);
            return;
        }
        if (finishes && _endsHealthy(account, terms, seen)) return;
        Assessment memory then_ = _engine().assess(account);
        if (terms.fractionE18 > 0 && !_improved(terms, then_)) {
            revert Liquidator_NoImprovement(
                account,
                terms.equityE18,
                terms.maintenanceE18,
                then_.equityE18,
                then_.maintenanceE18
            );
        }
        // Whoever finishes, finishes: what rounding or a coin below par left of the way to the target is no reason to
        // charge the account the fixed pay once more.
        uint256 endE18 = finishes ? then_.maintenanceE18 : _target(then_.maintenanceE18);
        if (then_.equityE18 >= int256(endE18)) _end(account, then_.equityE18, then_.maintenanceE18);
    }

    /// @dev Ends the auction of an account that was short and, by the terms of the sale alone, cannot be short any more: a part of
    /// a book asks for no more than its part (RSK-16), so equity is at least what it was less the slice and more what was
    /// paid for it, maintenance at most the rest. To price the book once more could only show it healthier.
    function _endsHealthy(AccountId account, SliceTerms memory terms, Snapshot memory seen) private returns (bool) {
        if (terms.fractionE18 == 0 || terms.equityE18 >= int256(terms.maintenanceE18)) return false;
        int256 equityE18 = terms.equityE18 - int256(terms.discountE18);
        if (terms.priceE18 > 0) equityE18 -= int256(_belowPar(uint256(terms.priceE18), seen.settlementFeedId));
        uint256 maintenanceE18 = SliceMath.restE18(terms.maintenanceE18, seen.reserveE18, terms.fractionE18);
        if (equityE18 < int256(maintenanceE18 + SURE_E18)) return false;
        _end(account, equityE18, maintenanceE18);
        return true;
    }

    /// @dev What cash counts for less than its amount, at the price that the engine counts it at: all of it while the coin has none,
    /// which an account in debt does not need. USD, 18 decimals.
    /// @custom:rounding ceil
    function _belowPar(uint256 cashE18, uint16 settlementFeedId) private view returns (uint256) {
        (IPriceOracle oracle, ) = _engine().parameters().oracles();
        try oracle.price(settlementFeedId) returns (uint256 priceE18) {
            return priceE18 < ONE_E18 ? cashE18 - mulDown(cashE18, priceE18) : 0;
        } catch {
            return cashE18;
        }
    }

    /// @dev Start pay comes from the account's equity, what is missing from the backstop if it can.
    function _payForStart(
        AccountId account,
        AccountId keeper,
        int256 equityE18,
        uint256 boundE18
    ) internal virtual returns (uint256 payE18) {
        uint256 dueE18 = SliceMath.affordableE18(_startPayE18(), equityE18, boundE18);
        uint256 ownE18 = equityE18 > 0 ? uint256(equityE18) : 0;
        payE18 = ownE18 < dueE18 ? ownE18 : dueE18;
        if (payE18 > 0) VAULT.moveCash(account, keeper, payE18);
        if (payE18 == dueE18) return payE18;
        payE18 += _payFromBackstop(keeper, LossShares.whole(LossShares.NONE, dueE18 - payE18));
    }

    function _end(AccountId account, int256 equityE18, uint256 maintenanceE18) private {
        if (_auctions[account].insolventAt != 0) --_insolventAuctions;
        delete _auctions[account];
        emit AuctionEnded(account, equityE18, maintenanceE18);
    }

    /// @dev Keeps the record of insolvency in step with the equity just seen.
    function _syncInsolvency(AccountId account, int256 equityE18, uint256 nowOnClock) private {
        Auction storage running = _auctions[account];
        bool isRecorded = running.insolventAt != 0;
        if ((equityE18 < 0) == isRecorded) return;
        running.insolventAt = isRecorded ? 0 : uint40(nowOnClock);
        _insolventAuctions = isRecorded ? _insolventAuctions - 1 : _insolventAuctions + 1;
        emit InsolvencyRecorded(account, equityE18, running.insolventAt);
    }

    /// @dev Who may act for the keeper's account, and on which account.
    function _authorise(AccountId account, AccountId keeper) internal view virtual {
        if (!VAULT.isAuthorised(keeper, msg.sender, RIGHT_LIQUIDATE)) {
            revert Liquidator_NotAuthorised(keeper, msg.sender);
        }
        if (account.owner() == keeper.owner()) revert Liquidator_SelfLiquidation(account, keeper);
        if (VAULT.lastCheckedBlock(account) == block.number) {
            revert Liquidator_CheckedThisBlock(account, block.number);
        }
    }

    /// @dev Figures and clock of an account with a running auction.
    function _snapshot(AccountId account) private view returns (Snapshot memory seen) {
        AuctionClock.Held memory held = _heldBy(account);
        seen.margin = _engine().assess(account);
        seen.positions = held.words.length;
        GlobalParams memory params = _engine().parameters().globalParams();
        seen.settlementFeedId = params.settlementFeedId;
        seen.reserveE18 = SliceMath.reserveE18(params, seen.positions, seen.margin.maintenanceE18);
        (seen.nowOnClock, seen.openAt) = _clock(account, held, seen.margin.maintenanceE18);
    }

    /// @dev Time on the auction's clock, unless a price of the account has only just come back.
    function _openClock(
        AccountId account,
        AuctionClock.Held memory held,
        uint256 maintenanceE18
    ) private view returns (uint256 nowOnClock) {
        uint40 openAt;
        (nowOnClock, openAt) = _clock(account, held, maintenanceE18);
        _requireOpen(account, openAt);
    }

    function _requireOpen(AccountId account, uint40 openAt) private view {
        if (openAt > block.timestamp) revert Liquidator_InGrace(account, openAt);
    }

    function _clock(
        AccountId account,
        AuctionClock.Held memory held,
        uint256 maintenanceE18
    ) private view returns (uint256 nowOnClock, uint40 openAt) {
        uint40 since = _auctions[account].startedAt;
        return AuctionClock.read(ORACLE, _engine().parameters(), held, maintenanceE18, since);
    }

    function _heldBy(AccountId account) private view returns (AuctionClock.Held memory held) {
        (held.cashE18, held.collateral, ) = VAULT.holdingsOf(account);
        held.words = CLEARINGHOUSE.positionWords(account);
    }

    function _terms(
        AccountId account,
        uint256 maxFractionE18,
        Snapshot memory seen
    ) internal view virtual returns (SliceTerms memory terms, bool finishes) {
        if (maxFractionE18 == 0 || maxFractionE18 > ONE_E18) revert Liquidator_InvalidFraction(maxFractionE18);
        ShortBook memory book = _shortBook(account, seen);
        Curve memory shape = _curve();
        uint256 limitE18 = SliceMath.limitE18(book, shape.targetHealthE18, shape.dustE18);
        finishes = maxFractionE18 >= limitE18;
        terms.fractionE18 = finishes ? limitE18 : maxFractionE18;
        terms.equityE18 = book.equityE18;
        terms.maintenanceE18 = book.maintenanceE18;
        if (limitE18 == 0) return (terms, finishes);
        uint256 restE18 = SliceMath.restE18(book.maintenanceE18, book.reserveE18, terms.fractionE18);
        if (!finishes && restE18 < shape.dustE18) revert Liquidator_DustLeft(account, restE18, shape.dustE18);
        (terms.priceE18, terms.discountE18) = SliceMath.priceE18(book, terms.fractionE18, finishes);
    }

    function _shortBook(AccountId account, Snapshot memory seen) private view returns (ShortBook memory book) {
        (int256 equityE18, uint256 maintenanceE18) = (seen.margin.equityE18, seen.margin.maintenanceE18);
        book.equityE18 = equityE18;
        book.maintenanceE18 = maintenanceE18;
        book.reserveE18 = seen.reserveE18;
        book.payE18 = SliceMath.affordableE18(_takePayE18(seen.positions), equityE18, maintenanceE18);
        book.discountE18 = SliceMath.discountE18(
            _curve(),
            _auctions[account],
            equityE18,
            maintenanceE18,
            seen.nowOnClock
        );
    }

    /// @dev Scenarios that make up an account's requirement.
    function _bindingOf(AccountId account) private view returns (Witness memory binding) {
        Report memory report = _engine().models().report(_bookOf(account));
        binding.joint = report.groupBinding;
        binding.own = new uint8[](report.underlyings.length);
        for (uint256 i = 0; i < binding.own.length; ++i) binding.own[i] = report.underlyings[i].binding;
    }

    function _bookOf(AccountId account) private view returns (Book memory book) {
        (book.cashE18, book.collateral, book.model) = VAULT.holdingsOf(account);
        (book.positions, book.quotes) = CLEARINGHOUSE.positionsOf(account);
    }

    function _requireAuction(AccountId account) private view returns (Auction memory running) {
        running = _auctions[account];
        if (running.startedAt == 0) revert Liquidator_NoAuction(account);
    }

    /// @dev Equity at the target health, rounded up.
    function _target(uint256 maintenanceE18) private view returns (uint256) {
        return mulDivUp(maintenanceE18, _curve().targetHealthE18, ONE_E18);
    }

    /// @dev The engine may be replaced, so the vault is asked each time.
    function _engine() private view returns (IRiskEngine) {
        (address engine, , , ) = VAULT.core();
        return IRiskEngine(engine);
    }

    /// @dev Strictly higher health; below zero, where health says little, a smaller deficit.
    function _improved(SliceTerms memory before, Assessment memory then_) private pure returns (bool) {
        if (before.equityE18 < 0) return then_.equityE18 > before.equityE18;
        if (then_.equityE18 < 0) return false;
        // Health is a quotient; comparing cross products needs no division. Figures are far below 2^127.
        return
            uint256(then_.equityE18) * before.maintenanceE18 > uint256(before.equityE18) * then_.maintenanceE18 ||
            then_.maintenanceE18 == 0;
    }
}
