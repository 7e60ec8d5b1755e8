/** `ballast price`: one option by Black-76, offline. */
import {Option} from "commander";
import type {Command} from "commander";

import {readFigure} from "../../sdk/book/index.js";
import {InputError, ONE_E18, formatE18} from "../../sdk/index.js";
import {mulDivDown} from "../../sdk/math/index.js";
import {black76, greeks} from "../../sdk/risk/index.js";
import {shorten, table} from "../../shared/table.js";

const DAYS_PER_YEAR = 365n;

type Options = {
    readonly type: "call" | "put";
    readonly forward: string;
    readonly strike: string;
    readonly days: string;
    readonly vol: string;
    readonly discount: string;
    readonly json?: true;
};

/** Reads a figure and names its option when it is wrong. */
function figure(name: string, text: string, least: bigint): bigint {
    try {
        const value = readFigure(text);
        if (value >= least) return value;
    } catch (error) {
        if (!(error instanceof InputError)) throw error;
        throw new InputError(error.code, `--${name}: ${error.message}`, {field: name});
    }
    const rule = least === 0n ? "must not be below 0" : "must be above 0";
    throw new InputError("number-out-of-range", `--${name}: ${rule}`, {field: name});
}

function price(options: Options): void {
    const forwardE18 = figure("forward", options.forward, 1n);
    const strikeE18 = figure("strike", options.strike, 1n);
    const yearsE18 = mulDivDown(figure("days", options.days, 0n), 1n, DAYS_PER_YEAR);
    const volE18 = figure("vol", options.vol, 0n);
    const discountE18 = figure("discount", options.discount, 1n);
    const option = black76.terms(options.type === "call" ? "CALL" : "PUT", forwardE18, strikeE18, discountE18);
    const {priceE18, deltaE18, gammaE18, vegaE18, thetaE18} = greeks(option, volE18, yearsE18);
    const figures = {price: priceE18, delta: deltaE18, gamma: gammaE18, vega: vegaE18, theta: thetaE18};
    const texts = Object.entries(figures).map(([name, value]) => [name, formatE18(value)] as const);
    if (options.json === true) console.log(JSON.stringify(Object.fromEntries(texts), null, 2));
    else
        console.log(
            table(
                ["", ""],
                texts.map(([name, text]) => [name, shorten(text, 10)]),
            ),
        );
}

export function priceCommand(program: Command): void {
    program
        .command("price")
        .description("price one European option on a forward (Black-76), offline")
        .addOption(new Option("--type <type>", "call or put").choices(["call", "put"]).makeOptionMandatory())
        .requiredOption("--forward <usd>", "price of the underlying for the expiry")
        .requiredOption("--strike <usd>", "strike")
        .requiredOption("--days <days>", "days to expiry, years having 365")
        .requiredOption("--vol <fraction>", "annual implied volatility, 0.6 = 60 %")
        .option("--discount <factor>", "discount factor to expiry", formatE18(ONE_E18))
        .option("--json", "print decimal strings as JSON")
        .addHelpText("after", "\ngamma per USD of forward, vega per 1.00 of volatility, theta per day.")
        .action(price);
}
