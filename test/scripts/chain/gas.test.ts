import {expect} from "chai";
import type {TransactionRequest} from "ethers";

import {gasOf, kindOf} from "../../../scripts/chain/gas.js";
import type {Estimates} from "../../../scripts/chain/gas.js";

const FROM = "0x00000000000000000000000000000000000000aa";
const TO = "0x00000000000000000000000000000000000000bb";
const START = "0x11111111";
const TAKE = "0x22222222";

/** A node on which a call needs as much gas as its last byte says, in thousands. */
function node() {
    const asked: string[] = [];
    const needs = ({data}: TransactionRequest): bigint => 1_000n * BigInt(`0x${data!.slice(-2)}`);
    return {
        asked,
        call: (request: TransactionRequest) => {
            asked.push("call");
            return BigInt(request.gasLimit!) < needs(request)
                ? Promise.reject(new Error("out of gas"))
                : Promise.resolve("0x");
        },
        estimateGas: (request: TransactionRequest) => {
            asked.push("estimate");
            return request.data === "0x" ? Promise.reject(new Error("reverted")) : Promise.resolve(needs(request));
        },
    };
}

describe("chain: the gas of a call", () => {
    const calling = (data: string) => ({to: TO, data, from: FROM});

    it("should be estimated once per kind, and tried with the greatest estimate from then on", async () => {
        const own = node();
        const estimates: Estimates = new Map();
        expect(await gasOf(calling(`${START}20`), own, estimates)).to.equal(32_000n);
        expect(own.asked.splice(0), "unknown").to.deep.equal(["estimate"]);
        expect(await gasOf(calling(`${START}10`), own, estimates), "what is known to be enough").to.equal(32_000n);
        expect(own.asked.splice(0), "known").to.deep.equal(["call"]);
        expect(await gasOf(calling(`${TAKE}10`), own, estimates), "another function").to.equal(16_000n);
        expect(own.asked.splice(0)).to.deep.equal(["estimate"]);
    });

    it("should be estimated again where what is known is too little", async () => {
        const own = node();
        const estimates: Estimates = new Map([[kindOf({to: TO, data: START}), 8_000n]]);
        expect(await gasOf(calling(`${START}20`), own, estimates)).to.equal(32_000n);
        expect(own.asked.splice(0)).to.deep.equal(["call", "estimate"]);
        expect(await gasOf(calling(`${START}1f`), own, estimates), "the greatest counts").to.equal(32_000n);
        expect(own.asked).to.deep.equal(["call"]);
    });

    it("should be refused with the node's own reason", async () => {
        const estimates: Estimates = new Map();
        const refused = await gasOf(calling("0x"), node(), estimates).catch((error: unknown) => error);
        expect(refused).to.have.property("message", "reverted");
        expect(estimates.size, "nothing is learned from it").to.equal(0);
    });
});
