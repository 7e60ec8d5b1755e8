import {expect} from "chai";
import {Interface} from "ethers";

import * as abi from "../../../scripts/sdk/abi/index.js";
import {accountId, EVENT_CONTRACTS, eventDecoder, eventsOf, parseInstrument} from "../../../scripts/sdk/index.js";
import type {RawLog} from "../../../scripts/sdk/index.js";

const owner = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const vault = "0x00000000000000000000000000000000000000A1";
const clearinghouse = "0x00000000000000000000000000000000000000a2";
const liquidator = "0x00000000000000000000000000000000000000A3";
const decoder = eventDecoder({vault, clearinghouse, liquidator});
const E18 = 10n ** 18n;

function logOf(address: string, signatures: readonly string[], name: string, values: readonly unknown[]): RawLog {
    const coder = new Interface(signatures);
    return {address, ...coder.encodeEventLog(name, values)};
}

/** A value of zeros of any type, lists empty. */
function zeroOf(type: string, components: readonly {readonly type: string}[] | null): unknown {
    if (type.endsWith("[]")) return [];
    if (components !== null) return components.map((one) => zeroOf(one.type, null));
    if (type === "bool") return false;
    if (type === "string") return "";
    if (type === "address") return `0x${"00".repeat(20)}`;
    const bytes = /^bytes(\d*)$/.exec(type);
    return bytes === null ? 0n : `0x${"00".repeat(Number(bytes[1]))}`;
}

describe("sdk events", () => {
    it("should name accounts, instruments and figures", () => {
        const instrument = parseInstrument("BTC-PERP");
        const account = accountId(owner, 2n);
        const values = [account, instrument, -E18 / 2n, 3n * E18, 60_000n * E18];
        const log = logOf(
            clearinghouse.toUpperCase().replace("0X", "0x"),
            abi.CLEARINGHOUSE_ABI,
            "PositionChanged",
            values,
        );
        const event = decoder.decode(log);
        expect(event, "decoded").to.deep.equal({
            contract: "clearinghouse",
            name: "PositionChanged",
            values: {account, instrument, deltaE18: -E18 / 2n, sizeAfterE18: 3n * E18, priceE18: 60_000n * E18},
            words: {
                account: `${owner}/2`,
                instrument: "BTC-PERP",
                deltaE18: "-0.5",
                sizeAfterE18: "3",
                priceE18: "60000",
            },
            sentence: `Position changed: account ${owner}/2, instrument BTC-PERP, delta -0.5, size after 3, price 60000.`,
        });
    });

    it("should take lists and structs apart", () => {
        const values = [accountId(owner), 1n, 2n, 3n, 4n, {own: [3, 5], joint: []}];
        const event = decoder.decode(logOf(liquidator, abi.LIQUIDATOR_ABI, "MarginCall", values));
        expect(event?.values, "witness").to.deep.include({binding: {own: [3n, 5n], joint: []}});
        expect(event?.words, "witness in words").to.include({binding: "{own [3, 5], joint []}"});
    });

    it("should read each value of a list in the unit of the list", () => {
        const instruments = ["BTC-PERP", "ETH-PERP"].map((name) => parseInstrument(name));
        const values = [accountId(owner), accountId(owner, 1n), instruments, [E18 / 4n, -2n * E18]];
        const event = decoder.decode(logOf(clearinghouse, abi.CLEARINGHOUSE_ABI, "PositionsMoved", values));
        expect(event?.values, "values").to.deep.include({instruments, movedE18: [E18 / 4n, -2n * E18]});
        expect(event?.words, "words").to.include({instruments: "[BTC-PERP, ETH-PERP]", movedE18: "[0.25, -2]"});
    });

    it("should tell contracts apart by address, and pass over logs of others", () => {
        const gate = [2];
        const ofVault = logOf(vault, abi.MARGIN_VAULT_ABI, "GateSet", gate);
        expect(decoder.decode(ofVault)?.contract, "vault").to.equal("vault");
        const ofClearinghouse = {...ofVault, address: clearinghouse};
        expect(decoder.decode(ofClearinghouse)?.contract, "clearinghouse").to.equal("clearinghouse");
        expect(decoder.decode({...ofVault, address: owner}), "stranger").to.equal(undefined);
        expect(decoder.decode({...ofVault, address: liquidator}), "an event of another contract").to.equal(undefined);
        expect(decoder.decode({address: vault, topics: [], data: "0x"}), "no topics").to.equal(undefined);
        expect(decoder.decodeAll([ofVault, {...ofVault, address: owner}, ofClearinghouse]).length).to.equal(2);
    });

    it("should choose events of one kind with their types", () => {
        const deposit = [accountId(owner), owner, owner, 5n, 7n * E18];
        const logs = [
            logOf(vault, abi.MARGIN_VAULT_ABI, "Deposited", deposit),
            logOf(vault, abi.MARGIN_VAULT_ABI, "GateSet", [0]),
        ];
        const [deposited, ...others] = eventsOf(decoder.decodeAll(logs), "vault", "Deposited");
        const credited: bigint | undefined = deposited?.values.creditE18;
        expect([credited, others], "one").to.deep.equal([7n * E18, []]);
    });

    it("should decode every event of every contract from zeros", () => {
        let count = 0;
        for (const contract of EVENT_CONTRACTS) {
            const all = new Interface(abi.EVENTS[contract].map(({fragment}) => fragment));
            all.forEachEvent((event) => {
                const values = event.inputs.map(({type, components}) => zeroOf(type, components));
                const log = {address: vault, ...all.encodeEventLog(event, values)};
                const decoded = eventDecoder({[contract]: vault}).decode(log);
                expect(decoded?.name, `${contract}.${event.name}`).to.equal(event.name);
                expect(Object.keys(decoded?.values ?? {}).length, event.name).to.equal(event.inputs.length);
                expect(decoded?.sentence, event.name).to.match(/^[A-Z].*\.$/);
                count += 1;
            });
        }
        expect(count, "events").to.be.above(80);
    });

    it("should know every event that a contract's ABI has and that carries values", () => {
        for (const [signatures, contract] of [
            [abi.MARGIN_VAULT_ABI, "vault"],
            [abi.CLEARINGHOUSE_ABI, "clearinghouse"],
            [abi.LIQUIDATOR_ABI, "liquidator"],
            [abi.BACKSTOP_ABI, "backstop"],
        ] as const) {
            const events = signatures.filter((text) => text.startsWith("event ") && !text.endsWith("()"));
            expect(abi.EVENTS[contract].map(({fragment}) => fragment).sort(), contract).to.deep.equal(events);
        }
    });
});
