/** Plain text tables: the first column to the left, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const widths = head.map((title, column) =>
        Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
    );
    const line = (cells: readonly string[]): string =>
        cells
            .map((cell, column) =>
                column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
            )
            .join("  ")
            .trimEnd();
    return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

const MAX_DECIMALS = 4;

/** A decimal figure for people: thousands apart, at most four decimals, cut and never rounded up. */
export function shorten(figure: string | null, decimals = MAX_DECIMALS): string {
    if (figure === null) return "-";
    const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(figure) ?? [];
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    const kept = fraction.slice(0, decimals).replace(/0+$/, "");
    return `${sign}${grouped}${kept === "" ? "" : `.${kept}`}`;
}
