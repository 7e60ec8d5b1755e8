/** `ballast trade preview`, `trade most` and `trade hedge`: what trades that nobody has signed would do. Sizes are the account's. */
import type {Command} from "commander";
import {ZeroHash} from "ethers";

import type {ITradeLens} from "../../../typechain-types/contracts/interfaces/ITradeLens.js";
import {formatAccount, formatE18, InputError, instrumentName, parseAccount, parseE18} from "../../sdk/index.js";
import type {QuoteLeg} from "../../sdk/index.js";
import {OUTCOMES, STOPS} from "../../sdk/trade/index.js";
import {shorten, table} from "../../shared/table.js";
import {parseLeg} from "../legs.js";
import {online, reading} from "../session.js";
import type {OnlineOptions} from "../session.js";
import {named} from "./account.js";

type Options = OnlineOptions & {readonly account?: string; readonly with?: string; readonly maker?: true};
type LegOptions = Options & {readonly leg: readonly string[]};
type HedgeOptions = LegOptions & {readonly lot: string};

type Margin = {readonly equityE18: bigint; readonly initialE18: bigint; readonly maintenanceE18: bigint};
type MarginText = {readonly equity: string; readonly initialMargin: string; readonly maintenanceMargin: string};

const MAX_UINT_128 = 2n ** 128n - 1n;

const marginText = ({equityE18, initialE18, maintenanceE18}: Margin): MarginText => ({
    equity: formatE18(equityE18),
    initialMargin: formatE18(initialE18),
    maintenanceMargin: formatE18(maintenanceE18),
});

function partyOf({account, with: counterparty, maker}: Options): ITradeLens.PartyStruct {
    const role = maker === true ? 1n : 0n;
    const other = counterparty === undefined ? ZeroHash : parseAccount(counterparty);
    return {account: named(account), counterparty: other, role};
}

function legsOf({leg}: LegOptions): QuoteLeg[] {
    if (leg.length === 0) throw new InputError("quote-malformed", "--leg: name at least one");
    return leg.map(parseLeg);
}

function marginTable(before: MarginText, after: MarginText, rows: readonly string[][]): string {
    const row = (name: string, key: keyof MarginText): string[] => [
        name,
        shorten(before[key], 2),
        shorten(after[key], 2),
    ];
    return table(
        ["", "before", "after"],
        [
            row("equity", "equity"),
            row("initial margin", "initialMargin"),
            row("maintenance margin", "maintenanceMargin"),
            ...rows,
        ],
    );
}

const print = ({json}: Options, data: object, text: string): void =>
    console.log(json === true ? JSON.stringify(data, null, 2) : text);

async function preview(options: LegOptions): Promise<void> {
    const party = partyOf(options);
    const legs = legsOf(options).map(({instrument, sizePerUnitE18: sizeE18, priceE18}) => ({
        instrument,
        sizeE18,
        priceE18,
    }));
    await reading(options, async ({ballast}) => {
        const told = await ballast.tradeLens.previewLegs.staticCall(party, legs);
        const result = {
            account: formatAccount(named(options.account)),
            before: marginText(told.before),
            after: marginText(told.after_),
            fee: formatE18(told.feeE18),
            suffices: told.suffices,
        };
        const verdict = result.suffices ? "the margin suffices" : "the margin does not suffice";
        const text = marginTable(result.before, result.after, [["fee", "", shorten(result.fee, 2)]]);
        print(options, result, `${result.account}: ${verdict}\n\n${text}`);
    });
}

async function most(options: LegOptions): Promise<void> {
    const party = partyOf(options);
    const legs = legsOf(options);
    await reading(options, async ({ballast}) => {
        const sizes = [];
        for (const {instrument, sizePerUnitE18: lotE18, priceE18} of legs) {
            const {sizeE18, stop} = await ballast.tradeLens.maxSize.staticCall(party, instrument, priceE18, lotE18);
            const stoppedBy = (STOPS[Number(stop)] ?? "MARGIN").toLowerCase();
            sizes.push({instrument: instrumentName(instrument), size: formatE18(sizeE18), stoppedBy});
        }
        const rows = sizes.map(({instrument, size, stoppedBy}) => [instrument, size, stoppedBy]);
        print(
            options,
            {account: formatAccount(named(options.account)), sizes},
            table(["", "most", "stopped by"], rows),
        );
    });
}

/** What curing takes, in words. */
const OUTCOME_TEXT = {
    NONE: "none of these improves the margin",
    IMPROVES: "none of these reaches the initial requirement; nearest is",
    CURES: "the initial requirement is reached for the least by",
    UNNEEDED: "the initial requirement is met",
} as const;

async function hedge(options: HedgeOptions): Promise<void> {
    const party = partyOf(options);
    const lotE18 = parseE18(options.lot);
    if (lotE18 <= 0n || lotE18 > MAX_UINT_128) {
        throw new InputError("number-out-of-range", `--lot: "${options.lot}" must be above zero`, {lot: options.lot});
    }
    const candidates = legsOf(options).map(({instrument, sizePerUnitE18: mostE18, priceE18}) => ({
        instrument,
        mostE18,
        priceE18,
        lotE18,
    }));
    await reading(options, async ({ballast}) => {
        const told = await ballast.tradeLens.cheapestHedge.staticCall(party, candidates);
        const outcome = OUTCOMES[Number(told.outcome)] ?? "NONE";
        const leg = told.sizeE18 === 0n ? undefined : candidates[Number(told.index)];
        const result = {
            account: formatAccount(named(options.account)),
            outcome: outcome.toLowerCase(),
            instrument: leg === undefined ? null : instrumentName(leg.instrument),
            size: formatE18(told.sizeE18),
            cost: formatE18(told.costE18),
            fee: formatE18(told.feeE18),
            before: marginText(told.held),
            after: marginText(told.after_),
        };
        const rows = [
            ["cost", "", shorten(result.cost, 2)],
            ["  of it fee", "", shorten(result.fee, 2)],
        ];
        const what = leg === undefined ? "" : ` ${result.size} ${result.instrument ?? ""}`;
        const text = `${result.account}: ${OUTCOME_TEXT[outcome]}${what}`;
        print(options, result, `${text}\n\n${marginTable(result.before, result.after, leg === undefined ? [] : rows)}`);
    });
}

const collect = (leg: string, legs: readonly string[]): string[] => [...legs, leg];

const asking = (command: Command, legs: string): Command =>
    online(command)
        .option("--leg <leg>", `${legs}, such as BTC-PERP:-1.5@8000; above 0 = the account buys`, collect, [])
        .option("--account <account>", "account that would trade; by default sub-account 0 of the key")
        .option("--with <account>", "account on the other side; by default one that holds nothing")
        .option("--maker", "the account makes the quote, so that the other side pays the fee");

export function whatIfCommands(trade: Command): void {
    asking(trade.command("preview"), "INSTRUMENT:SIZE@PRICE")
        .description("margin before and after legs, without a quote")
        .action(preview);
    asking(trade.command("most"), "INSTRUMENT:LOT@PRICE")
        .description("greatest size that the account may trade now, in whole lots; the lot's sign is the direction")
        .action(most);
    asking(trade.command("hedge"), "INSTRUMENT:MOST@PRICE")
        .description("the one of these legs, and its size, that reaches the initial requirement for the least")
        .option("--lot <size>", "sizes are multiples of this", "0.001")
        .action(hedge);
}
