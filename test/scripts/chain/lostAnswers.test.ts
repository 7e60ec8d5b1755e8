import {expect} from "chai";
import {JsonRpcProvider, Wallet} from "ethers";
import type {Provider, TransactionResponse} from "ethers";
import {network} from "hardhat";

import {createDispatcher} from "../../../scripts/chain/dispatcher.js";
import type {DispatcherOptions} from "../../../scripts/chain/dispatcher.js";
import {listen} from "../../../scripts/node/server.js";
import type {RunningServer} from "../../../scripts/node/server.js";

const connection = await network.create();
const {ethers} = connection;
/** As keepers have one, with errors that ethers has named. */
let provider: JsonRpcProvider;
const LIMITS = {timeoutMs: 500, attempts: 4, maxFeePerGasWei: 10n ** 13n};
const FUNDS = 10n ** 18n;

type Change = Partial<{[Name in keyof Provider]: (inner: Provider) => unknown}>;

/** A node that does some things in its own way. */
const changed = (change: Change): Provider =>
    new Proxy<Provider>(provider, {
        get: (node, name: keyof Provider) => {
            const own = change[name];
            if (own !== undefined) return own(node);
            const member = Reflect.get(node, name, node) as unknown;
            return typeof member === "function" ? (member.bind(node) as unknown) : member;
        },
    });

const broken = (): Error => new Error("socket hang up");

/** Passes on, and loses the answers to the first calls. */
const deaf = (times: number) => (node: Provider) => {
    let left = times;
    return async (signed: string): Promise<TransactionResponse> => {
        const sent = await node.broadcastTransaction(signed);
        if (left-- > 0) throw broken();
        return sent;
    };
};

const used = (wallet: Wallet): Promise<number> => provider.getTransactionCount(wallet.address, "latest");

async function funded(): Promise<Wallet> {
    const [rich] = await ethers.getSigners();
    const wallet = new Wallet(Wallet.createRandom().privateKey, provider);
    await (await rich!.sendTransaction({to: wallet.address, value: FUNDS})).wait();
    return wallet;
}

const dispatcherOf = (wallet: Wallet, node: Provider, more: Partial<DispatcherOptions> = {}) =>
    createDispatcher({signer: wallet.connect(node), provider: node, ...LIMITS, ...more});

const callOf = ({address}: Wallet) => ({to: address, data: "0x"});

