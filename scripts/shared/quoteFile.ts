/** Signed quotes as files: figures as decimal strings, instruments by name, times in UTC. */
import {z} from "zod";

import {
    buildQuote,
    formatAccount,
    formatE18,
    formatTime,
    instrumentName,
    parseAccount,
    parseInstrument,
    parsePrice,
    parseSize,
    parseUnits,
} from "../sdk/index.js";
import type {SignedQuote} from "../sdk/index.js";

const whole = z.string().regex(/^\d+$/, "must be a whole number");

const quoteFileSchema = z.strictObject({
    chainId: z.int().positive(),
    clearinghouse: z.string(),
    maker: z.string(),
    taker: z.string(),
    legs: z.array(z.strictObject({instrument: z.string(), sizePerUnit: z.string(), price: z.string()})).min(1),
    units: z.string(),
    group: whole,
    epoch: whole,
    nonce: whole,
    deadline: z.iso.datetime(),
    signer: z.string(),
    signature: z.string().regex(/^0x[0-9a-f]*$/i, "must be hex"),
});

export type QuoteFile = {readonly signed: SignedQuote; readonly chainId: number; readonly clearinghouse: string};

export const parseQuoteFile = (text: string): QuoteFile => readQuote(JSON.parse(text));

/** @throws ZodError or InputError for anything that is no signed quote. */
export function readQuote(raw: unknown): QuoteFile {
    const file = quoteFileSchema.parse(raw);
    const quote = buildQuote({
        maker: parseAccount(file.maker),
        taker: parseAccount(file.taker),
        legs: file.legs.map(({instrument, sizePerUnit, price}) => ({
            instrument: parseInstrument(instrument),
            sizePerUnitE18: parseSize(sizePerUnit),
            priceE18: parsePrice(price),
        })),
        unitsE18: parseUnits(file.units),
        group: BigInt(file.group),
        epoch: BigInt(file.epoch),
        nonce: BigInt(file.nonce),
        deadline: Date.parse(file.deadline) / 1000,
    });
    const {signer, signature, chainId, clearinghouse} = file;
    return {signed: {quote, signer, signature}, chainId, clearinghouse};
}

export const formatQuoteFile = (file: QuoteFile): string => `${JSON.stringify(writeQuote(file), null, 2)}\n`;

/** The quote as plain JSON. */
export function writeQuote({
    signed: {quote, signer, signature},
    chainId,
    clearinghouse,
}: QuoteFile): z.input<typeof quoteFileSchema> {
    return {
        chainId,
        clearinghouse,
        maker: formatAccount(quote.maker),
        taker: formatAccount(quote.taker),
        legs: quote.legs.map(({instrument, sizePerUnitE18, priceE18}) => ({
            instrument: instrumentName(instrument),
            sizePerUnit: formatE18(sizePerUnitE18),
            price: formatE18(priceE18),
        })),
        units: formatE18(quote.unitsE18),
        group: String(quote.group),
        epoch: String(quote.epoch),
        nonce: String(quote.nonce),
        deadline: formatTime(quote.deadline),
        signer,
        signature,
    };
}
