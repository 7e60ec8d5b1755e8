import {PROTECTION_MUTANTS} from "./protectionMutants.js";
import {SETTLEMENT_MUTANTS} from "./settlementMutants.js";
import {SLICE_MUTANTS} from "./sliceMutants.js";
import {STEWARD_MUTANTS} from "./stewardMutants.js";

/** Deliberate mistakes. Each must turn the named test red, or that test proves less than it says. */
export type Mutant = {
    readonly name: string;
    readonly file: string;
    /** Text that occurs exactly once in the file. */
    readonly find: string;
    readonly replace: string;
    readonly expectedTest: string;
};

const CLEARINGHOUSE = "contracts/core/Clearinghouse.sol";
const VAULT = "contracts/core/MarginVault.sol";
const CUSTODY = "contracts/core/vault/Custody.sol";
const OPERATORS = "contracts/core/vault/Operators.sol";
const LIQUIDATOR = "contracts/liquidation/Liquidator.sol";
const LIFECYCLE = "test/integration/lifecycle.test.ts";
const REPLAY = "test/integration/replay.test.ts";
const KEEPERS = "test/adversary/keepers.test.ts";
const QUOTES = "test/adversary/quotes.test.ts";
const FEEDS = "test/adversary/feeds.test.ts";
const COLLUSION = "test/adversary/collusion.test.ts";
const PROFIT = "test/adversary/profit.test.ts";
const REENTRANCY = "test/adversary/reentrancy.test.ts";
const TOKENS = "test/unit/core/MarginVault/adversaries.test.ts";
const WITHDRAW = "test/unit/core/MarginVault/withdraw.test.ts";
const CAMPAIGN = "test/invariant/Ballast.t.sol";

