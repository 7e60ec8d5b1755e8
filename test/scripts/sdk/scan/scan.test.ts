import {expect} from "chai";

import {InputError} from "../../../../scripts/sdk/failures.js";
import {accountId} from "../../../../scripts/sdk/ids.js";
import type {AccountId} from "../../../../scripts/sdk/ids.js";
import {decodeInstrument, isLinear, perp} from "../../../../scripts/sdk/instruments.js";
import {mulDown} from "../../../../scripts/sdk/math/index.js";
import {assessBook, breaches, defaultGrid, share} from "../../../../scripts/sdk/risk/index.js";
import type {Assessment, Book, Market} from "../../../../scripts/sdk/risk/index.js";
import {createScan} from "../../../../scripts/sdk/scan/index.js";
import type {Scan} from "../../../../scripts/sdk/scan/index.js";
import {ONE_E18, parseE18} from "../../../../scripts/sdk/units.js";
import {randomFrom} from "../../../support/bits.js";
import {bookOf} from "../../../support/books.js";
import {NOW} from "../../../support/comparison.js";
import {questionOf} from "../../../support/riskChain.js";
import {worldOf} from "../../../support/worlds.js";
import type {World} from "../../../support/worlds.js";
import {atEdge} from "./edge.js";

const random = randomFrom(77n);
const world = worldOf(random, NOW);
const account = (place: number): AccountId => accountId(`0x${place.toString(16).padStart(40, "0")}`);

/** Books of every model, each a little below or above its requirement. */
const books = new Map(
    Array.from({length: 400}, (_, place) => {
        const book = bookOf(random, world);
        const aimE18 = random.between(-500n, 500n) * ONE_E18;
        return [account(place), book.model === "SCENARIO" ? atEdge(world, book, aimE18) : book] as const;
    }),
);

function scanOf(of: ReadonlyMap<AccountId, Book>, {market, parameters}: Pick<World, "market" | "parameters">): Scan {
    const scan = createScan();
    for (const [one, book] of of) scan.put(one, book);
    scan.reprice(market, parameters);
    return scan;
}

const shortfall = ({equityE18, maintenanceE18}: Assessment): bigint => maintenanceE18 - equityE18;

/** The list as one makes it by asking the exact twin about everybody. */
function byTwin(of: ReadonlyMap<AccountId, Book>, {market, parameters}: Pick<World, "market" | "parameters">) {
    return [...of]
        .map(([one, book]) => {
            const positions = book.positions.filter(({sizeE18}) => sizeE18 !== 0n).length;
            return {account: one, positions, ...assessBook({book, market, parameters})};
        })
        .filter((one) => shortfall(one) > 0n)
        .sort((a, b) => (a.account < b.account ? -1 : 1))
        .sort((a, b) => Number(shortfall(b) > shortfall(a)) - Number(shortfall(b) < shortfall(a)));
}

const moved = (factorE18: bigint): Market => ({
    ...world.market,
    pricesE18: new Map([...world.market.pricesE18].map(([feed, price]) => [feed, mulDown(price, factorE18)])),
});

function failure(work: () => unknown): InputError | undefined {
    try {
        work();
    } catch (error) {
        if (error instanceof InputError) return error;
        throw error;
    }
    return undefined;
}

