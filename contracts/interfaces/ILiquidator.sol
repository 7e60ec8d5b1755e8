// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {Witness} from "../types/Risk.sol";

/// @title What if it is not enough?
/// @notice Auctions slices of short books. A slice is the same fraction of every position, quote figure, collateral and cash,
/// so hedges stay hedged and the requirement falls in proportion. The price of a slice x of a book with equity E is
/// `x * E - max(x * discount(t), keeperPay)`; what is negative is paid by the account while the rest of it can, otherwise by
/// the backstop, then by a step of the supply index.
/// discount(t) = d(t) * max(E, 0) + k(t) * MM: d ramps from `discountStart` to 1 over the solvent phase, k ramps from 0 to
/// `insolventCap` after that phase, or, while E < 0, from the moment that was recorded.
/// The fixed keeper pay goes to who takes all that may be taken; a smaller slice earns the discount alone. It is never more
/// than the book's equity or its maintenance, whichever is greater: gas may be worth more than a book, but not to the backstop.
/// What the backstop adds, and what it pays of a loss, is held by its budget per underlying and window; the rest of a loss is the
/// write-down's.
/// The clock stands still while a price of the account is stopped, by the guardian's brake or a sequencer outage, and for the grace
/// after it; in that grace no auction starts and no slice is sold.
/// The auction runs until it ends: by the slice that reaches the target, or by `cancel` once the account is back at its target by
/// itself. Then a new one can start, with a clock at zero. Where the market has only brought the account back above its
/// maintenance, `restart` sets the clock of the running auction to zero.
interface ILiquidator {
    /// @notice Shape of the auction. Fractions with 18 decimals.
    struct Curve {
        uint64 discountStartE18; // d at the start
        uint64 discountFastE18; // d at the end of the fast part
        uint32 fastSeconds; // length of the fast part
        uint32 slowSeconds; // from the end of the fast part until d = 1
        uint32 insolventSeconds; // from k = 0 to k = cap
        uint64 insolventCapE18; // most of MM that the backstop adds
        uint64 targetHealthE18; // health a slice stops at, > 1e18
        uint128 dustE18; // a rest with less maintenance than this is taken whole, USD, 18 decimals
    }

    /// @notice Keeper pay: clamp((gas * gas price + data fee) * native price * (1 + margin), min, max). USD, 18 decimals.
    struct KeeperPay {
        uint32 startGas; // gas of starting an auction
        uint32 takeGas; // gas of taking a slice, fixed part
        uint32 takeGasPerPosition; // further gas per position
        uint64 marginE18; // margin over cost, 18 decimals
        uint128 maxGasPriceWei; // gas price above which pay does not rise
        uint128 minE18; // USD, 18 decimals
        uint128 maxE18; // USD, 18 decimals
        uint16 nativeFeedId; // price feed of the chain's native coin
    }

    /// @notice What publishing a keeper's transactions costs on a rollup, one slot.
    struct DataFee {
        address source; // IDataFee; 0 = a chain without
        uint32 startBytes; // bytes of a transaction that starts an auction
        uint32 takeBytes; // bytes of one that takes a slice
    }

    /// @notice A running auction.
    struct Auction {
        uint40 startedAt; // Unix time, seconds; 0 = none
        uint40 insolventAt; // time on the auction's clock from which k(t) runs; 0 = from the end of the solvent phase
    }

    /// @notice What a keeper would get for a slice now. 18 decimals.
    struct SliceTerms {
        uint256 fractionE18; // fraction taken, after the limits
        int256 equityE18; // equity of the whole account, USD
        uint256 maintenanceE18; // maintenance of the whole account, USD
        int256 priceE18; // what the keeper pays (negative: is paid), settlement coin
        uint256 discountE18; // value of the slice minus price
    }

    /// @notice What the layers below an account's own equity have paid since the beginning. 18 decimals.
    struct Losses {
        uint128 backstopE18; // by the backstop, start pay included
        uint128 writtenDownE18; // by all positive cash, through the supply index
    }

