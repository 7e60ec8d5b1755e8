/**
 * Shape of a network's parameters. Figures are decimal strings, so that a reviewer reads what the margin model says; here they
 * become the integers of the contracts. Unknown or missing fields are errors.
 */
import {getAddress, isAddress} from "ethers";
import {z} from "zod";

import {formatE18, InputError, ONE_E18, parseE18, parseFixed} from "../../scripts/sdk/index.js";
import {mulUp} from "../../scripts/sdk/math/index.js";
import {unlawful} from "./laws.js";

const decimal = (decimals: number): z.ZodType<bigint, string> =>
    z.string().transform((text, context): bigint => {
        try {
            return parseFixed(text, decimals);
        } catch (error) {
            if (!(error instanceof InputError)) throw error;
            context.addIssue({code: "custom", message: error.message});
            return z.NEVER;
        }
    });

/** A figure with 18 decimals: USD, units, fractions, annual rates. */
const e18 = decimal(18);
const fraction = e18.refine((value) => value >= 0n && value <= parseE18("1"), "must be between 0 and 1");
const usdE8 = decimal(8);
const seconds = z.int().nonnegative();
const feedId = z.int().positive().max(0xffff);
const underlyingId = z.int().positive().max(0xffff);
const address = z
    .string()
    .refine((text) => isAddress(text), "must be an address")
    .transform((text) => getAddress(text));

/** Where a contract of somebody else's comes from: an address on this network, or a stand-in that anyone may write. */
const tokenSource = z.union([
    z.strictObject({address}),
    z.strictObject({mock: z.strictObject({name: z.string(), decimals: z.int().min(0).max(18)})}),
]);
const feedSource = z.union([z.strictObject({address}), z.strictObject({mock: z.strictObject({answer: usdE8})})]);
const uptimeSource = z.union([z.strictObject({address}), z.literal("none")]);

const feed = z.strictObject({
    id: feedId,
    source: feedSource,
    second: z.strictObject({address}).optional(),
    maxAgeSeconds: seconds,
    maxDeviation: fraction,
    maxJump: fraction,
    minPrice: e18,
    maxPrice: e18,
});

const asset = z.strictObject({
    token: z.string(),
    cap: e18,
    /** 0 for assets that no grid shocks. */
    underlying: z.int().nonnegative(),
    feedId,
    weight: fraction,
    /** k of the weight that falls with size: min(weight, 1.1 / (k·√value + 1)). */
    size: e18,
});

const underlying = z.strictObject({
    id: underlyingId,
    name: z.string(),
    group: z.int().nonnegative(),
    priceRange: fraction,
    volUp: e18,
    volDown: fraction,
    volFloorUp: e18,
    volFloorDown: e18,
    powerShort: fraction,
    powerLong: fraction,
    rollMin: fraction,
    rollYear: fraction,
    floorNet: fraction,
    floorHedged: fraction,
    floorShort: fraction,
    spread: fraction,
    impact: e18,
    sigmaDay: fraction,
    averageDailyVolume: e18,
    openInterestLower: e18,
    openInterestUpper: e18,
    listing: z.strictObject({strikeStep: usdE8, minStrike: usdE8, maxStrike: usdE8, openInterestCap: e18}),
});

const gateLimits = z.strictObject({throttleIn: fraction, throttleOut: fraction, haltIn: fraction, haltOut: fraction});

