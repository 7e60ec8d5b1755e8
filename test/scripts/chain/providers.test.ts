import {expect} from "chai";
import {network} from "hardhat";

import {connect} from "../../../scripts/chain/providers.js";
import {listen} from "../../../scripts/node/server.js";
import type {RunningServer} from "../../../scripts/node/server.js";

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
        const none: unknown = await open([NOBODY]).catch((error: unknown) => error);
        expect(none).to.have.property("code", "no-node");
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
