/** What an owner decides about an account: who may act for it, and which margin model governs it. */
import type {AccountId} from "../sdk/ids.js";
import {MARGIN_MODELS} from "../sdk/risk/types.js";
import type {MarginModel} from "../sdk/risk/types.js";
import {FOREVER, rightBits, rightNames, RIGHTS} from "../sdk/rights.js";
import type {Right} from "../sdk/rights.js";
import {actionOf} from "./action.js";
import type {Action} from "./action.js";
import {checkedAddress} from "./core.js";
import type {Core} from "./core.js";
import {around} from "./margin.js";
import type {MarginChange} from "./margin.js";

/** What an operator may do, and until when. */
export type Grant = {
    readonly rights: readonly Right[];
    /** Unix time in seconds; for ever if left out. */
    readonly expiresAt?: number;
};
export type OperatorChange = Grant & {readonly account: AccountId; readonly operator: string};
export type OperatorEffect = {readonly before: Required<Grant>; readonly after: Required<Grant>};

export async function grantOf({contracts}: Core, account: AccountId, operator: string): Promise<Required<Grant>> {
    const {rights, expiresAt} = await contracts.vault.operatorGrant(account, operator);
    return {rights: rightNames(Number(rights)), expiresAt: Number(expiresAt)};
}

/** Whether an address may act for an account now: the owner always, an operator within rights and time. */
export const isAuthorised = ({contracts}: Core, account: AccountId, caller: string, right: Right): Promise<boolean> =>
    contracts.vault.isAuthorised(account, caller, RIGHTS[right]);

/** Gives an operator exactly these rights; none takes back what he has. */
export function setOperator(core: Core, change: OperatorChange): Action<OperatorEffect> {
    const {account, rights, expiresAt = FOREVER} = change;
    const operator = checkedAddress(change.operator, "operator");
    const values = [account, operator, rightBits(rights), expiresAt] as const;
    return actionOf(core, {
        contract: "vault",
        name: "setOperator",
        data: core.contracts.vault.interface.encodeFunctionData("setOperator", [...values]),
        effect: async () => ({before: await grantOf(core, account, operator), after: {rights, expiresAt}}),
    });
}

/** Both models must be satisfied; the effect is the margin under the one and under the other. */
export function setModel(
    core: Core,
    account: AccountId,
    model: MarginModel,
): Action<{readonly margin: MarginChange | undefined}> {
    const number = MARGIN_MODELS.indexOf(model);
    return actionOf(core, {
        contract: "vault",
        name: "setModel",
        data: core.contracts.vault.interface.encodeFunctionData("setModel", [account, number]),
        effect: async () => ({margin: await around(core, account, (book) => ({...book, model}))}),
    });
}
