import {expect} from "chai";

import {productionArtifacts} from "../../scripts/tools/artifacts.js";
import {codeOnly, filesIn, read} from "../../scripts/tools/repository.js";

/** The contracts whose every door the campaigns must try, and the names under which handlers know them. */
const RECEIVERS: Readonly<Record<string, readonly string[]>> = {
    MarginVault: ["IMarginVault", "vault", "VAULT"],
    Clearinghouse: ["IClearinghouse", "house", "HOUSE"],
    Liquidator: ["ILiquidator", "liquidator"],
    Backstop: ["IBackstop", "backstop"],
    PriceOracle: ["IPriceOracle", "prices"],
    SurfaceOracle: ["ISurfaceOracle", "surfaces"],
    RiskParameters: ["IRiskParameters", "parameters"],
    SolvencyGate: ["ISolvencyGate", "gate"],
    RiskSteward: ["IRiskSteward", "steward"],
    VolatilityDriver: ["IVolatilityDriver", "driver"],
    CloseOut: ["ICloseOut", "ISliceReceiver", "closer"],
};

/** What every managed contract has; a handler that tries it tries it on all. */
const SHARED = ["IAccessManaged"];

/** Functions that no handler needs to call, each with its reason. None. */
const EXEMPT: readonly string[] = [];

const handlers = filesIn("test/invariant", ".sol").map((file) => codeOnly(read(file)));

/** `receiver.name` as a call, or as what a call is encoded from. Views and errors have other names. */
function isCalled(receivers: readonly string[], name: string): boolean {
    const call = new RegExp(
        `(?<![\\w.])(?:${[...receivers, ...SHARED].join("|")})\\.${name}\\b\\s*(?:[(,{]|\\.selector)`,
    );
    return handlers.some((source) => call.test(source));
}

function doorsOf(contract: string): string[] {
    const artifact = productionArtifacts().find(({contractName}) => contractName === contract);
    if (artifact === undefined) throw new Error(`${contract} is not compiled; run \`npm run compile\``);
    return artifact.abi.flatMap(({type, name, stateMutability}) =>
        type === "function" && name !== undefined && !["view", "pure"].includes(stateMutability ?? "") ? [name] : [],
    );
}

const doors = Object.keys(RECEIVERS).flatMap((contract) => doorsOf(contract).map((name) => ({contract, name})));
const label = ({contract, name}: {readonly contract: string; readonly name: string}): string => `${contract}.${name}`;

describe("architecture: campaign", () => {
    it("should have an action for every function that changes state", () => {
        const missing = doors.filter(({contract, name}) => !isCalled(RECEIVERS[contract] ?? [], name)).map(label);
        expect(missing).to.deep.equal(EXEMPT);
    });

    it("should find doors in every contract of the list, and none where nobody calls", () => {
        expect(new Set(doors.map(({contract}) => contract)).size).to.equal(Object.keys(RECEIVERS).length);
        expect(doors.map(label)).to.include.members(["MarginVault.withdraw", "Backstop.mint", "CloseOut.closeOut"]);
        expect(isCalled(["IMarginVault"], "noSuchFunction"), "a function nobody calls").to.equal(false);
        expect(isCalled(["IPriceOracle"], "withdraw"), "a function of another contract").to.equal(false);
    });
});
