import {expect} from "chai";

/** Two doubles within a tolerance. Chai's own `closeTo` is for integers once the matchers of the chain are loaded. */
export function expectNear(actual: number, expected: number, tolerance: number, label = "figure"): void {
    const isNear = Math.abs(actual - expected) <= tolerance;
    expect(isNear, `${label}: ${actual} against ${expected}, tolerance ${tolerance}`).to.equal(true);
}
