/** Settings of the indexer: one JSON file. Passwords of a database server belong in the environment (PGPASSWORD), not in the URL. */
import {getAddress, isAddress} from "ethers";
import {z} from "zod";

const address = z
    .string()
    .refine((text) => isAddress(text), "not an address")
    .transform(getAddress);

export const indexerConfigSchema = z.strictObject({
    rpcUrl: z.url(),
    chainId: z.coerce.bigint(),
    contracts: z.strictObject({vault: address, clearinghouse: address, liquidator: address}),
    /** A file, or a postgres:// URL. */
    database: z.string().default("out/store/ballast.sqlite"),
    firstBlock: z.int().min(0).default(0),
    shards: z.int().min(1).max(4_096).default(16),
    reorgDepth: z.int().min(1).default(64),
    maxRange: z.int().min(1).default(2_000),
    snapshotEvery: z.int().min(1).default(10_000),
    pollMs: z.int().min(10).default(3_000),
    logLevel: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
});

export type IndexerConfig = z.infer<typeof indexerConfigSchema>;

export class IndexerConfigError extends Error {
    readonly code = "config-invalid";
}

/** @throws IndexerConfigError that names each wrong field. */
export function parseIndexerConfig(raw: unknown): IndexerConfig {
    const parsed = indexerConfigSchema.safeParse(raw);
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.map(({path, message}) => `${path.join(".") || "(file)"}: ${message}`);
    throw new IndexerConfigError(`Indexer configuration: ${issues.join("; ")}`);
}
