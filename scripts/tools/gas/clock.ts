/** Time that does not depend on the machine: a price, and so a path through the contracts, depends on it. */

export type Rpc = {request: (call: {method: string; params?: unknown[]}) => Promise<unknown>};

export type Clock = {
    /** Sets the time that the next transaction's block comes one second after. */
    readonly moveTo: (seconds: number) => void;
    readonly now: () => number;
};

/** Lets each transaction's block come one second after the last, however long the machine takes. */
export function steadyClock(provider: Rpc, start: number): Clock {
    const request = provider.request.bind(provider);
    let time = start;
    provider.request = async (call) => {
        if (call.method === "eth_sendTransaction" || call.method === "eth_sendRawTransaction") {
            time += 1;
            await request({method: "evm_setNextBlockTimestamp", params: [time]});
        }
        return request(call);
    };
    return {
        moveTo: (seconds) => {
            time = seconds;
        },
        now: () => time,
    };
}
