/**
 * Twin of contracts/risk/Aggregation.sol: from losses to requirements. The proof of the witness bound stands there.
 */
import {abs, max, min, mulDivDown, mulDivUp, mulDown, sum} from "../math/index.js";
import {ONE_E18, usd} from "../units.js";
import type {PriceE18, SizeE18} from "../units.js";
import {concentration, hedgedDelta, shortOptions} from "./addOns.js";
import {weightedLoss} from "./revaluation.js";
import type {Exposure, MarginModel, Scenario, UnderlyingMarket, UnderlyingReport, UnderlyingRisk} from "./types.js";

/** Place of the group's scenario among the two that a witness has evaluated. */
const JOINT_PLACE = 1;

const magnitudeE18 = (xE36: bigint): bigint => mulDivUp(abs(xE36), 1n, ONE_E18);
const above = (x: bigint, y: bigint): bigint => max(x - y, 0n);

/** Place of the greatest number, the first of equals. */
export const greatest = (numbers: readonly bigint[]): number =>
    numbers.reduce((place, value, i) => (value > (numbers[place] ?? value) ? i : place), 0);

const collateralPnl = (spotE18: bigint, {factorE18}: Scenario, creditedE18: bigint): bigint =>
    creditedE18 * (mulDown(spotE18, factorE18) - spotE18);

/** Worst loss of the collateral alone over the whole grid, also when only some scenarios are evaluated. */
function collateralCharge({grid, spotE18}: UnderlyingMarket, creditedE18: bigint): bigint {
    const losses = grid.map((scenario) =>
        weightedLoss(collateralPnl(spotE18, scenario, creditedE18), scenario.weightE18),
    );
    return max(0n, ...losses);
}

const scanOf = (model: MarginModel, scans: Readonly<Record<MarginModel, bigint>>): bigint => scans[model];

/** Puts one underlying together: legs, collateral inside the grid, charges that do not depend on the scan. */
export function underlyingRisk(
    market: UnderlyingMarket,
    exposure: Exposure,
    model: MarginModel,
    {creditedE18, quoteE18}: {readonly creditedE18: bigint; readonly quoteE18: bigint},
): UnderlyingRisk {
    const {params, spotE18, scenarios} = market;
    const deltaE36 = exposure.deltaE36 + creditedE18 * ONE_E18;
    const netE18 = magnitudeE18(deltaE36);
    const grossE18 = mulDivUp(exposure.grossDeltaE36, 1n, ONE_E18) + creditedE18;
    const collateralE18 = collateralCharge(market, creditedE18);
    const pnlE36 = scenarios.map(
        (scenario, s) => (exposure.pnlE36[s] ?? 0n) + collateralPnl(spotE18, scenario, creditedE18),
    );
    const lossE18 = scenarios.map(({weightE18}, s) => weightedLoss(pnlE36[s] ?? 0n, weightE18));
    const capE18 = exposure.worstE18 + collateralE18;
    const scenarioE18 = min(max(0n, ...lossE18), capE18);
    const scanE18 = scanOf(model, {
        SCENARIO: scenarioE18,
        ISOLATED: exposure.isolatedE18 + collateralE18,
        DELTA: max(mulDivUp(netE18 * params.rangeE18, spotE18, ONE_E18 * ONE_E18), scenarioE18),
        // Until the sensitivities take its place, see greeksModel.
        GREEKS: scenarioE18,
    });
    return {
        underlying: market.underlying,
        group: params.group,
        spotE18,
        equityE18: exposure.valueE18 + mulDown(creditedE18, spotE18),
        deltaE18: deltaE36 < 0n ? -netE18 : netE18,
        tradedDeltaE18: magnitudeE18(exposure.deltaE36),
        pnlE36,
        lossE18,
        scanE18,
        rollE18: exposure.rollE18,
        floorDeltaE18: hedgedDelta(params, netE18, grossE18, spotE18),
        floorShortE18: shortOptions(params, exposure.shortE18, spotE18),
        concentrationE18: concentration(params, netE18, spotE18),
        capE18,
        profitE18: exposure.linearE18 === undefined ? 0n : max(exposure.linearE18 + quoteE18, 0n),
        linearUnitsE18: exposure.linearUnitsE18,
    };
}

export type Extras = {readonly addOnE18: bigint; readonly concentrationE18: bigint};

