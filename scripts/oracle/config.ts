/** Settings of the publisher: a JSON file for what may be read by anyone, the environment for keys, flags for one run. */
import {parseArgs} from "node:util";

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

export const publisherConfigSchema = z.strictObject({
    rpcUrl: z.url(),
    chainId: z.coerce.bigint(),
    surfaceOracle: address,
    /** Spot, forwards and smiles; read anew in every round. */
    marketFile: z.string().min(1),
    /** Seconds between two rounds. */
    everySeconds: z.int().min(1).default(60),
    maxFeePerGasGwei: gwei.default(parseFixed("500", 9)),
    timeoutMs: z.int().min(100).default(45_000),
    attempts: z.int().min(1).default(5),
    /** Failures in a row after which the publisher stops. */
    maxFailures: z.int().min(1).default(10),
    logLevel: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
    /** Build, check and sign; send nothing. */
    dryRun: z.boolean().default(true),
});

export type PublisherConfig = z.infer<typeof publisherConfigSchema>;

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
export function parsePublisherConfig(text: string): PublisherConfig {
    const parsed = publisherConfigSchema.safeParse(json(text));
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.map(({path, message}) => `${path.join(".") || "(file)"}: ${message}`);
    throw new SettingError("config-invalid", `Publisher configuration: ${issues.join("; ")}`);
}

function json(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new SettingError("config-invalid", `Publisher configuration: not JSON: ${error.message}`);
    }
}

export type Keys = {readonly signers: readonly string[]; readonly sender: string};

/** @throws SettingError that says which variable, and which key in it. */
export function parseKeys(env: Readonly<Record<string, string | undefined>>): Keys {
    const signers = (env[SIGNER_KEYS] ?? "").split(/[\s,]+/).filter((key) => key !== "");
    const [first] = signers;
    if (first === undefined) throw new SettingError("keys-invalid", `${SIGNER_KEYS} is not set`);
    for (const [index, key] of signers.entries()) requireKey(key, `${SIGNER_KEYS}: key ${index + 1}`);
    const addresses = new Set(signers.map((key) => computeAddress(key)));
    if (addresses.size < signers.length) throw new SettingError("keys-invalid", `${SIGNER_KEYS} holds a key twice`);
    const sender = env[SENDER_KEY];
    if (sender === undefined || sender === "") return {signers, sender: first};
    requireKey(sender, SENDER_KEY);
    return {signers, sender};
}

function requireKey(key: string, where: string): void {
    const isKey = /^0x[0-9a-fA-F]{64}$/.test(key) && BigInt(key) > 0n;
    if (!isKey) throw new SettingError("keys-invalid", `${where} must be a private key: 0x and 64 hex digits`);
}

export type Flags = {
    readonly configFile: string;
    readonly once: boolean;
    /** Sends nothing, whatever the file says. */
    readonly dryRun: boolean;
    readonly help: boolean;
};

export const HELP = `npm run publisher -- [CONFIG.json] [options]

Reads a market file, builds a surface report for each expiry, holds it to the oracle's rules, has it signed and publishes it.
Without CONFIG it reads publisher.json. Nothing is sent unless the file says "dryRun": false.

  --once      one round, then end
  --dry-run   send nothing, whatever the file says
  --help      this text

environment
  ${SIGNER_KEYS}   private keys of registered signers, separated by commas
  ${SENDER_KEY}    private key that pays for gas; without it the first signer pays

exit codes: 0 done or stopped by a signal, 1 failed, 2 wrong flag, file or key, 4 the oracle refused
`;

/** @throws SettingError for what is not a flag. */
export function parseFlags(args: readonly string[]): Flags {
    const {values, positionals} = read(args);
    const [configFile = "publisher.json", ...more] = positionals;
    if (more.length > 0) throw new SettingError("usage", `One configuration file, not also ${more.join(", ")}`);
    return {configFile, once: values.once, dryRun: values["dry-run"], help: values.help};
}

const OPTIONS = {
    once: {type: "boolean", default: false},
    "dry-run": {type: "boolean", default: false},
    help: {type: "boolean", default: false},
} as const;

function read(
    args: readonly string[],
): ReturnType<typeof parseArgs<{args: string[]; options: typeof OPTIONS; allowPositionals: true}>> {
    try {
        return parseArgs({args: [...args], options: OPTIONS, allowPositionals: true});
    } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw new SettingError("usage", `${error.message} (--help lists what there is)`);
    }
}
