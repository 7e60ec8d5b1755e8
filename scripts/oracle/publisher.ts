/** Publishes surfaces: builds reports, walks toward them in bounded steps, checks, signs with k keys, hands over to a sender. */
import type {TypedDataDomain} from "ethers";

import type {TypedDataSigner} from "../sdk/quotes.js";
import {signReport} from "../sdk/surfaces.js";
import type {SignedReport, SurfaceReport} from "../sdk/surfaces.js";
import {SurfaceError} from "./failures.js";
import type {Market, MarketSource} from "./market.js";
import {buildReports, checkReports, surfaceKey, towards} from "./reports.js";
import type {Accepted, SurfaceBounds} from "./reports.js";

/** What the oracle holds now; read in one go, so that all figures belong to one block. */
export type OracleState = {
    readonly domain: TypedDataDomain;
    readonly bounds: SurfaceBounds;
    readonly threshold: number;
    readonly accepted: Accepted;
    /** Time of the latest block, Unix seconds. */
    readonly now: number;
};

export type PublisherParts = {
    readonly market: MarketSource;
    readonly state: () => Promise<OracleState>;
    /** Keys at hand; as many as the threshold sign, in ascending order of address. */
    readonly signers: readonly TypedDataSigner[];
    /** Sends one `publish`, waits until it is in a block and returns its hash. */
    readonly send: (signed: readonly SignedReport[]) => Promise<string>;
    readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
};

export type Publication = {
    readonly reports: readonly SurfaceReport[];
    readonly hash: string;
    /** Whether a report had to stop short of its target; publish again, a second later, to go on. */
    readonly limited: boolean;
};

/** Checked reports of what the oracle does not have yet, as far toward the market as one step allows. */
export function planReports(
    market: Market,
    state: OracleState,
): {readonly reports: readonly SurfaceReport[]; readonly limited: boolean} {
    const targets = buildReports(market).filter((report) => report.expiry > state.now && isDue(report, state));
    const reports = targets.map((report) =>
        towards(report, state.accepted.get(surfaceKey(report.underlying, report.expiry)), state.bounds),
    );
    checkReports(reports, state.accepted, state.bounds, state.now);
    return {reports, limited: reports.some(({surface}, index) => !sameFigures(surface, targets[index]?.surface))};
}

/** Checked and signed reports, not sent. */
export async function prepare(
    parts: Pick<PublisherParts, "market" | "state" | "signers">,
): Promise<{readonly signed: readonly SignedReport[]; readonly limited: boolean}> {
    const [market, state] = await Promise.all([parts.market(), parts.state()]);
    if (parts.signers.length < state.threshold) {
        throw new SurfaceError("signers", `${parts.signers.length} keys cannot make ${state.threshold} signatures`, {
            keys: String(parts.signers.length),
            threshold: String(state.threshold),
        });
    }
    const {reports, limited} = planReports(market, state);
    const chosen = parts.signers.slice(0, state.threshold);
    const signed = await Promise.all(reports.map((report) => signReport(chosen, state.domain, report)));
    return {signed, limited};
}

/** Whether the oracle does not have it yet. One too old for the oracle stays in, for the checks to name: its source stands still. */
function isDue(
    {underlying, expiry, surface: {publishedAt}}: SurfaceReport,
    {accepted, bounds, now}: OracleState,
): boolean {
    const isOld = publishedAt + bounds.maxAgeSeconds < now;
    return isOld || publishedAt > (accepted.get(surfaceKey(underlying, expiry))?.publishedAt ?? 0);
}

/** One round: everything or nothing is sent. Undefined when there is nothing to report. */
export async function publishOnce(parts: PublisherParts): Promise<Publication | undefined> {
    const {signed, limited} = await prepare(parts);
    if (signed.length === 0) return undefined;
    const hash = await parts.send(signed);
    parts.log("surfaces_published", {count: signed.length, limited, hash});
    return {reports: signed.map(({report}) => report), hash, limited};
}

function sameFigures(one: object, other: object | undefined): boolean {
    return other !== undefined && Object.entries(one).every(([name, value]) => Reflect.get(other, name) === value);
}
