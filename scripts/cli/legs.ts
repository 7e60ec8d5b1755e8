/** Legs of a quote on the command line. */
import {InputError, parseInstrument, parsePrice, parseSize} from "../sdk/index.js";
import type {QuoteLeg} from "../sdk/index.js";

/** `BTC-PERP:-1.5@5642.5`: instrument, size per unit from the maker's side, price. */
export function parseLeg(text: string): QuoteLeg {
    const match = /^([^:@]+):([^:@]+)@([^:@]+)$/.exec(text);
    if (match === null) {
        throw new InputError("quote-malformed", `--leg: "${text}" is not INSTRUMENT:SIZE@PRICE`, {text});
    }
    const [, instrument = "", size = "", price = ""] = match;
    return {
        instrument: parseInstrument(instrument),
        sizePerUnitE18: parseSize(size),
        priceE18: parsePrice(price),
    };
}
