import {expect} from "chai";
import {Wallet} from "ethers";
import type {Provider} from "ethers";
import {network} from "hardhat";

import {createDispatcher} from "../../../scripts/chain/dispatcher.js";
import type {Dispatcher, DispatcherOptions} from "../../../scripts/chain/dispatcher.js";

const {ethers} = await network.create();
const LIMITS = {timeoutMs: 1_000, attempts: 2, maxFeePerGasWei: 10n ** 13n};
const DATA = "0x";

/** A node that tells another nonce and is honest otherwise. */
const lying = (by: (nonce: number) => number): Provider =>
    new Proxy(ethers.provider, {
        get: (node, name: keyof Provider) => {
            if (name !== "getTransactionCount") return bound(node, name);
            return async (address: string) => by(await node.getTransactionCount(address, "latest"));
        },
    });

/** Methods of this provider know their own object only. */
function bound(node: object, name: string): unknown {
    const member = Reflect.get(node, name, node) as unknown;
    return typeof member === "function" ? (member.bind(node) as unknown) : member;
}

const away: Pick<Provider, "getTransactionCount"> = {
    getTransactionCount: () => Promise.reject(new Error("no answer")),
};

describe("chain: whom the dispatcher believes about its nonce", () => {
    async function dispatcher(options: Partial<DispatcherOptions>): Promise<{dispatcher: Dispatcher; wallet: Wallet}> {
        const [rich] = await ethers.getSigners();
        const wallet = new Wallet(Wallet.createRandom().privateKey, ethers.provider);
        await (await rich!.sendTransaction({to: wallet.address, value: 10n ** 18n})).wait();
        const whole = {signer: wallet, provider: ethers.provider, ...LIMITS, ...options};
        return {dispatcher: createDispatcher(whole), wallet};
    }

    const used = (wallet: Wallet): Promise<number> => ethers.provider.getTransactionCount(wallet.address, "latest");

    it("should not leave a gap for a node that says too much", async () => {
        const lies = lying((nonce) => nonce + 5);
        const {dispatcher: own, wallet} = await dispatcher({provider: lies, peers: [ethers.provider, away]});
        for (let sent = 1; sent <= 3; ++sent) {
            await own.send({to: wallet.address, data: DATA});
            expect(await used(wallet)).to.equal(sent);
        }
    });

    it("should use no nonce twice for a node that says too little, and get over it", async () => {
        const lies = lying(() => 0);
        const {dispatcher: own, wallet} = await dispatcher({provider: lies});
        for (let sent = 1; sent <= 3; ++sent) {
            await own.send({to: wallet.address, data: DATA});
            expect(await used(wallet), "one each").to.equal(sent);
        }
        // Another program with the same key: the queue is refused once, and then knows better.
        await (await wallet.sendTransaction({to: wallet.address, nonce: 3})).wait();
        const refused: unknown = await own.send({to: wallet.address, data: DATA}).catch((error: unknown) => error);
        expect(refused).to.be.an("error");
        expect(await used(wallet), "nothing was sent").to.equal(4);
    });

    it("should say so when no node tells the nonce", async () => {
        const silent = new Proxy(ethers.provider, {
            get: (node, name: keyof Provider) =>
                name === "getTransactionCount" ? away.getTransactionCount : bound(node, name),
        });
        const {dispatcher: own, wallet} = await dispatcher({provider: silent});
        const failed: unknown = await own.send({to: wallet.address, data: DATA}).catch((error: unknown) => error);
        expect(failed).to.have.property("message", "no answer");
    });

    it("should hand what it signs to a relay, and look for it on the chain", async () => {
        const handed: string[] = [];
        const relay = {
            broadcastTransaction: (signed: string) => {
                handed.push(signed);
                return ethers.provider.broadcastTransaction(signed);
            },
        };
        const {dispatcher: own, wallet} = await dispatcher({relay});
        const {hash} = await own.send({to: wallet.address, data: DATA});
        expect(handed).to.have.lengthOf(1);
        expect((await ethers.provider.getTransaction(hash))?.from).to.equal(wallet.address);
    });
});

