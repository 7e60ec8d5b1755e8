/** The outcome as text. */
import {formatDuration} from "../sdk/index.js";
import {shorten, table} from "../shared/table.js";
import type {Figures} from "./figures.js";

const usd = (figure: string): string => shorten(figure, 0);
const percent = (part: string): string => `${(Number(part) * 100).toFixed(2)} %`;
const time = (seconds: number | null): string => (seconds === null ? "-" : formatDuration(seconds));
const keepersOf = ({keepers}: Figures): string =>
    usd(keepers.reduce((all, {profitE18}) => all + Number(profitE18), 0).toFixed(0));
const racesLost = ({keepers}: Figures): number =>
    keepers.flatMap(({lost}) => Object.values(lost)).reduce((all, one) => all + one, 0);

const ROWS: readonly (readonly [string, (figures: Figures) => string])[] = [
    ["accounts with a book", ({accounts}) => String(accounts)],
    ["looks at which all claims were covered", ({solvent}) => `${solvent.covered} of ${solvent.looks}`],
    ["auctions started / ended", ({liquidations}) => `${liquidations.started} / ${liquidations.ended}`],
    ["accounts sold, in slices", ({liquidations}) => `${liquidations.sold}, ${liquidations.slices}`],
    ["of them needlessly", ({liquidations}) => String(liquidations.needless)],
    ["bad debt, USD", ({badDebt}) => usd(badDebt.totalE18)],
    ["  met when a book was sold", ({badDebt}) => usd(badDebt.soldE18)],
    ["  still owed at the end, accounts", ({badDebt}) => `${usd(badDebt.stillOwedE18)}, ${badDebt.accountsOwing}`],
    ["paid by the accounts", ({paid}) => usd(paid.accountsE18)],
    ["paid by the backstop", ({paid}) => usd(paid.backstopE18)],
    ["written down over all cash", ({paid}) => usd(paid.writtenDownE18)],
    ["the layers add up", ({paid}) => (paid.addsUp ? "yes" : "NO")],
    ["breach to first slice, median", ({latencySeconds}) => time(latencySeconds.median)],
    ["breach to first slice, 95th percentile", ({latencySeconds}) => time(latencySeconds.ninetyFifth)],
    ["keepers' profit after gas, USD", keepersOf],
    ["races lost", (figures) => String(racesLost(figures))],
    ["worth closed, USD", ({closedE18}) => usd(closedE18)],
    ["  in legs that were in profit", ({spillover}) => percent(spillover)],
    ["most gas of one transaction", ({mostGas}) => shorten(mostGas)],
];

function lastLayer({protections, lastLayer: {lossE18, writeDown, deleverage}}: Figures): string {
    if (Number(lossE18) === 0) return `Protections ${protections}: nothing is left for the last layer.`;
    return (
        `Protections ${protections}: a loss of ${usd(lossE18)} is ${percent(writeDown.share)} of the cash of ${writeDown.accounts} accounts by write-down; ` +
        `deleveraging would ask ${deleverage.accounts} winners, one of them for ${percent(deleverage.greatestShare)} of his equity, and break ${deleverage.hedgesBroken} hedges.`
    );
}

export function describe(runs: readonly Figures[], title: string): string {
    const head = [title, ...runs.map(({protections}) => `protections ${protections}`)];
    const rows = ROWS.map(([name, read]) => [name, ...runs.map(read)]);
    const broken = runs.flatMap(({solvent}) => (solvent.first === null ? [] : [`NOT COVERED ${solvent.first}`]));
    return [table(head, rows), "", ...runs.map(lastLayer), ...broken].join("\n");
}
