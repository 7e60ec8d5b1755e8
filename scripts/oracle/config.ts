/** Settings of the publisher: a JSON file for what may be read by anyone, the environment for keys, flags for one run. */
import {computeAddress, getAddress, isAddress} from "ethers";
import {z} from "zod";

import {parseFixed} from "../sdk/units.js";

/** Keys that sign, separated by commas or blanks. */
export const SIGNER_KEYS = "PUBLISHER_SIGNER_KEYS";
/** Key that pays for the transaction; the first signer's without it. */
export const SENDER_KEY = "PUBLISHER_SENDER_KEY";

const address = z
    .string()
    .refine((text) => isAddress(text), "not an address")
    .transform(getAddress);
const gwei = z.string().transform((text) => parseFixed(text, 9));

const fraction = z.string().transform((text) => parseFixed(text, 18));
const stream = z
    .url({protocol: /^(tcp|unix|ws|wss)$/})
    .refine((text) => !text.startsWith("tcp:") || new URL(text).port !== "", "tcp://host:port needs its port");

/** Which chain, and where the market comes from: for whoever publishes and for whoever signs. */
const common = {
    rpcUrl: z.url(),
    chainId: z.coerce.bigint(),
    surfaceOracle: address,
    /** Spot, forwards, and smiles or quotes; read anew each time. */
    marketFile: z.string().min(1).optional(),
    /** The same, a line per market: tcp://host:port, unix:/path, ws://… */
    marketStream: stream.optional(),
    /** Greatest root mean square of the errors of a fit, in annual volatility: 0.02 = two points. */
    maxFitErrorVol: z.number().positive().max(1).default(0.02),
    timeoutMs: z.int().min(100).default(45_000),
    logLevel: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
};

type Markets = {readonly marketFile?: string | undefined; readonly marketStream?: string | undefined};
const hasOneMarket = ({marketFile, marketStream}: Markets): boolean =>
    (marketFile === undefined) !== (marketStream === undefined);
const ONE_MARKET = "name marketFile or marketStream, one of them";

export const publisherConfigSchema = z
    .strictObject({
        ...common,
        /** Processes that hold other keys, asked for their signatures over HTTP. */
        cosigners: z.array(z.url({protocol: /^https?$/})).default([]),
        /** A co-signer that takes longer is gone on without. */
        cosignerTimeoutMs: z.int().min(10).default(10_000),
        /** Seconds between two rounds. */
        everySeconds: z.int().min(1).default(60),
        maxFeePerGasGwei: gwei.default(parseFixed("500", 9)),
        attempts: z.int().min(1).default(5),
        /** Failures in a row after which the publisher stops. */
        maxFailures: z.int().min(1).default(10),
        /** Build, check and sign; send nothing. */
        dryRun: z.boolean().default(true),
    })
    .refine(hasOneMarket, ONE_MARKET);

export type PublisherConfig = z.infer<typeof publisherConfigSchema>;

export const cosignerConfigSchema = z
    .strictObject({
        ...common,
        host: z.string().min(1).default("127.0.0.1"),
        /** 0 takes any free one; the log names it. */
        port: z.int().min(0).max(65_535).default(8650),
        /** How far a report may be from the own market; see `Tolerance`. */
        maxForwardApart: fraction.default(parseFixed("0.002", 18)),
        maxDiscountApart: fraction.default(parseFixed("0.005", 18)),
        maxVolApart: fraction.default(parseFixed("0.02", 18)),
        maxApartSeconds: z.int().min(0).default(120),
        maxMarketAgeSeconds: z.int().min(1).default(300),
    })
    .refine(hasOneMarket, ONE_MARKET);

export type CosignerConfig = z.infer<typeof cosignerConfigSchema>;

export type SettingFailureCode =
    | "usage"
    | "config-invalid"
    | "file-unreadable"
    | "keys-invalid"
    | "wrong-chain"
    | "no-code"
    | "not-a-signer"
    | "too-few-keys";

/** Something the operator wrote is wrong; the message names it and never repeats a key. */
export class SettingError extends Error {
    readonly code: SettingFailureCode;

    constructor(code: SettingFailureCode, message: string) {
        super(message);
        this.name = "SettingError";
        this.code = code;
    }
}

/** @throws SettingError that names each wrong field. */
export const parsePublisherConfig = (text: string): PublisherConfig =>
    parseConfig("Publisher", publisherConfigSchema, text);

/** @throws SettingError that names each wrong field. */
export const parseCosignerConfig = (text: string): CosignerConfig =>
    parseConfig("Co-signer", cosignerConfigSchema, text);

function parseConfig<Config>(who: string, schema: z.ZodType<Config>, text: string): Config {
    const parsed = schema.safeParse(json(who, text));
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.map(({path, message}) => `${path.join(".") || "(file)"}: ${message}`);
    throw new SettingError("config-invalid", `${who} configuration: ${issues.join("; ")}`);
}

function json(who: string, text: string): unknown {
    try {
        return JSON.parse(text);
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new SettingError("config-invalid", `${who} configuration: not JSON: ${error.message}`);
    }
}

export type Keys = {readonly signers: readonly string[]; readonly sender: string};

/** @throws SettingError that says which variable, and which key in it. */
export function parseKeys(env: Environment, hasCosigners = false): Keys {
    const signers = signerKeys(env);
    const [first] = signers;
    if (first === undefined && !hasCosigners) throw new SettingError("keys-invalid", `${SIGNER_KEYS} is not set`);
    const sender = env[SENDER_KEY];
    if (sender !== undefined && sender !== "") {
        requireKey(sender, SENDER_KEY);
        return {signers, sender};
    }
    if (first === undefined) throw new SettingError("keys-invalid", `${SENDER_KEY} is not set, and no signer can pay`);
    return {signers, sender: first};
}

/** The one key of a co-signer. */
export function parseSignerKey(env: Environment): string {
    const [key, ...more] = signerKeys(env);
    if (key === undefined) throw new SettingError("keys-invalid", `${SIGNER_KEYS} is not set`);
    if (more.length === 0) return key;
    throw new SettingError("keys-invalid", `A co-signer holds one key, ${SIGNER_KEYS} has ${more.length + 1}`);
}

type Environment = Readonly<Record<string, string | undefined>>;

function signerKeys(env: Environment): readonly string[] {
    const signers = (env[SIGNER_KEYS] ?? "").split(/[\s,]+/).filter((key) => key !== "");
    for (const [index, key] of signers.entries()) requireKey(key, `${SIGNER_KEYS}: key ${index + 1}`);
    const addresses = new Set(signers.map((key) => computeAddress(key)));
    if (addresses.size < signers.length) throw new SettingError("keys-invalid", `${SIGNER_KEYS} holds a key twice`);
    return signers;
}

function requireKey(key: string, where: string): void {
    const isKey = /^0x[0-9a-fA-F]{64}$/.test(key) && BigInt(key) > 0n;
    if (!isKey) throw new SettingError("keys-invalid", `${where} must be a private key: 0x and 64 hex digits`);
}
