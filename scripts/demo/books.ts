/** Do the books add up? Tokens against claims, sizes against zero, losses against who paid them. */
import {Contract} from "ethers";

import {TOKEN_ABI} from "../chain/contracts.js";
import {instrumentName} from "../sdk/index.js";
import {abs, max, mulCeil, sum, toE18} from "../sdk/math/index.js";
import {tokenOf} from "../shared/deployment.js";
import type {DemoRun} from "./run.js";
import {replayEvents} from "./replay.js";
import type {Replay} from "./replay.js";
import type {WorldEvent} from "./world.js";

export type TokenBooks = {
    readonly token: string;
    /** Tokens in the vault, 18 decimals. */
    readonly heldE18: bigint;
    /** What accounts could ask for, 18 decimals: never above what is held. */
    readonly claimsE18: bigint;
};

export type Losses = {
    /** Given up by the owners of solvent slices. */
    readonly ownersE18: bigint;
    /** What insolvent slices lacked to be worth nothing. */
    readonly holesE18: bigint;
    readonly backstopE18: bigint;
    readonly socialisedE18: bigint;
    /** What the backstop paid too much, because it pays in whole units of the token. */
    readonly roundingE18: bigint;
    /** What keepers got on top of fair value, start pay included. */
    readonly keepersE18: bigint;
    /** The parts are the whole to the unit, the rounding is less than a unit per payment, and the pool fell by what it paid. */
    readonly addsUp: boolean;
};

export type Books = {
    readonly tokens: readonly TokenBooks[];
    readonly zeroSum: readonly {readonly instrument: string; readonly longE18: bigint; readonly sumE18: bigint}[];
    readonly losses: Losses;
    readonly replay: Replay;
    readonly solvent: boolean;
};

/** One unit of a token with 6 decimals: the backstop pays in whole units, rounded up. */
const TOKEN_UNIT_E18 = 10n ** 12n;

async function heldBy(run: DemoRun, address: string, decimals: number): Promise<bigint> {
    const token = new Contract(address, TOKEN_ABI, run.world.provider);
    const held = (await token.getFunction("balanceOf").staticCall(run.world.deployment.contracts.vault)) as bigint;
    return toE18(held, decimals);
}

/** Every account that ever had a balance: the cast, and the protocol's own. */
async function accountsOf(run: DemoRun): Promise<string[]> {
    return [...[...run.parties.values()].map(({account}) => account), await run.world.ballast.vault.protocolAccount()];
}

async function tokenBooks(run: DemoRun): Promise<TokenBooks[]> {
    const {deployment, ballast} = run.world;
    const accounts = await accountsOf(run);
    const {suppliedE18, borrowedE18, netSettledE18} = await ballast.vault.cashTotals();
    const found: TokenBooks[] = [];
    for (const [token, {address, decimals}] of Object.entries(deployment.tokens)) {
        const heldE18 = await heldBy(run, address, decimals);
        if (token === deployment.settlementToken) {
            const cash = await Promise.all(accounts.map((account) => ballast.vault.cashOf(account)));
            // What was credited ahead of the other side's settlement is owed by that side, not by the vault.
            const claimsE18 = max(suppliedE18 - borrowedE18, sum(cash)) - netSettledE18;
            found.push({token, heldE18, claimsE18});
            continue;
        }
        const [listed, assetId] = await ballast.vault.assetIdOf(address);
        if (!listed) continue;
        const units = await Promise.all(accounts.map((account) => ballast.vault.unitsOf(account, assetId)));
        found.push({token, heldE18, claimsE18: sum(units)});
    }
    return found;
}

async function zeroSums(run: DemoRun, {sumsE18}: Replay): Promise<Books["zeroSum"]> {
    const accounts = await accountsOf(run);
    const found = [...sumsE18].map(async ([instrument, replayedE18]) => {
        const {clearinghouse} = run.world.ballast;
        const sizes = await Promise.all(accounts.map((account) => clearinghouse.sizeOf(account, instrument)));
        return {
            instrument: instrumentName(instrument),
            longE18: sum(sizes.map((size) => max(size, 0n))),
            // Whichever of the two is not zero.
            sumE18: sum(sizes) === 0n ? replayedE18 : sum(sizes),
        };
    });
    return Promise.all(found);
}

