/** The normal distribution in double precision, from the error function's own series and continued fraction. */

/** Where the series of erf gives way to the continued fraction of erfc, which keeps the tail's relative precision. */
const CROSSOVER = 2;
const TERMS = 200;

/** erf(x) = 2/sqrt(pi) e^(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!; no term is negative, so nothing cancels. */
function erfSeries(x: number): number {
    let term = x;
    let sum = x;
    for (let n = 1; n < TERMS && term > sum * 1e-17; n++) {
        term *= (2 * x * x) / (2 * n + 1);
        sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) = e^(-x^2) / (sqrt(pi) (x + (1/2) / (x + (2/2) / (x + (3/2) / ...)))), from the far end inwards. */
function erfcFraction(x: number): number {
    let below = x;
    for (let n = TERMS; n > 0; n--) below = x + n / 2 / below;
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * below);
}

export function erfc(x: number): number {
    if (x < 0) return 2 - erfc(-x);
    return x < CROSSOVER ? 1 - erfSeries(x) : erfcFraction(x);
}

export const normalCdf = (x: number): number => erfc(-x / Math.SQRT2) / 2;