/** Add-on and concentration charge beside the scan, both within the cap. */
export function extras(part: UnderlyingRisk): Extras {
    const floorE18 = max(part.floorDeltaE18, part.floorShortE18);
    const addOnE18 = max(part.rollE18, above(floorE18, part.scanE18));
    const roomE18 = above(part.capE18, part.scanE18);
    const cappedE18 = min(addOnE18, roomE18);
    return {addOnE18: cappedE18, concentrationE18: min(part.concentrationE18, roomE18 - cappedE18)};
}

/** Greatest joint loss of the parts of a group, and the scenario it happens in. */
export function joint(parts: readonly UnderlyingRisk[]): {readonly jointE18: bigint; readonly binding: number} {
    const count = parts[0]?.lossE18.length ?? 0;
    const sums = Array.from({length: count}, (_, s) => sum(parts.map(({lossE18}) => lossE18[s] ?? 0n)));
    const binding = greatest(sums);
    const scansE18 = sum(parts.map(({scanE18}) => scanE18));
    return {jointE18: min(max(sums[binding] ?? 0n, 0n), scansE18), binding};
}

/** Requirement of one group, add-ons and concentration of its underlyings included. */
export function groupCharge(parts: readonly UnderlyingRisk[], blendE18: bigint): bigint {
    const own = parts.map((part) => {
        const {addOnE18, concentrationE18} = extras(part);
        return (ONE_E18 - blendE18) * part.scanE18 + ONE_E18 * (addOnE18 + concentrationE18);
    });
    return mulDivUp(blendE18 * joint(parts).jointE18 + sum(own), 1n, ONE_E18);
}

/** Scans of a group blended, without add-ons. */
export function groupScan(parts: readonly UnderlyingRisk[], blendE18: bigint): bigint {
    const own = parts.map(({scanE18}) => (ONE_E18 - blendE18) * scanE18);
    return mulDivUp(blendE18 * joint(parts).jointE18 + sum(own), 1n, ONE_E18);
}

function leastCharge(part: UnderlyingRisk, ownShareE18: bigint): bigint {
    const floorE18 = max(part.floorDeltaE18, part.floorShortE18);
    const turnE18 = max(part.scanE18, above(floorE18, part.rollE18));
    const addOnE18 = max(part.rollE18, above(floorE18, turnE18));
    const leastE36 = ownShareE18 * turnE18 + ONE_E18 * (addOnE18 + part.concentrationE18);
    return min(leastE36, ownShareE18 * max(part.scanE18, part.capE18));
}

/** Least that `groupCharge` can be, given only the scenarios a witness names: per underlying its own, then the group's. */
export function leastGroupCharge(parts: readonly UnderlyingRisk[], blendE18: bigint): bigint {
    const shareE18 = parts.length === 1 ? 0n : blendE18;
    const losses = parts.map(({lossE18}) => lossE18[JOINT_PLACE] ?? 0n);
    const scansE18 = sum(parts.map(({capE18}, i) => min(max(losses[i] ?? 0n, 0n), capE18)));
    const jointE18 = min(max(sum(losses), 0n), scansE18);
    const own = parts.map((part) => leastCharge(part, ONE_E18 - shareE18));
    return mulDivUp(shareE18 * jointE18 + sum(own), 1n, ONE_E18);
}

/** Initial requirement of one underlying by itself, which crowding is measured against. */
export function ownInitial(part: UnderlyingRisk, ratioE18: bigint): bigint {
    const {addOnE18, concentrationE18} = extras(part);
    return mulDivDown(part.scanE18 + addOnE18 + concentrationE18, ONE_E18, ratioE18);
}

/** What opening and withdrawing ask for beside the maintenance requirement. */
export type Opening = {readonly openInterestE18: bigint; readonly withheldE18: bigint};

export function reportOf(part: UnderlyingRisk, opening: Opening): UnderlyingReport {
    const {underlying, group, pnlE36, lossE18} = part;
    const {addOnE18, concentrationE18} = extras(part);
    return {
        underlying,
        group,
        binding: greatest(lossE18),
        // A net delta has no bound that a single size has.
        spotE18: part.spotE18 as PriceE18,
        deltaE18: part.deltaE18 as SizeE18,
        pnlE36,
        lossE18: lossE18.map(usd),
        scanE18: usd(part.scanE18),
        rollE18: usd(part.rollE18),
        floorDeltaE18: usd(part.floorDeltaE18),
        floorShortE18: usd(part.floorShortE18),
        addOnE18: usd(addOnE18),
        concentrationE18: usd(concentrationE18),
        openInterestE18: usd(opening.openInterestE18),
        withheldE18: usd(opening.withheldE18),
    };
}
