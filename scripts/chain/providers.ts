/** One way to a chain through several nodes: the first that answers counts, and every one must be on the chain that is meant. */
import {JsonRpcProvider, Network} from "ethers";
import type {JsonRpcError, JsonRpcPayload, JsonRpcResult, Provider} from "ethers";

export type Nodes = {
    readonly provider: Provider;
    /** One for each address, in the order given. */
    readonly each: readonly JsonRpcProvider[];
    readonly close: () => void;
};

export class NodesError extends Error {
    readonly code: "no-node" | "wrong-chain" | "out-of-order";
    readonly url: string | undefined;

    constructor(code: NodesError["code"], message: string, url?: string) {
        super(message);
        this.name = "NodesError";
        this.code = code;
        this.url = url;
    }
}

export type NodesOptions = {
    readonly urls: readonly string[];
    readonly chainId: bigint;
    /** After so many milliseconds without an answer the next node is asked too. */
    readonly stallMs: number;
};

/**
 * Asks every node for its chain. One that does not answer is left out with a word to `onAway`; there must be one left.
 * @throws NodesError when a node is on another chain, or none answers.
 */
export async function connect(
    {urls, chainId, stallMs}: NodesOptions,
    onAway: (url: string, error: unknown) => void,
): Promise<Nodes> {
    const network = Network.from(chainId);
    const made = urls.map((url) => {
        const provider = new JsonRpcProvider(url, network, {cacheTimeout: -1, staticNetwork: network});
        return {url, provider};
    });
    const close = (): void => made.forEach(({provider}) => provider.destroy());
    try {
        const answered: JsonRpcProvider[] = [];
        for (const {url, provider} of made) {
            const found = await chainOf(provider, stallMs).catch((error: unknown) => {
                onAway(url, error);
                return undefined;
            });
            if (found === undefined) continue;
            if (found !== chainId) {
                throw new NodesError("wrong-chain", `${hostOf(url)} is on chain ${found}, not on ${chainId}`, url);
            }
            answered.push(provider);
        }
        const [first] = answered;
        if (first === undefined) throw new NodesError("no-node", `None of ${urls.length} nodes answers`);
        const provider = new Failover(answered.map(urlOf), network, {stallMs, onAway});
        return {
            provider,
            each: answered,
            close: () => {
                provider.destroy();
                close();
            },
        };
    } catch (error) {
        close();
        throw error;
    }
}

/** What of an address may be shown: paths and queries of paid nodes hold keys. */
export const hostOf = (url: string): string => new URL(url).host;

const urlOf = (provider: JsonRpcProvider): string => provider._getConnection().url;

async function chainOf(provider: JsonRpcProvider, waitMs: number): Promise<bigint> {
    return BigInt((await within(waitMs, provider.send("eth_chainId", []))) as string);
}

async function within<T>(waitMs: number, asked: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer in ${waitMs} ms`)), waitMs);
    });
    try {
        return await Promise.race([asked, late]);
    } finally {
        clearTimeout(timer);
    }
}

type FailoverOptions = {
    readonly stallMs: number;
    readonly onAway: (url: string, error: unknown) => void;
};

const INTERNAL_ERROR = -32_603;
const LIMIT_EXCEEDED = -32_005;

/** Whether a node says that it could not work on a request, rather than what came of it: "internal error", "too many requests". */
export function isOutOfOrder(answer: JsonRpcResult | JsonRpcError): boolean {
    if (!("error" in answer)) return false;
    const {code, message} = answer.error;
    const data: unknown = answer.error.data;
    if (code === LIMIT_EXCEEDED) return true;
    return (
        code === INTERNAL_ERROR &&
        data === undefined &&
        !/revert|nonce|underpriced|known|funds|fee/i.test(message ?? "")
    );
}

/**
 * Sends each request to the node that answered last, and to the next one when it does not. What a node answers counts, refusals
 * included; silence, broken transport and a node's word that it is out of order are passed on. A transaction that two nodes got is one
 * transaction.
 */
class Failover extends JsonRpcProvider {
    readonly #nodes: readonly {readonly url: string; readonly provider: JsonRpcProvider}[];
    readonly #options: FailoverOptions;
    #current = 0;

    constructor(urls: readonly string[], network: Network, options: FailoverOptions) {
        super(urls[0], network, {cacheTimeout: -1, staticNetwork: network});
        this.#nodes = urls.map((url) => ({
            url,
            provider: new JsonRpcProvider(url, network, {cacheTimeout: -1, staticNetwork: network}),
        }));
        this.#options = options;
    }

    override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
        let failure: unknown;
        for (let tried = 0; tried < this.#nodes.length; ++tried) {
            const place = (this.#current + tried) % this.#nodes.length;
            const node = this.#nodes[place];
            if (node === undefined) continue;
            try {
                const answers = await within(this.#options.stallMs, node.provider._send(payload));
                const excuse = answers.find(isOutOfOrder);
                if (excuse !== undefined) throw new NodesError("out-of-order", JSON.stringify(excuse), node.url);
                this.#current = place;
                return answers;
            } catch (error) {
                this.#options.onAway(node.url, error);
                failure = error;
            }
        }
        throw failure;
    }

    override destroy(): void {
        for (const {provider} of this.#nodes) provider.destroy();
        super.destroy();
    }
}
