/** `ballast account [ACCOUNT]`: everything of one account in one call. */
import type {Command} from "commander";
import {Wallet} from "ethers";

import {accountId, formatE18, InputError, parseAccount, underlyingNumber} from "../../sdk/index.js";
import type {AccountId} from "../../sdk/index.js";
import {accountState, assetName, describeAccount} from "../describeAccount.js";
import {online, reading} from "../session.js";
import type {OnlineOptions, Session} from "../session.js";

type Options = OnlineOptions & {readonly liquidationPrice?: string};

export async function assetNames({ballast, deployment}: Session): Promise<string[]> {
    const count = Number(await ballast.vault.assetCount());
    const assets = await Promise.all(Array.from({length: count}, (_, id) => ballast.vault.asset(id)));
    return assets.map(({token}) => assetName(deployment, token));
}

export function named(account: string | undefined): AccountId {
    if (account !== undefined) return parseAccount(account);
    const key = process.env["BALLAST_PRIVATE_KEY"];
    if (key === undefined) throw new InputError("account-malformed", "name an account, or set BALLAST_PRIVATE_KEY");
    return accountId(new Wallet(key).address);
}

async function show(account: string | undefined, options: Options): Promise<void> {
    await reading(options, async (session) => {
        const id = named(account);
        const state = accountState(id, await session.ballast.marginLens.account(id), await assetNames(session));
        const {liquidationPrice: underlying} = options;
        const found =
            underlying === undefined
                ? undefined
                : await session.ballast.marginLens.liquidationPrices(id, underlyingNumber(underlying));
        const prices = found === undefined ? undefined : {below: formatE18(found[0]), above: formatE18(found[1])};
        if (options.json === true) {
            console.log(JSON.stringify(prices === undefined ? state : {...state, liquidationPrices: prices}, null, 2));
            return;
        }
        console.log(describeAccount(state));
        if (prices !== undefined) console.log(`\nshort below ${prices.below} or above ${prices.above} (0 = never)`);
    });
}

export function accountCommand(program: Command): void {
    online(program.command("account"))
        .description("balances, positions and margin of an account")
        .argument("[account]", "0xOwner/number; by default sub-account 0 of the key")
        .option("--liquidation-price <underlying>", "also the prices of this underlying at which the account is short")
        .action(show);
}