export const MUTANTS: readonly Mutant[] = [
    {
        name: "a trade is not checked",
        file: CLEARINGHOUSE,
        find: "if (excessAfter < excessBefore) {",
        replace: "if (excessAfter < excessBefore && excessAfter > 0) {",
        expectedTest: COLLUSION,
    },
    {
        name: "the seller of a linear leg pays one unit more than the buyer gets",
        file: CLEARINGHOUSE,
        find: "_changeQuote(trade.taker, trade.underlying, -makerDelta);",
        replace: "_changeQuote(trade.taker, trade.underlying, 1 - makerDelta);",
        expectedTest: CAMPAIGN,
    },
    {
        name: "funding is added to the entry cost with the wrong sign",
        file: CLEARINGHOUSE,
        find: "unitCost -= _accrue(trade.underlying, indexE18);",
        replace: "unitCost += _accrue(trade.underlying, indexE18);",
        expectedTest: LIFECYCLE,
    },
    {
        name: "a filled quote is not remembered",
        file: "contracts/core/clearing/Quotes.sol",
        find: "_filled[digest] = filledAfter;",
        replace: "",
        expectedTest: QUOTES,
    },
    {
        name: "cancelAll cancels nothing",
        file: "contracts/core/clearing/Quotes.sol",
        find: "if (quote.epoch != _epochs[quote.maker] || ",
        replace: "if (",
        expectedTest: QUOTES,
    },
    {
        name: "open interest only grows",
        file: "contracts/core/clearing/Positions.sol",
        find: "_longOf(afterE18) - _longOf(beforeE18));",
        replace: "_longOf(afterE18));",
        expectedTest: REPLAY,
    },
    {
        name: "turning a quote figure into cash is not announced",
        file: "contracts/core/clearing/Positions.sol",
        find: "        emit QuoteFigureChanged(account, underlying, -quoteE18, 0);\n",
        replace: "",
        expectedTest: REPLAY,
    },
    {
        name: "a payoff is rounded for the account",
        file: "contracts/core/clearing/Settlement.sol",
        find: 'import {mulDivFloor} from "../../libraries/math/FixedPoint.sol";',
        replace: 'import {mulDivCeil as mulDivFloor} from "../../libraries/math/FixedPoint.sol";',
        expectedTest: "test/unit/core/Clearinghouse/settlement.test.ts",
    },
    {
        name: "profit counts in full for opening",
        file: "contracts/risk/RiskCheck.sol",
        find: "initialE18 += crowdingE18 + withheldE18;",
        replace: "initialE18 += crowdingE18;",
        expectedTest: PROFIT,
    },
    {
        name: "a profit is withheld by share alone",
        file: "contracts/risk/AddOns.sol",
        find: "mulDivDown(profitE18, spanE18 - aboveE18, spanE18);",
        replace: "profitE18;",
        expectedTest: "test/fuzz/Laws.t.sol",
    },
    {
        name: "a bankrupt account trades on",
        file: CLEARINGHOUSE,
        find: "if (now_.equityE18 < 0) revert Clearinghouse_Insolvent(account, now_.equityE18);",
        replace: "",
        expectedTest: PROFIT,
    },
    {
        name: "money leaves without a check",
        file: VAULT,
        find: "_engine().requireInitial(account);",
        replace: "",
        expectedTest: CAMPAIGN,
    },
    {
        name: "who owes nothing needs a price to leave",
        file: VAULT,
        find: "if (!_owesCash(account) && !_hasPositions(account)) return;",
        replace: "",
        expectedTest: FEEDS,
    },
    {
        name: "the lock does not lock",
        file: "contracts/core/Lock.sol",
        find: "if (_holder != address(0)) revert IMarginVault.MarginVault_Locked();",
        replace: "",
        expectedTest: REENTRANCY,
    },
    {
        name: "the reserve gets no interest",
        file: "contracts/core/vault/InterestModel.sol",
        find: "interestE18 - mulDivUp(interestE18, curve.reserveE18, ONE_E18);",
        replace: "interestE18;",
        expectedTest: LIFECYCLE,
    },
    {
        name: "a write-down takes nothing from anybody",
        file: "contracts/core/vault/Ledger.sol",
        find: "_indices.supplyE27 = uint104(afterE27); // below its former value",
        replace: "",
        expectedTest: LIFECYCLE,
    },
    {
        name: "an account can be sold in the block in which it was checked",
        file: LIQUIDATOR,
        find: "if (VAULT.lastCheckedBlock(account) == block.number) {",
        replace: "if (VAULT.lastCheckedBlock(account) > block.number) {",
        expectedTest: CAMPAIGN,
    },
    {
        name: "an owner can take from himself",
        file: LIQUIDATOR,
        find: "if (account.owner() == keeper.owner()) revert",
        replace: "if (account == keeper) revert",
        expectedTest: KEEPERS,
    },
    {
        name: "the keeper is not checked",
        file: LIQUIDATOR,
        find: "        _engine().requireInitial(keeper);\n",
        replace: "",
        expectedTest: KEEPERS,
    },
    {
        name: "everybody pays before the backstop",
        file: LIQUIDATOR,
        find: "backstopPaidE18 = _payFromBackstop(keeper, shares);",
        replace: "backstopPaidE18 = 0;",
        expectedTest: LIFECYCLE,
    },
    {
        name: "the price of a slice is forgotten",
        file: LIQUIDATOR,
        find: "VAULT.moveCash(keeper, account, uint256(terms.priceE18));",
        replace: "VAULT.moveCash(keeper, account, uint256(terms.priceE18) / 2);",
        expectedTest: CAMPAIGN,
    },
    {
        name: "fixed pay knows no bound but the gas price",
        file: "contracts/liquidation/SliceMath.sol",
        find: "return payE18 < mostE18 ? payE18 : mostE18;",
        replace: "return payE18;",
        expectedTest: KEEPERS,
    },
    {
        name: "a slice does not stop at the target",
        file: "contracts/liquidation/SliceMath.sol",
        find: "if (fraction >= ONE_E18 || restE18(book.maintenanceE18, book.reserveE18, fraction) < dustE18) return ONE_E18;",
        replace: "if (fraction != 0) return ONE_E18;",
        expectedTest: LIFECYCLE,
    },
    {
        name: "any jump of a feed is believed",
        file: "contracts/oracle/PriceOracle.sol",
        find: "if (!Relative.within(priceE18, range.acceptedE18, maxJumpE18)) {",
        replace: "if (!Relative.within(priceE18, priceE18, maxJumpE18)) {",
        expectedTest: FEEDS,
    },
    {
        name: "a token that takes a fee on the way is credited in full",
        file: CUSTODY,
        find: "if (receivedNative != amountNative) {",
        replace: "if (receivedNative > amountNative) {",
        expectedTest: TOKENS,
    },
    {
        name: "a withdrawal may cost the vault more than its amount",
        file: CUSTODY,
        find: "if (sentNative != amountNative) {",
        replace: "if (sentNative < amountNative) {",
        expectedTest: TOKENS,
    },
    {
        name: "a balance is rounded for the account",
        file: "contracts/core/vault/CashMath.sol",
        find: 'import {mulDivFloor} from "../../libraries/math/FixedPoint.sol";',
        replace: 'import {mulDivCeil as mulDivFloor} from "../../libraries/math/FixedPoint.sol";',
        expectedTest: "test/fuzz/Cash.t.sol",
    },
    {
        name: "a grant to an operator never ends",
        file: OPERATORS,
        find: " && block.timestamp <= grant.expiresAt;",
        replace: ";",
        expectedTest: WITHDRAW,
    },
    {
        name: "an operator may send anywhere",
        file: OPERATORS,
        find: "if (destination != account.owner() || !isAuthorised(",
        replace: "if (!isAuthorised(",
        expectedTest: WITHDRAW,
    },
    {
        name: "a quote for one taker fits another",
        file: "contracts/core/clearing/Quotes.sol",
        find: "bool foreign = AccountId.unwrap(quote.taker) != 0 && quote.taker != item.taker;",
        replace: "bool foreign = false;",
        expectedTest: QUOTES,
    },
    {
        name: "a fill moves the mark without bound",
        file: "contracts/core/clearing/Funding.sol",
        find: "sampleE18 = _clamp(sampleE18, params.maxPremiumE18);",
        replace: "",
        expectedTest: "test/unit/core/Clearinghouse/accrueFunding.test.ts",
    },
    {
        name: "an old answer is a price",
        file: "contracts/oracle/PriceOracle.sol",
        find: "if (age > maxAgeSeconds) revert",
        replace: "if (age > 1000 * maxAgeSeconds) revert",
        expectedTest: FEEDS,
    },
    {
        name: "a sequencer is believed the moment it is back",
        file: "contracts/oracle/SequencerGuard.sol",
        find: "if (sinceUp <= graceSeconds) revert",
        replace: "if (sinceUp > 365 days) revert",
        expectedTest: "test/unit/oracle/PriceOracle/price.test.ts",
    },
    {
        name: "one signer of a surface counts twice",
        file: "contracts/oracle/SurfaceOracle.sol",
        find: "if (signer <= last || !_signers[signer])",
        replace: "if (!_signers[signer])",
        expectedTest: "test/unit/oracle/SurfaceOracle/publish.test.ts",
    },
    {
        name: "shares leave the backstop at once",
        file: "contracts/liquidation/Backstop.sol",
        find: "uint40 openAt = uint40(block.timestamp + _cooldownSeconds);",
        replace: "uint40 openAt = uint40(block.timestamp);",
        expectedTest: "test/unit/liquidation/Backstop/shares.test.ts",
    },
    {
        name: "positions are sorted only where they are in order",
        file: "contracts/risk/BookIndex.sol",
        find: "if (!ordered) LibSort.insertionSort(slots);",
        replace: "if (ordered) LibSort.insertionSort(slots);",
        expectedTest: "test/unit/risk/RiskEngine/account.test.ts",
    },
    {
        name: "entry costs of an account's own positions are forgotten",
        file: "contracts/risk/RiskCheck.sol",
        find: "        folio.quotesE18 += quoteE18;\n",
        replace: "",
        expectedTest: "test/unit/risk/RiskEngine/account.test.ts",
    },
    {
        name: "the walk to the greatest loss stops at the last call",
        file: "contracts/risk/AddOns.sol",
        find: "while (callE18 & putE18 != NO_STRIKE)",
        replace: "while (callE18 != NO_STRIKE)",
        expectedTest: "test/differential/risk.test.ts",
    },
    {
        name: "above the table the distribution is zero",
        file: "contracts/risk/kernel/Cdf.sol",
        find: "mstore(last, CDF_ONE)",
        replace: "mstore(last, 0)",
        expectedTest: "test/differential/risk.test.ts",
    },
    {
        name: "a put rises with the forward",
        file: "contracts/risk/kernel/Options.sol",
        find: "linearE36 = -forwardE36;",
        replace: "linearE36 = forwardE36;",
        expectedTest: "test/fuzz/Kernel.t.sol",
    },
    {
        name: "the backstop loses its whole limit at once and drains as much again",
        file: "contracts/liquidation/LossBudgets.sol",
        find: "uint256 heldE18 = budget.limitE18 >> 1;",
        replace: "uint256 heldE18 = budget.limitE18;",
        expectedTest: "test/fuzz/Losses.t.sol",
    },
    {
        name: "a loss is split evenly whatever the charges",
        file: "contracts/liquidation/LossShares.sol",
        find: "mulDivDown(lossE18, chargeE18(part), totalE18)",
        replace: "mulDivDown(lossE18, 1, parts.length)",
        expectedTest: "test/fuzz/Losses.t.sol",
    },
    {
        name: "a slice is sold in the grace after a brake",
        file: "contracts/liquidation/Liquidator.sol",
        find: "if (openAt > block.timestamp) revert",
        replace: "if (openAt > block.timestamp + 1 days) revert",
        expectedTest: "test/unit/liquidation/Liquidator/clock.test.ts",
    },
    {
        name: "the clock of an auction runs while prices are stopped",
        file: "contracts/liquidation/AuctionClock.sol",
        find: "nowOnClock = block.timestamp - stoppedSeconds;",
        replace: "nowOnClock = block.timestamp;",
        expectedTest: "test/unit/liquidation/Liquidator/clock.test.ts",
    },
    {
        name: "dust of a braked asset stops an auction's clock",
        file: "contracts/liquidation/AuctionClock.sol",
        find: "< leastE18) continue;",
        replace: "< 0) continue;",
        expectedTest: "test/unit/liquidation/Liquidator/clock.test.ts",
    },
    {
        name: "the grace after an outage is not counted",
        file: "contracts/oracle/SequencerGuard.sol",
        find: "uint256 to = endedAt + graceSeconds < counted ? endedAt + graceSeconds : counted;",
        replace: "uint256 to = endedAt < counted ? endedAt : counted;",
        expectedTest: "test/unit/oracle/PriceOracle/halts.test.ts",
    },
    {
        name: "a close-out fills quotes for anybody",
        file: "contracts/periphery/CloseOut.sol",
        find: "if (fills[i].taker != keeper) revert",
        replace: "if (fills[i].unitsE18 == 1) revert",
        expectedTest: "test/unit/periphery/CloseOut/closeOut.test.ts",
    },
    {
        name: "the rest that a close-out fills forgets the quotes before it",
        file: "contracts/periphery/CloseOut.sol",
        find: "            sizeE18 -= _boughtByMaker(fills[i], instrument);\n",
        replace: "",
        expectedTest: "test/unit/periphery/CloseOut/closeOut.test.ts",
    },
    {
        name: "the clock of a short account's auction can be set back",
        file: "contracts/liquidation/Liquidator.sol",
        find: "if (now_.equityE18 < int256(now_.maintenanceE18)) {",
        replace: "if (now_.equityE18 < 0) {",
        expectedTest: "test/unit/liquidation/Liquidator/auctions.test.ts",
    },
    ...PROTECTION_MUTANTS,
    ...SETTLEMENT_MUTANTS,
    ...SLICE_MUTANTS,
    ...STEWARD_MUTANTS,
];
