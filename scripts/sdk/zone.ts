/** Zones of an account, as `types/Zone.sol` draws them. */
export type Zone = "healthy" | "restricted" | "liquidatable" | "insolvent";
/** In the order of the contract's numbers. */
export const ZONES: readonly Zone[] = ["healthy", "restricted", "liquidatable", "insolvent"];

/** What an account may do. */
export function zoneOf(margin: {
    readonly equityE18: bigint;
    readonly initialE18: bigint;
    readonly maintenanceE18: bigint;
}): Zone {
    const {equityE18, initialE18, maintenanceE18} = margin;
    if (equityE18 >= initialE18) return "healthy";
    if (equityE18 >= maintenanceE18) return "restricted";
    return equityE18 < 0n ? "insolvent" : "liquidatable";
}
