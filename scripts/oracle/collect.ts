/** Signatures from several processes: keys at hand sign first, co-signers are asked for the rest, and k are enough. */
import {getAddress, isError, Signature, verifyTypedData} from "ethers";
import type {TypedDataDomain} from "ethers";

import {Failure} from "../sdk/failures.js";
import type {TypedDataSigner} from "../sdk/quotes.js";
import {SURFACE_TYPES} from "../sdk/surfaces.js";
import type {SignedReport, SurfaceReport} from "../sdk/surfaces.js";
import type {Log} from "../shared/logger.js";
import {ANSWER, placeOf, wireText} from "./wire.js";
import type {Answer, Proposal, Refusal} from "./wire.js";

export type CosignerFailureCode =
    | "cosigner-unreachable"
    | "cosigner-timeout"
    /** An answer that is no verdict on what was asked. */
    | "cosigner-answer"
    /** A signature that is not the named signer's, or of somebody whom the oracle does not know. */
    | "cosigner-signature";

export class CosignerError extends Failure<CosignerFailureCode> {
    override readonly name = "CosignerError";
}

export type CollectParts = {
    readonly proposal: Proposal;
    readonly domain: TypedDataDomain;
    readonly threshold: number;
    readonly signers: readonly TypedDataSigner[];
    readonly cosigners: readonly string[];
    readonly timeoutMs: number;
    readonly isSigner: (address: string) => Promise<boolean>;
    readonly log: Log;
};

export type Collected = {
    readonly signed: readonly SignedReport[];
    /** Reports with fewer signatures than needed, and how many they have. */
    readonly lacking: readonly {readonly place: string; readonly signatures: number}[];
};

/** Signatures of one report by signer. */
type Sheet = {readonly report: SurfaceReport; readonly signatures: Map<string, string>};

async function post(url: string, body: string, signal: AbortSignal): Promise<Answer> {
    const place = new URL("sign", url.endsWith("/") ? url : `${url}/`);
    let text: string;
    let status: number;
    try {
        const headers = {"content-type": "application/json"};
        const response = await fetch(place, {method: "POST", headers, body, signal, redirect: "error"});
        status = response.status;
        text = await response.text();
    } catch (error) {
        if (!(error instanceof Error)) throw error;
        const cause = error.cause instanceof Error ? error.cause.message : error.message;
        if (error.name !== "TimeoutError") throw new CosignerError("cosigner-unreachable", cause, {cosigner: url});
        throw new CosignerError("cosigner-timeout", "No answer in time", {cosigner: url});
    }
    if (status !== 200) {
        throw new CosignerError("cosigner-answer", `Status ${status}: ${text.slice(0, 300)}`, {cosigner: url});
    }
    return answerOf(url, text);
}

function answerOf(url: string, text: string): Answer {
    try {
        const parsed = ANSWER.safeParse(JSON.parse(text));
        if (parsed.success) return parsed.data;
        const [issue] = parsed.error.issues;
        const field = issue?.path.join(".") ?? "";
        throw new CosignerError("cosigner-answer", `${field}: ${issue?.message ?? ""}`, {cosigner: url, field});
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new CosignerError("cosigner-answer", `Not JSON: ${error.message}`, {cosigner: url});
    }
}

/** The canonical form of a signature that is really the signer's. */
function verified(
    domain: TypedDataDomain,
    report: SurfaceReport,
    signer: string,
    signature: string,
): string | undefined {
    try {
        const canonical = Signature.from(signature).serialized;
        return verifyTypedData(domain, SURFACE_TYPES, report, canonical) === signer ? canonical : undefined;
    } catch (error) {
        if (isError(error, "INVALID_ARGUMENT")) return undefined;
        throw error;
    }
}

const strange = (url: string, signer: string, why: string): CosignerError =>
    new CosignerError("cosigner-signature", `${signer} ${why}`, {cosigner: url, signer});

