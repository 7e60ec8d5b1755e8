import {expect} from "chai";
import {Interface, Wallet} from "ethers";
import type {Provider, TransactionRequest} from "ethers";

import {blamed, offersAmong} from "../../../../scripts/keeper/layOff/offers.js";
import type {Need, Offer} from "../../../../scripts/keeper/layOff/offers.js";
import {CLEARINGHOUSE_ABI} from "../../../../scripts/sdk/abi/Clearinghouse.js";
import {accountId} from "../../../../scripts/sdk/ids.js";
import {option, perp} from "../../../../scripts/sdk/instruments.js";
import {buildQuote, quoteDomain, signQuote} from "../../../../scripts/sdk/quotes.js";
import type {Quote, QuoteLeg} from "../../../../scripts/sdk/quotes.js";
import {parsePrice, parseSize, parseUnits} from "../../../../scripts/sdk/units.js";
import {writeQuote} from "../../../../scripts/shared/quoteFile.js";

const E18 = 10n ** 18n;
const NOW = 1_800_000_000;
const BLOCK = 77;
const CHAIN_ID = 31_337;
const CLEARINGHOUSE = `0x${"cc".repeat(20)}`;
const CODER = new Interface(CLEARINGHOUSE_ABI);
const SIGNER = new Wallet(`0x${"01".repeat(32)}`);
const MAKER = accountId(SIGNER.address);
const KEEPER = accountId(`0x${"44".repeat(20)}`);

const NEED: Need = {
    wanted: [
        {instrument: perp(1), sizeE18: -2n * E18},
        {instrument: perp(2), sizeE18: 2n * E18},
    ],
    blockNumber: BLOCK,
    nowSeconds: BigInt(NOW),
};

const leg = (price = "100", size = "1", instrument = perp(1)): QuoteLeg => ({
    instrument,
    sizePerUnitE18: parseSize(size),
    priceE18: parsePrice(price),
});

async function raw(change: Partial<Quote> = {}, more: object = {}): Promise<object> {
    const quote = buildQuote({
        maker: MAKER,
        legs: [leg()],
        unitsE18: parseUnits("5"),
        nonce: 1n,
        deadline: NOW + 60,
        ...change,
    });
    const signed = await signQuote(SIGNER, quoteDomain(BigInt(CHAIN_ID), CLEARINGHOUSE), quote);
    return {...writeQuote({signed, chainId: CHAIN_ID, clearinghouse: CLEARINGHOUSE}), ...more};
}

type Chain = {readonly filledE18?: bigint; readonly failure?: Error; readonly code?: string};

/** A node that answers as it is told, and remembers what it was asked. */
function chainOf({filledE18 = 0n, failure, code = "0x"}: Chain): {provider: Provider; asked: TransactionRequest[]} {
    const asked: TransactionRequest[] = [];
    const provider = {
        getCode: () => Promise.resolve(code),
        call: (request: TransactionRequest) => {
            asked.push(request);
            const isFill = request.data?.startsWith(CODER.getFunction("fill")!.selector) ?? false;
            if (isFill && failure !== undefined) return Promise.reject(failure);
            return Promise.resolve(isFill ? "0x" : `0x${filledE18.toString(16).padStart(64, "0")}`);
        },
    };
    return {provider: provider as unknown as Provider, asked};
}

const revert = (name: string, ...values: readonly unknown[]): Error =>
    Object.assign(new Error("reverted"), {data: CODER.encodeErrorResult(name, [...values])});

type Judged = {
    readonly offers: readonly Offer[];
    readonly outcomes: unknown;
    readonly asked: readonly TransactionRequest[];
};

async function judge(quotes: readonly object[], chain: Chain = {}, need = NEED): Promise<Judged> {
    const {provider, asked} = chainOf(chain);
    const outcomes: Record<string, unknown> = {};
    const offers = await offersAmong(
        quotes.map((one) => ({maker: "m", raw: one})),
        need,
        {
            provider,
            chainId: BigInt(CHAIN_ID),
            clearinghouse: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
            account: KEEPER,
            from: SIGNER.address,
            leastSeconds: 5,
            log: (event, fields = {}) => Object.assign(outcomes, event === "quotes_judged" ? fields["outcomes"] : {}),
        },
    );
    return {offers, outcomes, asked};
}