describe("chain: transactions whose answers are lost", () => {
    let server: RunningServer;

    before(async () => {
        server = await listen(connection.provider, 0);
        provider = new JsonRpcProvider(server.url, undefined, {cacheTimeout: -1, staticNetwork: true});
    });
    after(async () => {
        provider.destroy();
        await server.close();
        await connection.close();
    });

    it("should find what was sent when the connection breaks after it, whether the node knows it or has mined it", async () => {
        const wallet = await funded();
        const dispatcher = dispatcherOf(wallet, changed({broadcastTransaction: deaf(1)}));
        const {hash} = await dispatcher.send(callOf(wallet));
        expect((await provider.getTransaction(hash))?.nonce, "the transaction that was handed over first").to.equal(0);
        await dispatcher.send(callOf(wallet));
        expect(await used(wallet), "one each").to.equal(2);
    });

    it("should hand the same transaction again when the connection broke before it", async () => {
        const wallet = await funded();
        let cuts = 2;
        const cut = (node: Provider) => (signed: string) =>
            cuts-- > 0 ? Promise.reject(broken()) : node.broadcastTransaction(signed);
        const signed: string[] = [];
        const {hash} = await dispatcherOf(wallet, changed({broadcastTransaction: cut})).send(callOf(wallet), (one) => {
            signed.push(one);
        });
        expect(signed, "signed once").to.deep.equal([hash]);
    });

    it("should tell the hash before it hands the transaction over", async () => {
        const wallet = await funded();
        const order: string[] = [];
        const noting = (node: Provider) => (signed: string) => {
            order.push("handed over");
            return node.broadcastTransaction(signed);
        };
        const dispatcher = dispatcherOf(wallet, changed({broadcastTransaction: noting}));
        await dispatcher.send(callOf(wallet), () => {
            order.push("told");
        });
        expect(order).to.deep.equal(["told", "handed over"]);
    });

    it("should wait for a receipt through answers that fail", async () => {
        const wallet = await funded();
        let failures = 3;
        const flaky = (node: Provider) => (hash: string) =>
            failures-- > 0 ? Promise.reject(broken()) : node.getTransactionReceipt(hash);
        const receipt = await dispatcherOf(wallet, changed({getTransactionReceipt: flaky})).send(callOf(wallet));
        expect(receipt.status).to.equal(1);
    });

    it("should use a nonce again that a reorganisation has freed", async () => {
        const wallet = await funded();
        const dispatcher = dispatcherOf(wallet, provider);
        await dispatcher.send(callOf(wallet));
        const snapshot: unknown = await provider.send("evm_snapshot", []);
        await dispatcher.send(callOf(wallet));
        await provider.send("evm_revert", [snapshot]);
        await dispatcher.send(callOf(wallet));
        expect(await used(wallet), "the first and the third").to.equal(2);
    });

    it("should not believe a liar because everybody else is silent", async () => {
        const wallet = await funded();
        const high = () => async (address: string) => 5 + (await provider.getTransactionCount(address, "latest"));
        let silent = 2;
        const peer = {
            getTransactionCount: (address: string) =>
                silent-- > 0 ? Promise.reject(broken()) : provider.getTransactionCount(address, "latest"),
        };
        const dispatcher = dispatcherOf(wallet, changed({getTransactionCount: high}), {peers: [peer]});
        await dispatcher.send(callOf(wallet));
        silent = 1_000;
        await dispatcher.send(callOf(wallet));
        expect(await used(wallet), "no gap").to.equal(2);
    });

    it("should go on at the fees of the day once what it gave up at the limit has got in", async () => {
        const wallet = await funded();
        await provider.send("evm_setAutomine", [false]);
        const {maxFeePerGas} = await provider.getFeeData();
        const limits = {timeoutMs: 50, maxFeePerGasWei: (maxFeePerGas! * 12n) / 10n};
        const dispatcher = dispatcherOf(wallet, provider, limits);
        const failed: unknown = await dispatcher.send(callOf(wallet)).catch((error: unknown) => error);
        await provider.send("evm_setAutomine", [true]);
        await provider.send("evm_mine", []);
        expect(failed).to.have.property("code", "fee-above-limit");
        expect(await used(wallet), "got in").to.equal(1);
        await dispatcher.send(callOf(wallet));
        expect(await used(wallet), "and the next").to.equal(2);
    });

    it("should get past a transaction that an earlier life of the key has left in the pool", async () => {
        const wallet = await funded();
        await provider.send("evm_setAutomine", [false]);
        const {maxFeePerGas} = await provider.getFeeData();
        const fees = {maxFeePerGas: maxFeePerGas! * 2n, maxPriorityFeePerGas: maxFeePerGas!};
        const left = await wallet.sendTransaction({to: wallet.address, nonce: 0, value: 1n, ...fees});
        const sending = dispatcherOf(wallet, provider, {attempts: 10}).send(callOf(wallet));
        for (let looks = 0; looks < 100; ++looks) {
            const pool = (await provider.send("eth_pendingTransactions", [])) as readonly {hash: string}[];
            if (pool.some(({hash}) => hash !== left.hash)) break;
            await new Promise((settle) => setTimeout(settle, 20));
        }
        await provider.send("evm_setAutomine", [true]);
        await provider.send("evm_mine", []);
        const receipt = await sending;
        expect(receipt.hash, "what was sent now").to.not.equal(left.hash);
        expect(await used(wallet), "one of the two").to.equal(1);
    });
});