describe("scan", () => {
    context("given accounts of every model", () => {
        it("should list what the exact twin calls short, the greatest shortfall first", () => {
            const {short, unreadable} = scanOf(books, world).find();
            expect(short, "short accounts").to.deep.equal(byTwin(books, world));
            expect(short.length, "how many").to.be.within(100, 350);
            expect(unreadable, "unreadable accounts").to.deep.equal([]);
        });

        it("should ask about every account of another model than SCENARIO, and few others that are not short", () => {
            const scan = scanOf(books, world);
            const {short, asked} = scan.find();
            const others = [...books].filter(([, {model}]) => model !== "SCENARIO").map(([one]) => one);
            const suspects = new Set(scan.suspects());
            expect(
                others.filter((one) => !suspects.has(one)),
                "not asked about",
            ).to.deep.equal([]);
            expect(asked, "accounts asked about").to.equal(suspects.size);
            const needless = [...suspects].filter(
                (one) => !others.includes(one) && !short.some((found) => found.account === one),
            );
            expect(needless.length, "asked about in vain").to.be.lessThan(5);
        });

        it("should follow a price", () => {
            const scan = scanOf(books, world);
            for (const factorE18 of ["0.9", "1.2", "1"].map(parseE18)) {
                const market = moved(factorE18);
                scan.reprice(market, world.parameters);
                expect(scan.find().short, `at ${factorE18}`).to.deep.equal(byTwin(books, {...world, market}));
            }
        });

        it("should follow time over an expiry", () => {
            const scan = scanOf(books, world);
            const market = {...world.market, now: world.market.now + 100_000};
            scan.reprice(market, world.parameters);
            expect(scan.find().short).to.deep.equal(byTwin(books, {...world, market}));
        });

        it("should follow parameters, longer grids too", () => {
            const scan = scanOf(books, world);
            const grid = [...defaultGrid(parseE18("0.3")), ...defaultGrid(parseE18("0.5"))];
            const underlyings = new Map(
                [...world.parameters.underlyings].map(([one, {params}]) => [one, {params, grid}] as const),
            );
            const parameters = {...world.parameters, underlyings};
            scan.reprice(world.market, parameters);
            expect(scan.find().short).to.deep.equal(byTwin(books, {...world, parameters}));
        });
    });

    context("given accounts that change", () => {
        it("should say what a scan says that has never known anything else", () => {
            const scan = scanOf(books, world);
            const now = new Map(books);
            for (let i = 0; i < 3_000; i++) {
                const one = account(Number(random.below(500n)));
                if (random.below(3n) === 0n && now.has(one)) {
                    now.delete(one);
                    scan.remove(one);
                } else {
                    const book = random.pick([...books.values()]);
                    now.set(one, book);
                    scan.put(one, book);
                }
            }
            const fresh = scanOf(now, world);
            expect(scan.size(), "accounts, positions and instruments").to.deep.equal(fresh.size());
            expect(new Set(scan.suspects()), "suspects").to.deep.equal(new Set(fresh.suspects()));
            for (const one of now.keys()) {
                expect(scan.leastLeft(one), `bound of ${one}`).to.deep.equal(fresh.leastLeft(one));
            }
            expect(scan.find().short, "short accounts").to.deep.equal(byTwin(now, world));
        });

        it("should price what nobody held when the market came", () => {
            const scan = createScan();
            scan.reprice(world.market, world.parameters);
            for (const [one, book] of books) scan.put(one, book);
            expect(scan.find()).to.deep.equal(scanOf(books, world).find());
        });
    });

    context("given a market that lacks something", () => {
        const own = account(1);
        const held: Book = {
            model: "SCENARIO",
            cashE18: 1_000_000_000n * ONE_E18,
            collateral: [],
            quotes: [],
            positions: [{instrument: perp(1), sizeE18: ONE_E18}],
        };

        it("should name those whose figures cannot be had, and go on", () => {
            const pricesE18 = new Map([...world.market.pricesE18].filter(([feed]) => feed !== 1));
            const market = {...world.market, pricesE18};
            const untouched = new Map([...books].filter(([, book]) => !touches(book, 1)));
            const {short, unreadable} = scanOf(new Map([...untouched, [own, held]]), {...world, market}).find();
            expect(unreadable.map((one) => one.account)).to.deep.equal([own]);
            expect(unreadable[0]?.error.code).to.equal("market-missing");
            expect(short).to.deep.equal(byTwin(untouched, {...world, market}).filter((one) => one.account !== own));
        });

        it("should not clear an account whose asset or settlement price is missing", () => {
            const asset = {...held, positions: [], collateral: [{assetId: 77, unitsE18: 1n}]};
            const scan = scanOf(new Map([[own, asset]]), world);
            expect(scan.leastLeft(own), "unknown asset").to.deep.equal(NaN);
            const unpriced = {...world.market, pricesE18: new Map([[1, parseE18("60000")]])};
            scan.put(own, held);
            scan.reprice(unpriced, world.parameters);
            expect(scan.leastLeft(own), "no price of the settlement coin").to.deep.equal(NaN);
            expect(scan.find().unreadable.length).to.equal(1);
        });

        it("should pass collateral below zero to the exact twin", () => {
            const scan = scanOf(new Map([[own, {...held, collateral: [{assetId: 1, unitsE18: -1n}]}]]), world);
            expect(scan.leastLeft(own)).to.deep.equal(NaN);
        });

        it("should let through what is no error of the market", () => {
            const broken = new Error("broken");
            const market: Market = {
                ...world.market,
                get underlyings(): Market["underlyings"] {
                    throw broken;
                },
            };
            const scan = scanOf(new Map([[own, held]]), world);
            expect(() => scan.reprice(market, world.parameters)).to.throw(broken);
        });
    });

    context("given something wrong", () => {
        it("should refuse to answer before it has a market", () => {
            expect(failure(() => createScan().find())?.code).to.equal("market-missing");
            expect(failure(() => createScan().suspects())?.code).to.equal("market-missing");
        });

        it("should name an account that it does not know", () => {
            const scan = scanOf(new Map(), world);
            for (const work of [() => scan.leastLeft(account(5)), () => scan.remove(account(5))]) {
                expect(failure(work)?.code, "code").to.equal("account-unknown");
                expect(failure(work)?.details, "details").to.deep.equal({account: account(5)});
            }
        });

        it("should keep the book before when the next is malformed", () => {
            const scan = scanOf(books, world);
            const before = scan.find();
            const sized = scan.size();
            const legs = [
                {instrument: perp(2), sizeE18: ONE_E18},
                {instrument: perp(1), sizeE18: ONE_E18},
            ];
            const book: Book = {model: "SCENARIO", cashE18: 0n, collateral: [], quotes: [], positions: legs};
            expect(failure(() => scan.put(account(1), book))?.code, "order").to.equal("book-unordered");
            const odd = {...book, positions: [...legs.slice(1), {instrument: 2n ** 128n, sizeE18: 1n}]};
            expect(failure(() => scan.put(account(1), odd))?.code, "id").to.equal("instrument-malformed");
            expect(scan.find(), "what it finds").to.deep.equal(before);
            expect(scan.size(), "what it holds").to.deep.equal(sized);
        });
    });
});

