import {expect} from "chai";

import {accountId, ALL_RIGHTS, mayAct, RIGHT_NAMES, rightBits, rightNames, RIGHTS} from "../../../scripts/sdk/index.js";
import {read} from "../../../scripts/tools/repository.js";

const owner = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const operator = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

describe("sdk rights", () => {
    it("should have the bits of the contracts", () => {
        const source = read("contracts/types/Rights.sol");
        const bits = [...source.matchAll(/constant RIGHT_(\w+) = (\d+);/g)].map(([, name = "", bit]) => [
            name.toLowerCase(),
            Number(bit),
        ]);
        expect(bits, "rights of the source").to.deep.equal(Object.entries(RIGHTS));
    });

    it("should go from names to bits and back", () => {
        for (let bits = 0; bits <= ALL_RIGHTS; ++bits) {
            expect(rightBits(rightNames(bits)), `bits ${bits}`).to.equal(bits);
        }
        expect(rightNames(ALL_RIGHTS), "all").to.deep.equal(RIGHT_NAMES);
        expect(rightBits(["trade", "trade", "liquidate"]), "twice the same").to.equal(9);
    });

    it("should refuse what is no right", () => {
        for (const wrong of [() => rightBits(["steal"]), () => rightBits(["toString"]), () => rightNames(16)]) {
            expect(wrong, "refused").to.throw().that.includes({code: "right-unknown"});
        }
        expect(() => rightNames(-1), "negative").to.throw("-1 is no set of rights");
        expect(() => rightNames(1.5), "not whole").to.throw("1.5 is no set of rights");
    });

    it("should let the owner act always, an operator within rights and time", () => {
        const account = accountId(owner, 3n);
        const grant = {rights: rightBits(["trade"]), expiresAt: 100};
        const nothing = {rights: 0, expiresAt: 0};
        expect(mayAct(account, owner.toLowerCase(), "withdraw", nothing, 1e9), "owner").to.equal(true);
        expect(mayAct(account, operator, "trade", grant, 100), "last second").to.equal(true);
        expect(mayAct(account, operator, "trade", grant, 101), "too late").to.equal(false);
        expect(mayAct(account, operator, "withdraw", grant, 100), "another right").to.equal(false);
    });
});
