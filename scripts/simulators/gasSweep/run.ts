/**
 * Breaches met block by block by keepers who act only where it pays. An auction is started by who gains by the start alone, or by start and
 * slice together as they would be paid now; nobody starts at a loss in the hope of a later discount, which a rival may take. Slices
 * are taken whole, down to the target health.
 */
import type {Auction} from "../../sdk/auction.js";
import {max, min, mulDivUp, mulUp} from "../../sdk/math/index.js";
import {ONE_E18} from "../../sdk/units.js";
import {Random} from "../../shared/random.js";
import {BLOCK_SECONDS} from "./breaches.js";
import type {Breach} from "./breaches.js";
import type {RecordedGas} from "./gas.js";
import {payFor} from "./rules.js";
import type {Fees} from "./rules.js";
import {sliceOf} from "./slice.js";
import type {Rulebook, Slice} from "./slice.js";

export type Style = {
    readonly id: string;
    /** Looks at every so many blocks. */
    readonly every: number;
    /** Gas of its own on top of what is recorded, and least profit, both in thousandths. */
    readonly overhead: bigint;
    readonly wants: bigint;
};

export const STYLES: readonly Style[] = [
    {id: "lean", every: 1, overhead: 0n, wants: 100n},
    {id: "usual", every: 1, overhead: 100n, wants: 0n},
    {id: "slow", every: 5, overhead: 0n, wants: 0n},
];

/** Of ten transactions so many get into the block that they are sent for. */
const INCLUDED_OF_TEN = 8;
const PER_MILLE = 1000n;
/** Unix time of the first block; any will do that is not zero. */
const GENESIS_SECONDS = 1_000_000n;

export type Scene = Rulebook & {
    readonly gas: RecordedGas;
    readonly baseFeesWei: readonly bigint[];
    /** What keepers add to the base fee. */
    readonly tipWei: bigint;
    readonly nativePriceE18: bigint;
    /** Blocks that a breach is followed for. */
    readonly horizon: number;
};

export type Fate = "executed" | "recovered" | "open";

export type Met = {
    readonly breach: Breach;
    readonly fate: Fate;
    /** Blocks from the breach to the start and to the slice, or to the end of the horizon. */
    readonly startedAfter: number | undefined;
    readonly blocks: number;
    readonly gasCostE18: bigint;
    /** By the account and the backstop: start pay, and the slice's discount or pay. */
    readonly paidE18: bigint;
    /** Of what the rule itself paid, the part above the gas cost. */
    readonly overpaidE18: bigint;
    /** Loss that others bear, less the hole at the breach, which is nothing: accounts breach with equity. */
    readonly sloE18: bigint;
};

type State = {
    equityE18: bigint;
    auction: Auction;
    startedAfter: number | undefined;
    gasCostE18: bigint;
    paidE18: bigint;
    overpaidE18: bigint;
    lossE18: bigint;
};

/** One account in one block. */
type Look = {readonly breach: Breach; readonly state: State; readonly fees: Fees; readonly nowSeconds: bigint};

function feeAt({baseFeesWei}: Scene, block: number): bigint {
    const fee = baseFeesWei[block];
    if (fee === undefined) throw new RangeError(`Block ${block} has no base fee`);
    return fee;
}

const costOf = (gas: bigint, {overhead}: Style, {tipWei}: Scene, {baseFeeWei, nativePriceE18}: Fees): bigint =>
    mulUp(mulDivUp(gas, PER_MILLE + overhead, PER_MILLE) * (baseFeeWei + tipWei), nativePriceE18);

const pays = (gainE18: bigint, costE18: bigint, {wants}: Style): boolean =>
    gainE18 >= mulDivUp(costE18, PER_MILLE + wants, PER_MILLE);

/** All that may be taken now. */
const sliceNow = (
    scene: Scene,
    {breach, state: {equityE18}, fees, nowSeconds}: Look,
    auction: Auction,
): Slice | undefined => sliceOf(scene, {...breach, equityE18}, auction, fees, nowSeconds);

