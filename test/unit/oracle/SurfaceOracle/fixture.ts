import type {HardhatEthers, HardhatEthersSigner} from "@nomicfoundation/hardhat-ethers/types";
import type {NetworkHelpers} from "@nomicfoundation/hardhat-network-helpers/types";

import type {ContractTransactionResponse, TypedDataDomain} from "ethers";

import {signReport, surfaceDomain} from "../../../../scripts/sdk/surfaces.js";
import type {Surface, SurfaceReport} from "../../../../scripts/sdk/surfaces.js";
import type {ISurfaceOracle, SurfaceOracle} from "../../../../typechain-types/contracts/oracle/SurfaceOracle.js";

export const E18 = 10n ** 18n;
export const BTC = 1;
export const ETH = 2;
export const DAY = 86_400;
/** A Friday, 08:00 UTC. */
export const START = Date.UTC(2030, 2, 1, 8) / 1000;
export const BOUNDS = {
    maxAgeSeconds: 900n,
    maxRatioStepE18: E18 / 50n,
    minRatioE18: E18 / 2n,
    maxRatioE18: 2n * E18,
    maxVolStepE18: E18 / 2n,
} as const;

export interface SurfaceWorld {
    oracle: SurfaceOracle;
    /** Registered, ascending by address. */
    signers: HardhatEthersSigner[];
    stranger: HardhatEthersSigner;
    admin: HardhatEthersSigner;
}

export const byAddress = (one: HardhatEthersSigner, other: HardhatEthersSigner): number =>
    BigInt(one.address) < BigInt(other.address) ? -1 : 1;

/** Two of three signers; the clock stands at START. */
export async function deploySurfaces(ethers: HardhatEthers, helpers: NetworkHelpers): Promise<SurfaceWorld> {
    const [admin, a, b, c, stranger] = await ethers.getSigners();
    const manager = await ethers.deployContract("AccessManager", [admin!.address]);
    const signers = [a!, b!, c!].sort(byAddress);
    const addresses = signers.map(({address}) => address);
    const oracle = await ethers.deployContract("SurfaceOracle", [await manager.getAddress(), addresses, 2, BOUNDS]);
    await helpers.time.increaseTo(START);
    return {oracle, signers, stranger: stranger!, admin: admin!};
}

/** A surface with next to no wings: annual volatility `volE18` at the money, at every strike within a tenth of a per cent of it. */
export function flatSurface(
    expiry: number,
    publishedAt: number,
    volE18: bigint,
    changes: Partial<Surface> = {},
): Surface {
    const years = (BigInt(expiry - publishedAt) * E18) / BigInt(365 * DAY);
    return {
        publishedAt,
        forwardRatioE18: E18,
        discountE18: E18,
        aE18: (((volE18 * volE18) / E18) * years) / E18,
        bE18: 0n,
        rhoE18: 0n,
        mE18: 0n,
        sigmaE18: E18 / 10n,
        ...changes,
    };
}

export async function domainOf(ethers: HardhatEthers, oracle: SurfaceOracle): Promise<TypedDataDomain> {
    const {chainId} = await ethers.provider.getNetwork();
    return surfaceDomain(chainId, await oracle.getAddress());
}

/** Signs with the first two signers unless told otherwise, and publishes. */
export async function publish(
    ethers: HardhatEthers,
    {oracle, signers}: SurfaceWorld,
    reports: readonly SurfaceReport[],
    by: readonly HardhatEthersSigner[] = signers.slice(0, 2),
): Promise<ContractTransactionResponse> {
    const domain = await domainOf(ethers, oracle);
    const signed = await Promise.all(reports.map((report) => signReport(by, domain, report)));
    return oracle.publish(
        reports as ISurfaceOracle.SurfaceReportStruct[],
        signed.map(({signatures}) => [...signatures]),
    );
}
