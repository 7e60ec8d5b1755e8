/** The chain in this process, Ballast deployed on it, and the one way to send a transaction. */
import {HDNodeWallet, Mnemonic} from "ethers";
import type {ContractTransactionReceipt, ContractTransactionResponse, LogDescription, Provider} from "ethers";
import {network} from "hardhat";
import type {NetworkConnection} from "hardhat/types/network";

import {deployBallast} from "../../deploy/deployBallast.js";
import {ballastAt} from "../chain/contracts.js";
import type {BallastContracts} from "../chain/contracts.js";
import {explainError} from "../sdk/index.js";
import type {Deployment} from "../shared/deployment.js";

/** Hardhat's public words: nothing of value is ever behind them. */
const MNEMONIC = "test test test test test test test test test test test junk";
const ACCOUNTS = 40;
const GAS_LIMIT = 30_000_000n;
const SETTING_UP_SECONDS = 6 * 3600;

export type Send = {readonly gasLimit: bigint; readonly gasPrice: bigint};

export type World = {
    readonly connection: NetworkConnection;
    readonly deployment: Deployment;
    readonly provider: Provider;
    /** For reading. */
    readonly ballast: BallastContracts;
    readonly wallets: readonly HDNodeWallet[];
    /** The contracts called by one of the wallets. */
    as(wallet: HDNodeWallet): BallastContracts;
    /** Gas terms of the next transactions; the price follows the day. */
    gas(): Send;
    setGasPrice(wei: bigint): void;
    /** Waits for a transaction, keeps its events, and explains a refusal. */
    done(sent: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt>;
    /** Sets the time of the next block. */
    moveTo(seconds: number): Promise<void>;
};

/** Something that happened, decoded. */
export type WorldEvent = {readonly time: number; readonly contract: string; readonly log: LogDescription};

export class RefusedError extends Error {
    readonly error: string;

    constructor(error: string, sentence: string, cause: unknown) {
        super(sentence, {cause});
        this.name = "RefusedError";
        this.error = error;
    }
}

async function settled(sent: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
    try {
        const receipt = await (await sent).wait();
        if (receipt === null) throw new Error("The chain lost a transaction");
        return receipt;
    } catch (error) {
        const known = explainError(error);
        throw known === undefined ? error : new RefusedError(known.name, known.sentence, error);
    }
}

/** Decodes the logs of our own contracts. */
function decoder({
    deployment,
    ballast,
}: Pick<World, "deployment" | "ballast">): (receipt: ContractTransactionReceipt, time: number) => WorldEvent[] {
    const names = new Map(Object.entries(deployment.contracts).map(([name, address]) => [address, name]));
    return ({logs}, time) =>
        logs.flatMap((log) => {
            const contract = names.get(log.address);
            if (contract === undefined || !(contract in ballast)) return [];
            const parsed = ballast[contract as keyof BallastContracts].interface.parseLog(log);
            return parsed === null ? [] : [{time, contract, log: parsed}];
        });
}

export async function createWorld(start: number, onEvent: (event: WorldEvent) => void): Promise<World> {
    const connection = await network.create({
        network: "default",
        override: {
            initialDate: new Date((start - SETTING_UP_SECONDS) * 1000),
            accounts: {mnemonic: MNEMONIC, count: ACCOUNTS},
            initialBaseFeePerGas: 0n,
        },
    });
    const deployment = await deployBallast(connection);
    const {provider} = connection.ethers;
    const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), "m/44'/60'/0'/0");
    const wallets = Array.from({length: ACCOUNTS}, (_, index) => root.deriveChild(index));
    const signers = await connection.ethers.getSigners();
    const ballast = ballastAt(deployment, provider);
    const decode = decoder({deployment, ballast});
    const bySigner = new Map<string, BallastContracts>();
    let gasPrice = 0n;
    return {
        connection,
        deployment,
        provider,
        ballast,
        wallets,
        as(wallet) {
            const signer = signers[wallet.index];
            const found = bySigner.get(wallet.address) ?? ballastAt(deployment, signer ?? wallet);
            bySigner.set(wallet.address, found);
            return found;
        },
        gas: () => ({gasLimit: GAS_LIMIT, gasPrice}),
        setGasPrice(wei) {
            gasPrice = wei;
        },
        async done(sent) {
            const receipt = await settled(sent);
            if (receipt.logs.length > 0) {
                const block = await provider.getBlock(receipt.blockNumber);
                decode(receipt, block?.timestamp ?? 0).forEach(onEvent);
            }
            return receipt;
        },
        moveTo: async (seconds) => {
            await connection.networkHelpers.time.setNextBlockTimestamp(seconds);
        },
    };
}
