/** What makers are asked: JSON over HTTP. They answer with a list of quotes as quote files hold them. */
import {getAddress, isAddress} from "ethers";
import {z} from "zod";

import {formatAccount, parseAccount} from "../../sdk/ids.js";
import type {AccountId} from "../../sdk/ids.js";
import {instrumentName, parseInstrument} from "../../sdk/instruments.js";
import type {InstrumentId} from "../../sdk/instruments.js";

/** What an account wants to trade of one instrument, units of the underlying: positive = it buys. */
export type Wanted = {readonly instrument: InstrumentId; readonly sizeE18: bigint};

export type QuoteRequest = {
    readonly chainId: number;
    readonly clearinghouse: string;
    /** Taker of the quotes. */
    readonly account: AccountId;
    readonly legs: readonly Wanted[];
};

/** As many as an account may hold positions. */
const MOST_LEGS = 64;

const requestSchema = z.strictObject({
    chainId: z.int().positive(),
    clearinghouse: z.string().refine((text) => isAddress(text), "must be an address"),
    account: z.string(),
    legs: z
        .array(z.strictObject({instrument: z.string(), sizeE18: z.string().regex(/^-?[1-9]\d{0,38}$/)}))
        .min(1)
        .max(MOST_LEGS),
});

export function formatRequest({chainId, clearinghouse, account, legs}: QuoteRequest): string {
    const request: z.input<typeof requestSchema> = {
        chainId,
        clearinghouse,
        account: formatAccount(account),
        legs: legs
            .slice(0, MOST_LEGS)
            .map(({instrument, sizeE18}) => ({instrument: instrumentName(instrument), sizeE18: String(sizeE18)})),
    };
    return JSON.stringify(request);
}

/** @throws SyntaxError, ZodError or InputError for anything that is no request. */
export function parseRequest(text: string): QuoteRequest {
    const {chainId, clearinghouse, account, legs} = requestSchema.parse(JSON.parse(text));
    return {
        chainId,
        clearinghouse: getAddress(clearinghouse),
        account: parseAccount(account),
        legs: legs.map(({instrument, sizeE18}) => ({
            instrument: parseInstrument(instrument),
            sizeE18: BigInt(sizeE18),
        })),
    };
}
