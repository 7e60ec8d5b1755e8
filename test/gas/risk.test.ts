import {expect} from "chai";
import {network} from "hardhat";

import type {AccountId} from "../../scripts/sdk/ids.js";
import * as risk from "../unit/risk/fixture.js";
import {book, BTC, call, days, ETH, perp, put} from "../unit/risk/fixture.js";
import {recordGas, steadyClock, TX_GAS_CAP} from "./recordGas.js";

const {ethers, provider} = await network.create(risk.RISK_CHAIN);
steadyClock(provider, risk.START + 60);

/** Options of one or two underlyings over four expiries, a quarter of them puts sold. */
function options(count: number, underlyings: readonly (typeof BTC | typeof ETH)[]): risk.Leg[] {
    const expiries = [days(7), days(30), days(90), days(180)];
    return Array.from({length: count}, (_, i) => {
        const underlying = underlyings[i % underlyings.length] ?? BTC;
        const expiry = expiries[Math.floor(i / 2) % expiries.length] ?? days(7);
        const strike = Math.round(risk.SPOT[underlying] * (0.7 + (0.6 * i) / count));
        return i % 4 === 3 ? [put(underlying, expiry, strike), -1] : [call(underlying, expiry, strike), 1];
    });
}

/** Gas of a view called as a transaction of its own, what every transaction pays taken off. Books stand in a mock. */
describe("gas: RiskEngine", () => {
    async function fixture() {
        const all = await risk.riskFixture(ethers);
        for (const underlying of [BTC, ETH] as const) {
            await all.market.setSurface(underlying, days(180), risk.flatSurface(days(180), 0.6));
        }
        const measure = async (name: string, args: readonly unknown[]): Promise<bigint> => {
            const data = all.engine.interface.encodeFunctionData(name as "assess", args as [AccountId]);
            const sent = await all.admin.sendTransaction({to: all.engine, data, gasLimit: 900_000_000n});
            const used = (await sent.wait())?.gasUsed ?? 0n;
            const bytes = [...Buffer.from(data.slice(2), "hex")];
            return used - 21_000n - bytes.reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n);
        };
        return {...all, measure};
    }

    it("should record checks of one to sixty-four positions", async () => {
        const {market, account, engine, measure} = await fixture();
        const cases: [string, risk.Leg[]][] = [
            ["no position", []],
            ["1 perpetual", [[perp(BTC), 1]]],
            ["1 option", options(1, [BTC])],
            ["8 options, 4 expiries", options(8, [BTC])],
            ["32 options, 4 expiries", options(32, [BTC])],
            ["32 options, 2 underlyings", options(32, [BTC, ETH])],
            ["64 options, 2 underlyings", options(64, [BTC, ETH])],
        ];
        for (const [label, legs] of cases) {
            const held = book({legs});
            await market.setBook(account, held);
            const {underlyings, groupBinding} = await engine.report(held);
            const witness = {own: underlyings.map(({binding}) => Number(binding)), joint: groupBinding.map(Number)};
            const [assess, breach] = [
                await measure("assess", [account]),
                await measure("breaches", [account, witness]),
            ];
            expect(assess, label).to.be.at.most(TX_GAS_CAP);
            recordGas(`risk: assess, ${label}`, assess);
            if (legs.length > 0) recordGas(`risk: witness, ${label}`, breach);
        }
    });
});
