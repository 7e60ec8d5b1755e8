/** What the reference reads and returns: plain numbers, USD and units of the underlying. */

export type VolState = "FLAT" | "UP" | "DOWN";
export type Shock = {readonly factor: number; readonly weight: number; readonly vol: VolState};

/** Raw SVI total variance. */
export type Smile = {
    readonly a: number;
    readonly b: number;
    readonly rho: number;
    readonly m: number;
    readonly sigma: number;
};

export type Leg = {
    readonly kind: "PERP" | "FUTURE" | "CALL" | "PUT";
    /** Unix time, seconds; 0 for a perpetual. */
    readonly expiry: number;
    readonly strike: number;
    readonly size: number;
};

export type Expiry = {
    readonly forward: number;
    readonly discount: number;
    readonly smile: Smile;
    /** Unix time of the smile's report, seconds. */
    readonly publishedAt: number;
};

export type Rules = {
    readonly volUp: number;
    readonly volDown: number;
    readonly volFloorUp: number;
    readonly volFloorDown: number;
    readonly powerShort: number;
    readonly powerLong: number;
    readonly rollMin: number;
    readonly rollYear: number;
    readonly floorNet: number;
    readonly floorHedged: number;
    readonly floorShort: number;
    readonly spread: number;
    readonly impact: number;
    readonly sigmaDay: number;
    readonly adv: number;
    readonly oiLower: number;
    readonly oiUpper: number;
    readonly range: number;
};

export type Underlying = {
    readonly underlying: number;
    readonly group: number;
    readonly spot: number;
    readonly mark: number;
    readonly funding: number;
    /** Units. */
    readonly openInterest: number;
    readonly expiries: ReadonlyMap<number, Expiry>;
    readonly settlements: ReadonlyMap<number, number>;
    readonly rules: Rules;
    readonly grid: readonly Shock[];
    readonly legs: readonly Leg[];
};

export type Holding = {
    readonly units: number;
    readonly price: number;
    readonly weight: number;
    /** k of the size-dependent weight. */
    readonly k: number;
    /** 0 = no grid moves it. */
    readonly underlying: number;
};

export type Portfolio = {
    /** Unix time, seconds. */
    readonly now: number;
    readonly model: "SCENARIO" | "ISOLATED" | "DELTA";
    readonly cash: number;
    readonly coinPrice: number;
    readonly quotes: readonly {readonly underlying: number; readonly quote: number}[];
    readonly collateral: readonly Holding[];
    readonly underlyings: readonly Underlying[];
    /** By group; 0 where one is missing. */
    readonly blends: ReadonlyMap<number, number>;
    /** MM / IM. */
    readonly ratio: number;
    readonly reserveBase: number;
    readonly reservePerPosition: number;
};

export type UnderlyingMargin = {
    readonly underlying: number;
    readonly delta: number;
    readonly losses: readonly number[];
    readonly scan: number;
    readonly roll: number;
    readonly floorDelta: number;
    readonly floorShort: number;
    readonly addOn: number;
    readonly concentration: number;
    readonly crowding: number;
    readonly withheld: number;
};

export type Margin = {
    readonly equity: number;
    readonly initial: number;
    readonly maintenance: number;
    readonly reserve: number;
    readonly groups: readonly {readonly group: number; readonly scan: number}[];
    readonly underlyings: readonly UnderlyingMargin[];
};
