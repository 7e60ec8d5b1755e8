/** How money comes in. */
import {Contract} from "ethers";

import {TOKEN_ABI} from "../chain/contracts.js";
import {parseFixed} from "../sdk/index.js";
import {tokenOf} from "../shared/deployment.js";
import {DEPOSITOR} from "./cast.js";
import type {Party} from "./trading.js";
import type {World} from "./world.js";

/** Mints tokens and brings them in: to the vault, or to the backstop. */
export async function deposit(world: World, party: Party, symbol: string, amount: string): Promise<void> {
    const {address, decimals} = tokenOf(world.deployment, symbol);
    const native = parseFixed(amount, decimals);
    const signer = world.signer(party.wallet.index);
    const token = new Contract(address, TOKEN_ABI, signer);
    const {vault, backstop} = world.deployment.contracts;
    const target = party.id === DEPOSITOR ? backstop : vault;
    await world.done(token.getFunction("mint").send(party.wallet.address, native, world.gas()));
    await world.done(token.getFunction("approve").send(target, native, world.gas()));
    const own = world.as(party.wallet);
    if (party.id === DEPOSITOR) await world.done(own.backstop.deposit(native, party.wallet.address, world.gas()));
    else await world.done(own.vault.deposit(party.account, address, native, world.gas()));
}
