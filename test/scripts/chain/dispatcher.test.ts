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