    /// @notice Account is below initial and may only reduce. USD, 18 decimals. `binding` names the scenarios that make up the
    /// requirement, in the form in which `start` takes them once they show a shortfall.
    event MarginCall(
        AccountId indexed account,
        int256 equityE18,
        uint256 initialE18,
        uint256 maintenanceE18,
        uint256 shortfallE18,
        Witness binding
    );
    event AuctionStarted(
        AccountId indexed account,
        AccountId indexed keeper,
        int256 equityE18,
        uint256 boundE18,
        uint256 payE18
    );
    event SliceTaken(
        AccountId indexed account,
        AccountId indexed keeper,
        uint256 fractionE18,
        int256 equityBeforeE18,
        uint256 maintenanceBeforeE18,
        int256 priceE18,
        uint256 backstopPaidE18,
        uint256 socialisedE18
    );
    /// @notice Equity and maintenance at the end, USD, 18 decimals; after a slice to the target what the sale's terms come to, and the
    /// account has no less of the difference.
    event AuctionEnded(AccountId indexed account, int256 equityE18, uint256 maintenanceE18);
    /// @notice The clock of a running auction is back at zero. USD, 18 decimals.
    event AuctionRestarted(AccountId indexed account, int256 equityE18, uint256 maintenanceE18);
    /// @notice Whether a running auction counts as insolvent changed; 0 = it no longer does. Unix time, seconds.
    event InsolvencyRecorded(AccountId indexed account, int256 equityE18, uint40 insolventAt);
    event CurveSet(Curve curve);
    event KeeperPaySet(KeeperPay pay);
    event DataFeeSet(DataFee dataFee);

