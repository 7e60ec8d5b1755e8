/** Hands the system over: roles with their delays, then the deployer gives up its own. Runs last. */
import {buildModule} from "@nomicfoundation/ignition-core";
import type {IgnitionModule, IgnitionModuleBuilder} from "@nomicfoundation/ignition-core";

import type {Parameters} from "../parameters/index.js";
import {MANAGED_CONTRACTS, ROLES, selectorsOf} from "../roles.js";
import type {Role} from "../roles.js";
import type {CoreContracts} from "./core.js";
import type {Given, Manager, Outside} from "./outside.js";
import type {Wiring} from "./wiring.js";

export type Actors = {
    /** Changes what the system is made of; a multisig or a governor. */
    readonly admin: string;
    /** Changes parameters. */
    readonly risk: string;
    /** Stops what adds risk; cancels what the others have scheduled. */
    readonly guardian: string;
    readonly surfaceSigners: readonly string[];
};

/** Everything that the deployment made, by name. */
export type Handover = IgnitionModule<"Ballast", string, CoreContracts & Given>;

type Builder = IgnitionModuleBuilder;
type Call = ReturnType<Builder["call"]>;

const HELD: readonly Role[] = ["ADMIN", "RISK", "GUARDIAN", "GATE", "STEWARD", "DRIVER"];

function assignFunctions(m: Builder, manager: Manager, core: CoreContracts, wiring: Wiring): Call[] {
    return MANAGED_CONTRACTS.flatMap((contract) =>
        HELD.filter((role) => selectorsOf(contract, role).length > 0).map((role) => {
            const args = [core[contract], selectorsOf(contract, role), ROLES[role]];
            return m.call(manager, "setTargetFunctionRole", args, {id: `Assign_${contract}_${role}`, after: [wiring]});
        }),
    );
}

type Handed = {readonly parameters: Parameters; readonly actors: Actors; readonly core: CoreContracts};

function grantRoles(m: Builder, manager: Manager, {parameters, actors, core}: Handed, wiring: Wiring): Call[] {
    const {delays} = parameters;
    const holders = [
        ["OWNER", actors.admin, delays.adminSeconds],
        ["ADMIN", actors.admin, delays.adminSeconds],
        ["RISK", actors.risk, delays.riskSeconds],
        ["GUARDIAN", actors.guardian, 0],
        ["GATE", core.solvencyGate, 0],
        ["STEWARD", core.riskSteward, 0],
        ["DRIVER", core.volatilityDriver, 0],
    ] as const;
    const labels = HELD.map((role) =>
        m.call(manager, "labelRole", [ROLES[role], role], {id: `Label_${role}`, after: [wiring]}),
    );
    const guardians = (["ADMIN", "RISK"] as const).map((role) =>
        m.call(manager, "setRoleGuardian", [ROLES[role], ROLES.GUARDIAN], {id: `Guard_${role}`, after: [wiring]}),
    );
    const granted = holders.map(([role, holder, delay]) => {
        const after = [wiring, ...labels, ...guardians];
        return m.call(manager, "grantRole", [ROLES[role], holder, delay], {id: `Grant_${role}`, after});
    });
    return [...labels, ...guardians, ...granted];
}

export function rolesModule(
    parameters: Parameters,
    actors: Actors & {readonly deployer: string},
    modules: {readonly outside: Outside; readonly wiring: Wiring},
): Handover {
    return buildModule("Ballast", (m) => {
        const given = m.useModule(modules.outside);
        const {manager} = given;
        const core = m.useModule(modules.wiring);
        const calls = [
            ...assignFunctions(m, manager, core, modules.wiring),
            ...grantRoles(m, manager, {parameters, actors, core}, modules.wiring),
        ];
        if (actors.deployer !== actors.admin) {
            m.call(manager, "renounceRole", [ROLES.OWNER, actors.deployer], {after: calls});
        }
        return {...given, ...core};
    });
}
