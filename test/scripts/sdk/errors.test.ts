import {expect} from "chai";
import {encodeBytes32String, Interface, parseEther} from "ethers";

import {ERRORS} from "../../../scripts/sdk/abi/index.js";
import {
    accountId,
    decodeError,
    explainError,
    knownErrors,
    parseInstrument,
    revertData,
} from "../../../scripts/sdk/index.js";
import {staleAbiFiles} from "../../../scripts/tools/abi.js";

const errors = new Interface(ERRORS.map(({fragment}) => fragment));
const owner = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const encode = (name: string, values: readonly unknown[]): string => errors.encodeErrorResult(name, values);

describe("sdk errors", () => {
    it("should be generated from the compiled contracts", async () => {
        expect(await staleAbiFiles(), "run `npm run abi`").to.deep.equal([]);
    });

    it("should say how much is missing, for whom", () => {
        const values = [accountId(owner, 3n), parseEther("-12.5"), parseEther("200")];
        expect(decodeError(encode("RiskEngine_BelowInitial", values))).to.deep.include({
            name: "RiskEngine_BelowInitial",
            values: {account: `${owner}/3`, equityE18: "-12.5", initialE18: "200"},
            sentence:
                "An account's equity does not cover its initial requirement: " +
                `account ${owner}/3, equity -12.5, initial 200.`,
        });
    });

    it("should name instruments, times and parameters", () => {
        const instrument = parseInstrument("BTC-13MAR20-5000-P");
        expect(decodeError(encode("Clearinghouse_NotTradable", [instrument]))?.values).to.deep.equal({
            instrument: "BTC-13MAR20-5000-P",
        });
        expect(decodeError(encode("Clearinghouse_QuoteExpired", [1_584_086_400, 1_584_086_401]))?.sentence).to.equal(
            "A quote is past its deadline: deadline 2020-03-13T08:00:00Z, now 2020-03-13T08:00:01Z.",
        );
        const bounds = [encodeBytes32String("blend"), 2n, 0n, 1n];
        expect(decodeError(encode("RiskParameters_OutOfBounds", bounds))?.values["name"]).to.equal("blend");
        expect(decodeError(encode("PriceOracle_Stale", [1, 7500, 3600]))?.sentence).to.contain("age 2h 5m, max age 1h");
    });

    it("should decode every error it knows from zeros", () => {
        for (const {fragment} of ERRORS) {
            const {name = ""} = /^error (?<name>\w+)/.exec(fragment)?.groups ?? {};
            const {selector, inputs} = errors.getError(name) ?? {selector: "0x", inputs: []};
            const decoded = decodeError(`${selector}${"00".repeat(32 * 4 * inputs.length)}`);
            expect(decoded?.name).to.equal(name);
            expect(Object.keys(decoded?.values ?? {})).to.have.lengthOf(inputs.length);
        }
        expect(knownErrors().length).to.equal(ERRORS.length + 2);
    });

    it("should have no two errors under one selector", () => {
        const selectors = knownErrors().map(({selector}) => selector);
        expect(new Set(selectors).size).to.equal(selectors.length);
    });

    it("should explain every error of our own with a sentence", () => {
        const silent = knownErrors().filter(({name, says}) => name.includes("_") && says === "");
        expect(silent.map(({name}) => name)).to.deep.equal([]);
    });

    it("should find the data wherever a provider puts it", () => {
        const data = encode("MarginVault_ZeroAmount", []);
        const shapes = [{data}, {error: {data}}, {info: {error: {data: {data}}}}, {cause: {data}}, {data: {data}}];
        for (const shape of shapes) expect(explainError(shape)?.name).to.equal("MarginVault_ZeroAmount");
        expect(revertData({code: "NETWORK_ERROR"})).to.equal(undefined);
        expect(revertData({data: "0x"})).to.equal(undefined);
    });

    it("should pass over data of others", () => {
        expect(decodeError("0x")).to.equal(undefined);
        expect(decodeError("0xdeadbeef")).to.equal(undefined);
        expect(decodeError("nonsense")).to.equal(undefined);
    });

    it("should put built-in panics in words", () => {
        const panic = new Interface(["error Panic(uint256 code)"]).encodeErrorResult("Panic", [0x11]);
        expect(decodeError(panic)?.values["code"]).to.equal("arithmetic overflow (17)");
    });
});
