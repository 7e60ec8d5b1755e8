/** The transactions of the benchmark, sent one by one for a book; what each one cost. */
import {legsOf, TERMS, UNDERLYINGS} from "./books.js";
import type {Size} from "./books.js";
import {BenchError} from "./failures.js";
import type {House, LegTerms, Person} from "./house.js";
import type {Stage} from "./stage.js";

/** In the order in which they are sent: the later ones leave the account worse off. */
export const NAMES = ["assess", "witness", "acceptEarly", "withdraw", "fill2", "start", "take"] as const;
export type Name = (typeof NAMES)[number];

/** What a figure counts: the call alone, or the transaction with its 21,000 and its calldata. */
export const COUNTS: Readonly<Record<Name, "execution" | "transaction">> = {
    assess: "execution",
    witness: "execution",
    acceptEarly: "execution",
    withdraw: "transaction",
    fill2: "transaction",
    start: "transaction",
    take: "transaction",
};

export const parseName = (text: string): Name => {
    const found = NAMES.find((name) => name === text);
    if (found !== undefined) return found;
    throw new BenchError("unknown-name", `"${text}" is none of ${NAMES.join(", ")}`, {name: text});
};

export type Run = {readonly name: Name; readonly hash: string; readonly gas: bigint};

type Sent = Promise<{readonly hash: string; wait(): Promise<{readonly gasUsed: bigint} | null>}>;

const BASE_GAS = 21_000n;
const ZERO_BYTE_GAS = 4n;
const BYTE_GAS = 16n;
/** Estimating would run every heavy call a dozen times. */
const GAS = {gasLimit: 200_000_000n};
const WHOLE = 10n ** 18n;
const NO_LIMIT = 10n ** 30n;
const USDC_UNIT_E18 = 10n ** 12n;
/** Rise of spot from step to step while an account is made short, in thousandths. */
const RISE = 5;
const MOST_STEPS = 200;

/** What a transaction pays before its first instruction. */
export function intrinsicGas(data: string): bigint {
    const bytes = Buffer.from(data.slice(2), "hex");
    return bytes.reduce((sum, byte) => sum + (byte === 0 ? ZERO_BYTE_GAS : BYTE_GAS), BASE_GAS);
}

async function gasOf(sent: Sent): Promise<{readonly hash: string; readonly gas: bigint}> {
    const response = await sent;
    const receipt = await response.wait();
    if (receipt === null) throw new Error("The transaction was not mined");
    return {hash: response.hash, gas: receipt.gasUsed};
}

/** Runs the transactions of a book as far as `last` and says what each of them used. */
export async function measure(stage: Stage, size: Size, last: Name = "take"): Promise<readonly Run[]> {
    await stage.open(size);
    const {house} = stage;
    const {trader, maker, keeper} = stage.cast;
    const usdc = house.deployment.tokens["USDC"]?.address ?? "";
    const view = async (data: string): Promise<Omit<Run, "name">> => {
        const {hash, gas} = await gasOf(
            trader.signer.sendTransaction({to: house.deployment.contracts.riskEngine, data, ...GAS}),
        );
        return {hash, gas: gas - intrinsicGas(data)};
    };
    const {interface: engine} = house.contracts.riskEngine;
    const {vault} = house.as(trader);
    const {liquidator} = house.as(keeper);
    const steps: Readonly<Record<Name, () => Promise<Omit<Run, "name">>>> = {
        assess: () => view(engine.encodeFunctionData("assess", [trader.account])),
        witness: async () =>
            view(engine.encodeFunctionData("breaches", [trader.account, await witnessOf(house, trader)])),
        acceptEarly: () => view(engine.encodeFunctionData("requireInitial", [trader.account])),
        withdraw: async () => {
            // Little enough that nothing is accepted early.
            await leave(house, trader, 1250n);
            return gasOf(vault.withdraw(trader.account, usdc, 1_000_000n, trader.address, GAS));
        },
        fill2: async () => {
            await leave(house, maker, 1250n);
            return house.send(maker, trader, twoLegs(size));
        },
        start: async () => {
            await makeShort(house, trader);
            return gasOf(liquidator.start(trader.account, await witnessOf(house, trader), keeper.account, GAS));
        },
        take: () => gasOf(liquidator.take(trader.account, keeper.account, WHOLE, NO_LIMIT, "0x", GAS)),
    };
    const runs: Run[] = [];
    for (const name of NAMES.slice(0, NAMES.indexOf(last) + 1)) runs.push({name, ...(await steps[name]())});
    return runs;
}

/** A hundredth more of two positions that both sides hold; a book of one opens a second. */
function twoLegs(size: Size): LegTerms[] {
    return legsOf({...size, positions: Math.max(size.positions, 2)})
        .slice(0, 2)
        .map(([instrument, , price]): LegTerms => [instrument, "0.01", price]);
}

/** The scenario that binds for each underlying and each group. */
async function witnessOf(
    {contracts: {riskEngine, marginLens}}: House,
    {account}: Person,
): Promise<{own: bigint[]; joint: bigint[]}> {
    const book = await marginLens.bookOf(account);
    // Books read from the chain are frozen; an encoder wants its own copy.
    const report = await riskEngine.report({
        model: book.model,
        cashE18: book.cashE18,
        collateral: book.collateral.map(({assetId, unitsE18}) => ({assetId, unitsE18})),
        quotes: book.quotes.map(({underlying, quoteE18}) => ({underlying, quoteE18})),
        positions: book.positions.map(({instrument, sizeE18}) => ({instrument, sizeE18})),
    });
    return {own: report.underlyings.map(({binding}) => binding), joint: Array.from(report.groupBinding)};
}

/** Takes cash out until equity is so many thousandths of the initial requirement. */
async function leave(house: House, {account, address, ...person}: Person, thousandths: bigint): Promise<void> {
    const {equityE18, initialE18} = await house.contracts.riskEngine.assess(account);
    const spare = (equityE18 - (initialE18 * thousandths) / 1000n) / USDC_UNIT_E18;
    const usdc = house.deployment.tokens["USDC"]?.address ?? "";
    if (spare > 0n) await house.as({account, address, ...person}).vault.withdraw(account, usdc, spare, address, GAS);
}

/** Leaves the account at its initial requirement, then raises all spot prices until it is short. */
async function makeShort(house: House, person: Person): Promise<void> {
    await leave(house, person, 1001n);
    for (let step = 1; step <= MOST_STEPS; step++) {
        for (const underlying of UNDERLYINGS) {
            const spot = (TERMS[underlying].spot * (1000 + RISE * step)) / 1000;
            await house.price(underlying, String(spot));
        }
        const now = await house.contracts.riskEngine.assess(person.account);
        if (now.equityE18 >= 0n && now.equityE18 < now.maintenanceE18) return;
    }
    throw new Error("The book did not fall between zero and its maintenance requirement");
}
