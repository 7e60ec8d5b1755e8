/**
 * What the nearest peer costs. Derive v2, built from its public source with its own settings (solc 0.8.27, optimizer runs 100) and
 * measured with cold storage: views count execution, transactions include 21,000 and calldata, as our own figures do. Its books are
 * options of one underlying; figures of transactions are rounded to three digits.
 */
import type {Size} from "./books.js";
import type {Name} from "./measure.js";

export const MANAGERS = {
    PMRM: "Derive PMRM, 23 scenarios",
    PMRM_2: "Derive PMRM_2, 33 scenarios",
} as const;
export type Manager = keyof typeof MANAGERS;

/** Gas by number of positions. */
type Row = Readonly<Record<number, number>>;

/** Books of one expiry. */
const ONE_EXPIRY: Readonly<Partial<Record<Name, Readonly<Record<Manager, Row>>>>> = {
    assess: {
        PMRM: {1: 556_574, 4: 1_196_871, 8: 2_053_800, 16: 3_779_008, 32: 7_275_990, 64: 14_459_169},
        PMRM_2: {1: 911_975, 4: 1_828_433, 8: 3_055_008, 16: 5_522_715, 32: 10_523_804, 64: 20_792_729},
    },
    fill2: {
        PMRM: {8: 2_610_000, 64: 15_080_000},
        PMRM_2: {8: 3_610_000, 64: 21_410_000},
    },
    withdraw: {
        PMRM: {1: 717_000, 8: 2_220_000, 64: 14_690_000},
        PMRM_2: {1: 1_070_000, 8: 3_230_000, 64: 21_020_000},
    },
    start: {
        PMRM: {1: 956_000, 8: 1_350_000, 64: 4_770_000},
        PMRM_2: {1: 1_130_000, 8: 1_530_000, 64: 5_000_000},
    },
    // Its bid, by a bidder who holds nothing yet.
    take: {
        PMRM: {1: 721_000, 8: 2_320_000, 64: 15_380_000},
        PMRM_2: {1: 761_000, 8: 2_360_000, 64: 15_440_000},
    },
};

const FOUR_EXPIRIES: typeof ONE_EXPIRY = {
    assess: {PMRM: {64: 14_570_015}, PMRM_2: {64: 21_196_826}},
};

/** The peer's figure for the same question, undefined where none was measured or its rules have no such book. */
export function peerGas(name: Name, {positions, expiries, underlyings}: Size, manager: Manager): number | undefined {
    if (underlyings !== 1) return undefined;
    const figures = expiries === 1 ? ONE_EXPIRY : FOUR_EXPIRIES;
    return figures[name]?.[manager][positions];
}
