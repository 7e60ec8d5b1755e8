/** What publisher and co-signer make sure of before they begin: the chain, the oracle, and that their keys count there. */
import {Contract, FetchRequest, JsonRpcProvider, Network} from "ethers";

import {SURFACE_ORACLE_ABI} from "../sdk/abi/SurfaceOracle.js";
import {SettingError} from "./config.js";

export type ChainSettings = {
    readonly rpcUrl: string;
    readonly chainId: bigint;
    readonly surfaceOracle: string;
    readonly timeoutMs: number;
};

export function openProvider({rpcUrl, chainId, timeoutMs}: ChainSettings): JsonRpcProvider {
    const request = new FetchRequest(rpcUrl);
    request.timeout = timeoutMs;
    // The chain is named by the configuration and checked below, so a node that is away is an error at once.
    const network = Network.from(chainId);
    return new JsonRpcProvider(request, network, {cacheTimeout: -1, staticNetwork: network});
}

/** @throws SettingError before the first round rather than in every one. */
export async function requireOracle(
    provider: JsonRpcProvider,
    {chainId, surfaceOracle}: ChainSettings,
    signers: readonly string[],
): Promise<Contract> {
    const found = BigInt((await provider.send("eth_chainId", [])) as string);
    if (found !== chainId) throw new SettingError("wrong-chain", `The node is on chain ${found}, not on ${chainId}`);
    if ((await provider.getCode(surfaceOracle)) === "0x") {
        throw new SettingError("no-code", `No code at surfaceOracle ${surfaceOracle}`);
    }
    const oracle = new Contract(surfaceOracle, SURFACE_ORACLE_ABI, provider);
    for (const address of signers) {
        if (await isSigner(oracle, address)) continue;
        throw new SettingError("not-a-signer", `${address} is no signer of the oracle`);
    }
    return oracle;
}

export const isSigner = async (oracle: Contract, address: string): Promise<boolean> =>
    (await oracle.getFunction("isSigner").staticCall(address)) === true;

export const thresholdOf = async (oracle: Contract): Promise<number> =>
    Number(await oracle.getFunction("threshold").staticCall());
