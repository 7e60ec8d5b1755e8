/** A maker to try keepers against: quotes every leg that it is asked for at the twin's mark, less a spread. It hedges nothing. */
import {randomBytes} from "node:crypto";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";

import {Contract, type Provider} from "ethers";
import {ZodError} from "zod";

import {createSnapshotReader, expiriesOf} from "../../chain/snapshot.js";
import type {SnapshotContracts} from "../../chain/snapshot.js";
import {CLEARINGHOUSE_ABI} from "../../sdk/abi/Clearinghouse.js";
import {InputError} from "../../sdk/failures.js";
import type {AccountId} from "../../sdk/ids.js";
import {decodeInstrument, isOption} from "../../sdk/instruments.js";
import {abs} from "../../sdk/math/index.js";
import {buildQuote, quoteDomain, signQuote} from "../../sdk/quotes.js";
import type {TypedDataSigner} from "../../sdk/quotes.js";
import {ONE_E18, price, size, units} from "../../sdk/units.js";
import type {Log} from "../../shared/logger.js";
import {writeQuote} from "../../shared/quoteFile.js";
import type {QuoteFile} from "../../shared/quoteFile.js";
import {markOf, partOf} from "./marks.js";
import {parseRequest} from "./wire.js";
import type {QuoteRequest} from "./wire.js";

export type MakerOptions = {
    readonly provider: Provider;
    readonly chainId: number;
    readonly contracts: SnapshotContracts;
    /** Account that makes the quotes, and its owner's key or an operator's with the right to trade. */
    readonly account: AccountId;
    readonly signer: TypedDataSigner;
    /** Ten thousandths of the mark. */
    readonly spreadBps: number;
    readonly optionSpreadBps: number;
    /** How long a quote stands. */
    readonly quoteSeconds: number;
};

export type Maker = (request: QuoteRequest) => Promise<readonly QuoteFile[]>;

const NONCE_BYTES = 16;
const MOST_BYTES = 65_536;

/** Signs one quote of one leg of one unit for each leg whose mark is known; nothing for another chain or clearinghouse. */
export function createMaker(options: MakerOptions): Maker {
    const {provider, chainId, contracts, account, signer, quoteSeconds} = options;
    const {clearinghouse} = contracts;
    const reader = createSnapshotReader(provider, contracts);
    const books = new Contract(clearinghouse, CLEARINGHOUSE_ABI, provider);
    return async (request) => {
        if (request.chainId !== chainId || request.clearinghouse !== clearinghouse) return [];
        const block = await provider.getBlock("latest");
        if (block === null) return [];
        const snapshot = await reader.snapshot(
            expiriesOf(request.legs.map(({instrument}) => instrument)),
            block.number,
        );
        const epoch = (await books.getFunction("epochOf").staticCall(account)) as bigint;
        const quotes: QuoteFile[] = [];
        for (const {instrument, sizeE18} of request.legs) {
            const markE18 = markOf(snapshot, instrument);
            if (markE18 === undefined) continue;
            const bps = isOption(decodeInstrument(instrument).kind) ? options.optionSpreadBps : options.spreadBps;
            const spreadE18 = partOf(markE18, bps);
            const priceE18 = sizeE18 > 0n ? markE18 + spreadE18 : markE18 - spreadE18;
            if (priceE18 <= 0n) continue;
            const quote = buildQuote({
                maker: account,
                taker: request.account,
                legs: [
                    {
                        instrument,
                        sizePerUnitE18: size(sizeE18 > 0n ? -ONE_E18 : ONE_E18),
                        priceE18: price(priceE18),
                    },
                ],
                unitsE18: units(abs(sizeE18)),
                epoch,
                nonce: BigInt(`0x${randomBytes(NONCE_BYTES).toString("hex")}`),
                deadline: block.timestamp + quoteSeconds,
            });
            const signed = await signQuote(signer, quoteDomain(BigInt(chainId), clearinghouse), quote);
            quotes.push({signed, chainId, clearinghouse});
        }
        return quotes;
    };
}

export type RunningMaker = {readonly url: string; close(): Promise<void>};

const OK = 200;
const BAD = 400;
const BROKEN = 500;

/** Answers requests for quotes over HTTP. */
export async function serveMaker(
    maker: Maker,
    {host, port}: {readonly host: string; readonly port: number},
    log: Log,
): Promise<RunningMaker> {
    const answer = async (body: string): Promise<readonly [number, unknown]> => {
        try {
            const request = parseRequest(body);
            const quotes = await maker(request);
            log("quotes_given", {account: request.account, asked: request.legs.length, quotes: quotes.length});
            return [OK, quotes.map(writeQuote)];
        } catch (error) {
            const isTheirs = [SyntaxError, ZodError, InputError].some((kind) => error instanceof kind);
            log("request_failed", {error});
            return [isTheirs ? BAD : BROKEN, {error: isTheirs ? "not a request for quotes" : "no quotes now"}];
        }
    };
    const server = createServer((request, response) => {
        let body = "";
        request.setEncoding("utf8").on("data", (part: string) => {
            body += part;
            if (body.length > MOST_BYTES) request.destroy();
        });
        request.on("end", () => {
            void answer(body).then(([status, result]) => {
                response.writeHead(status, {"content-type": "application/json"}).end(JSON.stringify(result));
            });
        });
    });
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(port, host, resolve);
    });
    return {
        url: `http://${host}:${(server.address() as AddressInfo).port}`,
        close: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}
