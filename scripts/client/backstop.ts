/** The backstop's pool: in at once, out in two steps. */
import {amount as toAmount} from "../sdk/units.js";
import type {AmountNative} from "../sdk/units.js";
import {tokenOf} from "../shared/deployment.js";
import {actionOf} from "./action.js";
import type {Action} from "./action.js";
import {checkedAddress, senderOf} from "./core.js";
import type {Core} from "./core.js";
import {refusalOf} from "./failures.js";

/** Shares against settlement coin, each as its token counts. */
export type PoolEffect = {readonly shares: bigint; readonly assets: AmountNative};
/** When requested shares may be redeemed, Unix seconds. */
export type ExitEffect = {readonly shares: bigint; readonly openAt: number; readonly closeAt: number};
/** What somebody has in the pool. */
export type PoolHolding = PoolEffect & {readonly exit: ExitEffect};

export async function poolHolding({contracts: {backstop}}: Core, owner: string): Promise<PoolHolding> {
    const shares = await backstop.balanceOf(owner);
    const {shares: asked, openAt, closeAt} = await backstop.exitOf(owner);
    const exit = {shares: asked, openAt: Number(openAt), closeAt: Number(closeAt)};
    return {shares, assets: toAmount(await backstop.convertToAssets(shares)), exit};
}

/** Settlement coin of the sender becomes shares of the receiver, the sender himself if nobody is named. */
export function depositToPool(core: Core, assets: AmountNative, receiver?: string): Action<PoolEffect> {
    const {backstop} = core.contracts;
    const to = checkedAddress(receiver ?? senderOf(core), "receiver");
    const {address} = tokenOf(core.deployment, core.deployment.settlementToken);
    return actionOf(core, {
        contract: "backstop",
        name: "deposit",
        data: backstop.interface.encodeFunctionData("deposit", [assets, to]),
        effect: async () => ({assets, shares: await backstop.previewDeposit(assets)}),
        takes: {
            token: address,
            amountNative: assets,
            refusal: async () => {
                const most = await backstop.maxDeposit(to);
                return assets > most ? refusalOf("ERC4626ExceededMaxDeposit", [to, assets, most]) : undefined;
            },
        },
    });
}

/** Asks to redeem shares after the cooldown. A new request replaces the old one. */
export function requestExit(core: Core, shares: bigint): Action<ExitEffect> {
    const {backstop} = core.contracts;
    return actionOf(core, {
        contract: "backstop",
        name: "requestExit",
        data: backstop.interface.encodeFunctionData("requestExit", [shares]),
        effect: async () => {
            const {cooldownSeconds, windowSeconds} = await backstop.cooldown();
            const now = (await core.provider.getBlock("latest"))?.timestamp ?? 0;
            const openAt = now + Number(cooldownSeconds);
            return {shares, openAt, closeAt: openAt + Number(windowSeconds)};
        },
    });
}

/** Shares of the sender become settlement coin of the receiver, the sender himself if nobody is named. */
export function redeem(core: Core, shares: bigint, receiver?: string): Action<PoolEffect> {
    const {backstop} = core.contracts;
    const owner = senderOf(core);
    const to = checkedAddress(receiver ?? owner, "receiver");
    return actionOf(core, {
        contract: "backstop",
        name: "redeem",
        data: backstop.interface.encodeFunctionData("redeem", [shares, to, owner]),
        effect: async (result) => Promise.resolve({shares, assets: toAmount(BigInt(result))}),
    });
}

/** Brings the protocol account's cash into the pool. Anyone. */
export const harvest = (core: Core): Action<{readonly assets: AmountNative}> =>
    actionOf(core, {
        contract: "backstop",
        name: "harvest",
        data: core.contracts.backstop.interface.encodeFunctionData("harvest"),
        effect: (result) => Promise.resolve({assets: toAmount(BigInt(result))}),
    });
