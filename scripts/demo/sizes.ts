/** Sizes of the cast are meant for prices of March 2020; at other prices they are worth the same. */
import {decodeInstrument, formatE18, parseE18} from "../sdk/index.js";
import {abs, mulDivDown} from "../sdk/math/index.js";
import type {Order} from "./cast.js";
import type {PriceBar} from "./priceFile.js";
import {builtInPrices} from "./prices.js";

/** Sizes and deposits are whole multiples of this. */
const STEP_E18 = parseE18("0.0001");

export type Scaling = {
    readonly order: (order: Order) => Order;
    /** Amount of a token, decimal text. */
    readonly amount: (symbol: string, amount: string) => string;
};

export function scalingFor(first: PriceBar | undefined): Scaling {
    const [reference] = builtInPrices();
    const scaled = (asset: "BTC" | "ETH", valueE18: bigint): bigint => {
        const [meantE18, nowE18] = [parseE18(reference?.[asset] ?? "1"), parseE18(first?.[asset] ?? "1")];
        if (meantE18 === nowE18) return valueE18;
        const sizeE18 = mulDivDown(mulDivDown(abs(valueE18), meantE18, nowE18), 1n, STEP_E18) * STEP_E18;
        return valueE18 < 0n ? -sizeE18 : sizeE18;
    };
    return {
        order: ({instrument, sizeE18}) => {
            const asset = decodeInstrument(instrument).underlying === 1 ? "BTC" : "ETH";
            return {instrument, sizeE18: scaled(asset, sizeE18)};
        },
        amount: (symbol, amount) => {
            if (symbol === "WBTC") return formatE18(scaled("BTC", parseE18(amount)));
            return symbol === "WETH" ? formatE18(scaled("ETH", parseE18(amount))) : amount;
        },
    };
}
