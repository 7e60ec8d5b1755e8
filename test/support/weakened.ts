/**
 * Ballast with one protection taken out, so that an attack can be run twice: on the weakened build, where it must succeed, and on
 * Ballast as it is. The code of the twin is put where the real contract stands: same address, same state, same wiring.
 */
import {expect} from "chai";
import type {Result} from "ethers";

import {read} from "../../scripts/tools/repository.js";
import type {World} from "./world.js";

export const ATTACKS_PAGE = "docs/attacks.md";
/** Figures on the page are rounded, and gas and seconds move them a little. */
const TOLERANCE_PERCENT = 5n;

type Replaceable = "vault" | "clearinghouse" | "liquidator" | "backstop" | "closeOut";

/** Arguments with which the real contract was made, read back from it. */
async function argumentsOf({all, deployment}: World, contract: Replaceable): Promise<unknown[]> {
    const {vault, clearinghouse, liquidator, backstop, priceOracle, manager} = deployment.contracts;
    switch (contract) {
        case "vault": {
            const [token, curve, cap] = await Promise.all([
                all.vault.settlementToken(),
                all.vault.rateCurve(),
                all.vault.settlementCapE18(),
            ]);
            return [manager, token, [...curve], cap];
        }
        case "clearinghouse":
            return [vault, priceOracle, manager];
        case "liquidator": {
            const [curve, pay] = await Promise.all([all.liquidator.curve(), all.liquidator.keeperPay()]);
            return [vault, clearinghouse, backstop, priceOracle, manager, [...curve], [...pay]];
        }
        case "backstop":
            return [vault, manager, ...(await all.backstop.cooldown())];
        case "closeOut":
            return [vault, clearinghouse, liquidator];
    }
}

async function putCode({connection, deployment}: World, contract: Replaceable, made: string): Promise<void> {
    const code = await connection.ethers.provider.getCode(made);
    await connection.networkHelpers.setCode(deployment.contracts[contract], code);
}

/** Replaces a contract by its weakened twin. */
export async function weaken(world: World, contract: Replaceable, twin: string): Promise<void> {
    const made = await world.connection.ethers.deployContract(twin, await argumentsOf(world, contract));
    await putCode(world, contract, await made.getAddress());
}

/** Puts a weakened oracle in front of the real one, for all that ask for prices. */
export async function weakenOracle(world: World, twin: string, ...more: readonly unknown[]): Promise<void> {
    const {contracts} = world.deployment;
    const {ethers} = world.connection;
    const oracle = await (await ethers.deployContract(twin, [contracts.priceOracle, ...more])).getAddress();
    await world.all.riskParameters.connect(world.officers.admin).setOracles(oracle, contracts.surfaceOracle);
    await world.all.clearinghouse.connect(world.officers.admin).setPriceOracle(oracle);
    const args = await argumentsOf(world, "liquidator");
    args[3] = oracle;
    await putCode(world, "liquidator", await (await ethers.deployContract("Liquidator", args)).getAddress());
}

/** Fields of a struct that was read, to write it back with others. */
export const fieldsOf = (read_: unknown): Record<string, unknown> => (read_ as Result).toObject();

export type AttackRow = {
    readonly id: string;
    readonly weakened: string;
    readonly gains: string;
    readonly here: string;
    readonly file: string;
};

/** Rows of the page: id, family, attack, weakened build, what it gains there, what happens here, test. */
export const attackRows = (): AttackRow[] =>
    [...read(ATTACKS_PAGE).matchAll(/^\| (R\d+) \|(.+)\|$/gm)].map(([, id = "", rest = ""]) => {
        const [, , weakened = "", gains = "", here = "", file = ""] = rest.split(" | ").map((cell) => cell.trim());
        return {id, weakened, gains, here, file};
    });

/** Holds a gain to the figure that the page prints for the id; of several, to the nearest. */
export function expectGain(id: string, gainE18: bigint): void {
    expect(gainE18 > 0n, `${id} must gain on the weakened build, not ${gainE18}`).to.equal(true);
    const printed = [
        ...(attackRows()
            .find((row) => row.id === id)
            ?.gains.matchAll(/\$([\d,]+)/g) ?? []),
    ];
    const figures = printed.map(([, digits = ""]) => BigInt(digits.replaceAll(",", "")) * 10n ** 18n);
    const near = figures.some((figure) => {
        const off = gainE18 > figure ? gainE18 - figure : figure - gainE18;
        return off * 100n <= figure * TOLERANCE_PERCENT;
    });
    expect(near, `${ATTACKS_PAGE} prints ${printed.map(([all]) => all).join(", ")} for ${id}, not ${gainE18}`).to.equal(
        true,
    );
}