/** Asks one co-signer and writes what it signs onto the sheets; a failure is for the log. */
async function ask(
    url: string,
    sheets: ReadonlyMap<string, Sheet>,
    parts: CollectParts,
    stop: AbortSignal,
): Promise<void> {
    const {proposal, domain, timeoutMs, isSigner, log} = parts;
    const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
    const {signer: named, verdicts} = await post(url, wireText(proposal), signal);
    const signer = getAddress(named.toLowerCase());
    if (!(await isSigner(signer))) throw strange(url, signer, "is no signer of the oracle");
    for (const verdict of verdicts) {
        const sheet = sheets.get(verdict.place);
        if (sheet === undefined) {
            throw new CosignerError("cosigner-answer", `${verdict.place} was not asked`, {cosigner: url});
        }
        if ("refusal" in verdict) {
            log("cosigner_refused", refusalFields(url, signer, verdict.place, verdict.refusal));
            continue;
        }
        const signature = verified(domain, sheet.report, signer, verdict.signature);
        if (signature === undefined) throw strange(url, signer, `did not sign ${verdict.place}`);
        sheet.signatures.set(signer, signature);
    }
}

const refusalFields = (
    cosigner: string,
    signer: string,
    place: string,
    {code, message, details}: Refusal,
): Readonly<Record<string, unknown>> => ({
    cosigner,
    signer,
    place,
    code,
    reason: message,
    details,
});

async function signHere(sheets: ReadonlyMap<string, Sheet>, {signers, threshold, domain}: CollectParts): Promise<void> {
    for (const signer of signers.slice(0, threshold)) {
        const address = await signer.getAddress();
        for (const {report, signatures} of sheets.values()) {
            signatures.set(address, await signer.signTypedData(domain, SURFACE_TYPES, {...report}));
        }
    }
}

/** In strictly ascending order of signer, no more than needed: that is what the contract wants to see. */
function sealed({report, signatures}: Sheet, threshold: number): SignedReport {
    const ascending = [...signatures].sort(([one], [other]) => (BigInt(one) < BigInt(other) ? -1 : 1));
    return {report, signatures: ascending.slice(0, threshold).map(([, signature]) => signature)};
}

/** Ends as soon as every report has its k signatures, or all co-signers have answered or run out of time. */
export async function collectSignatures(parts: CollectParts): Promise<Collected> {
    const {proposal, threshold, cosigners, log} = parts;
    const sheets = new Map(
        proposal.reports.map((report): [string, Sheet] => [placeOf(report), {report, signatures: new Map()}]),
    );
    const isComplete = ({signatures}: Sheet): boolean => signatures.size >= threshold;
    const areComplete = (): boolean => [...sheets.values()].every(isComplete);
    await signHere(sheets, parts);
    if (!areComplete()) await askAll(cosigners, areComplete, (url, stop) => ask(url, sheets, parts, stop), log);
    const all = [...sheets.values()];
    return {
        signed: all.filter(isComplete).map((sheet) => sealed(sheet, threshold)),
        lacking: all
            .filter((sheet) => !isComplete(sheet))
            .map(({report, signatures}) => ({place: placeOf(report), signatures: signatures.size})),
    };
}

async function askAll(
    cosigners: readonly string[],
    areComplete: () => boolean,
    askOne: (url: string, stop: AbortSignal) => Promise<void>,
    log: Log,
): Promise<void> {
    const stop = new AbortController();
    const enough = new AbortController();
    const asking = cosigners.map(async (url) => {
        try {
            await askOne(url, stop.signal);
            if (areComplete()) enough.abort();
        } catch (error) {
            if (!(error instanceof CosignerError)) throw error;
            // Who is cut short because there are enough signatures has not failed.
            if (!stop.signal.aborted) log("cosigner_passed_over", {cosigner: error.details["cosigner"], error});
        }
    });
    const wait = new Promise<void>((settle) => {
        enough.signal.addEventListener("abort", () => settle(), {once: true});
    });
    try {
        await Promise.race([Promise.all(asking), wait]);
    } finally {
        stop.abort();
    }
    await Promise.all(asking);
}
