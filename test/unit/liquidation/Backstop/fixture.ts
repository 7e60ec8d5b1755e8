/** The real backstop and vault with a liquidator that tests speak for. */
import type {HardhatEthers} from "@nomicfoundation/hardhat-ethers/types";

import {deployLiquidation, e18, type LiquidationFixture, usdc} from "../Liquidator/fixture.js";

export {e18, usdc};

export const COOLDOWN = 86_400;
export const WINDOW = 43_200;
/** Shares have six decimals more than the coin. */
export const SHARES = 10n ** 6n;

export const deployBackstop = deployLiquidation;

/** Carol has put in 1,000 USDC. */
export async function withDeposit(ethers: HardhatEthers): Promise<LiquidationFixture> {
    const fixture = await deployLiquidation(ethers);
    const {backstop, carol} = fixture;
    await backstop.connect(carol.signer).deposit(usdc(1_000), carol.address);
    return fixture;
}

/** Cash of the protocol account as fees would bring it, with coins of Bob's behind it. */
export async function earn({books, protocol}: LiquidationFixture, amount: string): Promise<void> {
    await books.settleCash(protocol, e18(amount));
}
