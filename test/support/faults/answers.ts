/** A node that answers what a test wants. */
import {listen} from "../../../scripts/node/server.js";
import type {RunningServer} from "../../../scripts/node/server.js";

export type Answer = {readonly result: unknown} | {readonly error: object};

export function startAnswering(answer: (method: string) => Answer): Promise<RunningServer> {
    const request = ({method}: {method: string}): Promise<unknown> => {
        const said = answer(method);
        return "error" in said ? Promise.reject(Object.assign(new Error(), said.error)) : Promise.resolve(said.result);
    };
    return listen({request}, 0);
}
