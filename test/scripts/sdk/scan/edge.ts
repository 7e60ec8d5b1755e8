/** Books at the edge: as much cash as leaves an exact amount above the requirement. */
import {divUp, min, mulDown} from "../../../../scripts/sdk/math/index.js";
import {assessBook} from "../../../../scripts/sdk/risk/index.js";
import type {Book} from "../../../../scripts/sdk/risk/index.js";
import {ONE_E18} from "../../../../scripts/sdk/units.js";
import {questionOf} from "../../../support/riskChain.js";
import {SETTLEMENT_FEED} from "../../../support/worlds.js";
import type {World} from "../../../support/worlds.js";

/** Equity less maintenance by the exact twin. */
export function leftE18(world: World, book: Book): bigint {
    const {equityE18, maintenanceE18} = assessBook(questionOf(world, book));
    return equityE18 - maintenanceE18;
}

/** The same book with cash that leaves `aimE18`. Of positive cash only what the settlement coin is worth counts, at most its face. */
export function atEdge(world: World, book: Book, aimE18: bigint): Book {
    const wantedE18 = aimE18 - leftE18(world, {...book, cashE18: 0n});
    const priceE18 = min(world.market.pricesE18.get(SETTLEMENT_FEED) ?? ONE_E18, ONE_E18);
    const cashE18 = wantedE18 <= 0n ? wantedE18 : divUp(wantedE18, priceE18);
    if (cashE18 > 0n && mulDown(cashE18, priceE18) !== wantedE18) throw new Error("No cash is worth just that");
    return {...book, cashE18};
}
