/** How the values of errors and events read to a person. */
import type {JsonFragmentType} from "ethers";

/** Names of values that are moments, not durations. */
const MOMENTS: ReadonlySet<string> = new Set(
    (
        "deadline expiry expirySeconds openAt closeAt nowSeconds publishedAt acceptedAt startedAt updatedAt atSeconds earlier later " +
        "expiresAt insolventAt sampledAt since endsAt"
    ).split(" "),
);

export type Typed = JsonFragmentType & {readonly internalType?: string};

/** A unit by the type that the source gives a value, else by the suffix of its name. A list has that of its values. */
export function unitOf({name = "", type: declared = "", internalType: source = ""}: Typed): string {
    const [type, internalType] = [declared.replace(/\[\]$/, ""), source.replace(/\[\]$/, "")];
    if (internalType === "AccountId") return "account";
    if (internalType === "InstrumentId") return "instrument";
    if (type === "bytes32" && name === "name") return "text";
    const scale = /E(?:8|18|27)$/.exec(name);
    if (scale !== null) return scale[0];
    // Durations have 32 bits in every contract, moments 40.
    if (MOMENTS.has(name) || type === "uint40") return "time";
    return name.endsWith("Seconds") ? "duration" : "plain";
}
