/** Written by `npm run abi` from the compiled contracts: every custom error of our own, how its values read, what it means. */
export const ERRORS = [
    {
        fragment: "error Backstop_DeficitOpen(uint256 auctions)",
        units: ["plain"],
        says: "shares are redeemed while auctions of insolvent accounts run, whose losses the pool has yet to pay",
    },
    {
        fragment: "error Backstop_ExitNotOpen(address owner, uint256 nowSeconds, uint40 openAt, uint40 closeAt)",
        units: ["plain", "time", "time", "time"],
        says: "shares are redeemed outside an open request",
    },
    {
        fragment: "error Backstop_ExitTooLarge(address owner, uint256 shares, uint256 requested)",
        units: ["plain", "plain", "plain"],
        says: "more shares are redeemed than requested",
    },
    {fragment: "error Backstop_Locked()", units: [], says: "shares move while the core lock is taken"},
    {
        fragment: "error Backstop_NotLiquidator(address caller)",
        units: ["plain"],
        says: "a function for the liquidator is called by another address",
    },
    {
        fragment: "error Backstop_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
    {
        fragment: "error Clearinghouse_BadLegs()",
        units: [],
        says: "a quote has no leg, more than 8, or legs that are not in ascending order",
    },
    {
        fragment: "error Clearinghouse_BadSignature(bytes32 maker, address signer)",
        units: ["account", "plain"],
        says: "a quote's signature does not come from somebody who may sign for the maker",
    },
    {
        fragment: "error Clearinghouse_CannotSettle(uint16 underlying, uint40 expiry)",
        units: ["plain", "time"],
        says: "a settlement price is set twice, or before expiry",
    },
    {
        fragment: "error Clearinghouse_InexactSize(uint128 instrument, int256 sizePerUnitE18, uint256 unitsE18)",
        units: ["instrument", "E18", "E18"],
        says: "a leg's size for the units asked is not a whole number of 1e-18 units, or is zero",
    },
    {
        fragment: "error Clearinghouse_Insolvent(bytes32 account, int256 equityE18)",
        units: ["account", "E18"],
        says: "a trade leaves an account owing more than it has: its counterparty would be paid by everybody else",
    },
    {
        fragment:
            "error Clearinghouse_InsufficientMargin(bytes32 account, int256 excessBeforeE18, int256 excessAfterE18)",
        units: ["account", "E18", "E18"],
        says: "a trade needs initial margin the account does not have, or lowers its excess while it is short",
    },
    {
        fragment: "error Clearinghouse_LockNotHeld()",
        units: [],
        says: "a function that works inside another core call is called without the core lock",
    },
    {
        fragment: "error Clearinghouse_NotAuthorised(bytes32 account, address caller)",
        units: ["account", "plain"],
        says: "the caller may not trade for an account",
    },
    {
        fragment: "error Clearinghouse_NotCore(address caller)",
        units: ["plain"],
        says: "a function for core contracts is called by another address",
    },
    {
        fragment: "error Clearinghouse_NotTradable(uint128 instrument)",
        units: ["instrument"],
        says: "an instrument cannot be traded: unknown underlying, expiry off the calendar or past, strike off its step or bounds, malformed id",
    },
    {
        fragment: "error Clearinghouse_OpenInterestCap(uint16 underlying, uint256 openInterestE18, uint256 capE18)",
        units: ["plain", "E18", "E18"],
        says: "open interest would pass its cap",
    },
    {
        fragment: "error Clearinghouse_OpeningPaused(bytes32 account, uint128 instrument)",
        units: ["account", "instrument"],
        says: "opening is paused and a trade does not only reduce",
    },
    {
        fragment: "error Clearinghouse_Overfilled(bytes32 quoteHash, uint256 unitsE18, uint256 leftE18)",
        units: ["plain", "E18", "E18"],
        says: "more is filled than the quote has left",
    },
    {
        fragment: "error Clearinghouse_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
    {
        fragment: "error Clearinghouse_QuoteCancelled(bytes32 quoteHash)",
        units: ["plain"],
        says: "a quote, its group or its epoch was cancelled",
    },
    {
        fragment: "error Clearinghouse_QuoteExpired(uint40 deadline, uint256 nowSeconds)",
        units: ["time", "time"],
        says: "a quote is past its deadline",
    },
    {
        fragment: "error Clearinghouse_TooManyPositions(bytes32 account, uint256 cap)",
        units: ["account", "plain"],
        says: "an account would hold more positions than the cap",
    },
    {
        fragment: "error Clearinghouse_WrongTaker(bytes32 taker)",
        units: ["account"],
        says: "a quote names another taker, or maker and taker are one account",
    },
    {
        fragment: "error CloseOut_ForeignTaker(bytes32 taker, bytes32 keeper)",
        units: ["account", "account"],
        says: "a quote is to be filled for another account than the keeper's",
    },
    {
        fragment: "error CloseOut_GainBelowLimit(int256 gainE18, int256 minGainE18)",
        units: ["E18", "E18"],
        says: "the keeper's cash rises by less than he wanted",
    },
    {
        fragment: "error CloseOut_NotAuthorised(bytes32 keeper, address caller)",
        units: ["account", "plain"],
        says: "the caller may not both trade and liquidate for the keeper's account",
    },
    {
        fragment: "error CloseOut_NotLiquidator(address caller)",
        units: ["plain"],
        says: "the callback is not the liquidator's",
    },
    {
        fragment: "error CloseOut_PositionsLeft(bytes32 keeper, uint256 before, uint256 left)",
        units: ["account", "plain", "plain"],
        says: "the quotes leave the keeper with positions that he did not have",
    },
    {
        fragment: "error Decimals_TooMany(uint8 decimals)",
        units: ["plain"],
        says: "Thrown for a token with more than 18 decimals, whose units could not be represented",
    },
    {
        fragment: "error FillPreview_ForeignEngine(address engine)",
        units: ["plain"],
        says: "a risk engine reads another market than this one",
    },
    {
        fragment: "error FillPreview_NotInFill(bytes32 account)",
        units: ["account"],
        says: "an account is neither maker nor taker of any of the fills",
    },
    {
        fragment: "error FillPreview_UnknownUnderlying(uint16 underlying)",
        units: ["plain"],
        says: "a leg names an underlying without risk parameters",
    },
    {
        fragment: "error FixedPoint_NonPositiveDenominator(int256 denominator)",
        units: ["plain"],
        says: "a signed quotient is asked for with a denominator that is not positive",
    },
    {
        fragment: "error InstrumentId_InvalidTerms(uint8 kind_, uint40 expirySeconds, uint64 strikeE8_)",
        units: ["plain", "time", "plain"],
        says: "the four terms do not make an instrument: a perpetual with an expiry, a dated one without, an option without a strike, or a linear one with a strike",
    },
    {
        fragment: "error Liquidator_AlreadyStarted(bytes32 account, uint40 startedAt)",
        units: ["account", "time"],
        says: "an auction runs already",
    },
    {
        fragment: "error Liquidator_CheckedThisBlock(bytes32 account, uint256 blockNumber)",
        units: ["account", "plain"],
        says: "an account passed a full check in this very block",
    },
    {
        fragment: "error Liquidator_DustLeft(bytes32 account, uint256 maintenanceLeftE18, uint256 dustE18)",
        units: ["account", "E18", "E18"],
        says: "a slice would leave a rest too small to be worth closing",
    },
    {
        fragment: "error Liquidator_InGrace(bytes32 account, uint40 openAt)",
        units: ["account", "time"],
        says: "Thrown in the grace after a stop of one of the account's prices",
    },
    {
        fragment: "error Liquidator_InvalidFraction(uint256 fractionE18)",
        units: ["E18"],
        says: "the fraction asked for is zero or above one",
    },
    {
        fragment: "error Liquidator_LossNotCovered(bytes32 account, uint256 missingE18)",
        units: ["account", "E18"],
        says: "a loss is larger than backstop and positive cash together",
    },
    {
        fragment: "error Liquidator_NoAuction(bytes32 account)",
        units: ["account"],
        says: "no auction runs for the account",
    },
    {
        fragment:
            "error Liquidator_NoImprovement(bytes32 account, int256 equityBeforeE18, uint256 maintenanceBeforeE18, int256 equityAfterE18, uint256 maintenanceAfterE18)",
        units: ["account", "E18", "E18", "E18", "E18"],
        says: "a slice would not raise the account's health",
    },
    {
        fragment:
            "error Liquidator_NoMarginCall(bytes32 account, int256 equityE18, uint256 initialE18, uint256 maintenanceE18)",
        units: ["account", "E18", "E18", "E18"],
        says: "a margin call is announced for an account that is not between maintenance and initial",
    },
    {
        fragment: "error Liquidator_NotAuthorised(bytes32 keeper, address caller)",
        units: ["account", "plain"],
        says: "the caller may not act for the keeper's account",
    },
    {
        fragment: "error Liquidator_NotInsolvent(bytes32 account, int256 equityE18, uint40 insolventAt)",
        units: ["account", "E18", "plain"],
        says: "insolvency is recorded for an account with equity, or twice",
    },
    {
        fragment: "error Liquidator_NotShort(bytes32 account, int256 equityE18, uint256 boundE18)",
        units: ["account", "E18", "E18"],
        says: "the witness does not show that the account is short",
    },
    {
        fragment: "error Liquidator_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
    {
        fragment: "error Liquidator_PriceAboveLimit(int256 priceE18, int256 limitE18)",
        units: ["E18", "E18"],
        says: "the price of the slice is above what the keeper accepts",
    },
    {
        fragment: "error Liquidator_SelfLiquidation(bytes32 account, bytes32 keeper)",
        units: ["account", "account"],
        says: "keeper and account have the same owner",
    },
    {
        fragment: "error Liquidator_StillBelowMaintenance(bytes32 account, int256 equityE18, uint256 maintenanceE18)",
        units: ["account", "E18", "E18"],
        says: "an auction is restarted while the account is short",
    },
    {
        fragment: "error Liquidator_StillShort(bytes32 account, int256 equityE18, uint256 targetE18)",
        units: ["account", "E18", "E18"],
        says: "an auction is cancelled while the account is still below its target",
    },
    {fragment: "error MarginLens_CoreLocked()", units: [], says: "the core is in the middle of a transaction"},
    {
        fragment: "error MarginLens_PreviewOutdated(address engine, address previewEngine)",
        units: ["plain", "plain"],
        says: "the preview's engine no longer has the parameters of the deployment's engine",
    },
    {
        fragment: "error MarginVault_AssetNotOpen(address token)",
        units: ["plain"],
        says: "a token is not listed, or is closed for deposits",
    },
    {
        fragment: "error MarginVault_BorrowingPaused(bytes32 account, int256 cashAfterE18)",
        units: ["account", "E18"],
        says: "a withdrawal would borrow while borrowing is paused",
    },
    {
        fragment: "error MarginVault_CannotList(address token)",
        units: ["plain"],
        says: "a token cannot be listed: already listed, more than 18 decimals, no code, or list full",
    },
    {
        fragment: "error MarginVault_CapExceeded(address token, uint256 totalE18, uint256 capE18)",
        units: ["plain", "E18", "E18"],
        says: "a deposit would pass the cap",
    },
    {
        fragment: "error MarginVault_InexactParameter(bytes32 name, uint256 value, uint256 unit)",
        units: ["text", "plain", "plain"],
        says: "a rate is not a whole number of the units in which rates are stored",
    },
    {
        fragment:
            "error MarginVault_InsufficientCollateral(bytes32 account, uint8 assetId, uint256 heldE18, uint256 neededE18)",
        units: ["account", "plain", "E18", "E18"],
        says: "an account holds less than what is taken",
    },
    {
        fragment: "error MarginVault_InsufficientLiquidity(address token, uint256 heldNative, uint256 neededNative)",
        units: ["plain", "plain", "plain"],
        says: "the vault holds fewer settlement tokens than a withdrawal needs",
    },
    {
        fragment: "error MarginVault_InvalidCore()",
        units: [],
        says: "core addresses are set a second time or left empty",
    },
    {
        fragment: "error MarginVault_InvalidRecipient(address to)",
        units: ["plain"],
        says: "a recipient is the zero address or the vault",
    },
    {fragment: "error MarginVault_Locked()", units: [], says: "the core lock is already taken"},
    {
        fragment: "error MarginVault_ModelDoesNotGovern(uint8 model)",
        units: ["plain"],
        says: "an account would be governed by a model that is a report only",
    },
    {
        fragment:
            "error MarginVault_ModelNotSatisfied(bytes32 account, uint8 model, int256 equityE18, uint256 initialE18)",
        units: ["account", "plain", "E18", "E18"],
        says: "an account's equity does not cover its requirement under a model it wants to switch to",
    },
    {
        fragment: "error MarginVault_NotAuthorised(bytes32 account, address caller, uint32 right)",
        units: ["account", "plain", "plain"],
        says: "the caller may not act for an account in this way",
    },
    {
        fragment: "error MarginVault_NotCore(address caller)",
        units: ["plain"],
        says: "a function for core contracts is called by another address",
    },
    {
        fragment: "error MarginVault_NotLocked(address caller)",
        units: ["plain"],
        says: "a function for core contracts runs without the lock, or the lock is given back by another than took it",
    },
    {
        fragment: "error MarginVault_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
    {
        fragment:
            "error MarginVault_PermitFailed(address token, address owner, uint256 allowanceNative, uint256 neededNative)",
        units: ["plain", "plain", "plain", "plain"],
        says: "a permit fails and the allowance does not cover the deposit",
    },
    {
        fragment: "error MarginVault_UnexpectedBalance(address token, uint256 expectedNative, uint256 receivedNative)",
        units: ["plain", "plain", "plain"],
        says: "the tokens that arrived are not the amount asked for (fee on transfer, rebasing)",
    },
    {fragment: "error MarginVault_ZeroAmount()", units: [], says: "an amount is zero"},
    {
        fragment:
            "error PriceOracle_Diverged(uint16 feedId, uint256 priceE18, uint256 secondE18, uint256 maxDeviationE18)",
        units: ["plain", "E18", "E18", "E18"],
        says: "the two sources of a feed disagree",
    },
    {
        fragment: "error PriceOracle_FeedFailed(uint16 feedId, address aggregator)",
        units: ["plain", "plain"],
        says: "a feed's contract reverts instead of answering",
    },
    {
        fragment: "error PriceOracle_FeedPaused(uint16 feedId)",
        units: ["plain"],
        says: "a feed is braked by the guardian",
    },
    {
        fragment: "error PriceOracle_FromFuture(uint16 feedId, uint256 updatedAt, uint256 nowSeconds)",
        units: ["plain", "time", "time"],
        says: "an answer carries a time later than the block's",
    },
    {
        fragment: "error PriceOracle_IncompleteRound(uint16 feedId, uint80 roundId)",
        units: ["plain", "plain"],
        says: "a round was never completed",
    },
    {
        fragment: "error PriceOracle_InvalidConfig(uint16 feedId)",
        units: ["plain"],
        says: "a feed is set with bounds that make no sense or cannot be stored exactly, or beyond the 256th feed",
    },
    {
        fragment: "error PriceOracle_InvalidConfirmSeconds(uint32 givenSeconds, uint32 minSeconds, uint32 maxSeconds)",
        units: ["duration", "duration", "duration"],
        says: "the confirmation time is out of its bounds",
    },
    {
        fragment: "error PriceOracle_InvalidSequencer(address uptimeFeed, uint32 graceSeconds)",
        units: ["plain", "duration"],
        says: "the uptime feed or the grace time is out of its bounds",
    },
    {
        fragment: "error PriceOracle_Jump(uint16 feedId, uint256 priceE18, uint256 acceptedE18, uint256 maxJumpE18)",
        units: ["plain", "E18", "E18", "E18"],
        says: "an answer is too far from the last accepted value",
    },
    {
        fragment: "error PriceOracle_NotPositive(uint16 feedId, int256 answer)",
        units: ["plain", "plain"],
        says: "an answer is zero or negative",
    },
    {
        fragment: "error PriceOracle_OutOfBounds(uint16 feedId, uint256 priceE18, uint256 minE18, uint256 maxE18)",
        units: ["plain", "E18", "E18", "E18"],
        says: "an answer is at or beyond the feed's bounds",
    },
    {
        fragment:
            "error PriceOracle_RoundsDoNotStraddle(uint16 feedId, uint80 roundId, uint80 nextRoundId, uint256 atSeconds)",
        units: ["plain", "plain", "plain", "time"],
        says: "two named rounds do not straddle a moment",
    },
    {fragment: "error PriceOracle_SequencerDown()", units: [], says: "the L2 sequencer is down"},
    {
        fragment: "error PriceOracle_SequencerGrace(uint256 sinceUpSeconds, uint256 graceSeconds)",
        units: ["duration", "duration"],
        says: "the grace time after a sequencer outage runs",
    },
    {
        fragment: "error PriceOracle_Stale(uint16 feedId, uint256 ageSeconds, uint256 maxAgeSeconds)",
        units: ["plain", "duration", "duration"],
        says: "an answer is older than the feed allows",
    },
    {
        fragment: "error PriceOracle_TooLittleGas(uint256 gasLeft, uint256 needed)",
        units: ["plain", "plain"],
        says: "a call leaves too little gas to tell a missing round from one that could not be read",
    },
    {fragment: "error PriceOracle_UnknownFeed(uint16 feedId)", units: ["plain"], says: "a feed number has no feed"},
    {
        fragment: "error RiskEngine_BelowInitial(bytes32 account, int256 equityE18, uint256 initialE18)",
        units: ["account", "E18", "E18"],
        says: "an account's equity does not cover its initial requirement",
    },
    {
        fragment: "error RiskEngine_BelowMaintenance(bytes32 account, int256 equityE18, uint256 maintenanceE18)",
        units: ["account", "E18", "E18"],
        says: "an account's equity does not cover its maintenance requirement",
    },
    {
        fragment: "error RiskEngine_InvalidSpot(uint16 underlying, uint256 spotE18)",
        units: ["plain", "E18"],
        says: "a spot price to be tried is zero or absurd",
    },
    {
        fragment: "error RiskEngine_InvalidWitness()",
        units: [],
        says: "a witness does not name one scenario per underlying and group of the book, or one off the grid",
    },
    {
        fragment: "error RiskEngine_LegTooGreat(uint128 instrument, int256 sizeE18)",
        units: ["instrument", "E18"],
        says: "a leg's size times its price leaves the room of the engine's sums: 1.9e13 USD for an option, 2.4e19 USD for all linear legs of an underlying",
    },
    {
        fragment: "error RiskEngine_ModelNotForOptions(uint128 instrument)",
        units: ["instrument"],
        says: "an account under the delta model holds an option",
    },
    {
        fragment: "error RiskEngine_OtherModel(uint8 model)",
        units: ["plain"],
        says: "a contract that answers for one model is asked about another",
    },
    {
        fragment: "error RiskEngine_UnorderedBook()",
        units: [],
        says: "a book's positions, quotes or collateral are not strictly ascending",
    },
    {
        fragment: "error RiskEngine_WrongTable(address table, bytes32 codeHash, bytes32 expected)",
        units: ["plain", "plain", "plain"],
        says: "the contract named as the table of the normal distribution has other code",
    },
    {fragment: "error RiskEngine_ZeroAddress()", units: [], says: "a contract the engine reads is left empty"},
    {
        fragment: "error RiskParameters_GridMismatch(uint8 group, uint256 length, uint256 expected)",
        units: ["plain", "plain", "plain"],
        says: "underlyings of one correlation group have grids of different length",
    },
    {
        fragment: "error RiskParameters_InvalidScenario(uint256 index)",
        units: ["plain"],
        says: "a scenario of a list is malformed: factor and logarithm disagree, weight or volatility out of range",
    },
    {
        fragment: "error RiskParameters_OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max)",
        units: ["text", "plain", "plain", "plain"],
        says: "a parameter is outside its bounds",
    },
    {
        fragment: "error RiskParameters_UnknownAsset(uint8 assetId)",
        units: ["plain"],
        says: "a book names a collateral asset without risk parameters",
    },
    {
        fragment: "error RiskParameters_UnknownUnderlying(uint16 underlying)",
        units: ["plain"],
        says: "a book names an underlying without risk parameters",
    },
    {fragment: "error RiskParameters_ZeroAddress()", units: [], says: "a contract that is read is left empty"},
    {
        fragment: "error SurfaceOracle_BadDiscount(uint256 discountE18)",
        units: ["E18"],
        says: "a discount factor is zero or above its bound",
    },
    {
        fragment: "error SurfaceOracle_BadSigner(address signer)",
        units: ["plain"],
        says: "signers are not registered or not in strictly ascending order of address",
    },
    {
        fragment:
            "error SurfaceOracle_BadTime(uint40 publishedAt, uint40 acceptedAt, uint256 nowSeconds, uint40 expiry)",
        units: ["time", "time", "time", "time"],
        says: "a report is not newer than the accepted one, from the future, too old, or at or after its expiry",
    },
    {
        fragment: "error SurfaceOracle_Butterfly(int256 aE18, int256 bE18, int256 rhoE18, int256 sigmaE18)",
        units: ["E18", "E18", "E18", "E18"],
        says: "SVI parameters admit butterfly arbitrage by the bounds of the margin model",
    },
    {
        fragment:
            "error SurfaceOracle_Calendar(uint40 earlier, uint256 earlierVarianceE18, uint40 later, uint256 laterVarianceE18)",
        units: ["time", "E18", "time", "E18"],
        says: "at-the-money total variance falls from one expiry to the next",
    },
    {
        fragment: "error SurfaceOracle_ForwardOutOfBounds(uint256 ratioE18, uint256 acceptedE18)",
        units: ["E18", "E18"],
        says: "a forward ratio leaves its bounds or steps too far",
    },
    {
        fragment: "error SurfaceOracle_InvalidConfig()",
        units: [],
        says: "signers, threshold or bounds do not fit together",
    },
    {
        fragment: "error SurfaceOracle_LengthMismatch(uint256 reports, uint256 signatures)",
        units: ["plain", "plain"],
        says: "reports and lists of signatures differ in number",
    },
    {
        fragment: "error SurfaceOracle_NoSurface(uint16 underlying, uint40 expiry)",
        units: ["plain", "time"],
        says: "an expiry has no surface yet",
    },
    {
        fragment:
            "error SurfaceOracle_Stale(uint16 underlying, uint40 expiry, uint256 ageSeconds, uint256 maxAgeSeconds)",
        units: ["plain", "time", "duration", "duration"],
        says: "the last surface is too old",
    },
    {
        fragment: "error SurfaceOracle_TooFewSignatures(uint256 given, uint256 threshold)",
        units: ["plain", "plain"],
        says: "fewer signatures than the threshold are given",
    },
    {
        fragment: "error SurfaceOracle_TooManyExpiries(uint16 underlying, uint256 cap)",
        units: ["plain", "plain"],
        says: "an underlying would have more unexpired expiries than the cap",
    },
    {
        fragment: "error SurfaceOracle_VolJump(uint256 volE18, uint256 acceptedE18)",
        units: ["E18", "E18"],
        says: "at-the-money volatility steps too far",
    },
    {fragment: "error TradeLens_CoreLocked()", units: [], says: "the core is in the middle of a transaction"},
    {
        fragment: "error TradeLens_InvalidSize(uint128 instrument, int256 sizeE18)",
        units: ["instrument", "E18"],
        says: "a size or a lot is zero or has no opposite",
    },
    {fragment: "error TradeLens_NoLegs()", units: [], says: "a preview is asked for no legs"},
    {
        fragment: "error TradeLens_PreviewOutdated(address engine, address previewEngine)",
        units: ["plain", "plain"],
        says: "the preview's engine no longer has the parameters of the deployment's engine",
    },
    {
        fragment: "error TradeLens_SameAccount(bytes32 account)",
        units: ["account"],
        says: "an account would trade with itself",
    },
    {
        fragment: "error TradeLens_TooManyCandidates(uint256 count, uint256 max)",
        units: ["plain", "plain"],
        says: "more candidates are given than are searched in one call",
    },
    {fragment: "error Transcendental_ExpOverflow(int256 xE18)", units: ["E18"], says: "e^x does not fit"},
    {fragment: "error Transcendental_LnOfZero()", units: [], says: "the logarithm of zero is asked for"},
] as const;