function start(scene: Scene, look: Look, style: Style): boolean {
    const {breach, state, fees, nowSeconds} = look;
    const dueE18 = payFor(scene.pay, "start", {...breach, equityE18: state.equityE18}, fees);
    const payE18 = min(dueE18, max(state.equityE18, 0n));
    const costE18 = costOf(scene.gas.start(breach.positions), style, scene, fees);
    const auction = {startedAt: nowSeconds, insolventAt: state.equityE18 < 0n ? nowSeconds : 0n};
    if (!pays(payE18, costE18, style)) {
        const left = {...look, state: {...state, equityE18: state.equityE18 - payE18}};
        const slice = sliceNow(scene, left, auction);
        const takeE18 = costOf(scene.gas.take(breach.positions), style, scene, fees);
        if (slice === undefined || !pays(payE18 + slice.costE18, costE18 + takeE18, style)) return false;
    }
    state.equityE18 -= payE18;
    state.auction = auction;
    state.gasCostE18 += costE18;
    // What equity does not cover nobody counts on, but a backstop with money pays it.
    state.paidE18 += dueE18;
    state.lossE18 += dueE18 - payE18;
    state.overpaidE18 += max(0n, dueE18 - costE18);
    return true;
}

function take(scene: Scene, look: Look, style: Style): boolean {
    const {breach, state, fees} = look;
    const slice = sliceNow(scene, look, state.auction);
    const costE18 = costOf(scene.gas.take(breach.positions), style, scene, fees);
    if (slice === undefined || !pays(slice.costE18, costE18, style)) return false;
    state.gasCostE18 += costE18;
    state.paidE18 += slice.costE18;
    state.overpaidE18 += max(0n, slice.payE18 - costE18);
    // A part's price below zero is paid out of what is left to the account.
    if (slice.fractionE18 === ONE_E18) state.lossE18 += max(0n, -slice.priceE18);
    return true;
}

/** Whether the rule alone pays a keeper of no overhead for start and slice of a book as it breaches. */
export function isCovered(scene: Scene, breach: Breach, fees: Fees): boolean {
    const {maintenanceE18, positions} = breach;
    const style = {id: "", every: 1, overhead: 0n, wants: 0n};
    const startE18 = min(payFor(scene.pay, "start", breach, fees), max(breach.equityE18, 0n));
    if (startE18 < costOf(scene.gas.start(positions), style, scene, fees)) return false;
    const left = {maintenanceE18, positions, equityE18: breach.equityE18 - startE18};
    return payFor(scene.pay, "take", left, fees) >= costOf(scene.gas.take(positions), style, scene, fees);
}

/** One breach under one rule. Its price path and its luck with blocks do not depend on the rule. */
export function meet(scene: Scene, breach: Breach): Met {
    const random = new Random(breach.seed);
    const state: State = {
        equityE18: breach.equityE18,
        auction: {startedAt: 0n, insolventAt: 0n},
        startedAfter: undefined,
        gasCostE18: 0n,
        paidE18: 0n,
        overpaidE18: 0n,
        lossE18: 0n,
    };
    const end = (fate: Fate, blocks: number): Met => ({
        ...{breach, fate, blocks, startedAfter: state.startedAfter},
        ...{gasCostE18: state.gasCostE18, paidE18: state.paidE18, overpaidE18: state.overpaidE18},
        sloE18: state.lossE18 + (fate === "open" ? max(0n, -state.equityE18) : 0n),
    });
    for (let blocks = 1; blocks <= scene.horizon; blocks++) {
        state.equityE18 += random.below(2) === 0 ? breach.stepE18 : -breach.stepE18;
        const included = random.below(10) < INCLUDED_OF_TEN;
        const first = random.below(STYLES.length);
        const isRunning = state.startedAfter !== undefined;
        const bound = isRunning
            ? mulUp(breach.maintenanceE18, scene.house.curve.targetHealthE18)
            : breach.maintenanceE18;
        if (state.equityE18 >= bound) return end("recovered", blocks);
        if (!included) continue;
        const block = breach.block + blocks;
        const look: Look = {
            ...{breach, state},
            fees: {baseFeeWei: feeAt(scene, block), nativePriceE18: scene.nativePriceE18},
            nowSeconds: GENESIS_SECONDS + BigInt(block * BLOCK_SECONDS),
        };
        const awake = STYLES.map((_, i) => STYLES[(first + i) % STYLES.length]).filter(
            (style): style is Style => style !== undefined && block % style.every === 0,
        );
        if (!awake.some((style) => (isRunning ? take(scene, look, style) : start(scene, look, style)))) continue;
        if (isRunning) return end("executed", blocks);
        state.startedAfter = blocks;
    }
    return end("open", scene.horizon);
}
