import {expect} from "chai";
import {Wallet, ZeroAddress} from "ethers";

import {connect, deploymentOf, knownDeployments, readDeployment, refusalIn} from "../../../scripts/client/index.js";
import {amount} from "../../../scripts/sdk/index.js";
import {createChain, USD} from "../../support/world.js";
import {allowed, openOffice} from "./fixture.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const fixture = () => openOffice(connection);

/** The error that a promise ends in. */
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
        () => undefined,
        (error: unknown) => error,
    );

describe("client: connect", () => {
    it("should refuse another chain, an empty address and a signer without a provider", async () => {
        const {world} = await loadFixture(fixture);
        const {deployment, owners} = world;
        const wrong = {...deployment, chainId: 1};
        expect(await errorOf(connect(wrong, owners[0]!)), "chain").to.include({code: "wrong-chain"});
        const contracts = {...deployment.contracts, vault: owners[5]!.address};
        expect(await errorOf(connect({...deployment, contracts}, owners[0]!)), "no code").to.include({code: "no-code"});
        const loose = Wallet.createRandom();
        expect(await errorOf(connect(deployment, loose)), "no provider").to.include({code: "read-only"});
        const options = {from: ZeroAddress};
        const {provider} = connection.ethers;
        expect(await errorOf(connect(deployment, provider, options)), "nobody").to.include({code: "account-malformed"});
    });

    it("should read and preview without a signer, and send nothing", async () => {
        const {
            world,
            clients: [alice],
        } = await loadFixture(fixture);
        const from = world.owners[0]!.address;
        const reader = await connect(world.deployment, connection.ethers.provider, {from});
        const order = {account: alice.accountId(), token: "USDC", amount: amount(USD)};
        expect(allowed(await reader.deposit(order).preview()).approves, "preview").to.equal(USD);
        expect(await errorOf(reader.deposit(order).send()), "send").to.include({code: "read-only"});
        const nobody = await connect(world.deployment, connection.ethers.provider);
        expect(await errorOf(nobody.deposit(order).preview()), "preview for nobody").to.include({
            code: "sender-missing",
        });
        expect(() => nobody.accountId(), "account of nobody").to.throw("`from`");
    });

    it("should tell what happened, block by block", async () => {
        const {
            clients: [alice],
        } = await loadFixture(fixture);
        const order = {account: alice.accountId(), token: "USDC", amount: amount(USD)};
        const {block, events} = await alice.deposit(order).send();
        expect(await alice.history({fromBlock: block}), "the same from logs").to.deep.equal(events);
        expect(await alice.history({fromBlock: 0, toBlock: 0}), "nothing yet").to.deep.equal([]);
    });

    it("should call data of strangers by what it is", () => {
        expect(refusalIn({data: "0xdeadbeef"})?.sentence, "unknown").to.contain("0xdeadbeef");
        expect(refusalIn(new Error("the line is dead")), "no refusal").to.equal(undefined);
    });
});

describe("client: deployments", () => {
    it("should read what a deployment file holds, and name what is wrong with it", async () => {
        const {
            world: {deployment},
        } = await loadFixture(fixture);
        expect(readDeployment(JSON.stringify(deployment)), "text").to.deep.equal(deployment);
        expect(readDeployment(deployment), "parsed").to.deep.equal(deployment);
        const broken = {...deployment, contracts: {...deployment.contracts, vault: "0x12"}};
        for (const [file, message] of [
            ["{", "deployment: "],
            [{}, "deployment: network"],
            [broken, "deployment: contracts.vault: must be an address"],
        ] as const) {
            expect(() => readDeployment(file), message)
                .to.throw(message)
                .that.includes({code: "file-malformed"});
        }
    });

    it("should find a deployment by name or chain, and only one", async () => {
        const {
            world: {deployment},
        } = await loadFixture(fixture);
        const known = [deployment, {...deployment, network: "other", chainId: 5}];
        expect(deploymentOf("local", known), "name").to.equal(deployment);
        expect(deploymentOf(5, known).network, "chain").to.equal("other");
        expect(knownDeployments(), "none is public").to.deep.equal([]);
        for (const [ask, message] of [
            [() => deploymentOf("local"), '"local" is not a network of this kit (none)'],
            [() => deploymentOf("mars", known), "(local (31337), other (5))"],
            [() => deploymentOf("local", [deployment, deployment]), "more than one deployment"],
        ] as const) {
            expect(ask, message).to.throw(message).that.includes({code: "network-unknown"});
        }
    });
});
