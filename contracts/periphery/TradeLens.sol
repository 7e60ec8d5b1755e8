// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IFillPreview} from "../interfaces/IFillPreview.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {ITradeLens} from "../interfaces/ITradeLens.sol";
import {mulDivDown} from "../libraries/math/FixedPoint.sol";
import {Search} from "../libraries/math/Search.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment} from "../types/Book.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {SizeLadder} from "./SizeLadder.sol";

/// @title What could be traded
contract TradeLens is ITradeLens {
    using SafeCast for uint256;
    using Search for Search.Bracket;

    /// @dev One leg whose size is searched, and the best size seen so far.
    struct Ask {
        IFillPreview fills;
        AccountId account;
        IClearinghouse.Fill[] items; // one fill of one leg
        int256 lotE18; // size per lot of the quote's leg, seen from the maker
        uint256 most; // lots that caps allow
        uint256 closes; // lots that close the position, 0 = none
        uint256 best; // lots with the greatest excess, the smallest of equals
        int256 atBest;
    }

    uint256 private constant ONE = 1e18;
    uint256 private constant MAX_LEGS = 8; // of one quote
    uint256 private constant MAX_CANDIDATES = 16;
    /// @dev Halvings to one lot, whatever the size.
    uint256 private constant ALL_HALVINGS = 127;
    uint256 private constant HEDGE_HALVINGS = 12;
    uint256 private constant PEAK_STEPS = 24;
    /// @dev Width at which the points of a golden section no longer keep apart, lots.
    uint256 private constant PEAK_WIDTH = 8;
    /// @dev Inverse of the golden ratio.
    uint256 private constant GOLDEN_E18 = 0.618033988749894848e18;

    IMarginVault private immutable VAULT;
    IRiskEngine private immutable PREVIEW_ENGINE;

    /// @param vault Vault of the deployment.
    /// @param previewEngine_ A risk engine like the deployment's own whose clearinghouse is a fill preview.
    constructor(IMarginVault vault, IRiskEngine previewEngine_) {
        VAULT = vault;
        PREVIEW_ENGINE = previewEngine_;
    }

    /// @inheritdoc ITradeLens
    function previewLegs(Party calldata party, TradeLeg[] calldata legs) external returns (TradePreview memory result) {
        IRiskEngine engine = _open(party);
        if (legs.length == 0) revert TradeLens_NoLegs();
        result.before = engine.assess(party.account);
        IFillPreview.Trial memory trial = _fills().trial(PREVIEW_ENGINE, _fillsOf(party, legs), party.account);
        (result.held, result.after_, result.feeE18) = (trial.before, trial.after_, trial.feeE18);
        result.suffices = _slack(trial) >= 0;
    }

    /// @inheritdoc ITradeLens
    function maxSize(
        Party calldata party,
        InstrumentId instrument,
        uint128 priceE18,
        int128 lotE18
    ) external returns (int256 sizeE18, Stop stop) {
        IRiskEngine engine = _open(party);
        Ask memory ask = _ask(engine, party, TradeLeg(instrument, lotE18, priceE18));
        uint256 lots = ask.most == 0 ? 0 : _greatest(ask);
        return (int256(lotE18) * lots.toInt256(), lots == ask.most ? Stop.TERMS : Stop.MARGIN);
    }

    /// @inheritdoc ITradeLens
    function cheapestHedge(
        Party calldata party,
        Candidate[] calldata candidates
    ) external returns (Hedge memory hedge) {
        IRiskEngine engine = _open(party);
        if (candidates.length > MAX_CANDIDATES) {
            revert TradeLens_TooManyCandidates(candidates.length, MAX_CANDIDATES);
        }
        Assessment memory now_ = engine.assess(party.account);
        int256 excessE18 = _excess(now_);
        if (excessE18 >= 0) {
            (hedge.outcome, hedge.held, hedge.after_) = (Outcome.UNNEEDED, now_, now_);
            return hedge;
        }
        for (uint256 i = 0; i < candidates.length; ++i) {
            Hedge memory found = _hedge(engine, party, candidates[i], excessE18);
            found.index = i;
            if (_beats(found, hedge)) hedge = found;
        }
        if (hedge.outcome == Outcome.NONE) (hedge.held, hedge.after_) = (now_, now_);
    }

    /// @inheritdoc ITradeLens
    function previewEngine() external view returns (IRiskEngine) {
        return PREVIEW_ENGINE;
    }

    // --- asking

    /// @return engine The deployment's own.
    function _open(Party calldata party) private view returns (IRiskEngine engine) {
        if (VAULT.isLocked()) revert TradeLens_CoreLocked();
        if (party.account == party.counterparty) revert TradeLens_SameAccount(party.account);
        (address riskEngine, , , ) = VAULT.core();
        engine = IRiskEngine(riskEngine);
        if (address(engine.parameters()) != address(PREVIEW_ENGINE.parameters())) {
            revert TradeLens_PreviewOutdated(riskEngine, address(PREVIEW_ENGINE));
        }
    }

    function _fills() private view returns (IFillPreview) {
        return IFillPreview(address(PREVIEW_ENGINE.clearinghouse()));
    }

    /// @dev Legs cut into quotes that the clearinghouse would take.
    function _fillsOf(
        Party calldata party,
        TradeLeg[] calldata legs
    ) private pure returns (IClearinghouse.Fill[] memory items) {
        uint256[] memory starts = new uint256[](legs.length + 1);
        uint256 count = 0;
        for (uint256 i = 0; i < legs.length; ++i) {
            bool follows = i != 0 && i - starts[count - 1] < MAX_LEGS && legs[i - 1].instrument < legs[i].instrument;
            if (!follows) starts[count++] = i;
        }
        starts[count] = legs.length;
        items = new IClearinghouse.Fill[](count);
        for (uint256 i = 0; i < count; ++i) {
            items[i] = _fillOf(party, legs[starts[i]:starts[i + 1]]);
        }
    }

    function _fillOf(
        Party calldata party,
        TradeLeg[] calldata legs
    ) private pure returns (IClearinghouse.Fill memory item) {
        item.quote.legs = new IClearinghouse.Leg[](legs.length);
        for (uint256 i = 0; i < legs.length; ++i) {
            item.quote.legs[i] = _makerLeg(party.role, legs[i]);
        }
        _name(item, party);
    }

    function _name(IClearinghouse.Fill memory item, Party calldata party) private pure {
        bool takes = party.role == Role.TAKER;
        item.quote.maker = takes ? party.counterparty : party.account;
        item.taker = takes ? party.account : party.counterparty;
        item.unitsE18 = uint128(ONE);
    }

    function _makerLeg(Role role, TradeLeg memory leg) private pure returns (IClearinghouse.Leg memory) {
        if (leg.sizeE18 == 0 || leg.sizeE18 == type(int128).min) {
            revert TradeLens_InvalidSize(leg.instrument, leg.sizeE18);
        }
        return IClearinghouse.Leg(leg.instrument, role == Role.TAKER ? -leg.sizeE18 : leg.sizeE18, leg.priceE18);
    }

    /// @param lot A leg of one lot.
    function _ask(IRiskEngine engine, Party calldata party, TradeLeg memory lot) private view returns (Ask memory ask) {
        ask.fills = _fills();
        ask.account = party.account;
        ask.items = new IClearinghouse.Fill[](1);
        _name(ask.items[0], party);
        ask.items[0].quote.legs = new IClearinghouse.Leg[](1);
        ask.items[0].quote.legs[0] = _makerLeg(party.role, lot);
        ask.lotE18 = ask.items[0].quote.legs[0].sizePerUnitE18;
        bool buys = lot.sizeE18 > 0;
        uint256 roomE18 = ask.fills.room(
            PREVIEW_ENGINE,
            buys ? party.account : party.counterparty,
            buys ? party.counterparty : party.account,
            lot.instrument
        );
        uint256 lotE18 = SignedMath.abs(lot.sizeE18);
        ask.most = mulDivDown(roomE18, 1, lotE18);
        int256 heldE18 = engine.clearinghouse().sizeOf(party.account, lot.instrument);
        if (buys == (heldE18 < 0)) ask.closes = mulDivDown(SignedMath.abs(heldE18), 1, lotE18);
        ask.atBest = type(int256).min;
    }

    /// @dev Tries one size.
    /// @return trial Margin without and with it.
    /// @return fits False if it is too great for the engine.
    function _try(Ask memory ask, uint256 lots) private returns (IFillPreview.Trial memory trial, bool fits) {
        ask.items[0].quote.legs[0].sizePerUnitE18 = int128(ask.lotE18 * lots.toInt256());
        try ask.fills.trial(PREVIEW_ENGINE, ask.items, ask.account) returns (IFillPreview.Trial memory result) {
            return (result, true);
        } catch (bytes memory reason) {
            if (bytes4(reason) != IRiskEngine.RiskEngine_LegTooGreat.selector) LowLevelCall.bubbleRevert(reason);
        }
    }

    // --- greatest size

    /// @dev Comes down the ladder to the first size that passes, then closes in on the step above it.
    function _greatest(Ask memory ask) private returns (uint256) {
        uint256[] memory rungs = SizeLadder.from(ask.most, ALL_HALVINGS, ask.closes);
        Search.Bracket memory bracket;
        for (uint256 i = 0; i < rungs.length && bracket.good == 0; ++i) {
            bracket.narrow(rungs[i], _slackAt(ask, rungs[i]));
        }
        if (bracket.good == ask.most || bracket.good == 0) return bracket.good;
        bool good = true;
        for (uint256 step = 0; bracket.width() > 1; ++step) {
            uint256 point = bracket.next(step, good);
            good = bracket.narrow(point, _slackAt(ask, point));
        }
        return bracket.good;
    }

    function _slackAt(Ask memory ask, uint256 lots) private returns (int256) {
        (IFillPreview.Trial memory trial, bool fits) = _try(ask, lots);
        return fits ? _slack(trial) : type(int256).min;
    }

    /// @dev Not negative exactly where the clearinghouse's check lets an account through: the excess, or, while there is equity,
    /// what it has risen by.
    function _slack(IFillPreview.Trial memory trial) private pure returns (int256) {
        int256 excessE18 = _excess(trial.after_);
        int256 risenE18 = excessE18 - _excess(trial.before);
        return SignedMath.max(excessE18, SignedMath.min(risenE18, trial.after_.equityE18));
    }

    // --- cheapest hedge

    function _hedge(
        IRiskEngine engine,
        Party calldata party,
        Candidate calldata candidate,
        int256 excessE18
    ) private returns (Hedge memory found) {
        int256 lotE18 = int256(uint256(candidate.lotE18));
        if (candidate.lotE18 > uint128(type(int128).max)) revert TradeLens_InvalidSize(candidate.instrument, lotE18);
        if (candidate.mostE18 < 0) lotE18 = -lotE18;
        Ask memory ask = _ask(engine, party, TradeLeg(candidate.instrument, int128(lotE18), candidate.priceE18));
        ask.most = Math.min(ask.most, mulDivDown(SignedMath.abs(candidate.mostE18), 1, candidate.lotE18));
        if (ask.most == 0) return found;
        uint256 lots = _smallestCure(ask, excessE18);
        (IFillPreview.Trial memory trial, bool fits) = _try(ask, lots == 0 ? ask.best : lots);
        bool improves = _excess(trial.after_) > _excess(trial.before) && trial.after_.equityE18 >= 0;
        if (!fits || (lots == 0 && !improves)) return found;
        found.outcome = lots == 0 ? Outcome.IMPROVES : Outcome.CURES;
        found.sizeE18 = lotE18 * (lots == 0 ? ask.best : lots).toInt256();
        (found.held, found.after_, found.feeE18) = (trial.before, trial.after_, trial.feeE18);
        found.costE18 = trial.before.equityE18 - trial.after_.equityE18;
    }

    /// @dev Smallest size found that meets the requirement; 0 if none does, then `best` is the size with the greatest excess.
    function _smallestCure(Ask memory ask, int256 excessE18) private returns (uint256) {
        uint256[] memory rungs = SizeLadder.from(ask.most, HEDGE_HALVINGS, ask.closes);
        Search.Bracket memory bracket = Search.Bracket({good: 0, atGood: 0, bad: 0, atBad: excessE18});
        for (uint256 i = rungs.length; i > 0 && bracket.good == 0; --i) {
            bracket.narrow(rungs[i - 1], _excessAt(ask, rungs[i - 1]));
        }
        if (bracket.good == 0) {
            (bracket.bad, bracket.good) = _peak(ask, rungs);
            (bracket.atBad, bracket.atGood) = (type(int256).min, ask.atBest);
        }
        if (bracket.good == 0) return 0;
        bool good = true;
        for (uint256 step = 0; bracket.width() > 1; ++step) {
            uint256 point = bracket.next(step, good);
            good = bracket.narrow(point, _excessAt(ask, point));
        }
        return bracket.good;
    }

    /// @dev Golden section between the neighbours of the best rung, then, if nothing is left of it but a few lots, each of them.
    /// Stops at the first size that cures, which is the best one so far.
    /// @return low Smaller size that does not cure, 0 = none at all.
    /// @return cure Size that cures, 0 = none.
    function _peak(Ask memory ask, uint256[] memory rungs) private returns (uint256 low, uint256 cure) {
        uint256 high;
        (low, high) = _neighbours(rungs, ask.best);
        uint256 left = high - _golden(high - low);
        uint256 right = low + _golden(high - low);
        bool wide = high - low > PEAK_WIDTH;
        int256 atLeft = wide ? _excessAt(ask, left) : int256(0);
        int256 atRight = wide ? _excessAt(ask, right) : int256(0);
        for (uint256 step = 0; step < PEAK_STEPS && high - low > PEAK_WIDTH && ask.atBest < 0; ++step) {
            if (atLeft >= atRight) {
                (high, right, atRight) = (right, left, atLeft);
                left = high - _golden(high - low);
                atLeft = _excessAt(ask, left);
            } else {
                (low, left, atLeft) = (left, right, atRight);
                right = low + _golden(high - low);
                atRight = _excessAt(ask, right);
            }
        }
        if (high - low <= PEAK_WIDTH) {
            for (uint256 lots = low + 1; lots < high && ask.atBest < 0; ++lots) _excessAt(ask, lots);
        }
        if (ask.atBest >= 0) cure = ask.best;
    }

    function _excessAt(Ask memory ask, uint256 lots) private returns (int256 excessE18) {
        (IFillPreview.Trial memory trial, bool fits) = _try(ask, lots);
        excessE18 = fits ? _excess(trial.after_) : type(int256).min;
        if (excessE18 > ask.atBest || (excessE18 == ask.atBest && lots < ask.best)) {
            (ask.best, ask.atBest) = (lots, excessE18);
        }
    }

    /// @dev Curing goes before improving, then what the documentation says; equals leave the earlier one in place.
    function _beats(Hedge memory found, Hedge memory best) private pure returns (bool) {
        if (found.outcome != best.outcome) return found.outcome > best.outcome;
        if (found.outcome == Outcome.IMPROVES) {
            (int256 foundE18, int256 bestE18) = (_excess(found.after_), _excess(best.after_));
            if (foundE18 != bestE18) return foundE18 > bestE18;
        }
        return found.costE18 < best.costE18;
    }

    /// @dev The rungs on either side of one; 0 and the rung itself at the ends.
    function _neighbours(uint256[] memory rungs, uint256 rung) private pure returns (uint256 low, uint256 high) {
        high = rung;
        for (uint256 i = 0; i < rungs.length; ++i) {
            if (rungs[i] > rung) high = rungs[i];
            else if (rungs[i] < rung) return (rungs[i], high);
        }
    }

    function _golden(uint256 width) private pure returns (uint256) {
        return mulDivDown(width, GOLDEN_E18, ONE);
    }

    function _excess(Assessment memory assessment) private pure returns (int256) {
        return assessment.equityE18 - assessment.initialE18.toInt256();
    }
}
