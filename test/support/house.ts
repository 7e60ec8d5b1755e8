import {Contract} from "ethers";
import type {Signer} from "ethers";
import type {NetworkConnection} from "hardhat/types/network";

import {deployBallast} from "../../deploy/deployBallast.js";
import {ballastAt, FEED_ABI, TOKEN_ABI} from "../../scripts/chain/contracts.js";
import type {BallastContracts} from "../../scripts/chain/contracts.js";
import {readOracle, surfaceSender} from "../../scripts/oracle/chain.js";
import {flatSmile} from "../../scripts/oracle/market.js";
import type {Market} from "../../scripts/oracle/market.js";
import {publishOnce} from "../../scripts/oracle/publisher.js";
import {accountId} from "../../scripts/sdk/ids.js";
import type {AccountId} from "../../scripts/sdk/ids.js";
import type {InstrumentId} from "../../scripts/sdk/instruments.js";
import {buildQuote, quoteDomain, signQuote} from "../../scripts/sdk/quotes.js";
import type {SignedQuote} from "../../scripts/sdk/quotes.js";
import {ONE_E18, parsePrice, parseSize, parseUnits} from "../../scripts/sdk/units.js";
import type {Deployment} from "../../scripts/shared/deployment.js";

/** Somebody with an account and keys. */
export type Person = {readonly signer: Signer; readonly address: string; readonly account: AccountId};

export type LegTerms = readonly [instrument: InstrumentId, size: string, price: string];

/** A whole deployment with the few moves that tests of more than one room need. */
export type House = {
    readonly deployment: Deployment;
    readonly contracts: BallastContracts;
    readonly as: (person: Person) => BallastContracts;
    readonly person: (index: number) => Promise<Person>;
    /** Mints and deposits whole units of a listed token. */
    readonly fund: (person: Person, symbol: string, units: string) => Promise<void>;
    /** Sets a feed's answer, accepted by the oracle if it is no jump. */
    readonly price: (feedId: number, answer: string) => Promise<void>;
    /** Publishes one volatility for some expiries of an underlying; the forward is spot. */
    readonly surfaces: (
        underlying: number,
        spot: string,
        volatility: string,
        expiries: readonly number[],
    ) => Promise<void>;
    readonly quote: (maker: Person, legs: readonly LegTerms[]) => Promise<SignedQuote>;
    /** One unit of a new quote: the maker buys positive sizes from the taker. */
    readonly trade: (maker: Person, taker: Person, legs: readonly LegTerms[]) => Promise<bigint>;
};

const FIRST_PERSON = 8;
const SIGNERS = [4, 5, 6] as const;

export async function openHouse(connection: NetworkConnection): Promise<House> {
    const {ethers} = connection;
    const deployment = await deployBallast(connection);
    const contracts = ballastAt(deployment, (await ethers.getSigners())[0] ?? ethers.provider);
    const domain = quoteDomain(BigInt(deployment.chainId), deployment.contracts.clearinghouse);
    let nonce = 0n;

    const as = (person: Person): BallastContracts => ballastAt(deployment, person.signer);
    const signerAt = async (index: number) => {
        const signer = (await ethers.getSigners())[index];
        if (signer === undefined) throw new Error(`The test chain has no account ${index}`);
        return signer;
    };
    const now = async (): Promise<number> => (await ethers.provider.getBlock("latest"))?.timestamp ?? 0;

    const quote: House["quote"] = async (maker, legs) => {
        nonce += 1n;
        const terms = buildQuote({
            maker: maker.account,
            legs: legs.map(([instrument, size, price]) => ({
                instrument,
                sizePerUnitE18: parseSize(size),
                priceE18: parsePrice(price),
            })),
            unitsE18: parseUnits("1"),
            nonce,
            deadline: (await now()) + 3600,
        });
        const signer = await ethers.getSigner(maker.address);
        return signQuote(signer, domain, terms);
    };

    return {
        deployment,
        contracts,
        as,
        person: async (index) => {
            const signer = await signerAt(FIRST_PERSON + index);
            return {signer, address: signer.address, account: accountId(signer.address)};
        },
        fund: async (person, symbol, units) => {
            const found = deployment.tokens[symbol];
            if (found === undefined) throw new Error(`No token ${symbol}`);
            const token = new Contract(found.address, TOKEN_ABI, person.signer);
            const amount = parseUnits(units) / 10n ** BigInt(18 - found.decimals);
            await token.getFunction("mint")(person.address, amount);
            await token.getFunction("approve")(deployment.contracts.vault, amount);
            await as(person).vault.deposit(person.account, found.address, amount);
        },
        price: async (feedId, answer) => {
            const feed = new Contract(deployment.feeds[String(feedId)] ?? "", FEED_ABI, await signerAt(0));
            await feed.getFunction("pushAnswer")(parsePrice(answer) / 10n ** 10n);
            await contracts.priceOracle.poke(feedId);
        },
        surfaces: async (underlying, spot, volatility, expiries) => {
            const spotE18 = parsePrice(spot);
            const publishedAt = await now();
            const market: Market = {
                time: publishedAt,
                underlyings: [
                    {
                        underlying,
                        spotE18,
                        expiries: expiries.map((expiry) => ({
                            expiry,
                            forwardE18: spotE18,
                            discountE18: ONE_E18,
                            smile: flatSmile(parsePrice(volatility), expiry - publishedAt),
                        })),
                    },
                ],
            };
            const oracle = deployment.contracts.surfaceOracle;
            await publishOnce({
                market: () => Promise.resolve(market),
                state: () => readOracle(ethers.provider, oracle, [underlying]),
                signers: await Promise.all(SIGNERS.map(signerAt)),
                send: surfaceSender(await signerAt(0), oracle),
                log: () => undefined,
            });
        },
        quote,
        trade: async (maker, taker, legs) => {
            const signed = await quote(maker, legs);
            const item = {...signed, quote: {...signed.quote, legs: [...signed.quote.legs]}, taker: taker.account};
            const sent = await as(taker).clearinghouse.fill({...item, unitsE18: signed.quote.unitsE18});
            return (await sent.wait())?.gasUsed ?? 0n;
        },
    };
}
