/** `ballast volatility`: realised volatility, and the price ranges that follow it; `--step` makes them move. */
import type {Command} from "commander";

import type {BallastContracts} from "../../chain/contracts.js";
import {dueMove, moveDrivers} from "../../chain/driver.js";
import type {Due} from "../../chain/driver.js";
import {formatE18, UNDERLYINGS} from "../../sdk/index.js";
import {shorten, table} from "../../shared/table.js";
import {confirmed, reading, signing, writing} from "../session.js";
import type {Plan, WriteOptions} from "../session.js";

type Options = WriteOptions & {readonly step?: true};

const nameOf = (underlying: number): string => UNDERLYINGS[underlying] ?? String(underlying);
const timeOf = (seconds: bigint): string => new Date(Number(seconds) * 1000).toISOString().replace(".000", "");

type Row = {
    readonly underlying: string;
    readonly volatility: string;
    readonly range: string;
    readonly goal: string;
    readonly wanted: string;
    readonly sampledAt: string;
    readonly announced: string;
};

async function rowOf({volatilityDriver: driver}: BallastContracts, underlying: number): Promise<Row> {
    const {standE18, goalE18, wantedE18} = await driver.ranges(underlying);
    const {sampledAt} = await driver.sampleOf(underlying);
    const {rangeE18, riseAt, paused} = await driver.noticeOf(underlying);
    const announced = rangeE18 === 0n ? "" : `${shorten(formatE18(rangeE18), 4)} from ${timeOf(riseAt)}`;
    return {
        underlying: nameOf(underlying),
        volatility: formatE18(await driver.realisedVolatilityE18(underlying)),
        range: formatE18(standE18),
        goal: formatE18(goalE18),
        wanted: formatE18(wantedE18),
        sampledAt: sampledAt === 0n ? "" : timeOf(sampledAt),
        announced: paused ? "paused" : announced,
    };
}

const HEAD = ["", "volatility", "range", "goal", "wanted", "sampled at", "announced"];

async function show(options: Options): Promise<void> {
    await reading(options, async ({ballast}) => {
        const underlyings = (await ballast.riskParameters.underlyings()).map(Number);
        const rows: Row[] = [];
        for (const underlying of underlyings) rows.push(await rowOf(ballast, underlying));
        if (options.json === true) {
            console.log(JSON.stringify(rows, null, 2));
            return;
        }
        const cells = rows.map(({underlying, volatility, range, goal, wanted, sampledAt, announced}) => [
            underlying,
            ...[volatility, range, goal, wanted].map((figure) => shorten(figure, 4)),
            sampledAt,
            announced,
        ]);
        console.log(table(HEAD, cells));
    });
}

const planOf = (dues: readonly Due[]): Plan =>
    Object.fromEntries(
        dues.map((due) => [nameOf(due.underlying), "refused" in due ? due.refused : due.move.toLowerCase()]),
    );

async function step(options: Options): Promise<void> {
    await signing(options, async ({ballast, own}) => {
        const underlyings = (await ballast.riskParameters.underlyings()).map(Number);
        const dues: Due[] = [];
        for (const underlying of underlyings) dues.push(await dueMove(ballast.volatilityDriver, underlying));
        await confirmed(options, "move price ranges", planOf(dues), async () =>
            planOf(await moveDrivers(own.volatilityDriver, underlyings, () => undefined)),
        );
    });
}

export function volatilityCommand(program: Command): void {
    writing(program.command("volatility"))
        .description("realised volatility, and the price ranges that follow it")
        .option("--step", "take the step that is due for each underlying")
        .action((options: Options) => (options.step === true ? step(options) : show(options)));
}
