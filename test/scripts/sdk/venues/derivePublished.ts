/**
 * Portfolios and margins that the venue tests its own contract with: github.com/derivexyz/v2-core at 7736900d,
 * test/risk-managers/unit-tests/PMRM_2/portfolio_cases, by the number of the file. Figures only; parameters are those of the files.
 */
import {e18} from "./legs.js";
import type {OptionText} from "./legs.js";
import {crossOf, DERIVE_FIGURES} from "../../../../scripts/sdk/venues/index.js";
import type {DeriveParams} from "../../../../scripts/sdk/venues/index.js";

export type PublishedCase = {
    readonly name: string;
    readonly spot: string;
    readonly perp?: readonly [size: string, price: string];
    readonly options: readonly OptionText[];
    readonly params: DeriveParams;
    readonly cash: number;
    readonly initial: number;
    readonly maintenance: number;
    readonly worst: number;
    /** Beginning of what names the worst scenario. */
    readonly label: string;
};

const TAILS = [
    ["-0.66", "0.054545454545454536"],
    ["-0.33", "0.10909090909090907"],
    ["0.5", "0.072"],
    ["1", "0.036"],
    ["2", "0.018"],
    ["3", "0.011999999999999999"],
] as const;

/** Parameters of the published portfolios, which are not those of the chain. */
const PUBLISHED: DeriveParams = {
    ...DERIVE_FIGURES,
    scenarios: [
        ...crossOf(["0.18"], ["UP"]),
        ...crossOf(["0.135", "0.09", "0.045", "0", "-0.045", "-0.09", "-0.135"], ["UP", "FLAT", "DOWN"]),
        ...crossOf(["-0.18"], ["UP"]),
        ...TAILS.flatMap(([move, weight]) => crossOf([move], ["UP"], weight)),
    ],
    vol: {...DERIVE_FIGURES.vol, fallE18: e18("0.275"), leastUpE18: e18("0.45")},
    skew: {
        ...DERIVE_FIGURES.skew,
        capE18: e18("0.15"),
        capSlopeE18: e18("-0.05"),
        levelSlopeE18: e18("-0.1"),
    },
    longRateTimesE18: e18(1),
    longRatePlusE18: e18("0.08"),
    longFactorE18: e18("0.95"),
    shortRateTimesE18: e18("0.5"),
    shortRatePlusE18: e18("0.08"),
    shortFactorE18: e18("1.04"),
    perpE18: e18("0.015"),
    perpInitialE18: e18("0.005"),
};

type Series = Pick<OptionText, "forward" | "seconds" | "discount">;

const series = (
    {forward, seconds, discount}: Series,
    options: readonly (readonly ["CALL" | "PUT", string, string, string])[],
): OptionText[] =>
    options.map(([kind, strike, vol, size]) => ({kind, strike, vol, size, forward, seconds, discount: discount ?? 1}));

const BTC = "95663.50604855";
const ETH = "2681.60298509999";

