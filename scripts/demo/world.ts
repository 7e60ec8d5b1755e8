/** The chain in this process, Ballast deployed on it, and the one way to send a transaction. */
import {AbstractSigner, HDNodeWallet, Mnemonic} from "ethers";
import type {
    ContractTransactionReceipt,
    ContractTransactionResponse,
    LogDescription,
    Provider,
    Signer,
    TransactionRequest,
    TransactionResponse,
} from "ethers";
import {network} from "hardhat";
import type {NetworkConnection} from "hardhat/types/network";

import {deployBallast} from "../../deploy/deployBallast.js";
import {parametersOf} from "../../deploy/parameters/index.js";
import type {Parameters as NetworkParameters} from "../../deploy/parameters/index.js";
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
    /** A key of the chain as a sender whose blocks get their time from the demo, not from the machine's clock. */
    signer(index: number): Signer;
    /** Sets the time of the next block. */
    moveTo(seconds: number): void;
    /** An empty block at a time, so that views see that time. */
    mineAt(seconds: number): Promise<void>;
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

/** Hands out the time of every block: one second after the last one, or where it was moved to. */
type Clock = {last: number; readonly set: (seconds: number) => Promise<void>};

class ClockedSigner extends AbstractSigner {
    readonly #inner: Signer;
    readonly #clock: Clock;

    constructor(inner: Signer, clock: Clock) {
        super(inner.provider);
        this.#inner = inner;
        this.#clock = clock;
    }

    override getAddress(): Promise<string> {
        return this.#inner.getAddress();
    }

    override connect(): Signer {
        return this;
    }

    override signTransaction(request: TransactionRequest): Promise<string> {
        return this.#inner.signTransaction(request);
    }

    override signMessage(message: string | Uint8Array): Promise<string> {
        return this.#inner.signMessage(message);
    }

    override signTypedData(...terms: Parameters<Signer["signTypedData"]>): Promise<string> {
        return this.#inner.signTypedData(...terms);
    }

    override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
        this.#clock.last += 1;
        await this.#clock.set(this.#clock.last);
        return this.#inner.sendTransaction(request);
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

/** A feed of one round an hour has nothing to average: the round that holds at an expiry settles it. */
function hourly(): NetworkParameters {
    const local = parametersOf("local");
    return {...local, oracle: {...local.oracle, settlementWindowSeconds: 0}};
}

/** @param parameters Of another network or of a what-if; if left out, those of the local network without a settlement window. */
export async function createWorld(
    start: number,
    onEvent: (event: WorldEvent) => void,
    parameters = hourly(),
): Promise<World> {
    const connection = await network.create({
        network: "default",
        override: {
            initialDate: new Date((start - SETTING_UP_SECONDS) * 1000),
            accounts: {mnemonic: MNEMONIC, count: ACCOUNTS},
            initialBaseFeePerGas: 0n,
        },
    });
    const deployment = await deployBallast(connection, {parameters});
    const {provider} = connection.ethers;
    const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), "m/44'/60'/0'/0");
    const wallets = Array.from({length: ACCOUNTS}, (_, index) => root.deriveChild(index));
    const clock: Clock = {
        last: start - SETTING_UP_SECONDS / 2,
        set: (seconds) => connection.networkHelpers.time.setNextBlockTimestamp(seconds),
    };
    const signers = (await connection.ethers.getSigners()).map((inner) => new ClockedSigner(inner, clock));
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
        signer(index) {
            const found = signers[index];
            if (found === undefined) throw new Error(`The chain has no key ${index}`);
            return found;
        },
        moveTo(seconds) {
            clock.last = Math.max(clock.last, seconds - 1);
        },
        async mineAt(seconds) {
            clock.last = Math.max(clock.last + 1, seconds);
            await clock.set(clock.last);
            await connection.networkHelpers.mine();
        },
    };
}
