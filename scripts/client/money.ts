/** Money in and out of accounts, and between them. */
import {Signature} from "ethers";

import type {DecodedError} from "../sdk/errors.js";
import type {AccountId} from "../sdk/ids.js";
import {toE18} from "../sdk/math/index.js";
import type {AmountNative, UnitsE18} from "../sdk/units.js";
import {tokenOf} from "../shared/deployment.js";
import type {Token} from "../shared/deployment.js";
import {actionOf} from "./action.js";
import type {Action, ActionSpec} from "./action.js";
import {checkedAddress, senderOf} from "./core.js";
import type {Core} from "./core.js";
import {refusalOf} from "./failures.js";
import {aroundMoney} from "./margin.js";
import type {MarginChange} from "./margin.js";

/** What a movement of money does to the account that it concerns. */
export type MoneyEffect = {
    readonly token: Token;
    /** Units credited (positive) or debited, 18 decimals. */
    readonly deltaE18: UnitsE18;
    /** Undefined while a price that the account needs is not to be had. */
    readonly margin: MarginChange | undefined;
};

export type Deposit = {readonly account: AccountId; readonly token: string; readonly amount: AmountNative};
/** An EIP-2612 permit for the vault. */
export type Permit = {
    /** Unix time, seconds. */
    readonly deadline: number;
    readonly signature: string;
};
export type Withdrawal = Deposit & {
    /** The sender if left out; an operator may only send to the owner. */
    readonly to?: string;
};
export type Transfer = {
    readonly from: AccountId;
    readonly to: AccountId;
    readonly token: string;
    readonly units: UnitsE18;
};

/** Why the vault would not take a deposit, whoever makes it. */
async function depositRefusal(
    {contracts, deployment}: Core,
    token: Token,
    creditE18: bigint,
): Promise<DecodedError | undefined> {
    const {vault} = contracts;
    if (token.symbol === deployment.settlementToken) {
        const [capE18, {suppliedE18}] = [await vault.settlementCapE18(), await vault.cashTotals()];
        const totalE18 = suppliedE18 + creditE18;
        return totalE18 > capE18 ? refusalOf("MarginVault_CapExceeded", [token.address, totalE18, capE18]) : undefined;
    }
    const {listed, assetId} = await vault.assetIdOf(token.address);
    const asset = listed ? await vault.asset(assetId) : undefined;
    if (asset?.depositsOpen !== true) return refusalOf("MarginVault_AssetNotOpen", [token.address]);
    const totalE18 = asset.totalE18 + creditE18;
    return totalE18 > asset.capE18
        ? refusalOf("MarginVault_CapExceeded", [token.address, totalE18, asset.capE18])
        : undefined;
}

function moneyEffect(
    core: Core,
    account: AccountId,
    token: Token,
    deltaE18: bigint,
): ActionSpec<MoneyEffect>["effect"] {
    return async () => ({
        token,
        deltaE18: deltaE18 as UnitsE18,
        margin: await aroundMoney(core, account, token, deltaE18),
    });
}

/** Tokens of the sender go into any account. The allowance is given first if it is missing, for this amount. */
export function deposit(core: Core, {account, token: name, amount}: Deposit): Action<MoneyEffect> {
    const token = tokenOf(core.deployment, name);
    const creditE18 = toE18(amount, token.decimals);
    return actionOf(core, {
        contract: "vault",
        name: "deposit",
        data: core.contracts.vault.interface.encodeFunctionData("deposit", [account, token.address, amount]),
        effect: moneyEffect(core, account, token, creditE18),
        takes: {token: token.address, amountNative: amount, refusal: () => depositRefusal(core, token, creditE18)},
    });
}

/** The same with an EIP-2612 permit instead of an allowance: one transaction. */
export function depositWithPermit(
    core: Core,
    {account, token: name, amount}: Deposit,
    permit: Permit,
): Action<MoneyEffect> {
    const token = tokenOf(core.deployment, name);
    const {v, r, s} = Signature.from(permit.signature);
    const values = [account, token.address, amount, permit.deadline, v, r, s] as const;
    return actionOf(core, {
        contract: "vault",
        name: "depositWithPermit",
        data: core.contracts.vault.interface.encodeFunctionData("depositWithPermit", [...values]),
        effect: moneyEffect(core, account, token, toE18(amount, token.decimals)),
    });
}

export function withdraw(core: Core, {account, token: name, amount, to}: Withdrawal): Action<MoneyEffect> {
    const token = tokenOf(core.deployment, name);
    const recipient = checkedAddress(to ?? senderOf(core), "to");
    const values = [account, token.address, amount, recipient] as const;
    return actionOf(core, {
        contract: "vault",
        name: "withdraw",
        data: core.contracts.vault.interface.encodeFunctionData("withdraw", [...values]),
        effect: moneyEffect(core, account, token, -toE18(amount, token.decimals)),
    });
}

/** Units move between accounts without touching tokens; the effect is that on the paying account. */
export function transfer(core: Core, {from, to, token: name, units}: Transfer): Action<MoneyEffect> {
    const token = tokenOf(core.deployment, name);
    return actionOf(core, {
        contract: "vault",
        name: "transfer",
        data: core.contracts.vault.interface.encodeFunctionData("transfer", [from, to, token.address, units]),
        effect: moneyEffect(core, from, token, 0n - units),
    });
}
