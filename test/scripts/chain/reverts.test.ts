import {expect} from "chai";
import {JsonRpcProvider, Network} from "ethers";

import {isRevert, revertDataOf} from "../../../scripts/chain/reverts.js";
import {startAnswering} from "../../support/faults/answers.js";

const network = Network.from(31_337n);

/** What ethers makes of a node's answer to a call. */
async function failureOf(error: object): Promise<unknown> {
    const node = await startAnswering(() => ({error}));
    const provider = new JsonRpcProvider(node.url, network, {staticNetwork: network});
    try {
        return await provider
            .call({to: "0x0000000000000000000000000000000000000001"})
            .catch((reason: unknown) => reason);
    } finally {
        provider.destroy();
        await node.close();
    }
}

describe("chain: what is a revert", () => {
    it("should not take a node's failure for one, which ethers does", async () => {
        for (const message of ["Internal error", "too many requests", "header not found"]) {
            expect(isRevert(await failureOf({code: -32_603, message})), message).to.equal(false);
        }
    });

    it("should know one with data, and one without", async () => {
        const bare = await failureOf({code: 3, message: "execution reverted"});
        expect(revertDataOf(bare), "without").to.equal("0x");
        const told = await failureOf({code: 3, message: "execution reverted", data: "0x12345678"});
        expect(revertDataOf(told), "with").to.equal("0x12345678");
    });
});
