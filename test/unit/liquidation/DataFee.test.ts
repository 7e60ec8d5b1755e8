import {expect} from "chai";
import {encodeBytes32String} from "ethers";
import {network} from "hardhat";

import {payE18} from "../../../scripts/sdk/auction.js";
import {deployLiquidation, e18, fallShort, NO_WITNESS, PAY} from "./Liquidator/fixture.js";

const {ethers, networkHelpers} = await network.create();

const OP_ORACLE = "0x420000000000000000000000000000000000000F";
const ARBITRUM_INFO = "0x000000000000000000000000000000000000006C";
const WEI = 10n ** 11n;
const BASE_FEE = 10n ** 9n;

/** A short account, and a chain whose contracts for fees answer a fixed figure to whatever they are asked. */
async function fixture() {
    const house = await fallShort(await deployLiquidation(ethers));
    for (const place of [OP_ORACLE, ARBITRUM_INFO]) {
        // PUSH7 WEI, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN
        await networkHelpers.setCode(place, `0x66${WEI.toString(16).padStart(14, "0")}5f5260205ff3`);
    }
    const op = await ethers.deployContract("OpDataFee");
    const arbitrum = await ethers.deployContract("ArbitrumDataFee");
    return {...house, op, arbitrum};
}

describe("Liquidator: data fee", () => {
    it("should ask the chain's own contract: an upper bound on OP chains, 16 units a byte on Arbitrum", async () => {
        const {op, arbitrum} = await networkHelpers.loadFixture(fixture);
        expect(await op.feeWei(700)).to.equal(WEI);
        expect(await arbitrum.feeWei(700)).to.equal(700n * 16n * WEI);
    });

    it("should be paid with the gas of a start, equal to the twin", async () => {
        const {liquidator, arbitrum, alice, bob} = await networkHelpers.loadFixture(fixture);
        const fee = {source: await arbitrum.getAddress(), startBytes: 700n, takeBytes: 400n};
        await expect(liquidator.setDataFee(fee)).to.emit(liquidator, "DataFeeSet").withArgs(Object.values(fee));
        expect([...(await liquidator.dataFee())]).to.deep.equal(Object.values(fee));
        const [startWei, takeWei] = await liquidator.dataFeesWei();
        expect([startWei, takeWei]).to.deep.equal([700n * 16n * WEI, 400n * 16n * WEI]);
        const pay = {...PAY, maxGasPriceWei: 10n ** 12n, maxE18: e18(1000)};
        await liquidator.setKeeperPay(pay);
        await networkHelpers.setNextBlockBaseFeePerGas(BASE_FEE);
        await liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id);
        const [started] = await liquidator.queryFilter(liquidator.filters.AuctionStarted());
        const expense = {gas: pay.startGas, dataWei: startWei};
        const native = e18(4000);
        expect(started!.args.payE18).to.equal(payE18(pay, expense, BASE_FEE, native));
        const without = payE18(pay, {...expense, dataWei: 0n}, BASE_FEE, native);
        expect(started!.args.payE18 - without, "the data at the coin's price, with the margin").to.equal(
            (startWei * 4000n * (e18(1) + pay.marginE18)) / e18(1),
        );
    });

    it("should tell what closing a book would be paid at any gas price", async () => {
        const {liquidator, op} = await networkHelpers.loadFixture(fixture);
        await liquidator.setDataFee({source: await op.getAddress(), startBytes: 700, takeBytes: 400});
        const gas = PAY.startGas + PAY.takeGas + 64n * PAY.takeGasPerPosition;
        const wei = gas * 3n * BASE_FEE + 2n * WEI;
        expect(await liquidator.closingPayE18(64, 3n * BASE_FEE)).to.equal(
            (wei * 4000n * (e18(1) + PAY.marginE18)) / e18(1),
        );
    });

    it("should count nothing of a source that fails, is no contract or answers absurdly", async () => {
        const {liquidator, op, bob} = await networkHelpers.loadFixture(fixture);
        const at = {source: await op.getAddress(), startBytes: 1, takeBytes: 1};
        await liquidator.setDataFee(at);
        for (const code of ["0x5f5ffd", `0x68${(100n * 10n ** 18n).toString(16).padStart(18, "0")}5f5260205ff3`]) {
            await networkHelpers.setCode(OP_ORACLE, code);
            expect([...(await liquidator.dataFeesWei())], code).to.deep.equal([0n, 0n]);
        }
        await liquidator.setDataFee({...at, source: ethers.ZeroAddress});
        expect([...(await liquidator.dataFeesWei())]).to.deep.equal([0n, 0n]);
        await expect(liquidator.connect(bob.signer).setDataFee(at)).to.be.revertedWithCustomError(
            liquidator,
            "AccessManagedUnauthorized",
        );
        for (const name of ["startBytes", "takeBytes"]) {
            await expect(liquidator.setDataFee({...at, [name]: 131_073}))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_ParameterOutOfBounds")
                .withArgs(encodeBytes32String(name), 131_073, 0, 131_072);
        }
    });
});
