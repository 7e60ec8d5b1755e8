/** The sums behind a proof: they hold only if no account is missing. */
import {decodeInstrument} from "../sdk/instruments.js";
import type {RateCurve} from "../sdk/interest.js";
import {cashTotalsOf, ledgerAt} from "../chain/cash.js";
import type {Ledger} from "../chain/ledger.js";
import type {Ask, Figures} from "./prove.js";

export type TotalsContext = {
    readonly assets: number;
    readonly nowSeconds: number;
    /** When the indices were last brought up to date. */
    readonly accruedSeconds: number;
};

type RawTotals = {
    readonly suppliedE18: bigint;
    readonly borrowedE18: bigint;
    readonly netSettledE18: bigint;
    readonly supplyIndexE27: bigint;
    readonly borrowIndexE27: bigint;
};

/** What the books say the chain must say; curve and protocol account are settings, and asked for. */
export async function rebuiltTotals(ledger: Ledger, ask: Ask, context: TotalsContext): Promise<Figures> {
    const figures = new Map<string, unknown>([
        ...(await cashFigures(ledger, ask, context)),
        ["settled ahead", ledger.netSettledE18],
    ]);
    for (let asset = 0; asset < context.assets; ++asset) figures.set(`units of asset ${asset}`, 0n);
    for (const {unitsE18} of ledger.accounts.values()) {
        for (const [asset, units] of unitsE18) add(figures, `units of asset ${asset}`, units);
    }
    for (const underlying of underlyingsOf(ledger)) figures.set(`open interest of ${underlying}`, 0n);
    for (const {sizeE18} of ledger.accounts.values()) {
        for (const [instrument, size] of sizeE18) {
            const {underlying} = decodeInstrument(instrument);
            if (size > 0n) add(figures, `open interest of ${underlying}`, size);
        }
    }
    for (const [underlying, {cumulativeE18, premiumE18}] of ledger.funding) {
        figures.set(`funding of ${underlying}`, {cumulativeE18, premiumE18});
    }
    for (const [key, priceE18] of ledger.settlements) figures.set(`settlement price of ${key}`, priceE18);
    for (const [hash, filledE18] of ledger.fills) figures.set(`filled of ${hash}`, filledE18);
    return figures;
}

/** The same figures as the contracts tell them. */
export async function readTotals(ledger: Ledger, ask: Ask, assets: number): Promise<Figures> {
    const totals = await ask<RawTotals>("vault", "cashTotals");
    const figures = new Map<string, unknown>([
        ["supply index", totals.supplyIndexE27],
        ["borrow index", totals.borrowIndexE27],
        ["claims", totals.suppliedE18],
        ["debts", totals.borrowedE18],
        ["settled ahead", totals.netSettledE18],
    ]);
    for (let asset = 0; asset < assets; ++asset) {
        const {totalE18} = await ask<{readonly totalE18: bigint}>("vault", "asset", asset);
        figures.set(`units of asset ${asset}`, totalE18);
    }
    for (const underlying of underlyingsOf(ledger)) {
        figures.set(
            `open interest of ${underlying}`,
            await ask<bigint>("clearinghouse", "openInterestE18", underlying),
        );
    }
    for (const underlying of ledger.funding.keys()) {
        type State = {readonly cumulativeFundingE18: bigint; readonly premiumE18: bigint};
        const {cumulativeFundingE18, premiumE18} = await ask<State>("clearinghouse", "perpState", underlying);
        figures.set(`funding of ${underlying}`, {cumulativeE18: cumulativeFundingE18, premiumE18});
    }
    for (const key of ledger.settlements.keys()) {
        const priceE18 = await ask<bigint>("clearinghouse", "settlementPriceE18", ...key.split(":").map(Number));
        figures.set(`settlement price of ${key}`, priceE18);
    }
    for (const hash of ledger.fills.keys()) {
        figures.set(`filled of ${hash}`, await ask<bigint>("clearinghouse", "filledE18", hash));
    }
    return figures;
}

/** Indices and sums as of the block: what is stored, and the interest since, of which the protocol gets its share. */
async function cashFigures(ledger: Ledger, ask: Ask, context: TotalsContext): Promise<[string, unknown][]> {
    const curve = await ask<RateCurve>("vault", "rateCurve");
    const protocol = await ask<string>("vault", "protocolAccount");
    const elapsedSeconds = BigInt(context.nowSeconds - context.accruedSeconds);
    const now = ledgerAt(ledger, {curve, protocol, elapsedSeconds});
    const {suppliedE18, borrowedE18} = cashTotalsOf(now);
    return [
        ["supply index", now.supplyIndexE27],
        ["borrow index", now.borrowIndexE27],
        ["claims", suppliedE18],
        ["debts", borrowedE18],
    ];
}

function underlyingsOf(ledger: Ledger): readonly number[] {
    const instruments = [...ledger.accounts.values()].flatMap(({sizeE18}) => [...sizeE18.keys()]);
    const traded = instruments.map((instrument) => decodeInstrument(instrument).underlying);
    return [...new Set([...ledger.funding.keys(), ...traded])].sort((a, b) => a - b);
}

function add(figures: Map<string, unknown>, name: string, valueE18: bigint): void {
    const before = figures.get(name);
    figures.set(name, (typeof before === "bigint" ? before : 0n) + valueE18);
}
