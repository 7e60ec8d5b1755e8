import {expect} from "chai";
import {Interface} from "ethers";
import type {Signer} from "ethers";

import {actionOf} from "../../../scripts/client/action.js";
import type {Action} from "../../../scripts/client/action.js";
import type {Core} from "../../../scripts/client/core.js";
import {ifAnswered, refusing} from "../../../scripts/client/failures.js";
import {ERRORS} from "../../../scripts/sdk/abi/index.js";
import {eventDecoder} from "../../../scripts/sdk/index.js";

const OWNER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const HASH = `0x${"12".repeat(32)}`;
const errors = new Interface(ERRORS.map(({fragment}) => fragment));
const revert = Object.assign(new Error("reverted"), {
    code: "CALL_EXCEPTION",
    data: errors.encodeErrorResult("MarginVault_ZeroAmount", []),
});
const broken = new Error("the line is dead");

type Parts = {
    readonly call?: () => Promise<string>;
    readonly estimate?: () => Promise<bigint>;
    readonly wait?: () => Promise<unknown>;
};

/** An action over a node that answers as a test wants. */
function actionOver({call, estimate, wait}: Parts): Action<string> {
    const signer = {
        estimateGas: estimate ?? (() => Promise.resolve(100n)),
        sendTransaction: ({gasLimit}: {readonly gasLimit: bigint}) => {
            expect(gasLimit, "a fifth above the estimate").to.equal(120n);
            return Promise.resolve({wait: wait ?? (() => Promise.resolve(null))});
        },
    };
    const core = {
        deployment: {contracts: {vault: OWNER}},
        provider: {call: call ?? (() => Promise.resolve("0x12"))},
        signer: signer as unknown as Signer,
        from: OWNER,
        events: eventDecoder({}),
    };
    return actionOf(core as unknown as Core, {
        contract: "vault",
        name: "accrue",
        data: "0x",
        effect: (result) => Promise.resolve(`returns ${result}`),
    });
}

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
        () => undefined,
        (error: unknown) => error,
    );

describe("client: action", () => {
    it("should preview what the call returns, and the refusal of a revert", async () => {
        expect(await actionOver({}).preview(), "allowed").to.deep.equal({
            allowed: true,
            effect: "returns 0x12",
            approval: undefined,
        });
        const refused = await actionOver({call: () => Promise.reject(revert)}).preview();
        expect(refused, "refused").to.deep.include({allowed: false});
        const dead = actionOver({call: () => Promise.reject(broken)}).preview();
        expect(await errorOf(dead), "a dead line is no refusal").to.equal(broken);
    });

    it("should tell refusals, reverts and lost transactions apart", async () => {
        const refused = actionOver({estimate: () => Promise.reject(revert)}).send();
        expect(await errorOf(refused), "refused").to.include({code: "refused", name: "RefusedError"});
        expect(await errorOf(actionOver({}).send()), "lost").to.include({code: "lost"});
        const receipt = {status: 0, hash: HASH, blockNumber: 7, gasUsed: 90n, logs: []};
        const failed = Object.assign(new Error("mined"), {code: "CALL_EXCEPTION", receipt});
        const reverted = await errorOf(actionOver({wait: () => Promise.reject(failed)}).send());
        expect(reverted, "reverted").to.deep.include({code: "reverted", details: {hash: HASH}});
        expect(await errorOf(actionOver({wait: () => Promise.reject(broken)}).send()), "dead").to.equal(broken);
        const mined = await actionOver({wait: () => Promise.resolve({...receipt, status: 1})}).send();
        expect(mined, "mined").to.deep.equal({hash: HASH, block: 7, gasUsed: 90n, events: []});
    });

    it("should turn reverts into refusals and nothing else", async () => {
        expect(await errorOf(refusing(() => Promise.reject(broken))), "not a revert").to.equal(broken);
        const unanswered = await ifAnswered(() => Promise.reject<number>(revert));
        expect(unanswered, "no answer").to.equal(undefined);
        expect(await errorOf(ifAnswered(() => Promise.reject(broken))), "not an answer").to.equal(broken);
        const silent = Object.assign(new Error("silent"), {code: "CALL_EXCEPTION", data: "0x"});
        const error = await errorOf(refusing(() => Promise.reject(silent)));
        expect((error as Error).message, "silent").to.contain("without saying why");
    });
});
