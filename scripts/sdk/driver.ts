/**
 * Twin of contracts/governance/VolatilityDriver.sol and of what the steward does with its goals, for an underlying of which nothing
 * but the price range moves: the same integers at the same times. Times are Unix seconds.
 */
import {
    abs,
    boundedMoveE18,
    divDown,
    lnRatioE18,
    max,
    min,
    mulDivDown,
    mulDivUp,
    mulDown,
    mulUp,
} from "./math/index.js";
import {nextVarianceE18} from "./math/index.js";
import {ONE_E18} from "./units.js";

export type DriverRules = {
    readonly spacingSeconds: bigint;
    readonly halfLifeSeconds: bigint;
    readonly horizonSeconds: bigint;
    readonly noticeSeconds: bigint;
    readonly maxReturnE18: bigint;
    readonly multipleE18: bigint;
    readonly mostE18: bigint;
    readonly hysteresisE18: bigint;
};

export type PaceRules = {readonly rampSeconds: bigint; readonly stepSeconds: bigint; readonly maxStepE18: bigint};

export type Rules = {readonly driver: DriverRules; readonly steward: PaceRules};

/** The price range of an underlying, and the weights of its scenarios. */
export type Range = {readonly rangeE18: bigint; readonly weightsE18: readonly bigint[]};

export type DriverState = {
    readonly governed: Range;
    readonly stand: Range;
    readonly ramp: {readonly target: Range; readonly endsAt: bigint} | undefined;
    readonly steppedAt: bigint;
    readonly sample: {readonly priceE18: bigint; readonly sampledAt: bigint; readonly varianceE18: bigint} | undefined;
    readonly notice: {readonly rangeE18: bigint; readonly riseAt: bigint} | undefined;
};

export const MOVES = ["NONE", "SAMPLED", "ANNOUNCED", "WITHDRAWN", "DRIVEN", "STEPPED"] as const;
export type Move = (typeof MOVES)[number];
export type Stepped = {readonly state: DriverState; readonly move: Move};

export type Moment = {readonly now: bigint; readonly priceE18: bigint};

const NOTICE_LASTS_SECONDS = 86_400n;
const MAX_RANGE_E18 = (9n * ONE_E18) / 10n;
const CALM_SPACINGS = 2n;

export const newDriver = (governed: Range): DriverState => ({
    governed,
    stand: governed,
    ramp: undefined,
    steppedAt: 0n,
    sample: undefined,
    notice: undefined,
});

/** Figures with another price range; weights stay within one, rounded up. */
export const widened = ({rangeE18, weightsE18}: Range, toE18: bigint): Range => ({
    rangeE18: toE18,
    weightsE18: weightsE18.map((weightE18) =>
        weightE18 >= ONE_E18 ? weightE18 : min(mulDivUp(weightE18, toE18, rangeE18), ONE_E18),
    ),
});

const isSame = (a: Range, b: Range): boolean =>
    a.rangeE18 === b.rangeE18 && a.weightsE18.every((weight, place) => weight === b.weightsE18[place]);

const weightAt = ({weightsE18}: Range, place: number): bigint => weightsE18[place] ?? 0n;

/** Greatest relative rise of a requirement, either way. */
function costE18(from: Range, to: Range): bigint {
    const relative = (x: bigint, y: bigint): bigint => (x === y ? 0n : mulDivUp(abs(x - y), ONE_E18, min(x, y)));
    const weights = from.weightsE18.map((weight, place) => relative(weight, weightAt(to, place)));
    return relative(from.rangeE18, to.rangeE18) + max(0n, ...weights);
}

const isLooser = (from: Range, to: Range): boolean =>
    to.rangeE18 < from.rangeE18 || from.weightsE18.some((weight, place) => weightAt(to, place) < weight);

function between(from: Range, to: Range, shareE18: bigint): Range {
    if (shareE18 >= ONE_E18) return to;
    const part = (x: bigint, y: bigint): bigint => {
        const wayE18 = mulDivDown(abs(x - y), shareE18, ONE_E18);
        return x > y ? x - wayE18 : x + wayE18;
    };
    return {
        rangeE18: part(from.rangeE18, to.rangeE18),
        weightsE18: from.weightsE18.map((weight, place) => part(weight, weightAt(to, place))),
    };
}

/** One step of the steward, which is due. */
function stepRamp(state: DriverState, now: bigint, {maxStepE18}: PaceRules): DriverState {
    const {stand, ramp, steppedAt} = state;
    if (ramp === undefined) return state;
    const cost = costE18(stand, ramp.target);
    const timed = now < ramp.endsAt ? mulDivDown(now - steppedAt, ONE_E18, ramp.endsAt - steppedAt) : ONE_E18;
    const budgetE18 = divDown(maxStepE18, ONE_E18 + maxStepE18);
    const shareE18 = cost > budgetE18 ? min(timed, divDown(budgetE18, cost)) : timed;
    const done = shareE18 === ONE_E18;
    return {
        ...state,
        stand: between(stand, ramp.target, shareE18),
        steppedAt: cost !== 0n || !done ? now : steppedAt,
        ramp: done ? undefined : ramp,
    };
}

