/** The table of `docs/validity.md`, from the kit's own. */
import {PRICED_ACTIONS, PRICE_STATES, refusalOf} from "../sdk/validity.js";
import type {PricedAction, PriceState} from "../sdk/validity.js";

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] => Object.keys(record) as Key[];

export function validityMarkdown(): string {
    const states: readonly PriceState[] = keysOf(PRICE_STATES);
    const actions: readonly PricedAction[] = keysOf(PRICED_ACTIONS);
    const cell = (action: PricedAction, state: PriceState): string => {
        const refusal = refusalOf(action, state);
        return refusal === undefined ? "yes" : `\`${refusal}\``;
    };
    return [
        "# What may be done while a price is missing",
        "",
        "Rows are what somebody wants to do, columns the state of a price that his account needs. `yes` goes through; anything else is the",
        "error that it ends in. Written by `npm run docs` from `scripts/sdk/validity.ts`, where `refusalOf` answers the same for programs; a",
        "test tries every cell on the contracts (`test/adversary/validity.test.ts`). Accounts that do not hold what the price is of notice nothing.",
        "",
        `| | ${states.join(" | ")} |`,
        `| --- | ${states.map(() => "---").join(" | ")} |`,
        ...actions.map(
            (action) =>
                `| ${PRICED_ACTIONS[action].means} | ${states.map((state) => cell(action, state)).join(" | ")} |`,
        ),
        "",
        "## States",
        "",
        ...states.map((state) => `- **${state}**: ${PRICE_STATES[state].means}.`),
        "",
        "## Why it is so",
        "",
        "- **Exits are always open.** Who owes nothing and holds nothing leaves without asking a feed; who holds positions brings them down by",
        "  `fillReducing`, and is then in the first case.",
        "- **A reduction needs no price of now.** It is checked at the last known prices: both sides closer to zero in every leg, no greater",
        "  requirement, a cost of at most a quarter of what was released, no debt left over. So no value can be carried from an account that a",
        "  price nobody knows yet has ruined into one that it has not. While a price is there, it is the one that is used.",
        "- **Two sources.** Where a feed has a second source, money leaves and books are sold only while both agree within the feed's bound:",
        "  a price that one source alone shows neither liquidates anybody nor lets anybody take out more.",
        "- **After a brake** the owner comes first: he can deposit, trade and withdraw at once, and nobody is sold until the grace is over.",
        "  After the sequencer's return nothing has a price until its grace is over, for everybody alike.",
        "",
    ].join("\n");
}