const touches = ({positions, collateral}: Book, underlying: number): boolean =>
    positions.some(({instrument}) => decodeInstrument(instrument).underlying === underlying) ||
    collateral.some(({assetId}) => world.parameters.assets.get(assetId)?.underlying === underlying);

describe("scan: what questions share", () => {
    it("should change no answer", () => {
        const shared = share(world.market, world.parameters);
        for (const book of books.values()) {
            const question = questionOf(world, book);
            const label = `${book.positions.length} positions`;
            expect(assessBook({...question, shared}), label).to.deep.equal(assessBook(question));
            if (book.model !== "SCENARIO" || book.positions.length === 0) continue;
            const witness = {own: [], joint: []};
            expect(breaches({...question, shared}, witness), label).to.deep.equal(breaches(question, witness));
        }
        const [known] = shared.underlyings.values();
        expect(known?.options.size, "options that are shared").to.be.greaterThan(20);
    });

    it("should be left aside by another market, other parameters and another spot price", () => {
        const shared = share(world.market, world.parameters);
        const linear = [...books.values()].filter(({positions}) =>
            positions.some(({instrument}) => !isLinear(decodeInstrument(instrument).kind)),
        );
        for (const book of linear) assessBook({...questionOf(world, book), shared});
        const elsewhere = moved(parseE18("1.1"));
        const [spotE18] = [...elsewhere.pricesE18].filter(([feed]) => feed === 1).map(([, price]) => price);
        for (const book of linear.slice(0, 50)) {
            const other = {...questionOf(world, book), market: elsewhere};
            expect(assessBook({...other, shared}), "market").to.deep.equal(assessBook(other));
            const what = {...questionOf(world, book), whatIf: {underlying: 1, spotE18: spotE18 ?? 0n}};
            expect(assessBook({...what, shared}), "spot price").to.deep.equal(assessBook(what));
        }
    });
});
