/** How much gas a call needs, asked for in one execution where that is possible. */
import type {Provider} from "ethers";

export type Call = {readonly to: string; readonly data: string};

/** The greatest estimate so far, by what is called. */
export type Estimates = Map<string, bigint>;

const SELECTOR_LENGTH = "0x12345678".length;

/** Address and function. */
export const kindOf = ({to, data}: Call): string => `${to}${data.slice(0, SELECTOR_LENGTH)}`;

type From = {readonly from: string};

/**
 * Nodes make an estimate by executing the call about a dozen times. Where the greatest estimate of such calls so far is enough, one
 * execution shows it.
 */
export async function gasOf(
    call: Call & From,
    provider: Pick<Provider, "call" | "estimateGas">,
    estimates: Estimates,
): Promise<bigint> {
    const kind = kindOf(call);
    const known = estimates.get(kind);
    if (known !== undefined && (await isEnough(known, call, provider))) return known;
    const estimate = await provider.estimateGas(call);
    if (estimate > (estimates.get(kind) ?? 0n)) estimates.set(kind, estimate);
    return estimate;
}

/** What fails may have lacked gas, or be refused whatever it has: an estimate tells them apart. */
async function isEnough(gasLimit: bigint, call: Call & From, provider: Pick<Provider, "call">): Promise<boolean> {
    try {
        await provider.call({...call, gasLimit});
        return true;
    } catch {
        return false;
    }
}
