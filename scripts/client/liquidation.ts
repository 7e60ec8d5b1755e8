/** Auctions of short accounts, as a keeper sees them. */
import {AbiCoder} from "ethers";

import {InputError} from "../sdk/failures.js";
import type {AccountId} from "../sdk/ids.js";
import type {Assessment, Witness} from "../sdk/risk/types.js";
import {fraction, ONE_E18, usd} from "../sdk/units.js";
import type {FractionE18, UsdE18} from "../sdk/units.js";
import {actionOf} from "./action.js";
import type {Action} from "./action.js";
import {assess, bookOf} from "./margin.js";
import type {Core} from "./core.js";
import {refusing} from "./failures.js";
import {fillStruct} from "./trading.js";
import type {Fill} from "./trading.js";

/** What a slice costs and brings. 18 decimals. */
export type SliceTerms = {
    readonly fractionE18: FractionE18;
    /** Of the whole account, USD. */
    readonly equityE18: UsdE18;
    readonly maintenanceE18: UsdE18;
    /** What the keeper pays; negative = is paid. */
    readonly priceE18: UsdE18;
    /** Value of the slice minus price. */
    readonly discountE18: UsdE18;
};

export type Start = {
    readonly account: AccountId;
    readonly keeper: AccountId;
    /** Scenarios that show the shortfall; an empty one has the contract look at the whole grid. */
    readonly witness: Witness;
};
export type Take = {
    readonly account: AccountId;
    readonly keeper: AccountId;
    /** Most of the book; all that the auction sells if left out. */
    readonly maxFraction?: FractionE18;
    /** Highest price, settlement coin. */
    readonly maxPrice: UsdE18;
};
export type CloseOutOrder = Take & {
    /** Least that the keeper's cash has to rise by, settlement coin. */
    readonly minGain: UsdE18;
    /** Quotes that the slice is laid off to; units of zero = as many as close the keeper's position in the first leg. */
    readonly fills: readonly Fill[];
};
export type CloseOutEffect = {readonly terms: SliceTerms; readonly gainE18: UsdE18};

const plainTerms = (raw: {readonly [K in keyof SliceTerms]: bigint}): SliceTerms => ({
    fractionE18: fraction(raw.fractionE18),
    equityE18: usd(raw.equityE18),
    maintenanceE18: usd(raw.maintenanceE18),
    priceE18: usd(raw.priceE18),
    discountE18: usd(raw.discountE18),
});

function fractionOf({maxFraction}: Take): bigint {
    const fractionE18 = maxFraction ?? ONE_E18;
    if (fractionE18 > 0n && fractionE18 <= ONE_E18) return fractionE18;
    const details = {fraction: String(fractionE18)};
    throw new InputError(
        "number-out-of-range",
        `A fraction of ${fractionE18}e-18 is not above 0 and at most 1`,
        details,
    );
}

/** The scenarios that show an account's requirement: what `start` takes. */
export const witnessOf = ({contracts}: Core, account: AccountId): Promise<Witness> =>
    refusing(async () => {
        const {underlyings, groupBinding} = await contracts.marginLens.scenarioTable(account);
        return {own: underlyings.map(({binding}) => Number(binding)), joint: groupBinding.map(Number)};
    });

/** Terms of a slice now. */
export const sliceTerms = ({contracts}: Core, account: AccountId, maxFraction: FractionE18): Promise<SliceTerms> =>
    refusing(async () => plainTerms(await contracts.liquidator.previewTake(account, maxFraction)));

/** Starts an auction; the effect is the margin of the account that goes up for sale. */
export const start = (core: Core, {account, keeper, witness}: Start): Action<Assessment> =>
    actionOf(core, {
        contract: "liquidator",
        name: "start",
        data: core.contracts.liquidator.interface.encodeFunctionData("start", [
            account,
            {own: [...witness.own], joint: [...witness.joint]},
            keeper,
        ]),
        effect: async () => assess(core, await bookOf(core, account)),
    });

/** Takes a slice into the keeper's account. */
export function take(core: Core, order: Take): Action<SliceTerms> {
    const {account, keeper, maxPrice} = order;
    const coder = core.contracts.liquidator.interface;
    return actionOf(core, {
        contract: "liquidator",
        name: "take",
        data: coder.encodeFunctionData("take", [account, keeper, fractionOf(order), maxPrice, "0x"]),
        effect: (result) => Promise.resolve(termsIn(result)),
    });
}

const TERMS =
    "tuple(uint256 fractionE18, int256 equityE18, uint256 maintenanceE18, int256 priceE18, uint256 discountE18)";

function termsIn(result: string): SliceTerms {
    const [terms] = AbiCoder.defaultAbiCoder().decode([TERMS], result);
    return plainTerms(terms as SliceTerms);
}

/** Takes a slice and lays it off to quotes in one transaction. The close-out contract needs the keeper's rights to trade and liquidate. */
export function closeOut(core: Core, order: CloseOutOrder): Action<CloseOutEffect> {
    const {account, keeper, maxPrice, minGain, fills} = order;
    const struct = {
        account,
        keeper,
        maxFractionE18: fractionOf(order),
        maxPriceE18: maxPrice,
        minGainE18: minGain,
        fills: fills.map(fillStruct),
    };
    return actionOf(core, {
        contract: "closeOut",
        name: "closeOut",
        data: core.contracts.closeOut.interface.encodeFunctionData("closeOut", [struct]),
        effect: (result) => {
            const [, gainE18] = AbiCoder.defaultAbiCoder().decode([TERMS, "int256 gainE18"], result);
            return Promise.resolve({terms: termsIn(result), gainE18: usd(gainE18 as bigint)});
        },
    });
}

type Upkeep = "callMargin" | "cancel" | "restart" | "recordInsolvency";

/** What anybody may do to an account; the effect is its margin. */
function upkeep(core: Core, name: Upkeep, data: string, account: AccountId): Action<Assessment> {
    return actionOf(core, {
        contract: "liquidator",
        name,
        data,
        effect: async () => assess(core, await bookOf(core, account)),
    });
}

/** Announces that an account is between maintenance and initial. */
export const callMargin = (core: Core, account: AccountId): Action<Assessment> =>
    upkeep(
        core,
        "callMargin",
        core.contracts.liquidator.interface.encodeFunctionData("callMargin", [account]),
        account,
    );

/** Ends the auction of an account that is back at its target. */
export const cancelAuction = (core: Core, account: AccountId): Action<Assessment> =>
    upkeep(core, "cancel", core.contracts.liquidator.interface.encodeFunctionData("cancel", [account]), account);

/** Sets the clock of a running auction to zero because its account is not short any more. */
export const restartAuction = (core: Core, account: AccountId): Action<Assessment> =>
    upkeep(core, "restart", core.contracts.liquidator.interface.encodeFunctionData("restart", [account]), account);

/** Records that the account of a running auction has no equity left. */
export function recordInsolvency(core: Core, account: AccountId): Action<Assessment> {
    const data = core.contracts.liquidator.interface.encodeFunctionData("recordInsolvency", [account]);
    return upkeep(core, "recordInsolvency", data, account);
}
