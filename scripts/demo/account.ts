/** The final account, in words and figures for the terminal. */
import {formatUsd, ONE_E18} from "../sdk/index.js";
import type {AccountStory, Point, Story} from "./summary.js";
import {bold, green, red, yellow} from "./table.js";

const usd = (valueE18: bigint): string => formatUsd(valueE18, 0);
const percent = (fractionE18: bigint): string => `${formatUsd(fractionE18 * 100n, 0)} %`;

function health({healthE18}: Point): string {
    if (healthE18 === undefined) return "-";
    return healthE18 > 99n * ONE_E18 ? ">99" : formatUsd(healthE18, 2);
}

function fate(one: AccountStory): string {
    if (one.insolvent) return red("insolvent: taken whole, the backstop paid");
    if (one.liquidated) {
        const cost = `cost ${usd(one.costE18)} to the keepers`;
        return yellow(`${percent(one.closedE18)} sold in ${one.slices.length} slices, ${cost}`);
    }
    if (one.cured) return green("called, cured by a deposit");
    return one.called ? yellow("called") : "";
}

function accountLines({accounts}: Story): string[] {
    const head = `${"account".padEnd(17)}${"equity: start".padStart(14)}${"worst".padStart(12)}${"end".padStart(12)}${"health: start".padStart(15)}${"worst".padStart(8)}${"end".padStart(8)}`;
    const rows = accounts.map((one) => {
        const equity = `${usd(one.start.equityE18).padStart(14)}${usd(one.worst.equityE18).padStart(12)}${usd(one.end.equityE18).padStart(12)}`;
        const healths = `${health(one.start).padStart(15)}${health(one.worst).padStart(8)}${health(one.end).padStart(8)}`;
        return `${one.id.padEnd(17)}${equity}${healths}  ${fate(one)}`;
    });
    return [bold(head), ...rows];
}

function modelLines({comparisons}: Story): string[] {
    const rows = comparisons.map(
        ({id, scenarioE18, isolatedE18, equityE18}) =>
            `${id.padEnd(17)}${usd(scenarioE18).padStart(12)}${usd(isolatedE18).padStart(12)}${usd(equityE18).padStart(12)}`,
    );
    const head = `${"maintenance under".padEnd(17)}${"Scenario".padStart(12)}${"Isolated".padStart(12)}${"equity".padStart(12)}`;
    return [bold(head), ...rows];
}

function bookLines({books}: Story): string[] {
    const {losses} = books;
    const tokens = books.tokens.map(
        ({token, heldE18, claimsE18}) =>
            `${token.padEnd(17)}${formatUsd(heldE18, 6).padStart(24)}${formatUsd(claimsE18, 6).padStart(24)}`,
    );
    const off = books.zeroSum.filter(({sumE18}) => sumE18 !== 0n).map(({instrument}) => instrument);
    return [
        bold(`${"token".padEnd(17)}${"held".padStart(24)}${"claims".padStart(24)}`),
        ...tokens,
        `Sizes add up to zero in ${books.zeroSum.length - off.length} of ${books.zeroSum.length} instruments${off.length > 0 ? `, not in ${off.join(", ")}` : ""}.`,
        `Losses: owners ${usd(losses.ownersE18)}, backstop ${usd(losses.backstopE18)}, written down ${usd(losses.socialisedE18)}; ` +
            `holes ${usd(losses.holesE18)}, keepers ${usd(losses.keepersE18)}: ${losses.addsUp ? "the layers add up" : "THEY DO NOT ADD UP"}.`,
    ];
}

export function finalAccount(story: Story): string {
    const {books, promises, twin, run} = story;
    const checks = promises.map(({promise, kept}) => `${kept ? green("yes") : red("NO ")} ${promise}`);
    const same = twin.different.length === 0;
    const words = same
        ? `agree to the unit on all ${twin.compared} accounts`
        : `differ on ${twin.different.join(", ")}`;
    return [
        "",
        ...accountLines(story),
        "",
        ...modelLines(story),
        "",
        ...bookLines(story),
        "",
        ...run.notes,
        `The risk contract and its off-chain twin ${words}.`,
        ...checks,
        "",
        books.solvent ? green("Solvent: tokens held cover all claims.") : red("NOT SOLVENT."),
    ].join("\n");
}
