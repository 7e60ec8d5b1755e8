/** `ballast liquidate ACCOUNT`: starts the auction of a short account, or takes a slice if it runs. */
import type {Command} from "commander";

import {formatAccount, formatE18, InputError, ONE_E18, parseAccount, parseE18} from "../../sdk/index.js";
import type {AccountId} from "../../sdk/index.js";
import {accountOr, confirmed, mined, signing, writing} from "../session.js";
import type {Signing, WriteOptions} from "../session.js";

type Options = WriteOptions & {readonly keeper?: string; readonly fraction: string; readonly maxPrice?: string};
type Job = {readonly account: AccountId; readonly keeper: AccountId; readonly options: Options};

/** The worst scenario of each underlying, and of each group together: what a witness names. */
async function start({ballast, own}: Signing, {account, keeper, options}: Job): Promise<void> {
    const {underlyings, groupBinding, equityE18, maintenanceE18} = await ballast.marginLens.scenarioTable(account);
    const witness = {own: underlyings.map(({binding}) => binding), joint: [...groupBinding]};
    const plan = {
        account: formatAccount(account),
        keeper: formatAccount(keeper),
        equity: formatE18(equityE18),
        maintenance: formatE18(maintenanceE18),
        witness: `own ${witness.own.join(",")}; joint ${witness.joint.join(",")}`,
    };
    await confirmed(options, "start auction", plan, async () => {
        const {hash} = await mined(own.liquidator.start(account, witness, keeper));
        return {transaction: hash};
    });
}

async function take({ballast, own}: Signing, {account, keeper, options}: Job): Promise<void> {
    const wantedE18 = parseE18(options.fraction);
    if (wantedE18 <= 0n || wantedE18 > ONE_E18) {
        throw new InputError("number-out-of-range", "--fraction: must be above 0 and at most 1");
    }
    const terms = await ballast.liquidator.previewTake(account, wantedE18);
    const limitE18 = options.maxPrice === undefined ? terms.priceE18 : parseE18(options.maxPrice);
    const plan = {
        account: formatAccount(account),
        keeper: formatAccount(keeper),
        fraction: formatE18(terms.fractionE18),
        price: formatE18(terms.priceE18),
        "below fair value by": formatE18(terms.discountE18),
        "highest price": formatE18(limitE18),
    };
    await confirmed(options, "take slice", plan, async () => {
        const {hash} = await mined(own.liquidator.take(account, keeper, wantedE18, limitE18, "0x"));
        return {transaction: hash};
    });
}

async function liquidate(named: string, options: Options): Promise<void> {
    await signing(options, async (session) => {
        const account = parseAccount(named);
        const job = {account, keeper: accountOr(options.keeper, session), options};
        const {startedAt} = await session.ballast.liquidator.auction(account);
        await (startedAt === 0n ? start(session, job) : take(session, job));
    });
}

export function liquidateCommand(program: Command): void {
    writing(program.command("liquidate"))
        .description("start the auction of a short account, or take a slice of it")
        .argument("<account>", "0xOwner/number")
        .option("--keeper <account>", "account that takes the slice; by default sub-account 0 of the key")
        .option("--fraction <fraction>", "most of the book to take", "1")
        .option("--max-price <price>", "highest price; by default what the auction asks now")
        .action(liquidate);
}
