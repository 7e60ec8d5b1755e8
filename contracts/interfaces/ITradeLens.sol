// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {Assessment} from "../types/Book.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {IRiskEngine} from "./IRiskEngine.sol";

/// @title What could be traded
/// @notice Answers about trades that nobody has signed yet: what legs would do to an account, how much of one it could trade,
/// and which leg brings it back to its initial requirement for the least. Never called by the core.
/// @dev Meant for `eth_call`. The functions are no views only because the fill preview keeps its assumptions in transient
/// storage while they run. Sizes are seen from the account: positive = it buys. Every answer holds at the block it is given
/// for and for the counterparty that is named: a fill changes open interest by what both sides held. The counterparty's own
/// margin is not looked at. Errors of the engine and of the oracles come through as they are.
interface ITradeLens {
    /// @notice Which side of the quote the account would be on. The taker pays the fees.
    enum Role {
        TAKER,
        MAKER
    }

    /// @notice Who trades with whom.
    struct Party {
        AccountId account;
        AccountId counterparty; // 0 = an account that holds nothing
        Role role;
    }

    /// @notice One leg, seen from the account.
    struct TradeLeg {
        InstrumentId instrument;
        int128 sizeE18; // units of the underlying, 18 decimals, not 0; positive = the account buys
        uint128 priceE18; // settlement coin per unit of the underlying, 18 decimals
    }

    /// @notice Margin of one account around a trade.
    struct TradePreview {
        Assessment before; // now
        Assessment held; // without the trade, at the mark prices and open interest that it leaves behind
        Assessment after_;
        uint256 feeE18; // settlement coin, 18 decimals
        bool suffices; // whether the clearinghouse's check of the account would let the trade through
    }

    /// @notice What ends a search for the greatest size.
    enum Stop {
        MARGIN, // one lot more fails the check of the account
        TERMS // one lot more meets a cap, a pause or the end of the listing
    }

    /// @notice One leg that could be traded to bring a requirement down.
    struct Candidate {
        InstrumentId instrument;
        int128 mostE18; // greatest size offered, units of the underlying, 18 decimals; positive = the account buys
        uint128 priceE18; // settlement coin per unit of the underlying, 18 decimals
        uint128 lotE18; // sizes are multiples of this, > 0
    }

    /// @notice What a hedge achieves, from nothing to everything.
    enum Outcome {
        NONE, // no candidate improves the excess of an account that then has equity
        IMPROVES, // one does, none reaches the requirement
        CURES, // the requirement is met afterwards
        UNNEEDED // it is met now
    }

    /// @notice One leg and its size, with what it costs.
    struct Hedge {
        Outcome outcome;
        uint256 index; // of the candidate
        int256 sizeE18; // units of the underlying, 18 decimals; 0 with NONE and UNNEEDED
        Assessment held; // without the leg, at the mark prices and open interest that it leaves behind
        Assessment after_;
        int256 costE18; // equity given up, USD, 18 decimals; negative = gained
        uint256 feeE18; // part of the cost, settlement coin, 18 decimals
    }

    /// @notice Thrown when the core is in the middle of a transaction.
    error TradeLens_CoreLocked();
    /// @notice Thrown when the preview's engine no longer has the parameters of the deployment's engine.
    /// @param engine The deployment's engine.
    /// @param previewEngine The preview's engine.
    error TradeLens_PreviewOutdated(address engine, address previewEngine);
    /// @notice Thrown when an account would trade with itself.
    /// @param account Account on both sides.
    error TradeLens_SameAccount(AccountId account);
    /// @notice Thrown when a preview is asked for no legs.
    error TradeLens_NoLegs();
    /// @notice Thrown when a size or a lot is zero or has no opposite.
    /// @param instrument Instrument.
    /// @param sizeE18 Size given, 18 decimals.
    error TradeLens_InvalidSize(InstrumentId instrument, int256 sizeE18);
    /// @notice Thrown when more candidates are given than are searched in one call.
    /// @param count Candidates given.
    /// @param max Most that are taken.
    error TradeLens_TooManyCandidates(uint256 count, uint256 max);

    /// @notice Margin of an account before and after trading legs at their prices, equal to the result of executing them at the
    /// same block, to the last unit, fees included.
    /// @dev Legs trade in the order given, as quotes of at most eight legs with ascending instruments: a leg that is not above
    /// the one before starts the next quote, and all quotes are filled in one `fillMany`. Caps, pauses and listings are not
    /// looked at. Evaluates the margin three times.
    /// @param party Who trades with whom.
    /// @param legs Legs, at least one.
    /// @return Margin around the trade.
    function previewLegs(Party calldata party, TradeLeg[] calldata legs) external returns (TradePreview memory);

    /// @notice Greatest size of one instrument at one price that the clearinghouse would let the account trade now: that size
    /// passes, one lot more does not. An account that is short of its initial requirement may trade what does not lower its
    /// excess.
    /// @dev What passes need not be one range from zero: a hedge lowers the requirement first and raises it later, and a new
    /// position adds to the keeper reserve at once. The search comes down from the greatest size that caps allow, by two steps
    /// per halving (to 3/4 and to 1/2), trying the size that closes the position on its way, to the first size that passes, then
    /// closes in between it and the step above. So a range of passing sizes whose ends are at least a factor 1.5 apart is
    /// never overlooked; a narrower one between two steps may be. Values the book twice per size tried: two sizes per bit of the
    /// greatest number of lots, and to close in about twenty, never more than three per bit. A size too great for the engine
    /// counts as one that does not pass. In the finest lots rounding alone may let sizes pass and fail by turns next to the
    /// limit; then one of those changes is found.
    /// @param party Who trades with whom.
    /// @param instrument Instrument.
    /// @param priceE18 Settlement coin per unit of the underlying, 18 decimals.
    /// @param lotE18 Sizes are multiples of this, units of the underlying, 18 decimals; its sign is the direction, positive = buy.
    /// @return sizeE18 With the sign of the lot; 0 if no size that was tried passes.
    /// @return stop What stands in the way of one lot more.
    function maxSize(
        Party calldata party,
        InstrumentId instrument,
        uint128 priceE18,
        int128 lotE18
    ) external returns (int256 sizeE18, Stop stop);

    /// @notice The one leg, and its size, that brings an account to its initial requirement for the least; if none does, the
    /// one that leaves the greatest excess (equity - initial).
    /// @dev Cost is the equity given up: size * (price - value by the engine) + fee, both books valued at the mark prices that
    /// the trade leaves behind. Of each candidate the smallest size that cures is taken. Among candidates that cure the least
    /// cost wins, otherwise the greatest excess and then the least cost; equals go to the first in the list.
    /// Searched per candidate, within its size and the clearinghouse's caps: the greatest size and from there down by two steps
    /// per halving to 1/4096 of it, and the size that closes the position. From the smallest of these that cures it closes in
    /// on the one before; if none cures, 24 steps of golden section between the neighbours of the best one look for a peak,
    /// and the last few lots one by one. Narrower ranges between two steps may be overlooked. At most 60 sizes, and to close in
    /// about twenty (never more than three per bit), each valued twice.
    /// @param party Who trades with whom.
    /// @param candidates At most sixteen legs.
    /// @return Leg, size, margin and cost.
    function cheapestHedge(Party calldata party, Candidate[] calldata candidates) external returns (Hedge memory);

    /// @notice Risk engine behind the answers; its clearinghouse is the fill preview.
    /// @return Engine.
    function previewEngine() external view returns (IRiskEngine);
}
