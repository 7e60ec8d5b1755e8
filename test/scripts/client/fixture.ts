/** The whole deployment with owners who act through the client. */
import type {NetworkConnection} from "hardhat/types/network";

import {connect} from "../../../scripts/client/index.js";
import type {Ballast, Preview} from "../../../scripts/client/index.js";
import type {DecodedError} from "../../../scripts/sdk/index.js";
import {deployWorld, tokenOf} from "../../support/world.js";
import type {World} from "../../support/world.js";

export const MINUTE = 60;

export type Office = {
    readonly world: World;
    /** Clients of the first owners, each with a million dollars and a thousand ether in the wallet and no allowance. */
    readonly clients: readonly [Ballast, Ballast, Ballast];
};

export async function openOffice(connection: NetworkConnection): Promise<Office> {
    const world = await deployWorld(connection);
    const clients: Ballast[] = [];
    // One after the other: two transactions at once would ask for the same second.
    for (const owner of world.owners.slice(0, 3)) {
        await tokenOf(world, "USDC", owner).getFunction("mint")(owner.address, 10n ** 12n);
        await tokenOf(world, "WETH", owner).getFunction("mint")(owner.address, 10n ** 21n);
        clients.push(await connect(world.deployment, owner));
    }
    const [first, second, third] = clients;
    return {world, clients: [first!, second!, third!]};
}

/** What an action would do; a refusal is an error of the test. */
export function allowed<E>(preview: Preview<E>): {readonly effect: E; readonly approves: bigint | undefined} {
    if (!preview.allowed) throw new Error(`refused: ${preview.refusal.sentence}`);
    return {effect: preview.effect, approves: preview.approval?.amountNative};
}

/** Why an action would be refused. */
export function refused<E>(preview: Preview<E>): DecodedError {
    if (preview.allowed) throw new Error("it would be allowed");
    return preview.refusal;
}
