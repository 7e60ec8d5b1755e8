/** The figures as text. */
import {formatCut, formatTime} from "../../sdk/index.js";
import {table} from "../../shared/table.js";
import {WINDOWS} from "./figures.js";
import type {Figures} from "./figures.js";

const MILLION_DECIMALS = 24;
const PERCENT_DECIMALS = 16;

const millions = (valueE18: bigint): string => formatCut(valueE18, MILLION_DECIMALS, 3);
const percent = (valueE18: bigint, places = 2): string => `${formatCut(valueE18, PERCENT_DECIMALS, places)} %`;
const windowName = (seconds: number): string => (seconds === 0 ? "one round" : `${seconds / 60} min`);
const WINDOW_NAMES = WINDOWS.map(windowName);

export function describe({terms, sigmasE18, volumesE18, costs, best, recorded}: Figures): string {
    const position = `${millions(terms.positionE18)} million USD`;
    return [
        `Millions of USD to move a settlement price; a push is undone after ${terms.recoverySeconds} s.`,
        `BTC: ${percent(sigmasE18.BTC)} a day, ${millions(volumesE18.BTC)} traded. ETH: ${percent(sigmasE18.ETH)}, ${millions(volumesE18.ETH)}.`,
        "",
        table(
            ["move", ...WINDOW_NAMES],
            costs.map(({asset, moveE18, costsE18}) => [`${asset} ${percent(moveE18)}`, ...costsE18.map(millions)]),
        ),
        "",
        `Position for which a move of 1 % pays, and the most that a position of ${position} earns, at which move.`,
        "",
        table(
            ["", ...WINDOW_NAMES],
            best.flatMap(({asset, best: attacks, breakEvensE18}) => [
                [`${asset} break-even`, ...breakEvensE18.map(millions)],
                [`${asset} profit`, ...attacks.map(({profitE18}) => millions(profitE18))],
                [`${asset} at`, ...attacks.map(({moveE18}) => percent(moveE18))],
            ]),
        ),
        "",
        "The same at the most volatile expiry of each recorded crash: cost of 1 %, profit of that position, and what one push of 1 % moves.",
        "",
        table(
            ["expiry", "price", "a day", "figure", ...WINDOW_NAMES],
            recorded.flatMap(({expiry, of, costsE18, best: attacks, spikesE18}) => [
                [
                    `${expiry.asset} ${formatTime(expiry.at).slice(0, 10)}, of ${of}`,
                    formatCut(expiry.priceE18, 18, 2),
                    percent(expiry.sigmaDayE18),
                    "cost",
                    ...costsE18.map(millions),
                ],
                ["", "", "", "profit", ...attacks.map(({profitE18}) => millions(profitE18))],
                ["", "", "", "push", ...spikesE18.map((spike) => percent(spike, 3))],
            ]),
        ),
    ].join("\n");
}
