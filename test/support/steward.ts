import type {HardhatEthersSigner} from "@nomicfoundation/hardhat-ethers/types";
import type {NetworkConnection} from "hardhat/types/network";

import {encodeFigures, SUBJECTS} from "../../scripts/sdk/steward.js";
import type {Subject} from "../../scripts/sdk/steward.js";
import type {Deployment} from "../../scripts/shared/deployment.js";
import type {RiskSteward} from "../../typechain-types/contracts/governance/RiskSteward.js";
import {BTC, E18} from "./world.js";
import type {World} from "./world.js";

const ENOUGH = 10n ** 21n;

/** The contract through which parameters go, as if it had a key: for tests that need other figures at once. */
export async function stewardOf(connection: NetworkConnection, {contracts}: Deployment): Promise<HardhatEthersSigner> {
    const {networkHelpers, ethers} = connection;
    await networkHelpers.impersonateAccount(contracts.riskSteward);
    await networkHelpers.setBalance(contracts.riskSteward, ENOUGH);
    return ethers.getSigner(contracts.riskSteward);
}

export type Fields = Record<string, bigint>;
export type Underlying = {readonly params: Fields; readonly grid: readonly Fields[]};

export async function standing({all: {riskSteward}}: World, subject: Subject, id = 0): Promise<string> {
    return riskSteward.figures(SUBJECTS[subject], id);
}

export const fieldsOf = (value: unknown): Fields => (value as {toObject: () => Fields}).toObject();

export async function underlyingOf({all: {riskParameters}}: World, id = BTC): Promise<Underlying> {
    const grid = await riskParameters.scenarios(id);
    return {params: fieldsOf(await riskParameters.underlyingParams(id)), grid: grid.map(fieldsOf)};
}

export const underlyingWith = ({params, grid}: Underlying, change: Fields): string =>
    encodeFigures("UNDERLYING", [{...params, ...change}, grid]);

export const officersOf = (world: World): Record<"risk" | "guardian" | "admin", RiskSteward> => ({
    risk: world.all.riskSteward.connect(world.officers.risk),
    guardian: world.all.riskSteward.connect(world.officers.guardian),
    admin: world.all.riskSteward.connect(world.officers.admin),
});

/** Shocks of the grid further from one by a factor, with logarithms that fit. */
export function widened({params, grid}: Underlying, times: bigint): string {
    const factors = grid.map(({factorE18, lnFactorE18, ...rest}) => {
        const wide = E18 + ((factorE18! - E18) * times) / E18;
        const ln = BigInt(Math.round(Math.log(Number(wide) / 1e18) * 1e15)) * 1000n;
        return {factorE18: wide, lnFactorE18: wide === factorE18 ? lnFactorE18 : exactLn(wide, ln), ...rest};
    });
    return encodeFigures("UNDERLYING", [params, factors]);
}

/** One Newton step from a double: far below the tolerance of a billionth of a billionth of ten thousand. */
function exactLn(factorE18: bigint, guessE18: bigint): bigint {
    // e^-g by its series with 36 decimals; |g| < 1.
    const one = 10n ** 36n;
    const x = -guessE18 * E18;
    let term = one;
    let sum = one;
    for (let n = 1n; n < 40n; ++n) {
        term = (term * x) / one / n;
        sum += term;
    }
    return guessE18 + ((factorE18 * sum) / one - E18);
}
