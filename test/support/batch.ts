import type {BaseContract} from "ethers";

type Batchable = BaseContract & {multicall: {staticCall: (data: string[]) => Promise<string[]>}};

const CHUNK = 500;

/** Results of one view function for many argument lists, a few hundred to a call. */
export async function batch(
    contract: Batchable,
    name: string,
    calls: readonly (readonly unknown[])[],
): Promise<unknown[]> {
    const results: unknown[] = [];
    for (let start = 0; start < calls.length; start += CHUNK) {
        const chunk = calls.slice(start, start + CHUNK);
        const data = chunk.map((values) => contract.interface.encodeFunctionData(name, [...values]));
        const returned = await contract.multicall.staticCall(data);
        results.push(...returned.map((bytes): unknown => contract.interface.decodeFunctionResult(name, bytes)[0]));
    }
    return results;
}
