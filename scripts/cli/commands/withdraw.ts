/** `ballast withdraw AMOUNT TOKEN`: takes tokens out; `max` takes all that margin and liquidity allow. */
import type {Command} from "commander";
import {isAddress} from "ethers";

import {formatAccount, formatFixed, InputError, parseAmount} from "../../sdk/index.js";
import {tokenOf} from "../../shared/deployment.js";
import {accountOr, confirmed, mined, signing, writing} from "../session.js";
import type {WriteOptions} from "../session.js";

type Options = WriteOptions & {readonly account?: string; readonly to?: string};

async function withdraw(amount: string, name: string, options: Options): Promise<void> {
    await signing(options, async (session) => {
        const {deployment, wallet, own, ballast} = session;
        const {symbol, address, decimals} = tokenOf(deployment, name);
        const to = options.to ?? wallet.address;
        if (!isAddress(to)) throw new InputError("account-malformed", `--to: "${options.to ?? ""}" is not an address`);
        const account = accountOr(options.account, session);
        const most = await ballast.marginLens.maxWithdraw(account, address);
        const native = amount === "max" ? most : parseAmount(amount, decimals);
        const plan = {
            account: formatAccount(account),
            amount: `${formatFixed(native, decimals)} ${symbol}`,
            "most that is free": `${formatFixed(most, decimals)} ${symbol}`,
            to,
        };
        await confirmed(options, "withdraw", plan, async () => {
            const {hash} = await mined(own.vault.withdraw(account, address, native, to));
            return {transaction: hash};
        });
    });
}

export function withdrawCommand(program: Command): void {
    writing(program.command("withdraw"))
        .description("take tokens out of an account")
        .argument("<amount>", 'decimal number, or "max"')
        .argument("<token>", "symbol or address")
        .option("--account <account>", "0xOwner/number; by default sub-account 0 of the key")
        .option("--to <address>", "who receives; by default the key's address")
        .action(withdraw);
}