export const parametersSchema = z.strictObject({
    network: z.string(),
    /** How long changes by the roles wait before they take effect. */
    delays: z.strictObject({adminSeconds: seconds, riskSeconds: seconds}),
    tokens: z.record(z.string(), tokenSource),
    settlementToken: z.string(),
    oracle: z.strictObject({
        confirmSeconds: seconds,
        /** Settlement prices are averages over so many seconds before the expiry. */
        settlementWindowSeconds: seconds,
        feeds: z.array(feed).min(1),
        sequencer: z.strictObject({feed: uptimeSource, graceSeconds: seconds}),
    }),
    surfaces: z.strictObject({
        threshold: z.int().positive(),
        maxAgeSeconds: seconds,
        maxRatioStep: fraction,
        minRatio: e18,
        maxRatio: e18,
        maxVolStep: e18,
    }),
    vault: z.strictObject({
        settlementCap: e18,
        rates: z.strictObject({
            base: e18,
            kink: fraction,
            slopeLow: e18,
            slopeHigh: e18,
            reserve: fraction,
        }),
        assets: z.array(asset),
    }),
    clearing: z.strictObject({
        fees: z.strictObject({linear: fraction, option: fraction, optionCap: fraction}),
        funding: z.strictObject({
            maxPremium: fraction,
            maxRate: fraction,
            averageSeconds: seconds,
            sampleNotional: e18,
        }),
        /** Greatest distance of a leg's price from its index. */
        priceBand: fraction,
    }),
    risk: z.strictObject({
        initialRatio: fraction,
        reserveBase: e18,
        reservePerPosition: e18,
        settlementFeedId: feedId,
        groups: z.array(z.strictObject({id: z.int().nonnegative(), blend: fraction})),
        underlyings: z.array(underlying).min(1),
    }),
    liquidation: z.strictObject({
        discountStart: fraction,
        discountFast: fraction,
        fastSeconds: seconds,
        slowSeconds: seconds,
        insolventSeconds: seconds,
        insolventCap: e18,
        targetHealth: e18,
        dust: e18,
        pay: z.strictObject({
            startGas: z.int().positive(),
            takeGas: z.int().positive(),
            takeGasPerPosition: z.int().nonnegative(),
            margin: e18,
            maxGasPriceWei: z.int().positive(),
            min: e18,
            max: e18,
            nativeFeedId: feedId,
        }),
        /** Where a rollup's fee for data comes from, and the bytes that it is asked for. */
        dataFee: z.union([
            z.literal("none"),
            z.strictObject({
                chain: z.enum(["Arbitrum", "Op"]),
                startBytes: z.int().positive(),
                takeBytes: z.int().positive(),
            }),
        ]),
        /** Gas price and native coin's price at which closing even the smallest book must still pay. */
        stress: z.strictObject({gasPriceWei: z.int().positive(), nativePrice: e18}),
    }),
    gate: z.strictObject({
        dwellSeconds: seconds,
        averageSeconds: seconds,
        windowSeconds: seconds,
        deviation: gateLimits,
        loss: gateLimits,
        outflow: gateLimits,
    }),
    /** How fast parameters move once the system is handed over. */
    steward: z.strictObject({
        rampSeconds: z.int().positive(),
        stepSeconds: z.int().positive(),
        maxStep: fraction,
        maxTighten: e18,
        /** From a price to the liquidation that follows it. */
        reactionSeconds: z.int().positive(),
    }),
    /** How the price range follows realised volatility. */
    driver: z.strictObject({
        spacingSeconds: z.int().positive(),
        halfLifeSeconds: z.int().positive(),
        horizonSeconds: z.int().positive(),
        noticeSeconds: z.int().positive(),
        maxReturn: fraction,
        multiple: e18,
        /** Greatest price range as a multiple of the underlying's own. */
        most: e18,
        hysteresis: fraction,
    }),
    backstop: z.strictObject({
        cooldownSeconds: seconds,
        windowSeconds: seconds,
        /** What the pool may lose in any window, by underlying; 0 = losses that belong to none. */
        lossBudgets: z.array(z.strictObject({underlying: z.int().min(0), limit: e18, windowSeconds: seconds})),
    }),
});

/** As a network's file writes them. */
export type ParametersFile = z.input<typeof parametersSchema>;
/** As modules and checks use them. */
export type Parameters = z.output<typeof parametersSchema>;

/** References between the parts that no single field can check. */
function danglingReferences(parameters: Parameters): string[] {
    const feeds = new Set(parameters.oracle.feeds.map(({id}) => id));
    const groups = new Set(parameters.risk.groups.map(({id}) => id));
    const underlyings = new Set(parameters.risk.underlyings.map(({id}) => id));
    const {vault, risk, liquidation} = parameters;
    const tokens = [parameters.settlementToken, ...vault.assets.map(({token}) => token)];
    const budgets = new Set(parameters.backstop.lossBudgets.map(({underlying: id}) => id));
    return [
        ...[0, ...underlyings].filter((id) => !budgets.has(id)).map((id) => `loss budget ${id}`),
        ...tokens.filter((name) => !(name in parameters.tokens)).map((name) => `token ${name}`),
        ...[
            risk.settlementFeedId,
            liquidation.pay.nativeFeedId,
            ...underlyings,
            ...vault.assets.map((one) => one.feedId),
        ]
            .filter((id) => !feeds.has(id))
            .map((id) => `feed ${id}`),
        ...risk.underlyings.filter(({group}) => !groups.has(group)).map(({group}) => `group ${group}`),
        ...vault.assets
            .filter((one) => one.underlying !== 0 && !underlyings.has(one.underlying))
            .map((one) => `underlying ${one.underlying}`),
    ];
}

/** Book sizes at which the reserve falls most short: both it and the pay grow by a fixed amount per position. */
const RESERVED = [1n, 64n];

/** What starting and taking a book would be paid on the stated bad day, without data fees and bounds. */
function stressedPayE18({liquidation: {pay, stress}}: Parameters, positions: bigint): bigint {
    const gas = BigInt(pay.startGas) + BigInt(pay.takeGas) + positions * BigInt(pay.takeGasPerPosition);
    return mulUp(mulUp(gas * BigInt(stress.gasPriceWei), stress.nativePrice), ONE_E18 + pay.margin);
}

/** Sizes of which the smallest book would not be worth closing. */
function unpaidSizes(parameters: Parameters): string[] {
    const {reserveBase, reservePerPosition} = parameters.risk;
    return RESERVED.flatMap((positions) => {
        const reserveE18 = reserveBase + positions * reservePerPosition;
        const payE18 = stressedPayE18(parameters, positions);
        return payE18 <= reserveE18 ? [] : [`${positions} positions: ${formatE18(payE18)} of ${formatE18(reserveE18)}`];
    });
}

export function readParameters(file: ParametersFile): Parameters {
    const parameters = parametersSchema.parse(file);
    const dangling = danglingReferences(parameters);
    if (dangling.length > 0) throw new Error(`Parameters name what they do not define: ${dangling.join(", ")}`);
    const unpaid = unpaidSizes(parameters);
    if (unpaid.length > 0) {
        throw new Error(`The keeper reserve does not cover closing at the stress gas price: ${unpaid.join(", ")}`);
    }
    const broken = unlawful(parameters);
    if (broken.length > 0) throw new Error(`Parameters do not fit together: ${broken.join("; ")}`);
    return parameters;
}
