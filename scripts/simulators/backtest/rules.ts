/** Risk parameters of the assets under test: the margin model's, or those of a file in the format of a book's `parameters`. */
import {prepareBook, readBook} from "../../sdk/book/index.js";
import type {RiskParameters} from "../../sdk/risk/index.js";
import {BacktestError} from "./failures.js";

export type AssetRule = {readonly name: string; readonly underlying: number; readonly assetId: number};

export type Rules = {
    readonly parameters: RiskParameters;
    readonly assets: ReadonlyMap<string, AssetRule>;
};

/** Any time and price will do: parameters depend on neither. */
const NOW = "2020-01-01T00:00:00Z";
const SPOT = "1";

export function rulesOf(assets: readonly string[], overrides: unknown): Rules {
    const book = readBook({
        now: NOW,
        underlyings: Object.fromEntries(assets.map((asset) => [asset, {spot: SPOT}])),
        account: {collateral: Object.fromEntries(assets.map((asset) => [asset, "1"]))},
        ...(overrides === undefined ? {} : {parameters: overrides}),
    });
    const prepared = prepareBook(book);
    const rules = prepared.assets.map(({symbol, assetId, params}): [string, AssetRule] => [
        symbol,
        {name: symbol, underlying: params.underlying, assetId},
    ]);
    return {parameters: prepared.question.parameters, assets: new Map(rules)};
}

export function ruleOf({assets}: Rules, asset: string): AssetRule {
    const rule = assets.get(asset);
    if (rule !== undefined) return rule;
    throw new BacktestError("no-asset", `${asset} is not an underlying of the margin model`, {asset});
}
