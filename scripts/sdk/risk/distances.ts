/** Twin of the lens's `scenarioDistances`: what is left until maintenance if only one scenario is looked at. */
import {usd} from "../units.js";
import type {UsdE18} from "../units.js";
import {breaches, report} from "./riskEngine.js";
import type {Question} from "./riskEngine.js";
import type {Report, Witness} from "./types.js";

export type Distances = {
    /** Which scenario binds per underlying and per group stands in here. */
    readonly report: Report;
    /** Equity - maintenance. */
    readonly leftE18: UsdE18;
    /** Equity - the requirement that one scenario shows by itself, by its number. */
    readonly leftAloneE18: readonly UsdE18[];
    /** Scenario that leaves the least, the first of equals. */
    readonly binding: number;
};

/** Names one scenario for everything; what has no scenario of that number keeps its binding one. */
function alone({underlyings, groups, groupBinding}: Report, scenario: number): Witness {
    return {
        own: underlyings.map(({lossE18, binding}) => (scenario < lossE18.length ? scenario : binding)),
        joint: groups.map((group, g) => {
            const isKnown = underlyings.some((one) => one.group === group && scenario < one.lossE18.length);
            return isKnown ? scenario : (groupBinding[g] ?? 0);
        }),
    };
}

export function scenarioDistances(question: Question): Distances {
    const whole = report(question);
    const count = Math.max(0, ...whole.underlyings.map(({lossE18}) => lossE18.length));
    const leftAloneE18 = Array.from({length: count}, (_, scenario) => {
        const {equityE18, boundE18} = breaches(question, alone(whole, scenario));
        return usd(equityE18 - boundE18);
    });
    const binding = leftAloneE18.reduce((least, left, s) => (left < (leftAloneE18[least] ?? left) ? s : least), 0);
    return {report: whole, leftE18: usd(whole.equityE18 - whole.maintenanceE18), leftAloneE18, binding};
}
