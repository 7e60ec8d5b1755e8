import {expect} from "chai";
import {ZeroHash, type TransactionRequest} from "ethers";
import {network} from "hardhat";

import {parseKeeperConfig} from "../../../scripts/keeper/config.js";
import {createKeeper} from "../../../scripts/keeper/setup.js";
import {CLEARINGHOUSE_ABI} from "../../../scripts/sdk/abi/Clearinghouse.js";
import {deployLiquidation, type LiquidationFixture} from "../../unit/liquidation/Liquidator/fixture.js";

const {ethers, networkHelpers} = await network.create();
const deployed = (): Promise<LiquidationFixture> => deployLiquidation(ethers);

async function rawConfig(fixture: LiquidationFixture, change: Readonly<Record<string, unknown>> = {}) {
    const {vault, books, engine, prices, liquidator, bob} = fixture;
    const contracts = {
        vault: await vault.getAddress(),
        clearinghouse: await books.getAddress(),
        riskEngine: await engine.getAddress(),
        priceOracle: await prices.getAddress(),
        liquidator: await liquidator.getAddress(),
    };
    const account = `${bob.address}/0`;
    // No state is kept before a start has found everything in order.
    const stateFile = "out/keeper/never.json";
    return {rpcUrl: "http://127.0.0.1:8545", chainId: "31337", contracts, account, stateFile, ...change};
}

const keeperOf = async (fixture: LiquidationFixture, change: Readonly<Record<string, unknown>>) =>
    createKeeper(
        parseKeeperConfig(await rawConfig(fixture, change)),
        {provider: ethers.provider, signer: fixture.bob.signer},
        () => undefined,
    );

describe("keeper: what a start checks", () => {
    it("should refuse a wrong chain, missing code, another core and a key without the right", async () => {
        const fixture = await networkHelpers.loadFixture(deployed);
        const codeOf = async (change: Readonly<Record<string, unknown>>): Promise<unknown> => {
            const error: unknown = await keeperOf(fixture, change).catch((reason: unknown) => reason);
            return error instanceof Error && "code" in error ? error.code : error;
        };
        const {contracts} = await rawConfig(fixture);
        expect(await codeOf({chainId: "1"})).to.equal("wrong-chain");
        expect(await codeOf({contracts: {...contracts, liquidator: fixture.bob.address}})).to.equal("no-code");
        expect(await codeOf({contracts: {...contracts, riskEngine: contracts.vault}})).to.equal("wrong-core");
        expect(await codeOf({account: `${fixture.alice.address}/0`})).to.equal("not-authorised");
        expect(await codeOf({account: "nobody", unknown: 1})).to.not.equal(undefined);
    });

    it("should refuse contracts of another version", async () => {
        const fixture = await networkHelpers.loadFixture(deployed);
        const coder = new ethers.Interface(CLEARINGHOUSE_ABI);
        const asked = coder.encodeFunctionData("eip712Domain");
        const at = await fixture.books.getAddress();
        const told = coder.encodeFunctionResult("eip712Domain", ["0x0f", "Ballast", "2", 31337n, at, ZeroHash, []]);
        const provider = new Proxy(ethers.provider, {
            get: (inner, name) => {
                if (name === "call") {
                    return async (tx: TransactionRequest) => (tx.data === asked ? told : inner.call(tx));
                }
                const value: unknown = Reflect.get(inner, name, inner);
                return typeof value === "function" ? (value.bind(inner) as unknown) : value;
            },
        });
        const config = parseKeeperConfig(await rawConfig(fixture));
        const started = createKeeper(config, {provider, signer: fixture.bob.signer}, () => undefined);
        const error: unknown = await started.catch((reason: unknown) => reason);
        expect(error).to.include({code: "wrong-version"});
        expect((error as Error).message).to.contain("is Ballast version 2, this keeper is for Ballast version 1");
    });
});
