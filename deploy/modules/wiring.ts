/** Names, parameters and prices: everything that the deployer sets before handing over. */
import {buildModule} from "@nomicfoundation/ignition-core";
import type {IgnitionModule, IgnitionModuleBuilder} from "@nomicfoundation/ignition-core";

import type {Parameters} from "../parameters/index.js";
import * as structs from "../structs.js";
import type {Core, CoreContracts} from "./core.js";
import {feedOf, tokenOf} from "./outside.js";
import type {Given, Outside} from "./outside.js";

export type Wiring = IgnitionModule<"Wiring", string, CoreContracts>;

type Builder = IgnitionModuleBuilder;
type Call = ReturnType<Builder["call"]>;

function wireOracles(m: Builder, core: CoreContracts, given: Given, parameters: Parameters): void {
    for (const feed of parameters.oracle.feeds) {
        const config = {aggregator: feedOf(given, feed), ...structs.feedGuards(feed)};
        m.call(core.priceOracle, "setFeed", [feed.id, config], {id: `SetFeed${feed.id}`});
    }
    m.call(core.priceOracle, "setSettlementWindow", [parameters.oracle.settlementWindowSeconds]);
    const {feed, graceSeconds} = parameters.oracle.sequencer;
    if (feed !== "none") m.call(core.priceOracle, "setSequencer", [feed.address, graceSeconds]);
}

function wireRisk(m: Builder, core: CoreContracts, parameters: Parameters): Call[] {
    const {riskParameters} = core;
    const groups = parameters.risk.groups.map(({id, blend}) =>
        m.call(riskParameters, "setGroup", [id, blend], {id: `SetGroup${id}`}),
    );
    return parameters.risk.underlyings.map((underlying) => {
        const args = [underlying.id, structs.underlyingParams(underlying), structs.grid(underlying)];
        return m.call(riskParameters, "setUnderlying", args, {id: `SetUnderlying${underlying.id}`, after: groups});
    });
}

function wireTrading(m: Builder, {vault, clearinghouse, ...core}: CoreContracts, parameters: Parameters): void {
    m.call(vault, "setCore", [core.riskEngine, clearinghouse, core.liquidator, core.backstop]);
    m.call(clearinghouse, "setFees", [structs.fees(parameters)]);
    m.call(clearinghouse, "setFundingParams", [structs.fundingParams(parameters)]);
    m.call(clearinghouse, "setPriceBand", [parameters.clearing.priceBand]);
    m.call(clearinghouse, "setLastKnownRisk", [core.lastKnownRisk]);
    for (const underlying of parameters.risk.underlyings) {
        const args = [underlying.id, structs.listing(underlying)];
        m.call(clearinghouse, "setListing", args, {id: `SetListing${underlying.id}`});
    }
}

function wireDataFee(m: Builder, {liquidator}: CoreContracts, {liquidation}: Parameters): void {
    const {dataFee} = liquidation;
    if (dataFee === "none") return;
    const {chain, startBytes, takeBytes} = dataFee;
    const source = m.contract(`${chain}DataFee`);
    m.call(liquidator, "setDataFee", [{source, startBytes, takeBytes}]);
}

function wireBackstop(m: Builder, {backstop}: CoreContracts, parameters: Parameters): void {
    for (const {underlying, limit, windowSeconds} of parameters.backstop.lossBudgets) {
        m.call(backstop, "setLossBudget", [underlying, limit, windowSeconds], {id: `SetLossBudget${underlying}`});
    }
}

type Listing = {readonly given: Given; readonly parameters: Parameters; readonly after: Call[]};

/** Assets get their numbers in the order in which they are listed, so each listing waits for the one before. */
function wireAssets(m: Builder, {vault, riskParameters}: CoreContracts, {given, parameters, after}: Listing): void {
    parameters.vault.assets.reduce<Call[]>((before, asset, assetId) => {
        const token = tokenOf(given, parameters, asset.token);
        const listed = m.call(vault, "listAsset", [token, asset.cap], {id: `List${asset.token}`, after: before});
        const args = [assetId, structs.assetParams(asset)];
        return [m.call(riskParameters, "setAsset", args, {id: `SetAsset${asset.token}`, after: [listed]})];
    }, after);
}

export function wiringModule(parameters: Parameters, outside: Outside, coreModule: Core): Wiring {
    return buildModule("Wiring", (m) => {
        const given = m.useModule(outside);
        const core = m.useModule(coreModule);
        wireOracles(m, core, given, parameters);
        const after = wireRisk(m, core, parameters);
        wireTrading(m, core, parameters);
        wireDataFee(m, core, parameters);
        wireBackstop(m, core, parameters);
        wireAssets(m, core, {given, parameters, after});
        return core;
    });
}
