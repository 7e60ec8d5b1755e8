// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {ILastKnownRisk} from "../interfaces/ILastKnownRisk.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {Exact} from "../libraries/math/Exact.sol";
import {mulDivCeil, mulDivUp, mulUp} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book, QuoteFigure} from "../types/Book.sol";
import {GateLevel} from "../types/Gate.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {Listing} from "../types/Market.sol";
import {RIGHT_TRADE} from "../types/Rights.sol";
import {Listings} from "./clearing/Listings.sol";
import {Positions} from "./clearing/Positions.sol";
import {PriceBand} from "./clearing/PriceBand.sol";
import {Quotes} from "./clearing/Quotes.sol";
import {Settlement} from "./clearing/Settlement.sol";

/// @title Clearinghouse
/// @notice Who owes what to whom. Not upgradeable. The rooms under `clearing/` keep the state, each its own; this contract
/// holds the entry points and the one flow in which all of them meet, the fill of signed quotes.
/// @dev A fill runs in this order: every quote and signature is checked; every touched account is settled and what it holds
/// remembered; all legs are booked; every touched account is checked once. Nothing but token-free core contracts, the
/// oracle and, by static call, contract signers is called on the way.
/// @custom:security-contact See SECURITY.md
contract Clearinghouse is Quotes, Listings, Settlement, AccessManaged {
    using SafeCast for uint256;

    /// @dev One slot: 64 + 64 + 64 + 24 + 8 + 8 = 232 bits.
    struct Terms {
        uint64 linearE18;
        uint64 optionE18;
        uint64 optionCapE18;
        uint24 bandPpm; // units of BAND_UNIT; 0 = not set yet, any price
        bool openingPaused; // by the guardian
        bool gated; // by the solvency gate
    }

    /// @dev What all fills of one call share.
    struct Batch {
        IRiskEngine engine;
        bool reducing; // every leg must reduce, and the check is made at the last known prices
        IPriceOracle prices;
        Terms terms;
        uint256 count; // accounts touched
        Touched[] accounts;
    }

    /// @dev An account before the first leg: what a fill can change of its book, read from slots that the check after the
    /// fill reads anyway, and made into a book only if it has to be valued.
    struct Touched {
        AccountId account;
        int256 cashE18;
        uint256[] words;
        QuoteFigure[] figures;
    }

    /// @dev What all legs of one fill share, and the running figures of the underlying they have reached.
    struct Trade {
        AccountId maker;
        AccountId taker;
        int256 premiumE18; // maker pays the taker, cash
        uint256 feeE18; // taker pays the protocol, cash
        uint16 underlying;
        bool linear; // a linear leg of the underlying was booked
        uint256 openInterestE18; // of the underlying, before its first leg
        uint256 indexE18; // of the underlying, 0 = not read yet
    }

    uint256 private constant ONE = 1e18;
    /// @dev A product of two or three 18-decimal figures, one of them a rate, back to 18 decimals.
    uint256 private constant ONE_SQUARED = 1e36;
    uint256 private constant MAX_FEE = 0.01e18;
    uint256 private constant MAX_FEE_CAP = 0.5e18;
    /// @dev Unit in which the price band is stored: a millionth.
    uint256 private constant BAND_UNIT = 1e12;
    uint256 private constant MIN_BAND = 0.01e18;
    uint256 private constant MAX_BAND_PPM = 1e6;

    Terms private _terms;
    ILastKnownRisk private _lastKnown;

    modifier locked() {
        _lock();
        _;
        _unlock();
    }

    modifier onlyLiquidator() {
        _requireLiquidator();
        _;
    }

    modifier onlyTrader(AccountId account) {
        _requireTrader(account);
        _;
    }

    constructor(IMarginVault vault, address priceOracle_, address authority) Positions(vault) AccessManaged(authority) {
        _setOracle(priceOracle_);
    }

    // --- trading

    /// @inheritdoc IClearinghouse
    function fill(Fill calldata item) external locked {
        bytes32 digest = _authorise(item);
        Batch memory batch = _openBatch(1);
        _enlist(batch, item);
        _apply(batch, item, digest);
        _checkAll(batch);
    }

    /// @inheritdoc IClearinghouse
    function fillMany(Fill[] calldata items) external locked {
        _fillAll(_openBatch(items.length), items);
    }

    /// @inheritdoc IClearinghouse
    function fillReducing(Fill[] calldata items) external locked {
        Batch memory batch = _openBatch(items.length);
        ILastKnownRisk lastKnown = _lastKnown;
        if (address(lastKnown) == address(0)) revert Clearinghouse_NoLastKnownPrices();
        (batch.reducing, batch.prices) = (true, IPriceOracle(lastKnown.prices()));
        _fillAll(batch, items);
    }

    /// @inheritdoc IClearinghouse
    function cancelQuote(AccountId maker, uint128 nonce) external locked onlyTrader(maker) {
        _cancelQuote(maker, nonce);
    }

    /// @inheritdoc IClearinghouse
    function cancelGroup(AccountId maker, uint64 group) external locked onlyTrader(maker) {
        _cancelGroup(maker, group);
    }

    /// @inheritdoc IClearinghouse
    function cancelAll(AccountId maker) external locked onlyTrader(maker) {
        _cancelAll(maker);
    }

    // --- upkeep, anyone

    /// @inheritdoc IClearinghouse
    function settleExpiry(uint16 underlying, uint40 expiry, uint80 roundId, uint80 nextRoundId) external locked {
        _settleExpiry(underlying, expiry, roundId, nextRoundId);
    }

    /// @inheritdoc IClearinghouse
    function settleAccount(AccountId account) external locked {
        _settleAccount(account);
    }

    /// @inheritdoc IClearinghouse
    function accrueFunding(uint16 underlying) external locked {
        _accrue(underlying, _index(underlying));
    }

    // --- the liquidator only, lock held

    /// @inheritdoc IClearinghouse
    /// @custom:rounding toward zero; a fraction of one moves everything
    function moveFraction(AccountId from, AccountId to, uint256 fractionE18) external onlyLiquidator {
        _requireWithin("fraction", fractionE18, 0, ONE);
        uint256[] memory words = _wordsOf(from);
        QuoteFigure[] memory quotes = _figuresOf(from, words);
        _moveShare(from, to, words, fractionE18);
        for (uint256 i; i < quotes.length; ++i) {
            int256 quoteE18 = _portion(quotes[i].quoteE18, fractionE18);
            uint16 underlying = quotes[i].underlying;
            _changeQuote(from, underlying, -quoteE18);
            _changeQuote(to, underlying, quoteE18);
            _realise(from, underlying);
            _realise(to, underlying);
        }
    }

    /// @inheritdoc IClearinghouse
    function settleAccountLocked(AccountId account) external onlyLiquidator {
        _settleAccount(account);
    }

    // --- views

    /// @inheritdoc IClearinghouse
    function fees() external view returns (Fees memory) {
        return Fees(_terms.linearE18, _terms.optionE18, _terms.optionCapE18);
    }

    /// @inheritdoc IClearinghouse
    function openingPaused() external view returns (bool) {
        return _terms.openingPaused || _terms.gated;
    }

    /// @inheritdoc IClearinghouse
    function priceBandE18() external view returns (uint256) {
        return _terms.bandPpm * BAND_UNIT;
    }

    /// @inheritdoc IClearinghouse
    function lastKnownRisk() external view returns (address) {
        return address(_lastKnown);
    }

    // --- restricted

    /// @inheritdoc IClearinghouse
    function setListing(uint16 underlying, Listing memory listing_) external restricted {
        _setListing(underlying, listing_);
    }

    /// @inheritdoc IClearinghouse
    function setFees(Fees memory fees_) external restricted {
        _requireWithin("linear", fees_.linearE18, 0, MAX_FEE);
        _requireWithin("option", fees_.optionE18, 0, MAX_FEE);
        _requireWithin("optionCap", fees_.optionCapE18, 0, MAX_FEE_CAP);
        Terms memory terms = _terms;
        (terms.linearE18, terms.optionE18, terms.optionCapE18) = (fees_.linearE18, fees_.optionE18, fees_.optionCapE18);
        _terms = terms;
        emit FeesSet(fees_);
    }

    /// @inheritdoc IClearinghouse
    function setPriceBand(uint64 bandE18) external restricted {
        _setPriceBand(bandE18);
    }

    /// @inheritdoc IClearinghouse
    function setFundingParams(FundingParams memory params) external restricted {
        _requireWithin("maxPremium", params.maxPremiumE18, 0, MAX_PREMIUM);
        _requireWithin("maxRate", params.maxRateE18, 0, MAX_RATE);
        _requireWithin("averageSeconds", params.averageSeconds, MIN_AVERAGE, MAX_AVERAGE);
        _requireWithin("sampleNotional", params.sampleNotionalE18, 1, type(uint96).max);
        _setFundingParams(params);
    }

    /// @inheritdoc IClearinghouse
    function pauseOpening() external restricted {
        _setOpeningPaused(true);
    }

    /// @inheritdoc IClearinghouse
    function unpauseOpening() external restricted {
        _setOpeningPaused(false);
    }

    /// @inheritdoc IClearinghouse
    function setGate(GateLevel level) external restricted {
        _terms.gated = level != GateLevel.NORMAL;
        emit GateSet(level);
    }

    /// @inheritdoc IClearinghouse
    function setPriceOracle(address priceOracle_) external restricted {
        if (priceOracle_.code.length == 0) revert Clearinghouse_ParameterOutOfBounds("priceOracle", 0, 1, 1);
        _setOracle(priceOracle_);
    }

    /// @inheritdoc IClearinghouse
    function setLastKnownRisk(address lastKnown) external restricted {
        if (lastKnown.code.length == 0) revert Clearinghouse_ParameterOutOfBounds("lastKnownRisk", 0, 1, 1);
        _lastKnown = ILastKnownRisk(lastKnown);
        emit LastKnownRiskSet(lastKnown);
    }

    // --- a fill, step by step

    /// @dev Who takes, who signed, and whether the quote stands.
    function _authorise(Fill calldata item) private view returns (bytes32 digest) {
        _requireTrader(item.taker);
        digest = _requireValid(item);
        if (!_mayTrade(item.quote.maker, item.signer)) {
            revert Clearinghouse_BadSignature(item.quote.maker, item.signer);
        }
        _requireSigned(item, digest);
    }

    /// @dev Every quote and signature first, then all legs, then every account.
    function _fillAll(Batch memory batch, Fill[] calldata items) private {
        uint256 length = items.length;
        bytes32[] memory digests = new bytes32[](length);
        for (uint256 i; i < length; ++i) digests[i] = _authorise(items[i]);
        for (uint256 i; i < length; ++i) _enlist(batch, items[i]);
        for (uint256 i; i < length; ++i) _apply(batch, items[i], digests[i]);
        _checkAll(batch);
    }

    function _openBatch(uint256 fills) private view returns (Batch memory batch) {
        batch.engine = IRiskEngine(VAULT.currentEngine());
        batch.prices = _priceOracle();
        batch.terms = _terms;
        batch.accounts = new Touched[](2 * fills);
    }

    function _enlist(Batch memory batch, Fill calldata item) private {
        _enlistAccount(batch, item.quote.maker);
        _enlistAccount(batch, item.taker);
    }

    /// @dev Settles an account and remembers its book, once per batch.
    function _enlistAccount(Batch memory batch, AccountId account) private {
        uint256 count = batch.count;
        for (uint256 i; i < count; ++i) {
            if (batch.accounts[i].account == account) return;
        }
        Touched memory touched = batch.accounts[count];
        touched.account = account;
        touched.words = _settleAccount(account);
        touched.figures = _figuresOf(account, touched.words);
        touched.cashE18 = VAULT.cashOf(account);
        batch.count = count + 1;
    }

    /// @dev Books all legs of one quote, then moves premiums and the fee in one sum each.
    function _apply(Batch memory batch, Fill calldata item, bytes32 digest) private {
        _consume(item, digest);
        Leg[] calldata legs = item.quote.legs;
        Trade memory trade;
        trade.maker = item.quote.maker;
        trade.taker = item.taker;
        for (uint256 i; i < legs.length; ++i) {
            uint16 underlying = legs[i].instrument.underlying();
            if (i == 0 || underlying != trade.underlying) {
                if (i != 0) _leaveUnderlying(trade);
                _reachUnderlying(trade, underlying);
            }
            _applyLeg(batch, trade, legs[i], item.unitsE18);
        }
        _leaveUnderlying(trade);
        bool makerPays = trade.premiumE18 > 0;
        (AccountId payer, AccountId payee) = makerPays ? (trade.maker, trade.taker) : (trade.taker, trade.maker);
        _moveCash(payer, payee, SignedMath.abs(trade.premiumE18));
        if (trade.feeE18 == 0) return;
        emit FeePaid(trade.taker, trade.feeE18);
        _moveCash(trade.taker, VAULT.protocolAccount(), trade.feeE18);
    }

    function _reachUnderlying(Trade memory trade, uint16 underlying) private view {
        trade.underlying = underlying;
        trade.openInterestE18 = _unitsLong(underlying);
        trade.linear = false;
        trade.indexE18 = 0;
    }

    /// @dev The cap stops trades that add open interest, and no others: above a lowered cap one can still close.
    function _leaveUnderlying(Trade memory trade) private {
        uint256 openInterest = _unitsLong(trade.underlying);
        uint256 cap = _openInterestCap(trade.underlying);
        if (openInterest > cap && openInterest > trade.openInterestE18) {
            revert Clearinghouse_OpenInterestCap(trade.underlying, openInterest, cap);
        }
        if (!trade.linear) return;
        _realise(trade.maker, trade.underlying);
        _realise(trade.taker, trade.underlying);
    }

    function _applyLeg(Batch memory batch, Trade memory trade, Leg calldata leg, uint128 unitsE18) private {
        int256 deltaE18 = _legSize(leg, unitsE18);
        _movePositions(batch, trade, leg, deltaE18);
        _requireInBand(batch, trade, leg);
        uint256 sizeE18 = SignedMath.abs(deltaE18);
        if (leg.instrument.isOption()) {
            int256 premiumE18 = mulUp(sizeE18, leg.priceE18).toInt256();
            trade.premiumE18 += deltaE18 > 0 ? premiumE18 : -premiumE18;
            trade.feeE18 += _optionFee(batch, trade, sizeE18, leg.priceE18);
        } else {
            _bookLinear(batch, trade, leg, deltaE18);
            trade.feeE18 += mulDivUp(sizeE18 * leg.priceE18, batch.terms.linearE18, ONE_SQUARED);
        }
    }

    /// @dev A slip of the finger and an agreed robbery look alike: neither is a price.
    function _requireInBand(Batch memory batch, Trade memory trade, Leg calldata leg) private view {
        if (batch.terms.bandPpm == 0) return;
        uint256 indexE18 = _indexOf(batch, trade);
        (uint256 minE18, uint256 maxE18) = PriceBand.rangeOf(leg.instrument, indexE18, batch.terms.bandPpm * BAND_UNIT);
        if (leg.priceE18 >= minE18 && leg.priceE18 <= maxE18) return;
        revert Clearinghouse_PriceOutsideBand(leg.instrument, leg.priceE18, minE18, maxE18);
    }

    /// @dev A leg on an instrument that cannot be opened (its underlying is inactive or its strike has left the listing) and
    /// any leg while opening is stopped or without a price must bring both sides closer to zero. Nothing trades once it has expired.
    function _movePositions(Batch memory batch, Trade memory trade, Leg calldata leg, int256 deltaE18) private {
        InstrumentId instrument = leg.instrument;
        bool tradable = _isTradable(instrument);
        if (!tradable && _isExpired(instrument)) revert Clearinghouse_NotTradable(instrument);
        int256 makerBefore = _changePosition(trade.maker, instrument, deltaE18, leg.priceE18);
        int256 takerBefore = _changePosition(trade.taker, instrument, -deltaE18, leg.priceE18);
        if (tradable && !batch.reducing && !batch.terms.openingPaused && !batch.terms.gated) return;
        bool makerReduces = _reduces(makerBefore, deltaE18);
        bool takerReduces = _reduces(takerBefore, -deltaE18);
        if (makerReduces && takerReduces) return;
        AccountId who = makerReduces ? trade.taker : trade.maker;
        if (batch.reducing) revert Clearinghouse_NotReducing(who, instrument);
        if (!tradable) revert Clearinghouse_NotTradable(instrument);
        revert Clearinghouse_OpeningPaused(who, instrument);
    }

    /// @dev Books the cost of a linear leg in both quote figures, equal and opposite.
    /// @custom:rounding cost ceil for the buyer, the seller gets exactly that
    function _bookLinear(Batch memory batch, Trade memory trade, Leg calldata leg, int256 deltaE18) private {
        int256 unitCost = int256(uint256(leg.priceE18));
        uint256 sizeE18 = SignedMath.abs(deltaE18);
        if (!leg.instrument.isDated()) {
            uint256 indexE18 = _indexOf(batch, trade);
            unitCost -= _accrue(trade.underlying, indexE18);
            // A premium over a price of yesterday says nothing.
            if (!batch.reducing) _samplePremium(trade.underlying, sizeE18, leg.priceE18, indexE18);
        }
        int256 costE18 = mulDivCeil(sizeE18.toInt256(), unitCost, int256(ONE));
        int256 makerDelta = deltaE18 > 0 ? -costE18 : costE18;
        _changeQuote(trade.maker, trade.underlying, makerDelta);
        _changeQuote(trade.taker, trade.underlying, -makerDelta);
        trade.linear = true;
    }

    /// @custom:rounding ceil
    function _optionFee(
        Batch memory batch,
        Trade memory trade,
        uint256 sizeE18,
        uint256 priceE18
    ) private view returns (uint256 feeE18) {
        uint256 rateE18 = batch.terms.optionE18;
        if (rateE18 == 0) return 0;
        feeE18 = mulDivUp(sizeE18 * priceE18, batch.terms.optionCapE18, ONE_SQUARED);
        if (feeE18 != 0) feeE18 = Math.min(feeE18, mulDivUp(sizeE18 * _indexOf(batch, trade), rateE18, ONE_SQUARED));
    }

    /// @dev Index of the underlying that a trade has reached, read once.
    function _indexOf(Batch memory batch, Trade memory trade) private view returns (uint256) {
        if (trade.indexE18 == 0) trade.indexE18 = batch.prices.price(trade.underlying);
        return trade.indexE18;
    }

    function _moveCash(AccountId from, AccountId to, uint256 amountE18) private {
        if (amountE18 != 0) VAULT.moveCash(from, to, amountE18);
    }

    function _checkAll(Batch memory batch) private {
        for (uint256 i; i < batch.count; ++i) {
            Touched memory touched = batch.accounts[i];
            if (batch.reducing) _lastKnown.requireReduced(touched.account, _bookBefore(touched));
            else _check(batch.engine, touched);
        }
    }

    /// @dev An account needs its initial requirement, or, if it does not have it, some equity and an excess that did not fall. Both
    /// books are valued at the same prices, so only the trade itself can lower the excess. Who is bankrupt must not close against
    /// his winners: they would leave with money that nobody has paid in.
    function _check(IRiskEngine engine, Touched memory before) private {
        AccountId account = before.account;
        Assessment memory now_ = engine.assess(account);
        emit AccountChecked(account, now_.equityE18, now_.initialE18, now_.maintenanceE18);
        int256 excessAfter = _excess(now_);
        if (excessAfter >= 0) {
            VAULT.markChecked(account);
            return;
        }
        int256 excessBefore = _excess(engine.assessBook(_bookBefore(before)));
        if (excessAfter < excessBefore) {
            revert Clearinghouse_InsufficientMargin(account, excessBefore, excessAfter);
        }
        if (now_.equityE18 < 0) revert Clearinghouse_Insolvent(account, now_.equityE18);
    }

    /// @dev The book before the first leg. Collateral and model are as they are now: no fill changes them.
    function _bookBefore(Touched memory before) private view returns (Book memory book) {
        (, book.collateral, book.model) = VAULT.holdingsOf(before.account);
        book.cashE18 = before.cashE18;
        (book.positions, book.quotes) = _bookBehind(before.words, before.figures);
    }

    // --- small parts

    function _lock() private {
        VAULT.lock();
    }

    function _unlock() private {
        VAULT.unlock();
    }

    /// @dev What is not a whole number of its unit of storage is refused: a guard is never rounded.
    function _setPriceBand(uint64 bandE18) private {
        (bool exact, uint256 bandPpm) = Exact.units(bandE18, BAND_UNIT, MAX_BAND_PPM);
        if (!exact || bandE18 < MIN_BAND)
            revert Clearinghouse_ParameterOutOfBounds("priceBand", bandE18, MIN_BAND, ONE);
        _terms.bandPpm = uint24(bandPpm);
        emit PriceBandSet(bandE18);
    }

    function _setOpeningPaused(bool paused) private {
        _terms.openingPaused = paused;
        emit OpeningPausedSet(paused);
    }

    function _requireTrader(AccountId account) private view {
        if (!_mayTrade(account, msg.sender)) revert Clearinghouse_NotAuthorised(account, msg.sender);
    }

    /// @dev The owner may, which the account says itself; about anybody else the vault is asked.
    function _mayTrade(AccountId account, address trader) private view returns (bool) {
        return trader == account.owner() || VAULT.isAuthorised(account, trader, RIGHT_TRADE);
    }

    function _requireLiquidator() private view {
        (, , address liquidator, ) = VAULT.core();
        if (msg.sender != liquidator) revert Clearinghouse_NotCore(msg.sender);
        if (!VAULT.isLocked()) revert Clearinghouse_LockNotHeld();
    }

    function _excess(Assessment memory assessment) private pure returns (int256) {
        return assessment.equityE18 - assessment.initialE18.toInt256();
    }

    /// @dev Whether a change brings a position closer to zero without crossing it.
    function _reduces(int256 beforeE18, int256 deltaE18) private pure returns (bool) {
        return beforeE18 > 0 ? deltaE18 < 0 && deltaE18 >= -beforeE18 : deltaE18 > 0 && deltaE18 <= -beforeE18;
    }
}
