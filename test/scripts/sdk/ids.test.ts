import {expect} from "chai";
import {getAddress} from "ethers";
import fc from "fast-check";

import {accountId, formatAccount, ownerOf, parseAccount, subAccountOf} from "../../../scripts/sdk/index.js";

const address = fc
    .bigInt({min: 0n, max: 2n ** 160n - 1n})
    .map((value) => getAddress(`0x${value.toString(16).padStart(40, "0")}`));
const subAccount = fc.bigInt({min: 0n, max: 2n ** 96n - 1n});

describe("sdk ids", () => {
    it("should unpack what it packed", () => {
        fc.assert(
            fc.property(address, subAccount, (owner, number) => {
                const id = accountId(owner, number);
                expect(BigInt(id)).to.equal((BigInt(owner) << 96n) | number);
                expect(ownerOf(id)).to.equal(owner);
                expect(subAccountOf(id)).to.equal(number);
                expect(parseAccount(formatAccount(id))).to.equal(id);
                expect(parseAccount(id)).to.equal(id);
            }),
        );
    });

    it("should read an address as its sub-account zero", () => {
        const owner = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
        expect(formatAccount(parseAccount(owner))).to.equal(`${owner}/0`);
    });

    it("should refuse what is no account", () => {
        const owner = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
        for (const text of [
            "",
            "0x12",
            `${owner}/`,
            `${owner}/x`,
            `${owner}/-1`,
            `${owner}/1/2`,
            owner.replace("C", "c"),
        ]) {
            expect(() => parseAccount(text), text)
                .to.throw()
                .with.property("code", "account-malformed");
        }
        expect(() => accountId(owner, 2n ** 96n))
            .to.throw()
            .with.property("code", "account-malformed");
    });
});
