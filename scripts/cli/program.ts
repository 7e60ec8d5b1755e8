/** All commands of `ballast`. One file per command under commands/. */
import {Command} from "commander";

import {accountCommand} from "./commands/account.js";
import {compareCommand} from "./commands/compare.js";
import {depositCommand} from "./commands/deposit.js";
import {liquidateCommand} from "./commands/liquidate.js";
import {marginCommand} from "./commands/margin.js";
import {monitorCommand} from "./commands/monitor.js";
import {priceCommand} from "./commands/price.js";
import {solvencyCommand} from "./commands/solvency.js";
import {stressCommand} from "./commands/stress.js";
import {tradeCommand} from "./commands/trade.js";
import {volatilityCommand} from "./commands/volatility.js";
import {withdrawCommand} from "./commands/withdraw.js";

const HELP = `
Commands that write show a plan and send it only with --yes. They sign with the key in BALLAST_PRIVATE_KEY.
Exit codes: 0 done, 1 failed, 2 wrong input, 3 plan shown but not confirmed, 4 refused by a contract,
5 claims are not covered, or two ways of counting differ.`;

export function buildProgram(): Command {
    const program = new Command("ballast")
        .description("Cross-margin clearing protocol: accounts, trades, margin, prices")
        .addHelpText("after", HELP)
        .exitOverride();
    for (const register of [
        accountCommand,
        marginCommand,
        compareCommand,
        depositCommand,
        withdrawCommand,
        tradeCommand,
        monitorCommand,
        liquidateCommand,
        priceCommand,
        solvencyCommand,
        stressCommand,
        volatilityCommand,
    ]) {
        register(program);
    }
    return program;
}
