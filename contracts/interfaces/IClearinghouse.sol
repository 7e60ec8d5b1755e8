// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {Position, QuoteFigure} from "../types/Book.sol";
import {GateLevel} from "../types/Gate.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {Listing, PerpState} from "../types/Market.sol";

/// @title Who owes what to whom?
/// @notice Keeps positions, quote figures, funding and settlement prices, and turns signed quotes into trades. A linear
/// trade moves no cash: its cost stands in the quote figure until the account has no linear position of that underlying
/// left, then the figure becomes cash. An option's premium is paid in cash at once.
/// Per instrument, sizes add up to zero; every transfer is booked with equal and opposite figures.
interface IClearinghouse {
    /// @notice One leg of a quote, seen from the maker: positive = the maker buys.
    struct Leg {
        InstrumentId instrument;
        int128 sizePerUnitE18; // units of the underlying per unit of the quote, 18 decimals
        uint128 priceE18; // settlement coin per unit of the underlying, 18 decimals
    }

    /// @notice EIP-712 data signed by a maker: its owner or an operator with TRADE, or an ERC-1271 contract that owns it.
    struct Quote {
        AccountId maker;
        AccountId taker; // 0 = anyone
        Leg[] legs; // at most 8, ascending instruments
        uint128 unitsE18; // most units that may be filled in all, 18 decimals
        uint64 group; // cancelled together
        uint64 epoch; // must be the maker's epoch; cancelAll raises it
        uint128 nonce; // makes quotes with equal terms different; cancelled one by one
        uint40 deadline; // Unix time, seconds, inclusive
    }

    /// @notice One quote to be filled.
    struct Fill {
        Quote quote;
        address signer; // who signed: the owner, an operator, or the owning contract
        bytes signature;
        AccountId taker;
        uint128 unitsE18; // units to fill; every leg's size must come out exact
    }

    /// @notice Fees, fractions with 18 decimals. Paid by the taker to the protocol account.
    struct Fees {
        uint64 linearE18; // of notional
        uint64 optionE18; // of notional, but never more than
        uint64 optionCapE18; // this fraction of the premium
    }

    /// @notice Funding rule. Between two touches of a perpetual, cumulative funding moves by
    /// `index * clamp(premium, +-maxRate) * seconds / 8 h`, with the index and the premium of the later touch's start: the
    /// step is never more than `index * maxRate` per 8 hours, however long nobody touched it. A fill moves the average by
    /// `w * t / (t + averageSeconds)` of the distance to its own clamped premium, t = seconds the average has not yet seen,
    /// w = notional / sampleNotional, at most 1; the average has then seen `w * t` more seconds. So dust moves nothing and
    /// silences nobody, and all fills of one block together weigh about as much as one.
    struct FundingParams {
        uint64 maxPremiumE18; // clamp of one fill's premium and of the average
        uint64 maxRateE18; // clamp of funding per 8 hours
        uint32 averageSeconds; // time constant of the premium's moving average
        uint96 sampleNotionalE18; // notional from which a fill counts in full, USD, 18 decimals, > 0
    }

    event QuoteFilled(
        bytes32 indexed quoteHash,
        AccountId indexed maker,
        AccountId indexed taker,
        uint256 unitsE18,
        uint256 filledAfterE18
    );
    /// @notice Every change of a position but those of a slice: price 0 when it closes by settlement.
    event PositionChanged(
        AccountId indexed account,
        InstrumentId indexed instrument,
        int256 deltaE18,
        int256 sizeAfterE18,
        uint256 priceE18
    );
    /// @notice A slice of an account's positions went to a keeper's: so much was taken from each size of the one and added to that
    /// of the other.
    event PositionsMoved(
        AccountId indexed account,
        AccountId indexed keeper,
        InstrumentId[] instruments,
        int256[] movedE18
    );
    event QuoteFigureChanged(
        AccountId indexed account,
        uint16 indexed underlying,
        int256 deltaE18,
        int256 quoteAfterE18
    );
    event FeePaid(AccountId indexed account, uint256 feeE18);
    event FundingAccrued(uint16 indexed underlying, int256 cumulativeFundingE18, int256 premiumE18);
    /// @notice Emitted when a fill moves the average premium; `sampleE18` is the fill's own premium, clamped.
    event PremiumSampled(uint16 indexed underlying, int256 sampleE18, int256 premiumAfterE18, uint40 sampledAt);
    event ExpirySettled(uint16 indexed underlying, uint40 indexed expiry, uint256 priceE18, uint80 roundId);
    event AccountSettled(AccountId indexed account, InstrumentId indexed instrument, int256 sizeE18, int256 payoffE18);
    /// @notice Emitted for each touched account after its check.
    event AccountChecked(AccountId indexed account, int256 equityE18, uint256 initialE18, uint256 maintenanceE18);
    event QuoteCancelled(AccountId indexed maker, uint128 nonce);
    event GroupCancelled(AccountId indexed maker, uint64 group);
    event AllCancelled(AccountId indexed maker, uint64 epoch);
    event ListingSet(uint16 indexed underlying, Listing listing);
    event FeesSet(Fees fees);
    event FundingParamsSet(FundingParams params);
    event OpeningPausedSet(bool paused);
    /// @notice Emitted when the solvency gate opens or closes what adds risk.
    event GateSet(GateLevel level);
    event PriceBandSet(uint64 bandE18);
    event LastKnownRiskSet(address indexed lastKnownRisk);
    event PriceOracleSet(address indexed before, address indexed priceOracle);

