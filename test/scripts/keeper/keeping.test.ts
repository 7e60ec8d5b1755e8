import {expect} from "chai";

import {keepingOf, parseKeeperConfig} from "../../../scripts/keeper/config.js";
import {parseIndexerConfig} from "../../../scripts/store/config.js";

const ADDRESS = "0x00000000000000000000000000000000000000aa";
const CORE = {vault: ADDRESS, clearinghouse: ADDRESS, liquidator: ADDRESS};
const CHAIN = {rpcUrl: "http://127.0.0.1:8545", chainId: "31337"};

const configOf = (more: object) =>
    parseKeeperConfig({
        ...CHAIN,
        contracts: {...CORE, riskEngine: ADDRESS, priceOracle: ADDRESS},
        account: `${ADDRESS}/0`,
        ...more,
    });

describe("keeper: where it keeps what it learns", () => {
    it("should be the indexer's file if nothing is said", () => {
        const {database} = parseIndexerConfig({...CHAIN, contracts: CORE});
        expect(database).to.match(/\.sqlite$/);
        expect(keepingOf(configOf({}))).to.deep.equal({database});
    });

    it("should be the database that is named, before any file", () => {
        const database = "postgres://ballast@localhost/ballast";
        expect(keepingOf(configOf({database}))).to.deep.equal({database});
        expect(keepingOf(configOf({database, stateFile: "state.json"}))).to.deep.equal({database});
    });

    it("should be a file of its own where only that is named", () => {
        expect(keepingOf(configOf({stateFile: "state.json"}))).to.deep.equal({stateFile: "state.json"});
        expect(() => configOf({stateFile: ""})).to.throw(/stateFile/);
    });
});
