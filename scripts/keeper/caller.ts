/** Margin calls: which accounts to announce, so that their owners hear of it before an auction does. */
import type {AccountId} from "../sdk/ids.js";
import type {Candidate} from "./strategy.js";

/** Unix time of the last call by account, seconds. */
export type Calls = ReadonlyMap<AccountId, bigint>;

/** Accounts between maintenance and initial that were not called lately, the nearest to maintenance first. */
export function accountsToCall(
    candidates: readonly Candidate[],
    calls: Calls,
    {nowSeconds, everySeconds}: {readonly nowSeconds: bigint; readonly everySeconds: bigint},
): readonly AccountId[] {
    const isDue = (account: AccountId): boolean => {
        const last = calls.get(account);
        return last === undefined || nowSeconds - last >= everySeconds;
    };
    const headroom = ({equityE18, maintenanceE18}: Candidate): bigint => equityE18 - maintenanceE18;
    return candidates
        .filter(({equityE18, initialE18, maintenanceE18}) => equityE18 >= maintenanceE18 && equityE18 < initialE18)
        .filter(({account}) => isDue(account))
        .sort((a, b) => (headroom(a) === headroom(b) ? 0 : headroom(a) < headroom(b) ? -1 : 1))
        .map(({account}) => account);
}
