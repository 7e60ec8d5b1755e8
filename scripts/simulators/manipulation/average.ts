/** The oracle's average of a feed before an expiry, for answers that are never too old. */
import {ONE_E18} from "../../sdk/index.js";
import {mulDivDown} from "../../sdk/math/index.js";

/** An answer holds from its time to that of the next. */
export type Answer = {readonly at: number; readonly priceE18: bigint};

/**
 * Mean over the window before a moment; the last answer not after it if there is no window. Answers ascend in time, and the
 * first stands for the time before it.
 * @rounding down, once
 */
export function averageE18(answers: readonly Answer[], until: number, windowSeconds: number): bigint {
    const from = until - windowSeconds;
    const known = answers.filter(({at}) => at <= until);
    const last = known.at(-1);
    if (last === undefined) throw new RangeError(`No answer at or before ${until}`);
    if (windowSeconds === 0) return last.priceE18;
    let sum = 0n;
    let end = until;
    for (const [index, {at, priceE18}] of [...known.entries()].reverse()) {
        const start = index === 0 ? from : Math.max(at, from);
        if (start < end) sum += priceE18 * BigInt(end - start);
        end = Math.min(end, start);
    }
    return mulDivDown(sum, 1n, BigInt(windowSeconds));
}

/** Answers of a feed that writes at a steady pace while the price goes in a straight line from one figure to another. */
export function straightLine(
    from: Answer,
    to: Answer,
    {paceSeconds, displacedE18}: {readonly paceSeconds: number; readonly displacedE18: (at: number) => bigint},
): Answer[] {
    const span = BigInt(to.at - from.at);
    const answers: Answer[] = [];
    for (let at = from.at; at <= to.at; at += paceSeconds) {
        const fairE18 = from.priceE18 + mulDivDown(to.priceE18 - from.priceE18, BigInt(at - from.at), span);
        answers.push({at, priceE18: mulDivDown(fairE18, ONE_E18 + displacedE18(at), ONE_E18)});
    }
    return answers;
}
