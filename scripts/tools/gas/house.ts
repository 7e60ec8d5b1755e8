import {Contract} from "ethers";
import type {Provider, Signer} from "ethers";
import type {NetworkConnection} from "hardhat/types/network";

import {deployBallast} from "../../../deploy/deployBallast.js";
import type {Parameters} from "../../../deploy/parameters/index.js";
import {ballastAt, FEED_ABI, TOKEN_ABI} from "../../chain/contracts.js";
import type {BallastContracts} from "../../chain/contracts.js";
import {readOracle, surfaceSender} from "../../oracle/chain.js";
import {flatSmile} from "../../oracle/market.js";
import type {Market} from "../../oracle/market.js";
import {publishOnce} from "../../oracle/publisher.js";
import {accountId} from "../../sdk/ids.js";
import type {AccountId} from "../../sdk/ids.js";
import type {InstrumentId} from "../../sdk/instruments.js";
import {buildQuote, quoteDomain, signQuote} from "../../sdk/quotes.js";
import type {SignedQuote} from "../../sdk/quotes.js";
import {ONE_E18, parsePrice, parseSize, parseUnits} from "../../sdk/units.js";
import type {Deployment} from "../../shared/deployment.js";

/** Somebody with an account and keys. */
export type Person = {readonly signer: Signer; readonly address: string; readonly account: AccountId};

export type LegTerms = readonly [instrument: InstrumentId, size: string, price: string];

/** A whole deployment with the few moves that benchmarks and tests of more than one room need. */
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
    /** Publishes whatever smiles a market has. */
    readonly publish: (market: Market) => Promise<void>;
    /** Numbers quotes from one again, on a chain that was put back. */
    readonly restart: () => void;
    readonly quote: (maker: Person, legs: readonly LegTerms[]) => Promise<SignedQuote>;
    /** One unit of a new quote: the maker buys positive sizes from the taker. */
    readonly send: (
        maker: Person,
        taker: Person,
        legs: readonly LegTerms[],
    ) => Promise<{readonly hash: string; readonly gas: bigint}>;
    /** The same, and what it used. */
    readonly trade: (maker: Person, taker: Person, legs: readonly LegTerms[]) => Promise<bigint>;
};

const FIRST_PERSON = 8;
const SIGNERS = [4, 5, 6] as const;

async function fund(deployment: Deployment, person: Person, symbol: string, units: string): Promise<void> {
    const found = deployment.tokens[symbol];
    if (found === undefined) throw new Error(`No token ${symbol}`);
    const token = new Contract(found.address, TOKEN_ABI, person.signer);
    const amount = parseUnits(units) / 10n ** BigInt(18 - found.decimals);
    await token.getFunction("mint")(person.address, amount);
    await token.getFunction("approve")(deployment.contracts.vault, amount);
    await ballastAt(deployment, person.signer).vault.deposit(person.account, found.address, amount);
}

const publisherOf =
    (provider: Provider, {contracts}: Deployment, signers: readonly Signer[], sender: Signer): House["publish"] =>
    async (market) => {
        const oracle = contracts.surfaceOracle;
        const underlyings = market.underlyings.map(({underlying}) => underlying);
        await publishOnce({
            market: () => Promise.resolve(market),
            state: () => readOracle(provider, oracle, underlyings),
            signers,
            send: surfaceSender(sender, oracle),
            log: () => undefined,
        });
    };

/** Deploys on the connection's chain, with the local network's parameters if none are given. */
export async function openHouse(connection: NetworkConnection, parameters?: Parameters): Promise<House> {
    const {ethers} = connection;
    const deployment = await deployBallast(connection, parameters === undefined ? {} : {parameters});
    const contracts = ballastAt(deployment, (await ethers.getSigners())[0] ?? ethers.provider);
    const domain = quoteDomain(BigInt(deployment.chainId), deployment.contracts.clearinghouse);
    let nonce = 0n;

    const as = (person: Person): BallastContracts => ballastAt(deployment, person.signer);
    const signerAt = async (index: number) => {
        const signer = (await ethers.getSigners())[index];
        if (signer === undefined) throw new Error(`The chain has no account ${index}`);
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

    const signers = await Promise.all(SIGNERS.map(signerAt));
    const publish = publisherOf(ethers.provider, deployment, signers, await signerAt(0));

    const send: House["send"] = async (maker, taker, legs) => {
        const signed = await quote(maker, legs);
        const item = {...signed, quote: {...signed.quote, legs: [...signed.quote.legs]}, taker: taker.account};
        const sent = await as(taker).clearinghouse.fill({...item, unitsE18: signed.quote.unitsE18});
        return {hash: sent.hash, gas: (await sent.wait())?.gasUsed ?? 0n};
    };

    return {
        deployment,
        contracts,
        as,
        person: async (index) => {
            const signer = await signerAt(FIRST_PERSON + index);
            return {signer, address: signer.address, account: accountId(signer.address)};
        },
        fund: (person, symbol, units) => fund(deployment, person, symbol, units),
        price: async (feedId, answer) => {
            const feed = new Contract(deployment.feeds[String(feedId)] ?? "", FEED_ABI, await signerAt(0));
            await feed.getFunction("pushAnswer")(parsePrice(answer) / 10n ** 10n);
            await contracts.priceOracle.poke(feedId);
        },
        surfaces: async (underlying, spot, volatility, expiries) => {
            const [time, spotE18] = [await now(), parsePrice(spot)];
            const quotes = expiries.map((expiry) => ({
                expiry,
                forwardE18: spotE18,
                discountE18: ONE_E18,
                smile: flatSmile(parsePrice(volatility), expiry - time),
            }));
            await publish({time, underlyings: [{underlying, spotE18, expiries: quotes}]});
        },
        publish,
        restart: () => {
            nonce = 0n;
        },
        quote,
        send,
        trade: async (maker, taker, legs) => (await send(maker, taker, legs)).gas,
    };
}
