import {expect} from "chai";

import {applyEvent, booksOf, emptyLedger, MalformedEventError} from "../../../scripts/chain/ledger.js";
import type {Ledger} from "../../../scripts/chain/ledger.js";

const moved = (args: Readonly<Record<string, unknown>>) => ({
    name: "PositionsMoved",
    args: {account: "a", keeper: "k", instruments: [1n, 2n], movedE18: [3n, -4n], ...args},
});

function withSizes(): Ledger {
    const ledger = emptyLedger();
    booksOf(ledger, "a").sizeE18.set(1n, 3n).set(2n, -10n);
    booksOf(ledger, "k").sizeE18.set(2n, 4n);
    return ledger;
}

const sizesOf = (ledger: Ledger, account: string) => [...booksOf(ledger, account).sizeE18];

describe("chain: ledger", () => {
    it("should take what moved from the one and add it to the other, without zeros", () => {
        const ledger = withSizes();
        applyEvent(ledger, moved({}));
        expect(sizesOf(ledger, "a"), "gives").to.deep.equal([[2n, -6n]]);
        expect(sizesOf(ledger, "k"), "takes").to.deep.equal([[1n, 3n]]);
    });

    for (const [what, args, argument] of [
        ["a list that is none", {instruments: 1n}, "instruments"],
        ["a list of something else", {movedE18: [3n, "4"]}, "movedE18"],
        ["lists that do not match", {movedE18: [3n]}, "movedE18"],
        ["no account", {account: undefined}, "account"],
    ] as const) {
        it(`should refuse an event with ${what}, and name the argument`, () => {
            const ledger = withSizes();
            expect(() => applyEvent(ledger, moved(args)))
                .to.throw(MalformedEventError)
                .that.includes({event: "PositionsMoved", argument});
            expect([sizesOf(ledger, "a"), sizesOf(ledger, "k")], "untouched").to.deep.equal([
                [
                    [1n, 3n],
                    [2n, -10n],
                ],
                [[2n, 4n]],
            ]);
        });
    }

    it("should refuse a figure that is no number, and pass over events without books", () => {
        const ledger = withSizes();
        const changed = {name: "PositionChanged", args: {account: "a", instrument: 1n, sizeAfterE18: "3"}};
        expect(() => applyEvent(ledger, changed)).to.throw(MalformedEventError, "sizeAfterE18: 3");
        applyEvent(ledger, {name: "FeePaid", args: {}});
        expect(sizesOf(ledger, "a"), "untouched").to.deep.equal([
            [1n, 3n],
            [2n, -10n],
        ]);
    });
});
