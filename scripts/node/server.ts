/** JSON-RPC over HTTP in front of a chain in this process. */
import {createServer} from "node:http";
import type {IncomingMessage, Server, ServerResponse} from "node:http";

import {z} from "zod";

export type Requests = {request(call: {method: string; params?: unknown[]}): Promise<unknown>};

const call = z.object({
    id: z.union([z.string(), z.number(), z.null()]).optional(),
    method: z.string(),
    params: z.array(z.unknown()).optional(),
});
type Call = z.infer<typeof call>;

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const INTERNAL_ERROR = -32_603;
const MAX_BODY_BYTES = 5_000_000;

const HEADERS = {
    "content-type": "application/json",
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "content-type",
};

const failure = (id: Call["id"], code: number, message: string, data?: unknown): object => ({
    jsonrpc: "2.0",
    id: id ?? null,
    error: data === undefined ? {code, message} : {code, message, data},
});

async function answer(chain: Requests, raw: unknown): Promise<object> {
    const parsed = call.safeParse(raw);
    if (!parsed.success) return failure(null, INVALID_REQUEST, "not a JSON-RPC request");
    const {id, method, params = []} = parsed.data;
    try {
        return {jsonrpc: "2.0", id: id ?? null, result: (await chain.request({method, params})) ?? null};
    } catch (error) {
        const {message, code, data} = error as {message: string; code?: unknown; data?: unknown};
        return failure(id, typeof code === "number" ? code : INTERNAL_ERROR, message, data);
    }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) {
        body += String(chunk);
        if (body.length > MAX_BODY_BYTES) throw new Error("The request is too large");
    }
    return body;
}

async function reply(chain: Requests, text: string): Promise<unknown> {
    let calls: unknown;
    try {
        calls = JSON.parse(text);
    } catch (error) {
        if (error instanceof SyntaxError) return failure(null, PARSE_ERROR, "not JSON");
        throw error;
    }
    return Array.isArray(calls) ? Promise.all(calls.map((one) => answer(chain, one))) : answer(chain, calls);
}

async function serve(chain: Requests, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "POST") {
        response.writeHead(request.method === "OPTIONS" ? 204 : 405, HEADERS).end();
        return;
    }
    const answered = await reply(chain, await bodyOf(request));
    response.writeHead(200, HEADERS).end(JSON.stringify(answered));
}

export type RunningServer = {readonly url: string; close(): Promise<void>};

/** Listens on this machine only; port 0 takes any free one. */
export async function listen(chain: Requests, port: number): Promise<RunningServer> {
    const server: Server = createServer((request, response) => {
        serve(chain, request, response).catch((error: unknown) => {
            const message = error instanceof Error ? error.message : "failed";
            response.writeHead(500, HEADERS).end(JSON.stringify(failure(null, INTERNAL_ERROR, message)));
        });
    });
    await new Promise<void>((settle, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", settle);
    });
    const address = server.address();
    const taken = typeof address === "object" && address !== null ? address.port : port;
    return {
        url: `http://127.0.0.1:${taken}`,
        close: () =>
            new Promise((settle) => {
                server.close(() => settle());
                server.closeAllConnections();
            }),
    };
}
