// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {SlotDerivation} from "@openzeppelin/contracts/utils/SlotDerivation.sol";
import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IFillPreview} from "../interfaces/IFillPreview.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {mulDivCeil, mulDivFloor, mulDivUp, mulUp} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book, Position, QuoteFigure} from "../types/Book.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {Actor, FillBook} from "./FillBook.sol";
import {FillMarket, FillState} from "./FillMarket.sol";

/// @title What a fill would do
contract FillPreview is IFillPreview {
    using FillBook for Actor;
    using FillMarket for FillState;
    using SafeCast for int256;
    using SafeCast for uint256;
    using SlotDerivation for bytes32;
    using TransientSlot for *;

    /// @dev Everything one call works on.
    struct Run {
        IClearinghouse.Fees fees;
        IClearinghouse.FundingParams funding;
        IPriceOracle oracle;
        AccountId protocol;
        Actor[] actors;
        uint256 actorCount;
        FillState[] markets; // of all underlyings with parameters
    }

    /// @dev The running sums of one quote.
    struct Sums {
        int256 premiumE18; // maker pays the taker
        uint256 feeE18; // taker pays the protocol
    }

    bytes32 private constant MARK_SLOT = keccak256("ballast.FillPreview.mark");
    bytes32 private constant INTEREST_SLOT = keccak256("ballast.FillPreview.openInterest");
    uint256 private constant ONE = 1e18;
    uint256 private constant ONE_SQUARED = 1e36;

    IMarginVault private immutable VAULT;
    IClearinghouse private immutable CLEARINGHOUSE;

    constructor(IMarginVault vault, IClearinghouse clearinghouse) {
        VAULT = vault;
        CLEARINGHOUSE = clearinghouse;
    }

    /// @inheritdoc IFillPreview
    function preview(
        IRiskEngine engine,
        IClearinghouse.Fill[] calldata items,
        AccountId account
    ) external returns (Assessment memory assessment, uint256 feeE18) {
        Run memory run = _open(engine, items.length);
        _enlist(engine, run, items);
        _fillAll(run, items);
        Actor memory actor = _find(run, account);
        _assume(run, true);
        assessment = engine.assessBook(_bookOf(actor));
        _assume(run, false);
        feeE18 = actor.feeE18;
    }

    /// @inheritdoc IFillPreview
    function trial(
        IRiskEngine engine,
        IClearinghouse.Fill[] calldata items,
        AccountId account
    ) external returns (Trial memory result) {
        Run memory run = _open(engine, items.length);
        _enlist(engine, run, items);
        Actor memory actor = _find(run, account);
        // A copy through and through: the fills change positions in place.
        Book memory untouched = abi.decode(abi.encode(_bookOf(actor)), (Book));
        _fillAll(run, items);
        _assume(run, true);
        result.before = engine.assessBook(untouched);
        result.after_ = engine.assessBook(_bookOf(actor));
        _assume(run, false);
        result.feeE18 = actor.feeE18;
    }

    /// @inheritdoc IFillPreview
    function room(
        IRiskEngine engine,
        AccountId buyer,
        AccountId seller,
        InstrumentId instrument
    ) external view returns (uint256 mostE18) {
        if (instrument.isDated() && instrument.expiry() <= block.timestamp) return 0;
        Run memory run = _open(engine, 1);
        (Actor memory long, Actor memory short) = (_actor(run, buyer), _actor(run, seller));
        (int256 boughtE18, int256 soldE18) = (long.sizeOf(instrument), short.sizeOf(instrument));
        // What only closes: of the buyer's short size, and of the seller's long one, which leaves open interest.
        uint256 coveredE18 = uint256(-SignedMath.min(boughtE18, 0));
        uint256 releasedE18 = uint256(SignedMath.max(soldE18, 0));
        if (!CLEARINGHOUSE.isTradable(instrument) || CLEARINGHOUSE.openingPaused()) {
            return Math.min(coveredE18, releasedE18);
        }
        if (!long.mayHold(instrument) || !short.mayHold(instrument)) return 0;
        uint256 heldE18 = Math.max(SignedMath.abs(boughtE18), SignedMath.abs(soldE18));
        uint256 addedE18 = _freeInterest(_market(run, instrument.underlying()));
        return Math.min(uint256(uint128(type(int128).max)) - heldE18, addedE18 + coveredE18 + releasedE18);
    }

    // --- the clearinghouse, as the engine sees it

    /// @inheritdoc IFillPreview
    function perpMark(
        uint16 underlying,
        uint256 indexE18
    ) external view returns (uint256 markE18, int256 cumulativeFundingE18) {
        (markE18, cumulativeFundingE18) = CLEARINGHOUSE.perpMark(underlying, indexE18);
        uint256 assumed = _slot(MARK_SLOT, underlying).tload();
        if (assumed != 0) markE18 = assumed;
    }

    /// @inheritdoc IFillPreview
    function openInterestE18(uint16 underlying) external view returns (uint256) {
        uint256 assumed = _slot(INTEREST_SLOT, underlying).tload();
        return assumed == 0 ? CLEARINGHOUSE.openInterestE18(underlying) : assumed - 1;
    }

    /// @inheritdoc IFillPreview
    function settlementPriceE18(uint16 underlying, uint40 expiry) external view returns (uint256) {
        return CLEARINGHOUSE.settlementPriceE18(underlying, expiry);
    }

    /// @inheritdoc IFillPreview
    function positionsOf(
        AccountId account
    ) external view returns (Position[] memory positions, QuoteFigure[] memory quotes) {
        return CLEARINGHOUSE.positionsOf(account);
    }

    /// @inheritdoc IFillPreview
    function positionWords(AccountId account) external view returns (uint256[] memory words) {
        return CLEARINGHOUSE.positionWords(account);
    }

    /// @inheritdoc IFillPreview
    function quoteOf(AccountId account, uint16 underlying) external view returns (int256 quoteE18) {
        return CLEARINGHOUSE.quoteOf(account, underlying);
    }

    // --- loading

    function _open(IRiskEngine engine, uint256 fills) private view returns (Run memory run) {
        run.fees = CLEARINGHOUSE.fees();
        run.funding = CLEARINGHOUSE.fundingParams();
        run.oracle = IPriceOracle(CLEARINGHOUSE.priceOracle());
        run.protocol = VAULT.protocolAccount();
        run.actors = new Actor[](2 * fills);
        uint16[] memory underlyings = engine.parameters().underlyings();
        run.markets = new FillState[](underlyings.length);
        for (uint256 i = 0; i < underlyings.length; ++i) {
            run.markets[i].underlying = underlyings[i];
        }
    }

    /// @dev An account of the run, loaded and settled when it is first named.
    function _actor(Run memory run, AccountId id) private view returns (Actor memory actor) {
        for (uint256 i = 0; i < run.actorCount; ++i) {
            if (run.actors[i].id == id) return run.actors[i];
        }
        actor = run.actors[run.actorCount++];
        actor.id = id;
        IMarginVault.CashTotals memory totals = VAULT.cashTotals();
        (actor.supplyIndexE27, actor.borrowIndexE27) = (totals.supplyIndexE27, totals.borrowIndexE27);
        actor.principal = VAULT.principalOf(id);
        (, actor.collateral, actor.model) = VAULT.holdingsOf(id);
        (Position[] memory positions, QuoteFigure[] memory quotes) = CLEARINGHOUSE.positionsOf(id);
        actor.load(positions, quotes);
        _settle(run, actor, positions);
    }

    /// @dev Turns positions with a settlement price into cash or quote figures.
    function _settle(Run memory run, Actor memory actor, Position[] memory positions) private view {
        int256 cashE18 = 0;
        for (uint256 i = 0; i < positions.length; ++i) {
            InstrumentId instrument = positions[i].instrument;
            if (!instrument.isDated() || instrument.expiry() > block.timestamp) continue;
            uint16 underlying = instrument.underlying();
            uint256 priceE18 = CLEARINGHOUSE.settlementPriceE18(underlying, instrument.expiry());
            if (priceE18 == 0) continue;
            int256 payoffE18 = FillBook.payoff(positions[i], priceE18);
            _market(run, underlying).longDeltaE18 += actor.changePosition(instrument, -positions[i].sizeE18);
            if (instrument.isOption()) {
                cashE18 += payoffE18;
            } else {
                actor.changeQuote(underlying, payoffE18);
                actor.realise(underlying);
            }
        }
        actor.changeCash(cashE18);
    }

    /// @dev What may be added to open interest, from where settling both accounts leaves it.
    function _freeInterest(FillState memory market) private view returns (uint256) {
        int256 openE18 = CLEARINGHOUSE.openInterestE18(market.underlying).toInt256() + market.longDeltaE18;
        int256 capE18 = int256(uint256(CLEARINGHOUSE.listing(market.underlying).openInterestCapE18));
        return uint256(SignedMath.max(capE18 - openE18, 0));
    }

    // --- one fill

    /// @dev Everybody is settled before the first leg, as in the clearinghouse.
    function _enlist(IRiskEngine engine, Run memory run, IClearinghouse.Fill[] calldata items) private view {
        if (address(engine.clearinghouse()) != address(this)) revert FillPreview_ForeignEngine(address(engine));
        for (uint256 i = 0; i < items.length; ++i) {
            _actor(run, items[i].quote.maker);
            _actor(run, items[i].taker);
        }
    }

    function _fillAll(Run memory run, IClearinghouse.Fill[] calldata items) private view {
        for (uint256 i = 0; i < items.length; ++i) {
            _fill(run, items[i]);
        }
    }

    function _fill(Run memory run, IClearinghouse.Fill calldata item) private view {
        Actor memory maker = _actor(run, item.quote.maker);
        Actor memory taker = _actor(run, item.taker);
        Sums memory sums;
        IClearinghouse.Leg[] calldata legs = item.quote.legs;
        for (uint256 i = 0; i < legs.length; ++i) {
            _leg(run, maker, taker, sums, legs[i], item.unitsE18);
            uint16 underlying = legs[i].instrument.underlying();
            if (i + 1 < legs.length && legs[i + 1].instrument.underlying() == underlying) continue;
            maker.realise(underlying);
            taker.realise(underlying);
        }
        (Actor memory payer, Actor memory payee) = sums.premiumE18 > 0 ? (maker, taker) : (taker, maker);
        int256 premiumE18 = int256(SignedMath.abs(sums.premiumE18));
        payer.changeCash(-premiumE18);
        payee.changeCash(premiumE18);
        if (sums.feeE18 == 0) return;
        taker.feeE18 += sums.feeE18;
        taker.changeCash(-sums.feeE18.toInt256());
        for (uint256 i = 0; i < run.actorCount; ++i) {
            if (run.actors[i].id == run.protocol) run.actors[i].changeCash(sums.feeE18.toInt256());
        }
    }

    function _leg(
        Run memory run,
        Actor memory maker,
        Actor memory taker,
        Sums memory sums,
        IClearinghouse.Leg calldata leg,
        uint128 unitsE18
    ) private view {
        int256 deltaE18 = _legSize(leg, unitsE18);
        uint256 sizeE18 = SignedMath.abs(deltaE18);
        FillState memory market = _market(run, leg.instrument.underlying());
        market.longDeltaE18 += maker.changePosition(leg.instrument, deltaE18);
        market.longDeltaE18 += taker.changePosition(leg.instrument, -deltaE18);
        if (leg.instrument.isOption()) {
            int256 premiumE18 = mulUp(sizeE18, leg.priceE18).toInt256();
            sums.premiumE18 += deltaE18 > 0 ? premiumE18 : -premiumE18;
            sums.feeE18 += _optionFee(run, market, sizeE18, leg.priceE18);
            return;
        }
        int256 unitCost = int256(uint256(leg.priceE18));
        if (!leg.instrument.isDated()) {
            market.openPerp(CLEARINGHOUSE, run.oracle);
            unitCost -= market.fundingE18;
            market.sample(run.funding, sizeE18, leg.priceE18);
        }
        int256 costE18 = mulDivCeil(sizeE18.toInt256(), unitCost, int256(ONE));
        maker.changeQuote(market.underlying, deltaE18 > 0 ? -costE18 : costE18);
        taker.changeQuote(market.underlying, deltaE18 > 0 ? costE18 : -costE18);
        sums.feeE18 += mulDivUp(sizeE18 * leg.priceE18, run.fees.linearE18, ONE_SQUARED);
    }

    /// @custom:rounding ceil
    function _optionFee(
        Run memory run,
        FillState memory market,
        uint256 sizeE18,
        uint256 priceE18
    ) private view returns (uint256 feeE18) {
        if (run.fees.optionE18 == 0) return 0;
        feeE18 = mulDivUp(sizeE18 * priceE18, run.fees.optionCapE18, ONE_SQUARED);
        if (feeE18 == 0) return 0;
        return Math.min(feeE18, mulDivUp(sizeE18 * market.indexOf(run.oracle), run.fees.optionE18, ONE_SQUARED));
    }

    // --- assumptions

    /// @dev Sets what the engine is to see, or takes it back, so that nothing is left for a later call of the transaction.
    function _assume(Run memory run, bool on) private {
        for (uint256 i = 0; i < run.markets.length; ++i) {
            FillState memory market = run.markets[i];
            if (market.hasPerp) {
                uint256 markE18 = on ? market.markOf(run.funding.maxPremiumE18) : 0;
                _slot(MARK_SLOT, market.underlying).tstore(markE18);
            }
            if (market.longDeltaE18 != 0) {
                int256 longE18 = CLEARINGHOUSE.openInterestE18(market.underlying).toInt256() + market.longDeltaE18;
                _slot(INTEREST_SLOT, market.underlying).tstore(on ? longE18.toUint256() + 1 : 0);
            }
        }
    }

    function _bookOf(Actor memory actor) private pure returns (Book memory book) {
        book.model = actor.model;
        book.cashE18 = actor.cashOf();
        book.collateral = actor.collateral;
        (book.positions, book.quotes) = actor.store();
    }

    function _find(Run memory run, AccountId id) private pure returns (Actor memory) {
        for (uint256 i = 0; i < run.actorCount; ++i) {
            if (run.actors[i].id == id) return run.actors[i];
        }
        revert FillPreview_NotInFill(id);
    }

    /// @dev An underlying without parameters could not be margined, so it cannot be traded either.
    function _market(Run memory run, uint16 underlying) private pure returns (FillState memory) {
        for (uint256 i = 0; i < run.markets.length; ++i) {
            if (run.markets[i].underlying == underlying) return run.markets[i];
        }
        revert FillPreview_UnknownUnderlying(underlying);
    }

    function _legSize(IClearinghouse.Leg calldata leg, uint128 unitsE18) private pure returns (int256) {
        int256 product = int256(leg.sizePerUnitE18) * int256(uint256(unitsE18));
        if (product == 0 || product % int256(ONE) != 0) {
            revert IClearinghouse.Clearinghouse_InexactSize(leg.instrument, leg.sizePerUnitE18, unitsE18);
        }
        return mulDivFloor(product, 1, int256(ONE));
    }

    function _slot(bytes32 base, uint16 underlying) private pure returns (TransientSlot.Uint256Slot) {
        return base.deriveMapping(uint256(underlying)).asUint256();
    }
}
