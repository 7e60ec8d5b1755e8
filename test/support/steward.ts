import type {HardhatEthersSigner} from "@nomicfoundation/hardhat-ethers/types";
import type {NetworkConnection} from "hardhat/types/network";

import type {Deployment} from "../../scripts/shared/deployment.js";

const ENOUGH = 10n ** 21n;

/** The contract through which parameters go, as if it had a key: for tests that need other figures at once. */
export async function stewardOf(connection: NetworkConnection, {contracts}: Deployment): Promise<HardhatEthersSigner> {
    const {networkHelpers, ethers} = connection;
    await networkHelpers.impersonateAccount(contracts.riskSteward);
    await networkHelpers.setBalance(contracts.riskSteward, ENOUGH);
    return ethers.getSigner(contracts.riskSteward);
}
