/** A margin result as text for people. */
import type {BindingScenario, MarginResult, ScenarioResult} from "../sdk/book/index.js";
import {shorten, table} from "../shared/table.js";

const scenarioCells = ({move, vol, weight, pnl, loss}: ScenarioResult): string[] => [
    shorten(move),
    vol ?? "-",
    shorten(weight),
    shorten(pnl, 2),
    shorten(loss, 2),
];

const bindingText = (binding: BindingScenario | null): string =>
    binding === null
        ? "-"
        : `number ${binding.index}: move ${shorten(binding.move)}, volatility ${binding.vol ?? "-"}, loss ${shorten(binding.loss, 2)}`;

function summary(result: MarginResult): string {
    const {addOns} = result;
    return table(
        ["", "USD"],
        [
            ["equity", shorten(result.equity, 2)],
            ["initial margin", shorten(result.initialMargin, 2)],
            ["maintenance margin", shorten(result.maintenanceMargin, 2)],
            ...result.groups.map(({group, scan}) => [`  scan of group ${group}`, shorten(scan, 2)]),
            ["  add-on", shorten(addOns.addOn, 2)],
            ["    roll", shorten(addOns.roll, 2)],
            ["    hedged-delta floor", shorten(addOns.floorDelta, 2)],
            ["    short-option floor", shorten(addOns.floorShort, 2)],
            ["  concentration", shorten(addOns.concentration, 2)],
            ["  keeper reserve", shorten(addOns.reserve, 2)],
            ["open interest, initial only", shorten(addOns.openInterest, 2)],
            ["profit withheld, initial only", shorten(addOns.withheld, 2)],
            ["health", shorten(result.health)],
        ],
    );
}

/** Units per USD: small where a unit is worth much. */
const GAMMA_DECIMALS = 8;

export function describeMargin(result: MarginResult): string {
    const legs = result.legs.map((leg) => [
        leg.instrument,
        shorten(leg.size),
        shorten(leg.price),
        shorten(leg.value, 2),
        shorten(leg.delta),
        shorten(leg.vol),
        shorten(leg.pnl, 2),
    ]);
    const underlyings = result.underlyings.map(({underlying, spot, delta, gamma, vega, theta}) => [
        underlying,
        shorten(spot),
        shorten(delta),
        shorten(gamma, GAMMA_DECIMALS),
        shorten(vega, 2),
        shorten(theta, 2),
    ]);
    const collateral = result.collateral.map(({asset, units, price, credited, value}) => [
        asset,
        shorten(units),
        shorten(price),
        shorten(credited),
        shorten(value, 2),
    ]);
    const scenarios = result.scenarios.map((scenario, i) => [String(i), ...scenarioCells(scenario)]);
    return [
        `model ${result.model}\n${summary(result)}`,
        `binding scenario ${bindingText(result.bindingScenario)}`,
        ...(legs.length > 0 ? [table(["leg", "size", "price", "value", "delta", "vol", "pnl"], legs)] : []),
        ...(underlyings.length > 0
            ? [table(["underlying", "spot", "delta", "gamma", "vega", "theta"], underlyings)]
            : []),
        ...(collateral.length > 0 ? [table(["collateral", "units", "price", "credited", "value"], collateral)] : []),
        ...(scenarios.length > 0
            ? [table(["scenario", "move", "vol", "weight", "pnl", "weighted loss"], scenarios)]
            : []),
    ].join("\n\n");
}
