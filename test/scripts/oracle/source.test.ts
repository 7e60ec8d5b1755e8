import {createHash} from "node:crypto";
import {createServer as createHttp} from "node:http";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {createServer} from "node:net";
import type {AddressInfo, Server, Socket} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";

import {expect} from "chai";

import {SettingError} from "../../../scripts/oracle/config.js";
import {SurfaceError} from "../../../scripts/oracle/failures.js";
import {openSource, streamSource} from "../../../scripts/oracle/source.js";
import type {TextSource} from "../../../scripts/oracle/source.js";

const PATIENCE_MS = 5_000;

type Line = {readonly event: string; readonly reason: unknown};

/** What RFC 6455 asks of a server, as far as short texts need it. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT_FRAME = 0x81;

describe("oracle: where the market comes from", () => {
    const folder = mkdtempSync(join(tmpdir(), "source-"));
    const closing: (() => void)[] = [];
    const sockets: {destroy: () => unknown}[] = [];

    afterEach(() => {
        for (const close of closing.splice(0)) close();
        for (const socket of sockets.splice(0)) socket.destroy();
    });
    after(() => rmSync(folder, {recursive: true, force: true}));

    function open(url: string, timeoutMs = PATIENCE_MS): {source: TextSource; lines: Line[]} {
        const lines: Line[] = [];
        const log = (event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
            lines.push({event, reason: fields["reason"]});
        };
        const source = streamSource({url, timeoutMs, reopenMs: 20, log});
        closing.push(() => source.close());
        return {source, lines};
    }

    async function serve(where: string | number, greet: (socket: Socket) => void): Promise<Server> {
        const server = createServer((socket) => {
            sockets.push(socket);
            socket.on("error", () => undefined);
            greet(socket);
        });
        await new Promise<void>((settle) => void server.listen(where, settle));
        closing.push(() => server.close());
        return server;
    }

    const portOf = (server: {address: () => unknown}): number => (server.address() as AddressInfo).port;

    async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
        for (let waited = 0; waited < PATIENCE_MS; waited += 10) {
            if (await condition()) return;
            await sleep(10);
        }
        throw new Error("it did not happen");
    }

    it("should read a file anew each time, and name one that is not there", async () => {
        const marketFile = join(folder, "market.json");
        const source = openSource({marketFile}, {timeoutMs: 1, reopenMs: 1, log: () => undefined});
        for (const text of ["one", "two"]) {
            writeFileSync(marketFile, text);
            expect(await source.next(), "text").to.equal(text);
        }
        rmSync(marketFile);
        const error: unknown = await source.next().catch((failure: unknown) => failure);
        expect(error instanceof SettingError && error.code, "code").to.equal("file-unreadable");
    });

    for (const [what, where, urlOf] of [
        ["TCP", 0, (server: Server) => `tcp://localhost:${portOf(server)}`],
        ["a socket of this machine", join(folder, "market.sock"), () => `unix:${join(folder, "market.sock")}`],
    ] as const) {
        it(`should take the last whole line over ${what}`, async () => {
            let peer: Socket | undefined;
            const server = await serve(where, (socket) => {
                peer = socket;
                socket.write('{"first":1}\n{"sec');
            });
            const {source} = open(urlOf(server));
            expect(await source.next(), "first line").to.equal('{"first":1}');
            peer!.write('ond":2}\n\n{"third"');
            await until(async () => (await source.next()) === '{"second":2}');
        });
    }

    it("should take the last text over a WebSocket", async () => {
        const server = createHttp();
        server.on("upgrade", (request, socket) => {
            sockets.push(socket);
            const key = createHash("sha1")
                .update(`${String(request.headers["sec-websocket-key"])}${GUID}`)
                .digest("base64");
            socket.write(
                `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
            );
            for (const text of ["one", "two"]) {
                socket.write(Buffer.concat([Buffer.from([TEXT_FRAME, text.length]), Buffer.from(text)]));
            }
        });
        await new Promise<void>((settle) => void server.listen(0, "127.0.0.1", settle));
        closing.push(() => server.close());
        const {source} = open(`ws://127.0.0.1:${portOf(server)}`);
        await until(async () => (await source.next()) === "two");
    });

    it("should come back to a stream that was lost, and keep its last line meanwhile", async () => {
        let visits = 0;
        const server = await serve(0, (socket) => {
            visits += 1;
            socket.end(`visit ${visits}\n`);
        });
        const {source, lines} = open(`tcp://localhost:${portOf(server)}`);
        await until(() => visits >= 3);
        expect(await source.next(), "last line").to.match(/^visit [1-9]/);
        expect(lines[0], "log").to.deep.equal({event: "stream_lost", reason: "closed"});
    });

    it("should give up a line that does not end", async () => {
        const server = await serve(0, (socket) => void socket.write("x".repeat(5_000_001)));
        const {lines} = open(`tcp://localhost:${portOf(server)}`);
        await until(() => lines.some(({reason}) => reason === "a line of more than 5000000 characters"));
    });

    it("should fail by name when nothing comes in time", async () => {
        const server = await serve(0, () => undefined);
        for (const url of [`tcp://localhost:${portOf(server)}`, "tcp://127.0.0.1:9", "ws://127.0.0.1:9"]) {
            const {source} = open(url, 60);
            const error: unknown = await source.next().catch((failure: unknown) => failure);
            if (!(error instanceof SurfaceError)) throw error;
            expect(error.code, url).to.equal("market-silent");
            expect(error.details["stream"], "stream").to.equal(url);
        }
    });
});
