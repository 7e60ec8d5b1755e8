/** Settings of the keeper: a JSON file, with the private key from the environment only. */
import {getAddress, isAddress} from "ethers";
import {z} from "zod";

import {parseAccount} from "../sdk/ids.js";
import {parseFixed} from "../sdk/units.js";

const address = z
    .string()
    .refine((text) => isAddress(text), "not an address")
    .transform(getAddress);
const e18 = z.string().transform((text) => parseFixed(text, 18));
const gwei = z.string().transform((text) => parseFixed(text, 9));

const bps = z.int().min(0).max(10_000);

const fields = z.strictObject({
    rpcUrl: z.url(),
    /** Other nodes of the same chain: asked when the first does not answer, and for the nonce. */
    moreRpcUrls: z.array(z.url()).default([]),
    /** Takes signed transactions instead of the nodes, out of sight until they are in a block. */
    relayUrl: z.url().optional(),
    /** A node that has not answered for so long is passed over. */
    stallMs: z.int().min(100).default(2_000),
    chainId: z.coerce.bigint(),
    contracts: z.strictObject({
        vault: address,
        clearinghouse: address,
        riskEngine: address,
        priceOracle: address,
        liquidator: address,
        /** Looked at by whoever has not seen anybody look for a while; without it this keeper does not. */
        solvencyGate: address.optional(),
        /** Moved whenever a step is due, see driving; without it this keeper leaves that to others. */
        volatilityDriver: address.optional(),
        /** Takes a slice and lays it off in one transaction; without it slices take capital. */
        closeOut: address.optional(),
        /** Reads many accounts in one call; without it they are read one by one. */
        lens: address.optional(),
    }),
    /** Account that takes the slices: `0xOwner/number`. */
    account: z.string().transform(parseAccount),
    firstBlock: z.int().min(0).default(0),
    reorgDepth: z.int().min(1).default(64),
    maxRange: z.int().min(1).default(2_000),
    batchSize: z.int().min(1).default(50),
    pollMs: z.int().min(100).default(3_000),
    /** Least profit of one action, USD. */
    minProfit: e18.default(0n),
    /** Makers who are asked for quotes; see layOff/wire. */
    makers: z.array(z.url()).max(16).default([]),
    /** A file of signed quotes, or a folder of such files. */
    quotesFile: z.string().min(1).optional(),
    /** A maker who has not answered for so long has nothing to say this round. */
    makerTimeoutMs: z.int().min(10).max(60_000).default(1_000),
    /** A quote that ends sooner is of no use. */
    leastQuoteSeconds: z.int().min(0).default(5),
    /** Part of a close-out's gain that may be lost until it is in a block, ten thousandths; never so much that its gas is not earned. */
    gainSlackBps: bps.default(500),
    /** Lays off whatever the account holds, at prices no farther from the mark than so many ten thousandths; without it nothing is. */
    hedge: z.strictObject({bandBps: bps.default(50), optionBandBps: bps.default(1_000)}).optional(),
    /** Part of the keeper's excess that one slice may use up. */
    useOfExcess: e18.default(parseFixed("0.9", 18)),
    maxFeePerGasGwei: gwei.default(parseFixed("500", 9)),
    timeoutMs: z.int().min(100).default(45_000),
    attempts: z.int().min(1).default(5),
    /** Transactions that may be on their way at once. */
    inFlight: z.int().min(1).max(256).default(16),
    /** Failures in a row after which the keeper stops. */
    maxFailures: z.int().min(1).default(10),
    /** A margin call of the same account is repeated after so many seconds. */
    callEverySeconds: z.int().min(0).default(3_600),
    /**
     * Every account is read from the chain after so many seconds; in between only those that the risk twin finds short, see lookout.
     * 0 or null = every round.
     */
    sweepEverySeconds: z.int().min(0).nullable().default(600),
    /** The solvency gate is made to look when nobody has for so many seconds. */
    lookEverySeconds: z.int().min(1).default(300),
    /** A file or a postgres:// URL that keepers share, with each other and with an indexer; see `keepingOf`. */
    database: z.string().min(1).optional(),
    /** Into how many parts the accounts of a database are divided; the same for all of its keepers. */
    shards: z.int().min(1).max(4_096).default(16),
    /** Work of a keeper that is heard of no more is free for others after so many seconds. */
    leaseSeconds: z.int().min(1).default(60),
    snapshotEvery: z.int().min(1).default(10_000),
    /** Where `/health` and `/metrics` are served; without it they are not. */
    http: z.strictObject({host: z.string().default("127.0.0.1"), port: z.int().min(0).max(65_535)}).optional(),
    /** Beyond these ages of the last block and of the last round the keeper calls itself unwell. */
    maxBlockAgeSeconds: z.int().min(1).default(120),
    maxTickAgeSeconds: z.int().min(1).default(60),
    /** Instead of a database, for a keeper that works alone: where it is in the chain, and what it did. */
    stateFile: z.string().min(1).optional(),
    journalFile: z.string().default("out/keeper/journal.jsonl"),
    logLevel: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
    /** Decide and simulate, send nothing. */
    dryRun: z.boolean().default(true),
});

export const keeperConfigSchema = fields.superRefine(({makers, quotesFile, contracts, hedge}, context) => {
    const hasQuotes = makers.length > 0 || quotesFile !== undefined;
    const needsQuotes = contracts.closeOut !== undefined || hedge !== undefined;
    if (hasQuotes === needsQuotes) return;
    const message = hasQuotes
        ? "quotes are of no use without contracts.closeOut or hedge"
        : "contracts.closeOut and hedge need makers or a quotesFile";
    context.addIssue({code: "custom", path: ["makers"], message});
});

export type KeeperConfig = z.infer<typeof keeperConfigSchema>;

/** The file that an indexer uses too if nothing else is said. */
const DATABASE = "out/store/ballast.sqlite";

type Keeping = {readonly database: string} | {readonly stateFile: string};

/** Where a keeper keeps what it learns: in its database, in a file of its own if one is named and no database, else in the usual file. */
export function keepingOf({database, stateFile}: Pick<KeeperConfig, "database" | "stateFile">): Keeping {
    return database === undefined && stateFile !== undefined ? {stateFile} : {database: database ?? DATABASE};
}

export class ConfigError extends Error {
    readonly code = "config-invalid";
}

/** @throws ConfigError that names each wrong field. */
export function readConfig<T extends z.ZodType>(program: string, schema: T, raw: unknown): z.output<T> {
    const parsed = schema.safeParse(raw);
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.map(({path, message}) => `${path.join(".") || "(file)"}: ${message}`);
    throw new ConfigError(`${program} configuration: ${issues.join("; ")}`);
}

/** @throws ConfigError that names each wrong field. */
export const parseKeeperConfig = (raw: unknown): KeeperConfig => readConfig("Keeper", keeperConfigSchema, raw);
