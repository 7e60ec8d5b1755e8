/** An account as the lens shows it, as data and as text. */
import type {IMarginLens} from "../../typechain-types/index.js";
import {formatAccount, formatE18, formatTime, instrumentName, parseAccount, zoneOf} from "../sdk/index.js";
import type {Zone} from "../sdk/index.js";
import {divDown} from "../sdk/math/index.js";
import {MARGIN_MODELS} from "../sdk/risk/index.js";
import type {Deployment} from "../shared/deployment.js";
import {shorten, table} from "../shared/table.js";

type View = Awaited<ReturnType<IMarginLens["account"]>>;

export type AccountState = {
    readonly account: string;
    readonly model: string;
    readonly equity: string;
    readonly initialMargin: string;
    readonly maintenanceMargin: string;
    /** Equity over maintenance; null without a requirement. */
    readonly health: string | null;
    readonly state: Zone;
    readonly cash: string;
    readonly collateral: readonly {readonly asset: string; readonly units: string}[];
    readonly quotes: readonly {readonly underlying: number; readonly quote: string}[];
    readonly positions: readonly {readonly instrument: string; readonly size: string}[];
    readonly auctionSince: string | null;
};

/** Symbols of the vault's assets by number, in the order in which they were listed. */
export type AssetNames = readonly string[];

export function assetName(deployment: Deployment, token: string): string {
    return Object.entries(deployment.tokens).find(([, {address}]) => address === token)?.[0] ?? token;
}

export function accountState(id: string, view: View, assets: AssetNames): AccountState {
    const {book, assessment, auction} = view;
    const {equityE18, initialE18, maintenanceE18} = assessment;
    return {
        account: formatAccount(parseAccount(id)),
        model: (MARGIN_MODELS[Number(book.model)] ?? "SCENARIO").toLowerCase(),
        equity: formatE18(equityE18),
        initialMargin: formatE18(initialE18),
        maintenanceMargin: formatE18(maintenanceE18),
        health: maintenanceE18 === 0n ? null : formatE18(divDown(equityE18, maintenanceE18)),
        state: zoneOf(assessment),
        cash: formatE18(book.cashE18),
        collateral: book.collateral.map(({assetId, unitsE18}) => ({
            asset: assets[Number(assetId)] ?? String(assetId),
            units: formatE18(unitsE18),
        })),
        quotes: book.quotes.map(({underlying, quoteE18}) => ({
            underlying: Number(underlying),
            quote: formatE18(quoteE18),
        })),
        positions: book.positions.map(({instrument, sizeE18}) => ({
            instrument: instrumentName(instrument),
            size: formatE18(sizeE18),
        })),
        auctionSince: auction.startedAt === 0n ? null : formatTime(auction.startedAt),
    };
}

export function describeAccount(state: AccountState): string {
    const rows = [
        ["equity", shorten(state.equity, 2)],
        ["initial margin", shorten(state.initialMargin, 2)],
        ["maintenance margin", shorten(state.maintenanceMargin, 2)],
        ["health", shorten(state.health)],
        ["cash", shorten(state.cash, 2)],
        ...state.collateral.map(({asset, units}) => [asset, shorten(units)]),
    ];
    const auction = state.auctionSince === null ? "" : `, in auction since ${state.auctionSince}`;
    const positions = state.positions.map(({instrument, size}) => [instrument, shorten(size)]);
    return [
        `${state.account}: ${state.state}, model ${state.model}${auction}`,
        table(["", "USD, units"], rows),
        ...(positions.length > 0 ? [table(["position", "size"], positions)] : []),
    ].join("\n\n");
}

/** Of several accounts the weakest first. */
export function byHealth(one: AccountState, other: AccountState): number {
    const rank = ({health}: AccountState): number => (health === null ? Infinity : Number(health));
    return rank(one) - rank(other);
}

export const isAtRisk = ({health}: AccountState): boolean => health !== null && Number(health) < 1;
