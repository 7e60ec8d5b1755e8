import {expect} from "chai";
import {FetchRequest, JsonRpcProvider, Network, makeError} from "ethers";

import {InputError} from "../../../scripts/sdk/failures.js";
import {createLogger, logWith, plainError, withHostsOnly} from "../../../scripts/shared/logger.js";

const KEY = "s3cret";
const ADDRESS = `https://user:${KEY}@node.example:8443/v3/${KEY}?token=${KEY}`;

/** The lines that a logger writes. */
function linesOf(write: (log: ReturnType<typeof logWith>) => void): Record<string, unknown>[] {
    const lines: string[] = [];
    write(logWith(createLogger("test", "info", {write: (line) => void lines.push(line)})));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("shared: errors in a log", () => {
    it("should keep the host of an address and nothing else of it", () => {
        for (const [text, shown] of [
            [ADDRESS, "node.example:8443"],
            [`cannot reach "${ADDRESS}", sorry`, 'cannot reach "node.example:8443", sorry'],
            [`info={ "requestUrl": "${ADDRESS}" }`, 'info={ "requestUrl": "node.example:8443" }'],
            [`wss://node.example/${KEY} and postgres://me:${KEY}@db/ballast`, "node.example and db"],
            [`(${ADDRESS})`, "(node.example:8443"],
            [`file:///home/${KEY}`, "(address)"],
            ["http://[broken", "(address)"],
            ["no address at all: 12://", "no address at all: 12://"],
        ] as const) {
            expect(withHostsOnly(text), text).to.equal(shown);
        }
    });

    it("R35: should leave nothing of a node's address in the error of a request", async () => {
        const network = Network.from(31_337);
        const request = new FetchRequest(`http://127.0.0.1:9/v3/${KEY}`);
        const node = new JsonRpcProvider(request, network, {staticNetwork: network, cacheTimeout: -1});
        const error: unknown = await node.send("eth_chainId", []).catch((reason: unknown) => reason);
        node.destroy();
        const refused = makeError(`server response 401 at ${ADDRESS}`, "SERVER_ERROR", {
            request: new FetchRequest(ADDRESS),
            info: {requestUrl: ADDRESS},
        });
        const outer = new Error("the round failed", {cause: refused});
        for (const [name, one] of Object.entries({error, refused, outer})) {
            expect(one, name).to.be.instanceOf(Error);
            const [line] = linesOf((log) => log("tick_failed", {error: one, failures: 1}));
            expect(JSON.stringify(line), name).to.not.include(KEY);
            expect(line, name).to.deep.include({event: "tick_failed", failures: 1});
        }
        const [line] = linesOf((log) => log("tick_failed", {error: outer}));
        const {message, stack, cause} = line!["err"] as Record<string, unknown>;
        expect(message, "what happened").to.equal("the round failed");
        expect(String(stack), "where").to.include("logger.test");
        expect(cause, "why").to.deep.include({type: "Error", code: "SERVER_ERROR"});
        expect(String((cause as Record<string, unknown>)["message"]), "by whom").to.include("at node.example:8443");
    });

    it("should keep the values that an error of ours says why with", () => {
        const error = new InputError("number-malformed", "no number", {text: "x", url: ADDRESS});
        const details = {text: "x", url: "node.example:8443"};
        expect(plainError(error)).to.deep.include({type: "InputError", code: "number-malformed", details});
    });

    it("should bear what is no error, and causes without an end", () => {
        expect(plainError(`lost ${ADDRESS}`), "a text").to.equal("lost node.example:8443");
        expect(plainError({url: ADDRESS}), "a thing").to.equal("object");
        const loop = new Error("again");
        loop.cause = loop;
        expect(JSON.stringify(plainError(loop)).match(/"message":"again"/g), "five times").to.have.lengthOf(5);
    });
});