function drive(state: DriverState, target: Range, now: bigint, rules: PaceRules): DriverState {
    if (isLooser(state.stand, target)) {
        return {...state, ramp: {target, endsAt: now + rules.rampSeconds}, steppedAt: now};
    }
    const started = {...state, ramp: {target, endsAt: now}};
    const isDue = costE18(state.stand, target) === 0n || now >= state.steppedAt + rules.stepSeconds;
    return isDue ? stepRamp(started, now, rules) : started;
}

/** Takes the sample that is due, if one is. */
function sampled(state: DriverState, {now, priceE18}: Moment, rules: DriverRules): DriverState {
    const {sample} = state;
    if (sample === undefined) return {...state, sample: {priceE18, sampledAt: now, varianceE18: 0n}};
    if (now < sample.sampledAt + rules.spacingSeconds) return state;
    const returnE18 = min(abs(lnRatioE18(priceE18, sample.priceE18)), rules.maxReturnE18);
    const varianceE18 = nextVarianceE18(
        sample.varianceE18,
        {returnE18, elapsedSeconds: now - sample.sampledAt},
        {halfLifeSeconds: rules.halfLifeSeconds, calmSeconds: CALM_SPACINGS * rules.spacingSeconds},
    );
    return {...state, sample: {priceE18, sampledAt: now, varianceE18}};
}

/** What the last sample asks for. */
export function wantedE18({governed, sample}: DriverState, rules: DriverRules): bigint {
    const mostE18 = min(mulDown(governed.rangeE18, rules.mostE18), MAX_RANGE_E18);
    const moveE18 = boundedMoveE18(sample?.varianceE18 ?? 0n, rules.multipleE18, rules.horizonSeconds);
    return max(governed.rangeE18, min(moveE18, mostE18));
}

function rise(state: DriverState, wanted: bigint, now: bigint, {driver, steward}: Rules): Stepped {
    const {stand, ramp, governed, notice} = state;
    const mostE18 = max(stand.rangeE18, ramp?.target.rangeE18 ?? 0n);
    if (notice === undefined || notice.rangeE18 <= mostE18 || now > notice.riseAt + NOTICE_LASTS_SECONDS) {
        const announced = {rangeE18: wanted, riseAt: now + driver.noticeSeconds};
        return {state: {...state, notice: announced}, move: "ANNOUNCED"};
    }
    if (now < notice.riseAt) return {state, move: "NONE"};
    const target = widened(governed, min(wanted, notice.rangeE18));
    return {state: drive({...state, notice: undefined}, target, now, steward), move: "DRIVEN"};
}

/** Whether the goal is too far from what is wanted; what is wanted at the floor goes there whole. */
function isOff(goalE18: bigint, wanted: bigint, floorE18: bigint, {hysteresisE18}: DriverRules): boolean {
    if (wanted > mulUp(goalE18, ONE_E18 + hysteresisE18)) return true;
    if (wanted < mulDown(goalE18, ONE_E18 - hysteresisE18)) return true;
    return wanted === floorE18 && goalE18 > floorE18;
}

function aim(state: DriverState, now: bigint, rules: Rules): Stepped {
    const {governed, stand, ramp} = state;
    const goalE18 = (ramp?.target ?? stand).rangeE18;
    const wanted = wantedE18(state, rules.driver);
    const off = isOff(goalE18, wanted, governed.rangeE18, rules.driver);
    if (off && wanted > max(stand.rangeE18, goalE18)) return rise(state, wanted, now, rules);
    const quiet = {...state, notice: undefined};
    const move = state.notice === undefined ? "NONE" : "WITHDRAWN";
    const target = widened(governed, off ? wanted : max(goalE18, governed.rangeE18));
    if (!off && (ramp !== undefined || isSame(target, stand))) return {state: quiet, move};
    return {state: drive(quiet, target, now, rules.steward), move: "DRIVEN"};
}

/** One call of `step`. */
export function stepDriver(state: DriverState, moment: Moment, rules: Rules): Stepped {
    const fresh = sampled(state, moment, rules.driver);
    const aimed = aim(fresh, moment.now, rules);
    const move = aimed.move === "NONE" && fresh !== state ? "SAMPLED" : aimed.move;
    const {ramp, steppedAt} = aimed.state;
    const isDue = ramp !== undefined && moment.now >= steppedAt + rules.steward.stepSeconds;
    if (aimed.move === "DRIVEN" || aimed.move === "ANNOUNCED" || !isDue) return {state: aimed.state, move};
    return {state: stepRamp(aimed.state, moment.now, rules.steward), move: "STEPPED"};
}
