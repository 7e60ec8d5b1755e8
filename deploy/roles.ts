/**
 * Who may call what. Every restricted function of every contract stands here once; a test compares the table with the
 * interfaces, the modules wire it, and the check reads it back.
 */
import {Interface} from "ethers";

import {
    BACKSTOP_ABI,
    CLEARINGHOUSE_ABI,
    LIQUIDATOR_ABI,
    MARGIN_VAULT_ABI,
    PRICE_ORACLE_ABI,
    RISK_PARAMETERS_ABI,
    RISK_STEWARD_ABI,
    SOLVENCY_GATE_ABI,
    SURFACE_ORACLE_ABI,
    VOLATILITY_DRIVER_ABI,
} from "../scripts/sdk/abi/index.js";

/**
 * Role numbers of OpenZeppelin's AccessManager. OWNER is its built-in administrator, which no guardian can be set over; it
 * only moves roles. ADMIN changes what the system is made of, RISK how much it asks for, both under delay; GUARDIAN stops
 * what adds risk, without delay, and may cancel what ADMIN and RISK have scheduled. GATE, STEWARD and DRIVER are held by
 * contracts: the solvency gate, the steward through which every risk parameter, cap and fee goes, and what moves the price range
 * with realised volatility.
 */
export const ROLES = {OWNER: 0n, ADMIN: 1n, RISK: 2n, GUARDIAN: 3n, GATE: 4n, STEWARD: 5n, DRIVER: 6n} as const;
export type Role = keyof typeof ROLES;

export const MANAGED_CONTRACTS = [
    "vault",
    "clearinghouse",
    "riskParameters",
    "priceOracle",
    "surfaceOracle",
    "liquidator",
    "backstop",
    "solvencyGate",
    "riskSteward",
    "volatilityDriver",
] as const;
export type ManagedContract = (typeof MANAGED_CONTRACTS)[number];

export const RESTRICTED: Readonly<Record<ManagedContract, Readonly<Record<string, Exclude<Role, "OWNER">>>>> = {
    vault: {
        setCore: "ADMIN",
        listAsset: "STEWARD",
        setAssetCap: "STEWARD",
        setSettlementCap: "STEWARD",
        setRateCurve: "RISK",
        pauseBorrowing: "GUARDIAN",
        unpauseBorrowing: "RISK",
        setGate: "GATE",
    },
    clearinghouse: {
        setPriceOracle: "ADMIN",
        setLastKnownRisk: "ADMIN",
        setPriceBand: "RISK",
        setListing: "STEWARD",
        setFees: "STEWARD",
        setFundingParams: "RISK",
        pauseOpening: "GUARDIAN",
        unpauseOpening: "RISK",
        setGate: "GATE",
    },
    riskParameters: {
        setOracles: "ADMIN",
        setUnderlying: "STEWARD",
        setGroup: "STEWARD",
        setAsset: "STEWARD",
        setGlobal: "STEWARD",
    },
    priceOracle: {
        setFeed: "ADMIN",
        setSequencer: "ADMIN",
        setConfirmSeconds: "ADMIN",
        setSettlementWindow: "ADMIN",
        pauseFeed: "GUARDIAN",
        unpauseFeed: "RISK",
    },
    surfaceOracle: {setSigner: "ADMIN", setThreshold: "ADMIN", setBounds: "RISK"},
    liquidator: {setDataFee: "ADMIN", setCurve: "RISK", setKeeperPay: "RISK"},
    backstop: {setCooldown: "RISK", setLossBudget: "RISK"},
    solvencyGate: {setThresholds: "RISK", setTimes: "RISK"},
    riskSteward: {
        change: "RISK",
        tighten: "GUARDIAN",
        drive: "DRIVER",
        replace: "ADMIN",
        stop: "GUARDIAN",
        listAsset: "ADMIN",
        setFees: "RISK",
        setRules: "ADMIN",
    },
    volatilityDriver: {pause: "GUARDIAN", unpause: "RISK", setRules: "RISK"},
};

/** What takes effect at once because it can only make the system safer. Everything else that a key can call waits. */
const TIGHTENING: readonly string[] = [
    "vault.pauseBorrowing",
    "clearinghouse.pauseOpening",
    "priceOracle.pauseFeed",
    "riskSteward.tighten",
    "riskSteward.stop",
    "volatilityDriver.pause",
];

/**
 * What a restricted function can do. "by figure": the steward compares old and new, figure by figure, and treats each as what
 * it is. "by rule": gate and driver move with what they measure, and nobody's hand is on them.
 */
export type Effect = "tightens" | "loosens" | "by figure" | "by rule";

export function effectOf(contract: ManagedContract, name: string): Effect {
    if (TIGHTENING.includes(`${contract}.${name}`)) return "tightens";
    const role = RESTRICTED[contract][name];
    if (role === undefined) throw new Error(`${contract} has no restricted function ${name}`);
    if (role === "STEWARD") return "by figure";
    return role === "GATE" || role === "DRIVER" ? "by rule" : "loosens";
}

const INTERFACES: Readonly<Record<ManagedContract, Interface>> = {
    vault: new Interface(MARGIN_VAULT_ABI),
    clearinghouse: new Interface(CLEARINGHOUSE_ABI),
    riskParameters: new Interface(RISK_PARAMETERS_ABI),
    priceOracle: new Interface(PRICE_ORACLE_ABI),
    surfaceOracle: new Interface(SURFACE_ORACLE_ABI),
    liquidator: new Interface(LIQUIDATOR_ABI),
    backstop: new Interface(BACKSTOP_ABI),
    solvencyGate: new Interface(SOLVENCY_GATE_ABI),
    riskSteward: new Interface(RISK_STEWARD_ABI),
    volatilityDriver: new Interface(VOLATILITY_DRIVER_ABI),
};

export function selectorOf(contract: ManagedContract, name: string): string {
    const found = INTERFACES[contract].getFunction(name);
    if (found === null) throw new Error(`${contract} has no function ${name}`);
    return found.selector;
}

/** Selectors of one contract that one role may call. */
export function selectorsOf(contract: ManagedContract, role: Role): string[] {
    return Object.entries(RESTRICTED[contract])
        .filter(([, holder]) => holder === role)
        .map(([name]) => selectorOf(contract, name));
}
