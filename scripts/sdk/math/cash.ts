/** Twin of contracts/core/vault/CashMath.sol: principal and balance of signed cash, both rounded toward minus infinity. */
import {mulDivFloor} from "./fixedPoint.js";

/** Indices of the vault's cash, 27 decimals: of claims, and of debts. */
export type CashIndices = {readonly supplyIndexE27: bigint; readonly borrowIndexE27: bigint};

const ONE_E27 = 10n ** 27n;

export const balanceOf = (principal: bigint, {supplyIndexE27, borrowIndexE27}: CashIndices): bigint =>
    mulDivFloor(principal, principal >= 0n ? supplyIndexE27 : borrowIndexE27, ONE_E27);

export const principalOf = (balanceE18: bigint, {supplyIndexE27, borrowIndexE27}: CashIndices): bigint =>
    mulDivFloor(balanceE18, ONE_E27, balanceE18 >= 0n ? supplyIndexE27 : borrowIndexE27);
