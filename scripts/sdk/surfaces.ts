/** Signed surfaces: the EIP-712 data that k of n signers sign for the surface oracle. */
import {TypedDataEncoder} from "ethers";
import type {TypedDataDomain, TypedDataField} from "ethers";

import type {TypedDataSigner} from "./quotes.js";

/** Forward and raw-SVI smile of one expiry; fields as in `contracts/types/Market.sol`. */
export type Surface = {
    /** Unix time of the report, seconds. */
    readonly publishedAt: number;
    /** Forward / spot, 18 decimals. */
    readonly forwardRatioE18: bigint;
    /** Discount factor to expiry, 18 decimals. */
    readonly discountE18: bigint;
    readonly aE18: bigint;
    readonly bE18: bigint;
    readonly rhoE18: bigint;
    readonly mE18: bigint;
    readonly sigmaE18: bigint;
};

export type SurfaceReport = {
    readonly underlying: number;
    /** Unix time, seconds. */
    readonly expiry: number;
    readonly surface: Surface;
};

/** Signatures in strictly ascending order of signer, as the contract wants them. */
export type SignedReport = {readonly report: SurfaceReport; readonly signatures: readonly string[]};

export const SURFACE_TYPES: Record<string, TypedDataField[]> = {
    SurfaceReport: [
        {name: "underlying", type: "uint16"},
        {name: "expiry", type: "uint40"},
        {name: "surface", type: "Surface"},
    ],
    Surface: [
        {name: "publishedAt", type: "uint40"},
        {name: "forwardRatioE18", type: "uint64"},
        {name: "discountE18", type: "uint64"},
        {name: "aE18", type: "int64"},
        {name: "bE18", type: "uint64"},
        {name: "rhoE18", type: "int64"},
        {name: "mE18", type: "int64"},
        {name: "sigmaE18", type: "uint64"},
    ],
};

/** What ties a signature to one chain and one surface oracle. */
export function surfaceDomain(chainId: bigint, surfaceOracle: string): TypedDataDomain {
    return {name: "Ballast", version: "1", chainId, verifyingContract: surfaceOracle};
}

/** The digest that is signed; equal to `SurfaceOracle.digest`. */
export function reportDigest(domain: TypedDataDomain, report: SurfaceReport): string {
    return TypedDataEncoder.hash(domain, SURFACE_TYPES, report);
}

/** Has every signer sign, and puts the signatures into the order of addresses. */
export async function signReport(
    signers: readonly TypedDataSigner[],
    domain: TypedDataDomain,
    report: SurfaceReport,
): Promise<SignedReport> {
    const signed = await Promise.all(
        signers.map(async (signer) => ({
            address: BigInt(await signer.getAddress()),
            signature: await signer.signTypedData(domain, SURFACE_TYPES, {...report}),
        })),
    );
    signed.sort((one, other) => (one.address < other.address ? -1 : 1));
    return {report, signatures: signed.map(({signature}) => signature)};
}
