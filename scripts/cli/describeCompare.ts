/** A comparison of venues as text for people: figures first, then what they rest on. */
import {formatCut, parseE18} from "../sdk/index.js";
import type {Comparison, UnderlyingCharge, VenueResult} from "../sdk/venues/index.js";
import {shorten, table} from "../shared/table.js";

const HUNDRED = 100n;

/** A part of 1 in whole percent, cut. */
export const percentText = (part: string | null): string =>
    part === null ? "-" : `${formatCut(parseE18(part) * HUNDRED, 18, 0)} %`;

const worstText = ({underlying, worst}: UnderlyingCharge): string =>
    worst === null ? "" : `${underlying} ${worst.label}`;

/** The binding scenario of each underlying. */
const worstTexts = ({underlyings}: VenueResult): string => {
    const texts = underlyings.map(worstText).filter((text) => text !== "");
    return texts.length === 0 ? "-" : texts.join("; ");
};

export function requirementsTable({venues}: Comparison): string {
    const rows = venues.map((venue) => [
        venue.name,
        shorten(venue.initialMargin, 2),
        shorten(venue.maintenanceMargin, 2),
        percentText(venue.ofScenario),
        worstTexts(venue),
    ]);
    return table(["venue, USD", "initial", "maintenance", "of Scenario", "worst scenario"], rows);
}

export function partsTable({venues}: Comparison): string {
    const rows = venues.flatMap(({name, underlyings}) =>
        underlyings.flatMap(({underlying, parts}) =>
            Object.entries(parts).map(([part, value]) => [`${name}: ${part}`, underlying, shorten(value, 2)]),
        ),
    );
    return table(["part", "of", "USD"], rows);
}

/** Where figures are from, and what was assumed. */
export const groundsOf = ({name, asOf, source, assumptions}: VenueResult): string =>
    [`${name} (${asOf}): ${source}`, ...assumptions.map((assumption) => `  - ${assumption}`)].join("\n");

export function describeCompare(comparison: Comparison): string {
    return [
        `equity ${shorten(comparison.equity, 2)} USD`,
        requirementsTable(comparison),
        ...(comparison.venues.some(({underlyings}) => underlyings.length > 0) ? [partsTable(comparison)] : []),
        comparison.venues.map(groundsOf).join("\n"),
    ].join("\n\n");
}
