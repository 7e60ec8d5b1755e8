/** A report of the risk contract, as data and as text. */
import type {IMarginLens} from "../../typechain-types/index.js";
import {formatAccount, formatE18, UNDERLYINGS} from "../sdk/index.js";
import type {AccountId} from "../sdk/index.js";
import {divDown} from "../sdk/math/index.js";
import {shorten, table} from "../shared/table.js";

type Distances = Awaited<ReturnType<IMarginLens["scenarioDistances"]>>;

export type ReportState = {
    readonly account: string;
    readonly equity: string;
    readonly initialMargin: string;
    readonly maintenanceMargin: string;
    readonly health: string | null;
    readonly keeperReserve: string;
    readonly underlyings: readonly {
        readonly underlying: string;
        readonly spot: string;
        readonly delta: string;
        readonly bindingScenario: number;
        readonly scan: string;
        readonly addOn: string;
        readonly concentration: string;
        /** Weighted loss per scenario, positive = loss. */
        readonly losses: readonly string[];
    }[];
    readonly groups: readonly {readonly group: number; readonly scan: string; readonly bindingScenario: number}[];
    /** Equity - maintenance. */
    readonly left: string;
    /** Scenario that leaves the least by itself; null without scenarios. */
    readonly bindingScenario: number | null;
    /** Equity - the requirement that one scenario shows by itself, per scenario. */
    readonly leftAlone: readonly string[];
};

export function reportState(account: AccountId, {report, leftE18, leftAloneE18, binding}: Distances): ReportState {
    const {equityE18, initialE18, maintenanceE18} = report;
    return {
        account: formatAccount(account),
        equity: formatE18(equityE18),
        initialMargin: formatE18(initialE18),
        maintenanceMargin: formatE18(maintenanceE18),
        health: maintenanceE18 === 0n ? null : formatE18(divDown(equityE18, maintenanceE18)),
        keeperReserve: formatE18(report.reserveE18),
        underlyings: report.underlyings.map((one) => ({
            underlying: UNDERLYINGS[Number(one.underlying)] ?? String(one.underlying),
            spot: formatE18(one.spotE18),
            delta: formatE18(one.deltaE18),
            bindingScenario: Number(one.binding),
            scan: formatE18(one.scanE18),
            addOn: formatE18(one.addOnE18),
            concentration: formatE18(one.concentrationE18),
            losses: one.lossE18.map((lossE18) => formatE18(lossE18)),
        })),
        groups: report.groups.map((group, index) => ({
            group: Number(group),
            scan: formatE18(report.groupScanE18[index] ?? 0n),
            bindingScenario: Number(report.groupBinding[index] ?? 0n),
        })),
        left: formatE18(leftE18),
        bindingScenario: leftAloneE18.length === 0 ? null : Number(binding),
        leftAlone: leftAloneE18.map((left) => formatE18(left)),
    };
}

export function describeReport(report: ReportState): string {
    const summary = [
        ["equity", shorten(report.equity, 2)],
        ["initial margin", shorten(report.initialMargin, 2)],
        ["maintenance margin", shorten(report.maintenanceMargin, 2)],
        ...report.groups.map(({group, scan}) => [`  scan of group ${group}`, shorten(scan, 2)]),
        ...report.underlyings.flatMap(({underlying, addOn, concentration}) => [
            [`  add-on of ${underlying}`, shorten(addOn, 2)],
            [`  concentration of ${underlying}`, shorten(concentration, 2)],
        ]),
        ["  keeper reserve", shorten(report.keeperReserve, 2)],
        ["left until maintenance", shorten(report.left, 2)],
        ["health", shorten(report.health)],
    ];
    const longest = Math.max(0, ...report.underlyings.map(({losses}) => losses.length));
    const rows = Array.from({length: longest}, (_, scenario) => [
        String(scenario),
        ...report.underlyings.map(({losses, bindingScenario}) => {
            const loss = shorten(losses[scenario] ?? null, 2);
            return bindingScenario === scenario ? `*${loss}` : loss;
        }),
        `${report.bindingScenario === scenario ? "*" : ""}${shorten(report.leftAlone[scenario] ?? null, 2)}`,
    ]);
    const head = ["scenario", ...report.underlyings.map(({underlying}) => `loss ${underlying}`), "left"];
    return [
        report.account,
        table(["", "USD"], summary),
        ...(rows.length > 0 ? [table(head, rows), "* binds; left = equity less what the scenario alone requires"] : []),
    ].join("\n\n");
}
