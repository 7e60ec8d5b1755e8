/** What publisher and co-signer say to each other: a proposal, and a verdict on each of its reports. Integers are decimal text. */
import {z} from "zod";

import type {SurfaceReport} from "../sdk/surfaces.js";
import {surfaceKey} from "./reports.js";

const integer = (low: bigint, high: bigint) =>
    z
        .string()
        .regex(/^-?\d{1,20}$/, "not an integer")
        .transform(BigInt)
        .refine((value) => value >= low && value <= high, "out of range");
const UINT_64 = integer(0n, 2n ** 64n - 1n);
const INT_64 = integer(-(2n ** 63n), 2n ** 63n - 1n);
const UINT_40 = z
    .int()
    .min(0)
    .max(2 ** 40 - 1);
/** Both underlyings with as many expiries as the oracle holds, and room for more. */
const MAX_REPORTS = 256;

export const PROPOSAL = z.strictObject({
    chainId: z
        .string()
        .regex(/^\d{1,30}$/)
        .transform(BigInt),
    surfaceOracle: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
    reports: z
        .array(
            z.strictObject({
                underlying: z.int().min(0).max(0xffff),
                expiry: UINT_40,
                surface: z.strictObject({
                    publishedAt: UINT_40,
                    forwardRatioE18: UINT_64,
                    discountE18: UINT_64,
                    aE18: INT_64,
                    bE18: UINT_64,
                    rhoE18: INT_64,
                    mE18: INT_64,
                    sigmaE18: UINT_64,
                }),
            }),
        )
        .min(1)
        .max(MAX_REPORTS),
});

export type Proposal = {
    readonly chainId: bigint;
    readonly surfaceOracle: string;
    readonly reports: readonly SurfaceReport[];
};

const REFUSAL = z.strictObject({code: z.string(), message: z.string(), details: z.record(z.string(), z.string())});
export type Refusal = Readonly<z.infer<typeof REFUSAL>>;

export const ANSWER = z.strictObject({
    signer: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
    verdicts: z.array(
        z.union([
            z.strictObject({place: z.string(), signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/)}),
            z.strictObject({place: z.string(), refusal: REFUSAL}),
        ]),
    ),
});
export type Answer = z.infer<typeof ANSWER>;
export type Verdict = Answer["verdicts"][number];

export const placeOf = ({underlying, expiry}: SurfaceReport): string => surfaceKey(underlying, expiry);

/** JSON with every bigint as decimal text. */
export const wireText = (value: object): string =>
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner));
