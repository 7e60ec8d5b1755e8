/** The publisher's two ends on a real chain: the oracle's state, and the transaction. */
import {Contract, Interface} from "ethers";
import type {ContractRunner, Provider} from "ethers";

import type {Call} from "../chain/dispatcher.js";
import {SURFACE_ORACLE_ABI} from "../sdk/abi/SurfaceOracle.js";
import {surfaceDomain} from "../sdk/surfaces.js";
import type {SignedReport, Surface} from "../sdk/surfaces.js";
import {surfaceKey} from "./reports.js";
import type {OracleState} from "./publisher.js";

type RawSurface = Readonly<Record<Exclude<keyof Surface, "publishedAt">, bigint>> & {readonly publishedAt: bigint};
type RawBounds = {
    readonly maxAgeSeconds: bigint;
    readonly maxRatioStepE18: bigint;
    readonly minRatioE18: bigint;
    readonly maxRatioE18: bigint;
    readonly maxVolStepE18: bigint;
};

function surfaceOf(raw: RawSurface): Surface {
    const {forwardRatioE18, discountE18, aE18, bE18, rhoE18, mE18, sigmaE18} = raw;
    return {publishedAt: Number(raw.publishedAt), forwardRatioE18, discountE18, aE18, bE18, rhoE18, mE18, sigmaE18};
}

/** Reads bounds, threshold and every live surface of the underlyings at one block. */
export async function readOracle(
    provider: Provider,
    address: string,
    underlyings: readonly number[],
): Promise<OracleState> {
    const [network, block] = await Promise.all([provider.getNetwork(), provider.getBlock("latest")]);
    if (block === null) throw new Error("The node has no latest block");
    const oracle = new Contract(address, SURFACE_ORACLE_ABI, provider);
    const ask = async <T>(name: string, ...inputs: readonly unknown[]): Promise<T> =>
        (await oracle.getFunction(name).staticCall(...inputs, {blockTag: block.number})) as T;

    const raw = await ask<RawBounds>("bounds");
    const accepted = new Map<string, Surface>();
    for (const underlying of underlyings) {
        for (const expiry of await ask<readonly bigint[]>("expiries", underlying)) {
            const last = await ask<RawSurface>("lastSurface", underlying, expiry);
            accepted.set(surfaceKey(underlying, Number(expiry)), surfaceOf(last));
        }
    }
    return {
        domain: surfaceDomain(network.chainId, address),
        bounds: {
            maxAgeSeconds: Number(raw.maxAgeSeconds),
            maxRatioStepE18: raw.maxRatioStepE18,
            minRatioE18: raw.minRatioE18,
            maxRatioE18: raw.maxRatioE18,
            maxVolStepE18: raw.maxVolStepE18,
        },
        threshold: Number(await ask<bigint>("threshold")),
        accepted,
        now: block.timestamp,
    };
}

const SURFACE_ORACLE = new Interface(SURFACE_ORACLE_ABI);

const inputsOf = (signed: readonly SignedReport[]): readonly [readonly object[], readonly string[][]] => [
    signed.map(({report}) => report),
    signed.map(({signatures}) => [...signatures]),
];

/** The call of `publish`, for who sends it himself. */
export const publishCall = (address: string, signed: readonly SignedReport[]): Call => ({
    to: address,
    data: SURFACE_ORACLE.encodeFunctionData("publish", inputsOf(signed)),
});

/** Sends `publish` from one key and waits for one block. */
export function surfaceSender(
    runner: ContractRunner,
    address: string,
): (signed: readonly SignedReport[]) => Promise<string> {
    const publish = new Contract(address, SURFACE_ORACLE_ABI, runner).getFunction("publish");
    return async (signed) => {
        const sent = await publish.send(...inputsOf(signed));
        await sent.wait();
        return sent.hash;
    };
}
