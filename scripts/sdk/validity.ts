/** What may be done while a price is in which state: one table for people, programs and tests. */

type Meeting = {readonly means: string; readonly refusal?: string; readonly graceRefusal?: string};

/** How a price can be, and what everybody who needs it then meets. */
export const PRICE_STATES = {
    fresh: {means: "every guard is satisfied"},
    stale: {means: "the last answer is older than the feed allows", refusal: "PriceOracle_Stale"},
    invalid: {means: "the answer is zero or negative", refusal: "PriceOracle_NotPositive"},
    failing: {means: "the feed reverts", refusal: "PriceOracle_FeedFailed"},
    jumping: {
        means: "the answer is too far from the last accepted one and not confirmed yet",
        refusal: "PriceOracle_Jump",
    },
    diverged: {means: "two sources disagree by more than the feed allows", refusal: "PriceOracle_Diverged"},
    braked: {means: "the guardian has braked the feed", refusal: "PriceOracle_FeedPaused"},
    released: {means: "the brake was released less than the grace ago", graceRefusal: "Liquidator_InGrace"},
    sequencerDown: {means: "the sequencer of the chain is down", refusal: "PriceOracle_SequencerDown"},
    sequencerBack: {means: "the sequencer came back less than its grace ago", refusal: "PriceOracle_SequencerGrace"},
} as const satisfies Readonly<Record<string, Meeting>>;
export type PriceState = keyof typeof PRICE_STATES;

/** What an action asks of prices: nothing; a price that stands; one that also stood long enough for its owner to act. */
export type Need = "nothing" | "price" | "settled price";

export const PRICED_ACTIONS = {
    deposit: {means: "deposit, repay", needs: "nothing"},
    leave: {means: "withdraw from an account that owes nothing and holds no positions", needs: "nothing"},
    reduce: {means: "fill quotes that bring both sides closer to zero (`fillReducing`)", needs: "nothing"},
    cancelQuotes: {means: "cancel quotes", needs: "nothing"},
    settle: {means: "settle an account whose series have their price, accrue interest", needs: "nothing"},
    enterBackstop: {means: "deposit into the backstop, ask to leave it", needs: "nothing"},
    withdraw: {means: "withdraw or transfer from an account that owes or holds positions", needs: "price"},
    open: {means: "fill quotes that open positions", needs: "price"},
    switchModel: {means: "choose another margin model with positions", needs: "price"},
    callMargin: {means: "call for margin", needs: "price"},
    endAuction: {means: "cancel or restart an auction, record an insolvency", needs: "price"},
    startAuction: {means: "start an auction", needs: "settled price"},
    takeSlice: {means: "take a slice", needs: "settled price"},
} as const satisfies Readonly<Record<string, {readonly means: string; readonly needs: Need}>>;
export type PricedAction = keyof typeof PRICED_ACTIONS;

/** Name of the error that an action ends in while a price that it needs is in a state; undefined if it goes through. */
export function refusalOf(action: PricedAction, state: PriceState): string | undefined {
    const {needs}: {readonly needs: Need} = PRICED_ACTIONS[action];
    if (needs === "nothing") return undefined;
    const {refusal, graceRefusal}: Meeting = PRICE_STATES[state];
    return refusal ?? (needs === "settled price" ? graceRefusal : undefined);
}