    /// @notice Thrown when the caller may not act for the keeper's account.
    error Liquidator_NotAuthorised(AccountId keeper, address caller);
    /// @notice Thrown when keeper and account have the same owner.
    error Liquidator_SelfLiquidation(AccountId account, AccountId keeper);
    /// @notice Thrown in the grace after a stop of one of the account's prices. Unix time, seconds.
    error Liquidator_InGrace(AccountId account, uint40 openAt);
    /// @notice Thrown when an account passed a full check in this very block.
    error Liquidator_CheckedThisBlock(AccountId account, uint256 blockNumber);
    /// @notice Thrown when the witness does not show that the account is short. USD, 18 decimals.
    error Liquidator_NotShort(AccountId account, int256 equityE18, uint256 boundE18);
    /// @notice Thrown when an auction runs already.
    error Liquidator_AlreadyStarted(AccountId account, uint40 startedAt);
    /// @notice Thrown when no auction runs for the account.
    error Liquidator_NoAuction(AccountId account);
    /// @notice Thrown when the price of the slice is above what the keeper accepts. Settlement coin, 18 decimals.
    error Liquidator_PriceAboveLimit(int256 priceE18, int256 limitE18);
    /// @notice Thrown when the fraction asked for is zero or above one.
    error Liquidator_InvalidFraction(uint256 fractionE18);
    /// @notice Thrown when a slice would leave a rest too small to be worth closing. Maintenance, USD, 18 decimals.
    error Liquidator_DustLeft(AccountId account, uint256 maintenanceLeftE18, uint256 dustE18);
    /// @notice Thrown when a slice would not raise the account's health. USD, 18 decimals.
    error Liquidator_NoImprovement(
        AccountId account,
        int256 equityBeforeE18,
        uint256 maintenanceBeforeE18,
        int256 equityAfterE18,
        uint256 maintenanceAfterE18
    );
    /// @notice Thrown when insolvency is recorded for an account with equity, or twice. USD, 18 decimals; Unix time, seconds.
    error Liquidator_NotInsolvent(AccountId account, int256 equityE18, uint40 insolventAt);
    /// @notice Thrown when an auction is cancelled while the account is still below its target. USD, 18 decimals.
    error Liquidator_StillShort(AccountId account, int256 equityE18, uint256 targetE18);
    /// @notice Thrown when an auction is restarted while the account is short. USD, 18 decimals.
    error Liquidator_StillBelowMaintenance(AccountId account, int256 equityE18, uint256 maintenanceE18);
    /// @notice Thrown when a margin call is announced for an account that is not between maintenance and initial.
    error Liquidator_NoMarginCall(AccountId account, int256 equityE18, uint256 initialE18, uint256 maintenanceE18);
    /// @notice Thrown when a loss is larger than backstop and positive cash together. 18 decimals.
    error Liquidator_LossNotCovered(AccountId account, uint256 missingE18);
    /// @notice Thrown when a parameter is outside its bounds.
    error Liquidator_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);

    /// @notice Announces that an account is between maintenance and initial. Anyone.
    function callMargin(AccountId account) external;

    /// @notice Starts an auction by showing that the account is short. Pays the keeper's account for the gas.
    function start(AccountId account, Witness calldata witness, AccountId keeper) external;

    /// @notice Takes a slice into the keeper's account.
    /// @param maxFractionE18 Most of the book the keeper wants, 18 decimals; the slice is cut at the target health.
    /// @param maxPriceE18 Highest price for the slice, settlement coin, 18 decimals, signed.
    /// @param callbackData If not empty, `onSlice` of the caller runs after the take-over and before the keeper's own check,
    /// with the lock open, so that the slice can be laid off to signed quotes in the same transaction.
    function take(
        AccountId account,
        AccountId keeper,
        uint256 maxFractionE18,
        int256 maxPriceE18,
        bytes calldata callbackData
    ) external returns (SliceTerms memory terms);

    /// @notice Ends the auction of an account that is back at its target health or has no maintenance requirement. Anyone.
    function cancel(AccountId account) external;

    /// @notice Sets the clock of a running auction back to zero because its account is not short any more. Anyone: a fall that
    /// comes later meets the discount of a new auction.
    function restart(AccountId account) external;

    /// @notice Records that the account of a running auction has no equity left, from which moment k(t) runs. Anyone.
    function recordInsolvency(AccountId account) external;

    /// @notice Terms of a slice now, expired positions not yet turned into cash.
    function previewTake(AccountId account, uint256 maxFractionE18) external view returns (SliceTerms memory);

    function auction(AccountId account) external view returns (Auction memory);

    /// @notice Time on the clock of a running auction, and Unix time from which slices are sold again; now or earlier = now. Seconds.
    function clockOf(AccountId account) external view returns (uint256 nowOnClock, uint40 openAt);

    /// @notice Loss by layer since the beginning.
    function losses() external view returns (Losses memory);

    /// @notice Running auctions recorded as insolvent; nobody leaves the backstop while there is one.
    function insolventAuctions() external view returns (uint256);

    function curve() external view returns (Curve memory);

    function keeperPay() external view returns (KeeperPay memory);

    function dataFee() external view returns (DataFee memory);

    /// @notice Data fees of a start and of a take now, wei; 0 while the source does not answer.
    function dataFeesWei() external view returns (uint256 startWei, uint256 takeWei);

    /// @notice What starting and taking all of a book would be paid at a gas price, at the native coin's price of now and between no
    /// bounds: what a book has to hold in reserve so that closing it pays at that gas price. USD, 18 decimals, rounded up; 0 while
    /// the native coin has no price.
    function closingPayE18(uint256 positions, uint256 gasPriceWei) external view returns (uint256);

    /// @custom:access restricted
    function setCurve(Curve calldata curve_) external;

    /// @custom:access restricted
    function setKeeperPay(KeeperPay calldata pay) external;

    /// @notice Sets where the data fee comes from, and the sizes it is asked for, at most 128 KiB each.
    /// @custom:access restricted
    function setDataFee(DataFee calldata dataFee_) external;
}

/// @title Callback of a keeper that lays a slice off within the taking transaction
interface ISliceReceiver {
    /// @notice Runs after the slice has moved, with the core lock open; the keeper's account is checked afterwards.
    function onSlice(
        AccountId account,
        AccountId keeper,
        ILiquidator.SliceTerms calldata terms,
        bytes calldata data
    ) external;
}
