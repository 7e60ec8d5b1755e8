/** What an owner can let an operator do: the bits of `contracts/types/Rights.sol` by name, and who may act. */
import {InputError} from "./failures.js";
import {ownerOf} from "./ids.js";
import type {AccountId} from "./ids.js";

/** Sign and take quotes; withdraw to the owner; move between the owner's accounts; take liquidation slices into the account. */
export const RIGHTS = {trade: 1, withdraw: 2, transfer: 4, liquidate: 8} as const;
export type Right = keyof typeof RIGHTS;
export const RIGHT_NAMES = Object.keys(RIGHTS) as readonly Right[];
export const ALL_RIGHTS = RIGHT_NAMES.reduce((bits, name) => bits | RIGHTS[name], 0);

/** A time that no clock of the chain reaches. */
export const FOREVER = 2 ** 40 - 1;

/** What an operator was given. */
export type OperatorGrant = {
    readonly rights: number;
    /** Unix time in seconds up to which it holds. */
    readonly expiresAt: number;
};

const isRight = (name: string): name is Right => Object.hasOwn(RIGHTS, name);

/** Bits of some rights; refuses names that are none. */
export function rightBits(names: readonly string[]): number {
    return names.reduce((bits, name) => {
        if (!isRight(name)) {
            const known = RIGHT_NAMES.join(", ");
            throw new InputError("right-unknown", `"${name}" is no right of an operator (${known})`, {name});
        }
        return bits | RIGHTS[name];
    }, 0);
}

/** Rights in some bits, in the order of the bits; refuses bits that mean nothing. */
export function rightNames(bits: number): Right[] {
    if (!Number.isInteger(bits) || bits < 0 || bits > ALL_RIGHTS) {
        throw new InputError("right-unknown", `${bits} is no set of rights`, {bits: String(bits)});
    }
    return RIGHT_NAMES.filter((name) => (bits & RIGHTS[name]) !== 0);
}

/** Twin of `MarginVault.isAuthorised` for one right: the owner always, an operator within rights and time. */
export function mayAct(
    account: AccountId,
    caller: string,
    right: Right,
    {rights, expiresAt}: OperatorGrant,
    nowSeconds: number,
): boolean {
    if (caller.toLowerCase() === ownerOf(account).toLowerCase()) return true;
    return (rights & RIGHTS[right]) !== 0 && nowSeconds <= expiresAt;
}