export type Slice = {
    readonly time: number;
    readonly account: string;
    readonly keeper: string;
    readonly fractionE18: bigint;
    readonly equityE18: bigint;
    readonly maintenanceE18: bigint;
    readonly priceE18: bigint;
    readonly backstopE18: bigint;
    readonly socialisedE18: bigint;
    /** Equity of the slice itself. */
    readonly worthE18: bigint;
};

export const slicesOf = (events: readonly WorldEvent[]): Slice[] =>
    events
        .filter(({log}) => log.name === "SliceTaken")
        .map(({time, log: {args}}) => {
            const equityE18 = args["equityBeforeE18"] as bigint;
            const fractionE18 = args["fractionE18"] as bigint;
            return {
                time,
                account: args["account"] as string,
                keeper: args["keeper"] as string,
                fractionE18,
                equityE18,
                maintenanceE18: args["maintenanceBeforeE18"] as bigint,
                priceE18: args["priceE18"] as bigint,
                backstopE18: args["backstopPaidE18"] as bigint,
                socialisedE18: args["socialisedE18"] as bigint,
                // As the auction rounds it: up, so that the keeper bears it.
                worthE18: mulCeil(equityE18, fractionE18),
            };
        });

/**
 * A solvent slice is sold below its worth: the owner pays the difference. An insolvent one has a hole, and somebody is paid for
 * taking it: backstop first, then everybody's cash. Start pay is the owner's too, or the backstop's where he has nothing.
 */
export function lossesOf(events: readonly WorldEvent[], poolFellE18: bigint): Losses {
    const slices = slicesOf(events);
    const startPays = events.filter(({log}) => log.name === "AuctionStarted");
    const covered = sum(
        events.filter(({log}) => log.name === "LossCovered").map(({log}) => log.args["paidE18"] as bigint),
    );
    const socialisedE18 = sum(
        events.filter(({log}) => log.name === "LossSocialised").map(({log}) => log.args["lossE18"] as bigint),
    );
    const startE18 = sum(startPays.map(({log}) => log.args["payE18"] as bigint));
    const startByBackstopE18 = covered - sum(slices.map(({backstopE18}) => backstopE18));
    const solvent = slices.filter(({backstopE18, socialisedE18: spread}) => backstopE18 + spread === 0n);
    const insolvent = slices.filter((slice) => !solvent.includes(slice));
    const ownersE18 = sum(solvent.map(({worthE18, priceE18}) => worthE18 - priceE18)) + startE18 - startByBackstopE18;
    const holesE18 = sum(insolvent.map(({worthE18}) => max(-worthE18, 0n)));
    const keepersE18 = startE18 + sum(slices.map(({worthE18, priceE18}) => worthE18 - priceE18));
    const roundingE18 = ownersE18 + covered + socialisedE18 - keepersE18 - holesE18;
    const eachAddsUp = insolvent.every(
        ({priceE18, backstopE18, socialisedE18: spread}) => abs(backstopE18 + spread + priceE18) <= TOKEN_UNIT_E18,
    );
    const payments = events.filter(({log}) => log.name === "LossCovered").length;
    const rounded = roundingE18 >= 0n && roundingE18 <= TOKEN_UNIT_E18 * BigInt(payments);
    const addsUp = eachAddsUp && rounded && poolFellE18 === covered;
    return {ownersE18, holesE18, backstopE18: covered, socialisedE18, roundingE18, keepersE18, addsUp};
}

/** What was paid into the backstop's pool less what is there. */
async function poolFall({events, world}: DemoRun): Promise<bigint> {
    const {deployment, provider} = world;
    const {address, decimals} = tokenOf(deployment, deployment.settlementToken);
    const token = new Contract(address, TOKEN_ABI, provider);
    const left = (await token.getFunction("balanceOf").staticCall(deployment.contracts.backstop)) as bigint;
    const paidIn = events
        .filter(({contract, log}) => contract === "backstop" && log.name === "Deposit")
        .map(({log}) => log.args["assets"] as bigint);
    return toE18(sum(paidIn) - left, decimals);
}

export async function readBooks(run: DemoRun): Promise<Books> {
    const replay = await replayEvents(run.world);
    const tokens = await tokenBooks(run);
    const zeroSum = await zeroSums(run, replay);
    const losses = lossesOf(run.events, await poolFall(run));
    const covered = tokens.every(({heldE18, claimsE18}) => heldE18 >= claimsE18);
    const whole = zeroSum.every(({sumE18}) => sumE18 === 0n) && replay.differences.length === 0;
    return {tokens, zeroSum, losses, replay, solvent: covered && whole && losses.addsUp};
}
