/** Collateral of a book: what each symbol is, what it is worth, how much of it counts. */
import {DEFAULT_WEIGHTS} from "../risk/defaults.js";
import type {AssetParams} from "../risk/types.js";
import {ONE_E18} from "../units.js";
import {numberOf} from "./names.js";
import type {Names} from "./names.js";
import {bookError} from "./schema.js";
import type {BookFile} from "./schema.js";

const CASH_SYMBOLS = ["USDC", "USD"];
const STABLES = ["USDT", "DAI", "USDS", "USDE", "FDUSD", "PYUSD", "GHO", "TUSD"];
const FIRST_ASSET_FEED = 2000;

/** Symbols of the settlement coin: cash, not collateral. */
export const isCash = (symbol: string): boolean => CASH_SYMBOLS.includes(symbol);

export type Asset = {
    readonly assetId: number;
    readonly symbol: string;
    readonly unitsE18: bigint;
    readonly params: AssetParams;
    readonly priceE18: bigint;
};

/** ETH and WETH are both the underlying ETH. */
function underlyingOf(names: Names, symbol: string): {readonly number: number; readonly name: string} | undefined {
    for (const name of [symbol, symbol.replace(/^W/, "")]) {
        const number = numberOf(names, name);
        if (number !== undefined) return {number, name};
    }
    return undefined;
}

type Weights = Pick<AssetParams, "weightE18" | "sizeE18">;

function weightsOf(file: BookFile, symbol: string, defaults: Weights): Weights {
    const own = file.parameters?.collateral?.[symbol];
    return {weightE18: own?.weight ?? defaults.weightE18, sizeE18: own?.size ?? defaults.sizeE18};
}

function stablePrice(file: BookFile, symbol: string): bigint {
    const priceE18 = file.prices?.[symbol] ?? (STABLES.includes(symbol) ? ONE_E18 : undefined);
    if (priceE18 !== undefined) return priceE18;
    throw bookError(
        `account.collateral.${symbol}`,
        `is not a known asset; its price under prices.${symbol} makes it one`,
    );
}

/** An underlying without a price is left out; the caller says so. */
function assetOf(file: BookFile, names: Names, symbol: string, assetId: number): Asset | undefined {
    const own = {assetId, symbol, unitsE18: file.account.collateral?.[symbol] ?? 0n};
    const inGrid = underlyingOf(names, symbol);
    if (inGrid === undefined) {
        const priceE18 = stablePrice(file, symbol);
        const weights = weightsOf(file, symbol, DEFAULT_WEIGHTS.stable);
        return {...own, priceE18, params: {underlying: 0, feedId: FIRST_ASSET_FEED + assetId, ...weights}};
    }
    const priceE18 = file.underlyings[inGrid.name]?.spot;
    if (priceE18 === undefined) return undefined;
    const weights = weightsOf(file, symbol, DEFAULT_WEIGHTS.underlying);
    return {...own, priceE18, params: {underlying: inGrid.number, feedId: inGrid.number, ...weights}};
}

/** Every collateral asset that can be valued, and a warning for each that cannot. */
export function assetsOf(
    file: BookFile,
    names: Names,
): {readonly assets: readonly Asset[]; readonly warnings: readonly string[]} {
    const symbols = Object.keys(file.account.collateral ?? {}).filter((symbol) => !isCash(symbol));
    const found = symbols.map((symbol, i) => ({symbol, asset: assetOf(file, names, symbol, i + 1)}));
    return {
        assets: found.flatMap(({asset}) => (asset === undefined ? [] : [asset])),
        warnings: found
            .filter(({asset}) => asset === undefined)
            .map(({symbol}) => {
                const name = underlyingOf(names, symbol)?.name ?? symbol;
                return `account.collateral.${symbol} counts for nothing: the book has no underlyings.${name}.spot`;
            }),
    };
}
