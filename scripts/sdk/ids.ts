/** Account ids: owner address (20 bytes), then a sub-account number (12 bytes). Written `0xOwner/number`. */
import {getAddress, isHexString} from "ethers";

import {InputError} from "./failures.js";

declare const ACCOUNT: unique symbol;
/** 32 bytes as lower-case hex. */
export type AccountId = string & {readonly [ACCOUNT]: true};

const MAX_SUB_ACCOUNT = 2n ** 96n - 1n;
const BYTES_OF_OWNER = 20;
const BYTES_OF_ID = 32;

/** No account: a quote for any taker. */
export const ANYONE = `0x${"00".repeat(BYTES_OF_ID)}` as AccountId;

function checksummed(text: string): string {
    try {
        return getAddress(text);
    } catch (cause) {
        if (cause instanceof TypeError) {
            throw new InputError("account-malformed", `"${text}" is not an address`, {text});
        }
        throw cause;
    }
}

export function accountId(owner: string, subAccount = 0n): AccountId {
    if (subAccount < 0n || subAccount > MAX_SUB_ACCOUNT) {
        throw new InputError("account-malformed", `Sub-account ${subAccount} is outside 0 to 2^96 - 1`);
    }
    return `${checksummed(owner).toLowerCase()}${subAccount.toString(16).padStart(24, "0")}` as AccountId;
}

export function ownerOf(account: AccountId): string {
    return checksummed(account.slice(0, 2 + 2 * BYTES_OF_OWNER));
}

export function subAccountOf(account: AccountId): bigint {
    return BigInt(`0x${account.slice(2 + 2 * BYTES_OF_OWNER)}`);
}

/** Reads `0xOwner`, `0xOwner/number` or the 32 bytes of an id. */
export function parseAccount(text: string): AccountId {
    if (isHexString(text, BYTES_OF_ID)) return text.toLowerCase() as AccountId;
    const [owner = "", number, ...rest] = text.split("/");
    if (rest.length > 0 || (number !== undefined && !/^\d{1,29}$/.test(number))) {
        throw new InputError("account-malformed", `"${text}" is neither address/number nor 32 bytes`, {text});
    }
    return accountId(owner, BigInt(number ?? "0"));
}

export function formatAccount(account: AccountId): string {
    return `${ownerOf(account)}/${subAccountOf(account)}`;
}