export const PUBLISHED_CASES: readonly PublishedCase[] = [
    {
        name: "12, naked short call",
        spot: BTC,
        options: series({forward: "95776.67392708939", seconds: 794_852, discount: "0.9962264490688729"}, [
            ["CALL", "100000", "0.453803924321583", "-1"],
        ]),
        params: PUBLISHED,
        cash: 0,
        initial: -14604.048120144837,
        maintenance: -11824.858703959073,
        worst: 12939.312020443322,
        label: "+18 %",
    },
    {
        name: "20, put sold",
        spot: BTC,
        options: series({forward: "95923.63240250274", seconds: 1_399_652, discount: "0.9924833379307125"}, [
            ["PUT", "100000", "0.4547630768795904", "-1"],
        ]),
        params: PUBLISHED,
        cash: 0,
        initial: -22163.82044010292,
        maintenance: -18851.840811908318,
        worst: 15603.263080487519,
        label: "-18 %",
    },
    {
        name: "21, butterfly bought",
        spot: BTC,
        options: series({forward: "95923.63240250274", seconds: 1_399_652, discount: "0.9924833379307125"}, [
            ["CALL", "130000", "0.6229030840863986", "1"],
            ["CALL", "135000", "0.6501102038102702", "-2"],
            ["CALL", "140000", "0.6757824627327845", "1"],
        ]),
        params: PUBLISHED,
        cash: 0,
        initial: -956.6349558230115,
        maintenance: -572.4161943757867,
        worst: 7.8236862651240555,
        label: "-",
    },
    {
        name: "22, box bought",
        spot: BTC,
        options: series({forward: "100374.61000117072", seconds: 18_938_852, discount: "0.9417130150741946"}, [
            ["CALL", "100000", "0.5543377511787965", "1"],
            ["CALL", "110000", "0.5592157396329432", "-1"],
            ["PUT", "100000", "0.5543377511787965", "-1"],
            ["PUT", "110000", "0.5592157396329432", "1"],
        ]),
        params: PUBLISHED,
        cash: 0,
        initial: 8029.6313880590305,
        maintenance: 8307.131140595613,
        worst: 1387.4987626829143,
        label: "",
    },
    {
        name: "25, risk reversal against a perpetual",
        spot: "2681",
        perp: ["-0.354", "2681"],
        options: series({forward: "2687.1439750528034", seconds: 1_399_652, discount: "0.9924833379307125"}, [
            ["CALL", "3100", "0.6826604391503175", "1"],
            ["PUT", "2375", "0.689188821287917", "-1"],
        ]),
        params: PUBLISHED,
        cash: 0,
        initial: -151.7861049071551,
        maintenance: -118.85126564539434,
        worst: 114.13734630880396,
        label: "-18 %",
    },
    {
        name: "29, a perpetual and 10 of funding",
        spot: "3000",
        perp: ["1", "3100"],
        options: [],
        params: PUBLISHED,
        cash: 10,
        initial: -607.9999999999995,
        maintenance: -481.39999999999964,
        worst: 557.9999999999995,
        label: "-18 %",
    },
    {
        name: "47, call spread in the money",
        spot: ETH,
        options: series({forward: "2695.7814942763334", seconds: 3_214_052, discount: "0.9788248561009755"}, [
            ["CALL", "1700", "0.8966023588167313", "1"],
            ["CALL", "1800", "0.8513246315176375", "-1"],
        ]),
        params: PUBLISHED,
        cash: 0,
        initial: 56.98784363662713,
        maintenance: 67.0245339946355,
        worst: 23.36742193904186,
        label: "",
    },
    {
        name: "50, what is owed grows by its rate",
        spot: ETH,
        options: series({forward: "2682.9997436016715", seconds: 794_852, discount: "0.9849910196613083"}, [
            ["CALL", "100", "1.225482363870083", "-1"],
        ]),
        params: PUBLISHED,
        cash: 0,
        initial: -3079.3477123754724,
        maintenance: -2969.6428771622996,
        worst: 521.708146214864,
        label: "+18 %",
    },
    {
        name: "52, two expiries",
        spot: BTC,
        options: [
            ...series({forward: "100374.61000117072", seconds: 18_938_852, discount: "0.8868234027601302"}, [
                ["CALL", "100000", "0.5543377511787965", "1.5"],
                ["PUT", "120000", "0.5665119096978181", "2.1"],
            ]),
            ...series({forward: "98198.07812501276", seconds: 11_076_452, discount: "0.9654864620757392"}, [
                ["PUT", "120000", "0.5646450091750466", "-4"],
            ]),
        ],
        params: PUBLISHED,
        cash: 0,
        initial: -94908.87072619566,
        maintenance: -81147.83852296828,
        worst: 64978.620774194904,
        label: "-18 %",
    },
    {
        name: "68, synthetic forward under other rates",
        spot: ETH,
        options: series({forward: "2801.18485249767", seconds: 18_938_852, discount: "0.8401635979647669"}, [
            ["CALL", "2500", "0.6486935978183301", "1"],
            ["PUT", "2500", "0.6486935978183301", "-1"],
        ]),
        params: {
            ...PUBLISHED,
            shortRateTimesE18: e18("0.2"),
            longRateTimesE18: e18("0.56"),
            shortRatePlusE18: e18("0.05"),
            longRatePlusE18: e18("0.11"),
        },
        cash: 0,
        initial: -189.28751880902087,
        maintenance: -100.82110518183072,
        worst: 442.33206813595086,
        label: "-18 %",
    },
];

/** The worse loss of the two turns of the smile, which never binds under the parameters above, by portfolio. */
export const PUBLISHED_SKEWS: readonly (readonly [name: string, index: number, loss: number])[] = [
    ["12, naked short call", 0, 43.43395259503018],
    ["25, risk reversal against a perpetual", 0, 7.536104005394502536],
    ["47, call spread in the money", 1, 7.354835679713076502],
    ["52, two expiries", 0, 20143.53722156721050851],
];
/** Contingency of the basis, file 12. */
export const PUBLISHED_BASIS_LOSS = 947.2098049301085;