    /// @notice Thrown when the caller may not trade for an account.
    error Clearinghouse_NotAuthorised(AccountId account, address caller);
    /// @notice Thrown when a quote's signature does not come from somebody who may sign for the maker.
    error Clearinghouse_BadSignature(AccountId maker, address signer);
    /// @notice Thrown when a quote is past its deadline. Unix times, seconds.
    error Clearinghouse_QuoteExpired(uint40 deadline, uint256 nowSeconds);
    /// @notice Thrown when a quote, its group or its epoch was cancelled.
    error Clearinghouse_QuoteCancelled(bytes32 quoteHash);
    /// @notice Thrown when a quote names another taker, or maker and taker are one account.
    error Clearinghouse_WrongTaker(AccountId taker);
    /// @notice Thrown when more is filled than the quote has left. 18 decimals.
    error Clearinghouse_Overfilled(bytes32 quoteHash, uint256 unitsE18, uint256 leftE18);
    /// @notice Thrown when a leg's size for the units asked is not a whole number of 1e-18 units, or is zero.
    error Clearinghouse_InexactSize(InstrumentId instrument, int256 sizePerUnitE18, uint256 unitsE18);
    /// @notice Thrown when a quote has no leg, more than 8, or legs that are not in ascending order.
    error Clearinghouse_BadLegs();
    /// @notice Thrown when an instrument cannot be traded: unknown underlying, expiry off the calendar or past, strike off its
    /// step or bounds, malformed id.
    error Clearinghouse_NotTradable(InstrumentId instrument);
    /// @notice Thrown when an account would hold more positions than the cap.
    error Clearinghouse_TooManyPositions(AccountId account, uint256 cap);
    /// @notice Thrown when open interest would pass its cap. Units of the underlying, 18 decimals.
    error Clearinghouse_OpenInterestCap(uint16 underlying, uint256 openInterestE18, uint256 capE18);
    /// @notice Thrown when a trade needs initial margin the account does not have, or lowers its excess while it is short.
    /// Excess = equity - initial, USD, 18 decimals.
    error Clearinghouse_InsufficientMargin(AccountId account, int256 excessBeforeE18, int256 excessAfterE18);
    /// @notice Thrown when a trade leaves an account owing more than it has: its counterparty would be paid by everybody else. Only
    /// money or an auction helps such an account. USD, 18 decimals.
    error Clearinghouse_Insolvent(AccountId account, int256 equityE18);
    /// @notice Thrown when a leg's price cannot be the market's: see `priceBandE18`. Settlement coin per unit, 18 decimals.
    error Clearinghouse_PriceOutsideBand(InstrumentId instrument, uint256 priceE18, uint256 minE18, uint256 maxE18);
    /// @notice Thrown when a fill at the last known prices brings a position of an account not closer to zero.
    error Clearinghouse_NotReducing(AccountId account, InstrumentId instrument);
    /// @notice Thrown when nobody was named who knows the last prices.
    error Clearinghouse_NoLastKnownPrices();
    /// @notice Thrown when opening is stopped, by the guardian or by the solvency gate, and a trade does not only reduce.
    error Clearinghouse_OpeningPaused(AccountId account, InstrumentId instrument);
    /// @notice Thrown when a settlement price is set twice, or before expiry.
    error Clearinghouse_CannotSettle(uint16 underlying, uint40 expiry);
    /// @notice Thrown when a function for core contracts is called by another address.
    error Clearinghouse_NotCore(address caller);
    /// @notice Thrown when a function that works inside another core call is called without the core lock.
    error Clearinghouse_LockNotHeld();
    /// @notice Thrown when a parameter is outside its bounds.
    error Clearinghouse_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);

    // --- users

    /// @notice Fills one quote as taker. Both accounts are checked once afterwards.
    function fill(Fill calldata item) external;

    /// @notice Fills several quotes, all or none; each touched account is checked once at the end.
    function fillMany(Fill[] calldata items) external;

    /// @notice Fills several quotes, all or none, of which every leg brings both sides closer to zero. Needs no fresh price: where a
    /// price is refused the last known one stands in, and nobody can choose between the two. Each touched account must end with no
    /// greater requirement, at a cost of no more than a part of what was released; see ILastKnownRisk.
    function fillReducing(Fill[] calldata items) external;

    function cancelQuote(AccountId maker, uint128 nonce) external;

    function cancelGroup(AccountId maker, uint64 group) external;

    function cancelAll(AccountId maker) external;

    /// @notice Fixes the settlement price of an expiry, by the two Chainlink rounds around it. Anyone, once. See IPriceOracle.priceAt.
    function settleExpiry(uint16 underlying, uint40 expiry, uint80 roundId, uint80 nextRoundId) external;

    /// @notice Turns an account's settled positions into cash. Anyone; done by every trade and liquidation too.
    function settleAccount(AccountId account) external;

    /// @notice Accrues funding of a perpetual. Anyone.
    function accrueFunding(uint16 underlying) external;

    // --- the liquidator only, lock held

    /// @notice Moves the fraction of every position and quote figure; sizes round toward zero, 1e18 moves everything.
    function moveFraction(AccountId from, AccountId to, uint256 fractionE18) external;

    /// @notice Settles what has expired in an account, without taking the lock.
    function settleAccountLocked(AccountId account) external;

    // --- views

    /// @notice Positions in ascending order of instrument and quote figures in ascending order of underlying.
    function positionsOf(
        AccountId account
    ) external view returns (Position[] memory positions, QuoteFigure[] memory quotes);

    /// @notice The same positions as they stand in storage, in no order: `instrument uint128` in the low half of a word,
    /// `sizeE18 int128` in the high half. No size is zero and no instrument comes twice.
    function positionWords(AccountId account) external view returns (uint256[] memory words);

    /// @notice Whether the account holds any position; one without has no quote figure either.
    function hasPositions(AccountId account) external view returns (bool);

    function sizeOf(AccountId account, InstrumentId instrument) external view returns (int256 sizeE18);

    function quoteOf(AccountId account, uint16 underlying) external view returns (int256 quoteE18);

    /// @notice Settlement price of an expiry, USD, 18 decimals; 0 while it is not fixed.
    function settlementPriceE18(uint16 underlying, uint40 expiry) external view returns (uint256);

    function perpState(uint16 underlying) external view returns (PerpState memory);

    /// @notice Mark price of the perpetual and funding to now, given the index.
    /// @param indexE18 Spot, USD, 18 decimals.
    function perpMark(
        uint16 underlying,
        uint256 indexE18
    ) external view returns (uint256 markE18, int256 cumulativeFundingE18);

    /// @notice Units long over all instruments of an underlying, 18 decimals.
    function openInterestE18(uint16 underlying) external view returns (uint256);

    function listing(uint16 underlying) external view returns (Listing memory);

    function fees() external view returns (Fees memory);

    function fundingParams() external view returns (FundingParams memory);

    /// @notice Whether only reducing trades are filled: by the guardian's or the solvency gate's wish.
    function openingPaused() external view returns (bool);

    /// @notice How far from its index a leg may trade. With the band b, for dated instruments b * (1 + years to expiry), and the index
    /// S: linear [S(1 - b), S(1 + b)]; call [S(1 - b) - K, S(1 + b)] and put [K - S(1 + b), K], not below 0: what the option can be
    /// worth while the index stays in its own band. Fraction of the index, 18 decimals; 0 = not set yet, any price.
    function priceBandE18() external view returns (uint256);

    /// @notice Contract that checks fills at the last known prices; 0 = none.
    function lastKnownRisk() external view returns (address);

    /// @notice Oracle that funding, option fees and settlement read.
    function priceOracle() external view returns (address);

    /// @notice Units filled so far, 18 decimals.
    function filledE18(bytes32 quoteHash) external view returns (uint256);

    function epochOf(AccountId maker) external view returns (uint64);

    /// @notice EIP-712 digest a maker signs.
    function quoteDigest(Quote calldata quote) external view returns (bytes32);

    /// @notice Whether an instrument may be opened now.
    function isTradable(InstrumentId instrument) external view returns (bool);

    /// @notice Most positions an account may hold.
    function positionCap() external view returns (uint256);

    // --- restricted

    /// @custom:access restricted
    function setListing(uint16 underlying, Listing calldata listing_) external;

    /// @custom:access restricted
    function setFees(Fees calldata fees_) external;

    /// @custom:access restricted
    function setFundingParams(FundingParams calldata params) external;

    /// @custom:access restricted guardian may pause, unpausing waits
    function pauseOpening() external;

    /// @custom:access restricted
    function unpauseOpening() external;

    /// @notice Sets how far from the index a leg may trade, a fraction of it, 18 decimals, 1 % to 100 %, a multiple of a millionth.
    /// @custom:access restricted
    function setPriceBand(uint64 bandE18) external;

    /// @notice Stops what adds risk, or lets it go on.
    /// @custom:access restricted to the solvency gate, without delay
    function setGate(GateLevel level) external;

    /// @notice Names the contract that checks fills at the last known prices.
    /// @custom:access restricted
    function setLastKnownRisk(address lastKnown) external;

    /// @notice Replaces the price oracle that funding, option fees and settlement read.
    /// @custom:access restricted
    function setPriceOracle(address priceOracle_) external;
}