describe("keeper: what quotes are worth", () => {
    it("should try a good one on the block, for no more than is wanted and left", async () => {
        const {offers, outcomes, asked} = await judge([await raw()]);
        expect(outcomes, "usable").to.deep.equal({usable: 1});
        expect(offers, "one").to.have.lengthOf(1);
        expect(offers[0], "as it stands").to.deep.include({maker: "m", leftE18: 5n * E18, isByContract: false});
        expect(
            asked.map(({blockTag, from}) => [blockTag, from]),
            "on the block, from the keeper",
        ).to.deep.equal([
            [BLOCK, SIGNER.address],
            [BLOCK, SIGNER.address],
        ]);
        const units = async (filledE18: bigint): Promise<unknown> => {
            const tried = await judge([await raw()], {filledE18});
            const [fill] = CODER.decodeFunctionData("fill", tried.asked[1]!.data!) as unknown as [{unitsE18: bigint}];
            return fill.unitsE18;
        };
        expect(await units(0n), "what is wanted").to.equal(2n * E18);
        expect(await units(4n * E18), "what is left").to.equal(E18);
    });

    for (const [reason, make] of Object.entries({
        malformed: () => raw({}, {units: "many"}),
        "other-domain": () => raw({}, {chainId: 1}),
        "other-taker": () => raw({taker: accountId(`0x${"55".repeat(20)}`)}),
        "not-asked": () => raw({legs: [leg("100", "-1")]}),
        "not-of-one-unit": () => raw({legs: [leg("100", "2")]}),
        expired: () => raw({deadline: NOW + 4}),
        "too-small": () => raw({unitsE18: parseUnits("0.0199")}),
        "bad-signature": () => raw({}, {nonce: "2"}),
    })) {
        it(`should refuse before it asks the chain: ${reason}`, async () => {
            const {offers, outcomes, asked} = await judge([await make()]);
            expect([offers, outcomes, asked], reason).to.deep.equal([[], {[reason]: 1}, []]);
        });
    }

    it("should refuse other ways of the same faults", async () => {
        const call = option("CALL", 1, NOW + 86_400, 100n * 10n ** 8n);
        for (const [reason, quote] of [
            ["malformed", await raw({}, {deadline: "2027-01-15T08:00:00.5Z"})],
            ["malformed", await raw({}, {signer: "vitalik.eth"})],
            ["malformed", await raw({}, {nonce: String(2n ** 128n)})],
            ["malformed", await raw({}, {epoch: String(2n ** 64n)})],
            ["malformed", await raw({}, {units: String(2n ** 128n)})],
            ["malformed", await raw({}, {clearinghouse: "0x"})],
            ["other-domain", await raw({}, {clearinghouse: SIGNER.address})],
            ["other-taker", await raw({maker: KEEPER})],
            ["not-asked", await raw({legs: [leg("100", "1", call)]})],
            ["not-asked", await raw({legs: [leg("100", "1", perp(2))]})],
            ["not-of-one-unit", await raw({legs: [leg(), leg("100", "-1", perp(2))]})],
            ["bad-signature", await raw({}, {signature: `0x${"00".repeat(65)}`})],
            ["bad-signature", await raw({}, {signature: "0x"})],
        ] as const) {
            expect((await judge([quote])).outcomes, reason).to.deep.equal({[reason]: 1});
        }
    });

    it("should hold prices to what the caller finds fair", async () => {
        const isFair = (_: bigint, priceE18: bigint): boolean => priceE18 >= 100n * E18;
        const quotes = [await raw(), await raw({legs: [leg("99.999")]})];
        expect((await judge(quotes, {}, {...NEED, isFair})).outcomes).to.deep.equal({usable: 1, "off-price": 1});
    });

    it("should refuse what the chain refuses, by name", async () => {
        const hash = `0x${"ab".repeat(32)}`;
        for (const [reason, failure] of [
            ["cancelled", revert("Clearinghouse_QuoteCancelled", hash)],
            ["expired", revert("Clearinghouse_QuoteExpired", NOW, NOW)],
            ["bad-signature", revert("Clearinghouse_BadSignature", MAKER, SIGNER.address)],
            ["filled", revert("Clearinghouse_Overfilled", hash, 2n, 1n)],
            ["off-price", revert("Clearinghouse_PriceOutsideBand", perp(1), 1n, 2n, 3n)],
            ["maker-short", revert("Clearinghouse_InsufficientMargin", MAKER, 0n, -1n)],
            ["maker-short", revert("Clearinghouse_Insolvent", MAKER, -1n)],
            ["maker-short", revert("Clearinghouse_TooManyPositions", MAKER, 64n)],
            ["maker-short", revert("Clearinghouse_OpeningPaused", MAKER, perp(1))],
            ["refused", revert("Clearinghouse_BadLegs")],
            ["refused", Object.assign(new Error("reverted"), {data: "0x12345678"})],
            ["usable", revert("Clearinghouse_InsufficientMargin", KEEPER, 0n, -1n)],
            ["usable", revert("Clearinghouse_Insolvent", KEEPER, -1n)],
            ["usable", revert("Clearinghouse_OpeningPaused", KEEPER, perp(1))],
            ["usable", revert("Clearinghouse_NotTradable", perp(1))],
            ["usable", revert("Clearinghouse_OpenInterestCap", 1, 2n, 1n)],
        ] as const) {
            expect((await judge([await raw()], {failure})).outcomes, failure.message).to.deep.equal({[reason]: 1});
        }
        expect((await judge([await raw()], {filledE18: 5n * E18})).outcomes, "all gone").to.deep.equal({filled: 1});
        const almost = {filledE18: 5n * E18 - 1n};
        expect((await judge([await raw()], almost)).outcomes, "almost").to.deep.equal({"too-small": 1});
    });

    it("should fail with the node, and believe no quote for it", async () => {
        const failure = new Error("no answer");
        const failed: unknown = await judge([await raw()], {failure}).catch((error: unknown) => error);
        expect(failed).to.equal(failure);
    });

    it("should leave the signature of a contract to the chain, and know whom to suspect", async () => {
        const other = await raw({}, {signature: "0x1234"});
        expect((await judge([other])).outcomes, "no contract").to.deep.equal({"bad-signature": 1});
        const {offers, outcomes} = await judge([other], {code: "0x60"});
        expect(outcomes, "a contract").to.deep.equal({usable: 1});
        expect(offers[0]?.isByContract, "marked").to.equal(true);
        const [plain] = (await judge([await raw({nonce: 9n})])).offers;
        const both = [...offers, plain!];
        const blame = (error: unknown): unknown =>
            blamed(error, both).map(({digest}) => both.findIndex((one) => one.digest === digest));
        expect(blame(revert("Clearinghouse_QuoteCancelled", plain!.digest)), "by its hash").to.deep.equal([1]);
        expect(blame(revert("Clearinghouse_InsufficientMargin", MAKER, 0n, 0n)), "by its maker").to.deep.equal([0, 1]);
        expect(blame(Object.assign(new Error("x"), {data: "0x12345678"})), "by its nature").to.deep.equal([0]);
        expect(blamed(revert("Clearinghouse_BadLegs"), [plain!]), "nobody").to.deep.equal([]);
    });

    it("should try the best four of a maker for a leg, and none twice", async () => {
        const quotes = [];
        for (const price of ["101", "103", "100", "102", "104", "99", "104"]) {
            quotes.push(await raw({legs: [leg(price)], nonce: BigInt(quotes.length)}));
        }
        const {offers, outcomes} = await judge([...quotes, quotes[0]!]);
        expect(outcomes).to.deep.equal({usable: 4, dearer: 3, twice: 1});
        const prices = offers.map(({priceE18}) => Number(priceE18 / E18)).sort();
        expect(prices, "the highest to sell to").to.deep.equal([102, 103, 104, 104]);
    });
});