describe("chain: several transactions at once", () => {
    const FIVE = Array.from({length: 5}, (_, place) => place);

    async function rich(): Promise<Wallet> {
        const [giver] = await ethers.getSigners();
        const wallet = new Wallet(Wallet.createRandom().privateKey, ethers.provider);
        await (await giver!.sendTransaction({to: wallet.address, value: 10n ** 18n})).wait();
        return wallet;
    }

    const of = (wallet: Wallet, options: Partial<DispatcherOptions>): Dispatcher =>
        createDispatcher({signer: wallet, provider: ethers.provider, ...LIMITS, ...options});

    const mining = async <T>(everyMs: number, act: () => Promise<T>): Promise<T> => {
        await ethers.provider.send("evm_setAutomine", [false]);
        const timer = setInterval(() => void ethers.provider.send("evm_mine", []), everyMs);
        try {
            return await act();
        } finally {
            clearInterval(timer);
            await ethers.provider.send("evm_setAutomine", [true]);
        }
    };

    it("should get them into one block, in the order in which they were asked for", async () => {
        const wallet = await rich();
        const dispatcher = of(wallet, {inFlight: 5, gatherMs: 20, timeoutMs: 5_000});
        await ethers.provider.send("evm_setAutomine", [false]);
        const sent = Promise.all(FIVE.map(() => dispatcher.send({to: wallet.address, data: DATA})));
        const waiting = async (): Promise<number> =>
            ((await ethers.provider.send("eth_pendingTransactions", [])) as unknown[]).length;
        while ((await waiting()) < FIVE.length) await new Promise((resolve) => setTimeout(resolve, 5));
        await ethers.provider.send("evm_setAutomine", [true]);
        await ethers.provider.send("evm_mine", []);
        const receipts = await sent;
        expect(new Set(receipts.map(({blockNumber}) => blockNumber)).size).to.equal(1);
        expect(receipts.map(({index}) => index)).to.deep.equal([...receipts.map(({index}) => index)].sort());
    });

    it("should let one that would revert fail alone, and give it no nonce", async () => {
        const wallet = await rich();
        const refuser = await ethers.deployContract("MockToken", ["Coin", 18]);
        const bad = refuser.interface.encodeFunctionData("transfer", [wallet.address, 1n]);
        const dispatcher = of(wallet, {inFlight: 3});
        const to = await refuser.getAddress();
        const outcomes = await Promise.allSettled([
            dispatcher.send({to: wallet.address, data: DATA}),
            dispatcher.send({to, data: bad}),
            dispatcher.send({to: wallet.address, data: DATA}),
        ]);
        expect(outcomes.map(({status}) => status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
        expect(await ethers.provider.getTransactionCount(wallet.address)).to.equal(2);
    });

    it("should replace all that wait, and do nothing twice", async () => {
        const wallet = await rich();
        const dispatcher = of(wallet, {inFlight: 5, timeoutMs: 40, attempts: 2});
        await ethers.provider.send("evm_setAutomine", [false]);
        const lost = await Promise.allSettled(
            FIVE.map(() => dispatcher.send({to: wallet.address, data: DATA})),
        ).finally(() => ethers.provider.send("evm_setAutomine", [true]));
        for (const outcome of lost) expect(outcome).to.have.nested.property("reason.code", "not-mined");
        const patient = await mining(30, () =>
            Promise.allSettled(FIVE.map(() => dispatcher.send({to: wallet.address, data: DATA}))),
        );
        expect(patient.some(({status}) => status === "fulfilled")).to.equal(true);
        // Five places were given out, and taken by five transactions, those of the first or of the second time.
        expect(await ethers.provider.getTransactionCount(wallet.address)).to.equal(5);
    });
});
