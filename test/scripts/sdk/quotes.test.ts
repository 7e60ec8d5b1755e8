import {expect} from "chai";
import {TypedDataEncoder, Wallet} from "ethers";

import {
    accountId,
    ANYONE,
    buildQuote,
    parseInstrument,
    parsePrice,
    parseSize,
    QUOTE_TYPES,
    quoteDigest,
    quoteDomain,
    quoteHash,
    signQuote,
    units,
    verifyQuote,
} from "../../../scripts/sdk/index.js";
import type {Quote, QuoteTerms} from "../../../scripts/sdk/index.js";

const wallet = new Wallet(`0x${"11".repeat(32)}`);
const domain = quoteDomain(31_337n, "0x5FbDB2315678afecb367f032d93F642f64180aa3");

const leg = (instrument: string, size: string): Quote["legs"][number] => ({
    instrument: parseInstrument(instrument),
    sizePerUnitE18: parseSize(size),
    priceE18: parsePrice("5642.5"),
});

const terms: QuoteTerms = {
    maker: accountId(wallet.address),
    legs: [leg("ETH-PERP", "-1"), leg("BTC-PERP", "2")],
    unitsE18: units(10n ** 18n),
    nonce: 7n,
    deadline: 1_584_086_400,
};

describe("sdk quotes", () => {
    it("should put legs in the order the clearinghouse wants", () => {
        const quote = buildQuote(terms);
        expect(quote.legs.map(({instrument}) => instrument)).to.deep.equal([
            parseInstrument("BTC-PERP"),
            parseInstrument("ETH-PERP"),
        ]);
        expect(quote).to.include({taker: ANYONE, group: 0n, epoch: 0n});
    });

    it("should refuse what the clearinghouse would refuse", () => {
        const nine = ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((day) => leg(`BTC-${day}APR20`, "1"));
        const wrong: Partial<QuoteTerms>[] = [
            {legs: []},
            {legs: nine},
            {legs: [leg("ETH-PERP", "1"), leg("ETH-PERP", "2")]},
            {legs: [leg("ETH-PERP", "0")]},
            {unitsE18: units(0n)},
        ];
        for (const change of wrong) {
            expect(() => buildQuote({...terms, ...change}))
                .to.throw()
                .with.property("code", "quote-malformed");
        }
        expect(buildQuote({...terms, legs: nine.slice(1)}).legs).to.have.lengthOf(8);
    });

    it("should hash the types that the clearinghouse hashes", () => {
        expect(TypedDataEncoder.from(QUOTE_TYPES).encodeType("Quote")).to.equal(
            "Quote(bytes32 maker,bytes32 taker,Leg[] legs,uint128 unitsE18,uint64 group,uint64 epoch,uint128 nonce,uint40 deadline)" +
                "Leg(uint128 instrument,int128 sizePerUnitE18,uint128 priceE18)",
        );
    });

    it("should accept the signer's own signature only", async () => {
        const signed = await signQuote(wallet, domain, buildQuote(terms));
        verifyQuote(domain, signed);
        const forgeries = [
            {...signed, signer: new Wallet(`0x${"22".repeat(32)}`).address},
            {...signed, quote: buildQuote({...terms, nonce: 8n})},
        ];
        for (const forgery of forgeries) {
            expect(() => verifyQuote(domain, forgery))
                .to.throw()
                .with.property("code", "quote-signature");
        }
        const fork = quoteDomain(1n, String(domain.verifyingContract));
        expect(() => verifyQuote(fork, signed))
            .to.throw()
            .with.property("code", "quote-signature");
    });

    it("should tell quotes apart by every field", () => {
        const changes: Partial<QuoteTerms>[] = [
            {maker: accountId(wallet.address, 1n)},
            {taker: accountId(wallet.address, 2n)},
            {legs: [leg("ETH-PERP", "-1"), leg("BTC-PERP", "3")]},
            {unitsE18: units(2n)},
            {group: 1n},
            {epoch: 1n},
            {nonce: 8n},
            {deadline: terms.deadline + 1},
        ];
        const hashes = [{}, ...changes].map((change) => quoteHash(buildQuote({...terms, ...change})));
        expect(new Set(hashes)).to.have.property("size", hashes.length);
        const quote = buildQuote(terms);
        expect(quoteDigest(domain, quote)).to.not.equal(quoteDigest({...domain, chainId: 1n}, quote));
    });
});
