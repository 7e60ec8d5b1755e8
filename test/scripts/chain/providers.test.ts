import {expect} from "chai";
import {network} from "hardhat";

import {connect} from "../../../scripts/chain/providers.js";
import {listen} from "../../../scripts/node/server.js";
import type {RunningServer} from "../../../scripts/node/server.js";
import {startAnswering} from "../../support/faults/answers.js";
import type {Answer} from "../../support/faults/answers.js";

const CHAIN = 31_337n;
const NOBODY = "http://127.0.0.1:9";

describe("chain: several nodes", () => {
    const servers: RunningServer[] = [];
    let close: () => Promise<void>;

    before(async () => {
        const connection = await network.create();
        for (let i = 0; i < 2; ++i) servers.push(await listen(connection.provider, 0));
        close = () => connection.close();
    });

    after(async () => {
        await servers[1]?.close();
        await close();
    });

    const open = (urls: readonly string[], chainId = CHAIN, away: string[] = []): ReturnType<typeof connect> =>
        connect({urls, chainId, stallMs: 500}, (url) => away.push(url));

    it("should leave out who does not answer, and name him", async () => {
        const away: string[] = [];
        const nodes = await open([NOBODY, servers[1]!.url], CHAIN, away);
        expect(nodes.each).to.have.lengthOf(1);
        expect(away).to.deep.equal([NOBODY]);
        expect(await nodes.provider.getBlockNumber()).to.be.a("number");
        nodes.close();
    });

    it("should refuse a node of another chain, and an empty room", async () => {
        const other: unknown = await open([servers[1]!.url], 1n).catch((error: unknown) => error);
        expect(other).to.include({code: "wrong-chain", url: servers[1]!.url});
        const secret: unknown = await open([`${servers[1]!.url}/v2/secret`], 1n).catch((error: unknown) => error);
        expect(secret)
            .to.have.property("message")
            .that.matches(/^127\.0\.0\.1:\d+ is on chain 31337, not on 1$/);
        const none: unknown = await open([NOBODY]).catch((error: unknown) => error);
        expect(none).to.have.property("code", "no-node");
    });

    it("should go on with the second when the first says that it is out of order, and believe what it says of a request", async () => {
        let error: object | undefined;
        const answer = (method: string): Answer => {
            if (method === "eth_chainId") return {result: "0x7a69"};
            return error === undefined ? {result: "0x539"} : {error};
        };
        const odd = await startAnswering(answer);
        const nodes = await open([odd.url, servers[1]!.url]);
        const real = await open([servers[1]!.url]);
        const block = await real.provider.getBlockNumber();
        real.close();
        expect(await nodes.provider.getBlockNumber(), "the first").to.equal(1337);
        error = {code: -32_603, message: "execution reverted"};
        expect(await nodes.provider.getBlockNumber().catch((reason: unknown) => reason), "its word").to.be.an("error");
        for (const out of [
            {code: -32_603, message: "Internal error"},
            {code: -32_005, message: "limit exceeded"},
        ]) {
            error = out;
            expect(await nodes.provider.getBlockNumber(), out.message).to.equal(block);
        }
        nodes.close();
        await odd.close();
    });

    it("should go on with the second when the first goes away", async () => {
        const nodes = await open(servers.map(({url}) => url));
        expect(nodes.each).to.have.lengthOf(2);
        const block = await nodes.provider.getBlockNumber();
        await servers[0]!.close();
        expect(await nodes.provider.getBlockNumber()).to.equal(block);
        expect((await nodes.provider.getBlock(block))?.number).to.equal(block);
        nodes.close();
    });
});
