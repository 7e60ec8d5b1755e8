/** `ballast deposit AMOUNT TOKEN`: brings tokens into an account, allowance included. */
import type {Command} from "commander";
import {Contract} from "ethers";

import {TOKEN_ABI} from "../../chain/contracts.js";
import {formatAccount, formatFixed, parseAmount} from "../../sdk/index.js";
import {tokenOf} from "../../shared/deployment.js";
import {accountOr, confirmed, mined, signing, writing} from "../session.js";
import type {WriteOptions} from "../session.js";

type Options = WriteOptions & {readonly account?: string};

async function deposit(amount: string, name: string, options: Options): Promise<void> {
    await signing(options, async (session) => {
        const {deployment, wallet, own} = session;
        const {symbol, address, decimals} = tokenOf(deployment, name);
        const native = parseAmount(amount, decimals);
        const account = accountOr(options.account, session);
        const token = new Contract(address, TOKEN_ABI, wallet);
        const {vault} = deployment.contracts;
        const allowance = (await token.getFunction("allowance").staticCall(wallet.address, vault)) as bigint;
        const held = (await token.getFunction("balanceOf").staticCall(wallet.address)) as bigint;
        const plan = {
            account: formatAccount(account),
            amount: `${formatFixed(native, decimals)} ${symbol}`,
            "in the wallet": `${formatFixed(held, decimals)} ${symbol}`,
            approval: allowance < native ? "is given first, for this amount" : "is there already",
        };
        await confirmed(options, "deposit", plan, async () => {
            if (allowance < native) await mined(token.getFunction("approve").send(vault, native));
            const {hash} = await mined(own.vault.deposit(account, address, native));
            return {transaction: hash};
        });
    });
}

export function depositCommand(program: Command): void {
    writing(program.command("deposit"))
        .description("bring tokens into an account")
        .argument("<amount>", "decimal number")
        .argument("<token>", "symbol or address")
        .option("--account <account>", "0xOwner/number; by default sub-account 0 of the key")
        .action(deposit);
}
