/** What the Isolated model would have demanded of books that the Scenario model nets. */
import type {DemoRun} from "./run.js";

export type Comparison = {
    readonly id: string;
    readonly scenarioE18: bigint;
    readonly isolatedE18: bigint;
    readonly equityE18: bigint;
};

export const COMPARED = ["strangle-hedged", "cash-and-carry", "btc-vs-eth", "put-spread"] as const;

export async function compareModels(run: DemoRun): Promise<Comparison[]> {
    await run.mirror.refresh();
    const found: Comparison[] = [];
    for (const id of COMPARED) {
        const book = await run.mirror.bookOf(run.party(id).account);
        const scenario = run.mirror.assess({...book, model: "SCENARIO"});
        const isolated = run.mirror.assess({...book, model: "ISOLATED"});
        found.push({
            id,
            scenarioE18: scenario.maintenanceE18,
            isolatedE18: isolated.maintenanceE18,
            equityE18: scenario.equityE18,
        });
    }
    return found;
}

/** Asks the chain and the twin the same of every account; the number of accounts on which they differ must be none. */
export async function twinDifferences(
    run: DemoRun,
): Promise<{readonly compared: number; readonly different: string[]}> {
    await run.mirror.refresh();
    const different: string[] = [];
    for (const {id, account} of run.parties.values()) {
        const twin = run.mirror.assess(await run.mirror.bookOf(account));
        const chain = await run.world.ballast.riskEngine.assess(account);
        const same =
            twin.equityE18 === chain.equityE18 &&
            twin.initialE18 === chain.initialE18 &&
            twin.maintenanceE18 === chain.maintenanceE18;
        if (!same) different.push(id);
    }
    return {compared: run.parties.size, different};
}
