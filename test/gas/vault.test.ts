import {network} from "hardhat";

import {accountId} from "../../scripts/sdk/ids.js";
import {deployVault, e18, usdc} from "../unit/core/MarginVault/fixture.js";
import {GAS_CHAIN, recordGas} from "./recordGas.js";

const {ethers} = await network.create(GAS_CHAIN);

/** Gas of one call after another, each a transaction of its own. */
describe("gas: MarginVault", () => {
    it("should record deposit, withdraw and transfer", async () => {
        const f = await deployVault(ethers);
        const {vault, alice, bob, usdc: coin, weth} = f;
        const asAlice = vault.connect(alice.signer);
        const asBob = vault.connect(bob.signer);
        const third = accountId(alice.address, 3n);
        const record = async (label: string, call: Promise<{wait(): Promise<{gasUsed: bigint} | null>}>) => {
            const receipt = await (await call).wait();
            if (receipt === null) throw new Error(`${label} was not mined`);
            recordGas(`vault: ${label}`, receipt.gasUsed);
        };
        await record("deposit, settlement coin, new account", asAlice.deposit(alice.id, coin, usdc(1_000)));
        await record("deposit, settlement coin, again", asAlice.deposit(alice.id, coin, usdc(1_000)));
        await record("deposit, collateral, new asset", asBob.deposit(bob.id, weth, e18(1)));
        await record("deposit, collateral, again", asBob.deposit(bob.id, weth, e18(1)));
        await record("withdraw, settlement coin, borrowing", asBob.withdraw(bob.id, coin, usdc(500), bob.address));
        await record("withdraw, settlement coin, no debt", asAlice.withdraw(alice.id, coin, usdc(5), alice.address));
        await record("withdraw, collateral, with debt", asBob.withdraw(bob.id, weth, e18("0.1"), bob.address));
        await record("transfer, cash, new account", asAlice.transfer(alice.id, alice.second, coin, e18(3)));
        await record("transfer, cash, again", asAlice.transfer(alice.id, alice.second, coin, e18(3)));
        await record("transfer, collateral, with debt", asBob.transfer(bob.id, third, weth, e18("0.1")));
        await record("accrue", vault.accrue());
    });
});
