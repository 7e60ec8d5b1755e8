/** `ballast trade sign` makes a quote file, `ballast trade fill` takes one; what-if questions stand beside them. */
import {randomBytes} from "node:crypto";
import {writeFileSync} from "node:fs";

import type {Command} from "commander";

import {
    ANYONE,
    buildQuote,
    formatAccount,
    formatE18,
    formatTime,
    InputError,
    instrumentName,
    parseAccount,
    parseUnits,
    quoteDomain,
    signQuote,
    verifyQuote,
} from "../../sdk/index.js";
import type {Quote} from "../../sdk/index.js";
import {mulDivFloor} from "../../sdk/math/index.js";
import {formatQuoteFile, parseQuoteFile} from "../../shared/quoteFile.js";
import {parseLeg} from "../legs.js";
import {accountOr, confirmed, mined, online, readInput, signing, writing} from "../session.js";
import type {OnlineOptions, Plan, WriteOptions} from "../session.js";
import {whatIfCommands} from "./whatIf.js";

type SignOptions = OnlineOptions & {
    readonly leg: readonly string[];
    readonly units: string;
    readonly taker?: string;
    readonly account?: string;
    readonly seconds: string;
    readonly out?: string;
};
type FillOptions = WriteOptions & {readonly units?: string; readonly account?: string};

const NONCE_BYTES = 16;

async function sign(options: SignOptions): Promise<void> {
    if (!/^\d+$/.test(options.seconds)) throw new InputError("number-malformed", "--seconds: must be a whole number");
    await signing(options, async (session) => {
        const {deployment, wallet, ballast, provider} = session;
        const {clearinghouse} = deployment.contracts;
        const maker = accountOr(options.account, session);
        const block = await provider.getBlock("latest");
        const quote = buildQuote({
            maker,
            taker: options.taker === undefined ? ANYONE : parseAccount(options.taker),
            legs: options.leg.map(parseLeg),
            unitsE18: parseUnits(options.units),
            epoch: await ballast.clearinghouse.epochOf(maker),
            nonce: BigInt(`0x${randomBytes(NONCE_BYTES).toString("hex")}`),
            deadline: (block?.timestamp ?? 0) + Number(options.seconds),
        });
        const domain = quoteDomain(BigInt(deployment.chainId), clearinghouse);
        const signed = await signQuote(wallet, domain, quote);
        const text = formatQuoteFile({signed, chainId: deployment.chainId, clearinghouse});
        if (options.out === undefined) process.stdout.write(text);
        else writeFileSync(options.out, text);
    });
}

/** Legs as the taker gets them. */
function legRows({legs}: Quote, unitsE18: bigint): Plan {
    const rows = legs.map(({instrument, sizePerUnitE18, priceE18}): [string, string] => {
        const sizeE18 = -mulDivFloor(sizePerUnitE18, unitsE18, 10n ** 18n);
        const verb = sizeE18 > 0n ? "buy" : "sell";
        return [
            instrumentName(instrument),
            `${verb} ${formatE18(sizeE18 > 0n ? sizeE18 : -sizeE18)} at ${formatE18(priceE18)}`,
        ];
    });
    return Object.fromEntries(rows);
}

async function fill(path: string, options: FillOptions): Promise<void> {
    const {signed, chainId, clearinghouse: address} = readInput("quote", path, parseQuoteFile);
    await signing(options, async (session) => {
        const {deployment, ballast, own} = session;
        if (chainId !== deployment.chainId || address !== deployment.contracts.clearinghouse) {
            throw new InputError("quote-malformed", "The quote is for another chain or another clearinghouse");
        }
        const {quote, signer, signature} = signed;
        if ((await session.provider.getCode(signer)) === "0x")
            verifyQuote(quoteDomain(BigInt(chainId), address), signed);
        const taker = accountOr(options.account, session);
        const unitsE18 = options.units === undefined ? quote.unitsE18 : parseUnits(options.units);
        const item = {quote: {...quote, legs: [...quote.legs]}, signer, signature, taker, unitsE18};
        const {before, after_: after, feeE18} = await ballast.marginLens.previewFill.staticCall([item], taker);
        const plan = {
            account: formatAccount(taker),
            maker: formatAccount(quote.maker),
            ...legRows(quote, unitsE18),
            fee: formatE18(feeE18),
            "equity before, after": `${formatE18(before.equityE18)}, ${formatE18(after.equityE18)}`,
            "initial margin before, after": `${formatE18(before.initialE18)}, ${formatE18(after.initialE18)}`,
            "quote good until": formatTime(quote.deadline),
        };
        await confirmed(options, "fill quote", plan, async () => {
            const {hash} = await mined(own.clearinghouse.fill(item));
            return {transaction: hash};
        });
    });
}

const collect = (leg: string, legs: readonly string[]): string[] => [...legs, leg];

export function tradeCommand(program: Command): void {
    const trade = program.command("trade").description("sign a quote, fill one, or ask what a trade would do");
    online(trade.command("sign"))
        .description("make a signed quote file; sizes are the maker's: positive = the maker buys")
        .requiredOption(
            "--leg <leg>",
            "INSTRUMENT:SIZE@PRICE, such as BTC-PERP:-1.5@8000; repeat for more",
            collect,
            [],
        )
        .option("--units <units>", "how many times the legs may be filled", "1")
        .option("--taker <account>", "only this account may fill; by default anyone")
        .option("--account <account>", "maker's account; by default sub-account 0 of the key")
        .option("--seconds <seconds>", "how long the quote is good", "600")
        .option("--out <file>", "write here instead of the standard output")
        .action(sign);
    writing(trade.command("fill"))
        .description("take a quote file")
        .argument("<file>", "quote file")
        .option("--units <units>", "how many units to fill; by default all that were signed")
        .option("--account <account>", "taker's account; by default sub-account 0 of the key")
        .action(fill);
    whatIfCommands(trade);
}
