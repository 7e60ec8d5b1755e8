/** What each instruction of a traced transaction cost, and whose code it belonged to. */

/** One instruction as `debug_traceTransaction` lists it. */
export type Step = {
    readonly pc: number;
    readonly op: string;
    /** Gas left before the instruction. */
    readonly gas: number;
    /** For calls the figure holds what the callee was given. */
    readonly gasCost: number;
    readonly depth: number;
};

/** A call as the call tracer lists it; calls follow each other in the order in which they were made. */
export type Call = {readonly to?: string; readonly calls?: readonly Call[]};

/** Gas that one instruction used itself, callees left out. */
export type Cost = {readonly address: string; readonly pc: number; readonly op: string; readonly gas: number};

const PRECOMPILES = 0x100n;

/** Addresses in the order in which their code began to run; precompiled contracts run no instructions. */
export function framesOf(call: Call): string[] {
    const own = call.to === undefined || BigInt(call.to) < PRECOMPILES ? [] : [call.to.toLowerCase()];
    return [...own, ...(call.calls ?? []).flatMap(framesOf)];
}

type Frame = {
    readonly address: string;
    /** Gas that the callee got. */
    readonly given: number;
    /** The caller's instruction. */
    readonly caller: Step | undefined;
};

/** The cost of every instruction, in order. The sum is what the transaction used after its intrinsic gas, before refunds. */
export function costsOf(steps: readonly Step[], frames: readonly string[]): Cost[] {
    const costs: Cost[] = [];
    const open: Frame[] = [];
    let next = 0;
    steps.forEach((step, i) => {
        if (step.depth > open.length) {
            const address = frames[next++];
            if (address === undefined) throw new Error("The trace enters more code than its calls name");
            open.push({address, given: step.gas, caller: steps[i - 1]});
        }
        const frame = open.at(-1);
        if (frame === undefined) throw new Error("The trace begins outside of any code");
        const after = steps[i + 1];
        const isCall = after !== undefined && after.depth > step.depth;
        // The caller pays when the callee is done.
        if (isCall) return;
        const stays = after?.depth === step.depth;
        costs.push({
            address: frame.address,
            pc: step.pc,
            op: step.op,
            gas: stays ? step.gas - after.gas : step.gasCost,
        });
        if (stays) return;
        open.pop();
        const outer = open.at(-1);
        if (after === undefined || outer === undefined || frame.caller === undefined) return;
        const used = frame.given - (step.gas - step.gasCost);
        const {pc, op, gas} = frame.caller;
        costs.push({address: outer.address, pc, op, gas: gas - after.gas - used});
    });
    return costs;
}

export const KINDS = ["storage", "calls", "hashing", "memory", "arithmetic", "jumps", "stack"] as const;
export type Kind = (typeof KINDS)[number];

const CALLS = /^(CALL|STATICCALL|DELEGATECALL|CALLCODE|CREATE2?|EXTCODE.*|BALANCE)$/;
const MEMORY = /^(M|CALLDATA|RETURNDATA|CODE|RETURN$|REVERT$|LOG)/;
const STACK = /^(PUSH|DUP|SWAP|POP|GAS$|PC$|CALLER|CALLVALUE|ADDRESS|TIMESTAMP|NUMBER|CHAINID|ORIGIN)/;

export function kindOf(op: string): Kind {
    if (/^[ST](LOAD|STORE)$/.test(op)) return "storage";
    if (CALLS.test(op)) return "calls";
    if (/^(KECCAK256|SHA3)$/.test(op)) return "hashing";
    if (/^(JUMP|STOP)/.test(op)) return "jumps";
    if (STACK.test(op)) return "stack";
    return MEMORY.test(op) && !/^MUL|^MOD/.test(op) ? "memory" : "arithmetic";
}
