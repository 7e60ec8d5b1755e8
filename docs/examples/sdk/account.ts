import {formatUsd} from "@ballast/sdk";
import {RefusedError} from "@ballast/sdk/client";

import {clientOf} from "./setup.js";

const ballast = await clientOf("ALICE");
const account = ballast.accountId();

const deposit = ballast.deposit({account, token: "USDC", amount: ballast.amount("20000", "USDC")});
const preview = await deposit.preview();
if (!preview.allowed) throw new Error(preview.refusal.sentence);
console.log("equity would be", formatUsd(preview.effect.margin?.after.equityE18 ?? 0n));
console.log("allowance to give first:", preview.approval?.amountNative ?? 0n);

const {events} = await deposit.send();
console.log(events.map(({contract, name}) => `${contract}.${name}`).join(", "));

const most = await ballast.maxWithdraw(account, "USDC");
console.log("may leave:", ballast.formatAmount(most, "USDC"));
try {
    await ballast.withdraw({account, token: "USDC", amount: ballast.amount("20001", "USDC")}).send();
} catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const {name, values} = error.refusal;
    console.log("refused:", name, "equity", values["equityE18"], "initial", values["initialE18"]);
}
