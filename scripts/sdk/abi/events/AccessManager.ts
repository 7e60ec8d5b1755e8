/** Written by `npm run abi`: the events of AccessManager, how their values read, and their types. */

export const ACCESS_MANAGER_EVENTS = [
    {fragment: "event OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce)", units: ["plain", "plain"]},
    {fragment: "event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)", units: ["plain", "plain"]},
    {
        fragment:
            "event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)",
        units: ["plain", "plain", "plain", "plain", "plain", "plain"],
    },
    {fragment: "event RoleAdminChanged(uint64 indexed roleId, uint64 indexed admin)", units: ["plain", "plain"]},
    {
        fragment: "event RoleGrantDelayChanged(uint64 indexed roleId, uint32 delay, uint48 since)",
        units: ["plain", "plain", "time"],
    },
    {
        fragment:
            "event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)",
        units: ["plain", "plain", "plain", "time", "plain"],
    },
    {fragment: "event RoleGuardianChanged(uint64 indexed roleId, uint64 indexed guardian)", units: ["plain", "plain"]},
    {fragment: "event RoleLabel(uint64 indexed roleId, string label)", units: ["plain", "plain"]},
    {fragment: "event RoleRevoked(uint64 indexed roleId, address indexed account)", units: ["plain", "plain"]},
    {
        fragment: "event TargetAdminDelayUpdated(address indexed target, uint32 delay, uint48 since)",
        units: ["plain", "plain", "time"],
    },
    {fragment: "event TargetClosed(address indexed target, bool closed)", units: ["plain", "plain"]},
    {
        fragment: "event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId)",
        units: ["plain", "plain", "plain"],
    },
] as const;

export type AccessManagerEvents = {
    readonly OperationCanceled: {readonly operationId: string; readonly nonce: bigint};
    readonly OperationExecuted: {readonly operationId: string; readonly nonce: bigint};
    readonly OperationScheduled: {
        readonly operationId: string;
        readonly nonce: bigint;
        readonly schedule: bigint;
        readonly caller: string;
        readonly target: string;
        readonly data: string;
    };
    readonly RoleAdminChanged: {readonly roleId: bigint; readonly admin: bigint};
    readonly RoleGrantDelayChanged: {readonly roleId: bigint; readonly delay: bigint; readonly since: bigint};
    readonly RoleGranted: {
        readonly roleId: bigint;
        readonly account: string;
        readonly delay: bigint;
        readonly since: bigint;
        readonly newMember: boolean;
    };
    readonly RoleGuardianChanged: {readonly roleId: bigint; readonly guardian: bigint};
    readonly RoleLabel: {readonly roleId: bigint; readonly label: string};
    readonly RoleRevoked: {readonly roleId: bigint; readonly account: string};
    readonly TargetAdminDelayUpdated: {readonly target: string; readonly delay: bigint; readonly since: bigint};
    readonly TargetClosed: {readonly target: string; readonly closed: boolean};
    readonly TargetFunctionRoleUpdated: {readonly target: string; readonly selector: string; readonly roleId: bigint};
};
