import {spawnSync} from "node:child_process";
import {join} from "node:path";

import {expect} from "chai";

import {describe as inWords, eachTable, ordersTable} from "../../../../scripts/simulators/closing/describe.js";
import {DEFAULTS, readOptions} from "../../../../scripts/simulators/closing/program.js";
import {simulate} from "../../../../scripts/simulators/closing/simulate.js";
import {ROOT} from "../../../../scripts/tools/repository.js";

type Run = {readonly status: number | null; readonly stdout: string; readonly stderr: string};

const run = (...args: string[]): Run => {
    const script = join(ROOT, "scripts", "simulators", "closing", "main.ts");
    return spawnSync(process.execPath, [join(ROOT, "scripts", "run.mjs"), script, ...args], {encoding: "utf8"});
};

describe("closing: the command", function () {
    this.timeout(60_000);

    it("CML-5: should print figures alone, the same as the kit gives", () => {
        const {status, stdout, stderr} = run("--scenarios", "2", "--lots", "4", "--json");
        expect(status, stderr).to.equal(0);
        const figures = simulate(readOptions({...DEFAULTS, scenarios: "2", lots: "4"}));
        expect(JSON.parse(stdout)).to.deep.equal(figures);
    });

    it("CML-5: should print both orders in one table, and each scenario where it is asked to", () => {
        const figures = simulate(readOptions({...DEFAULTS, scenarios: "3", lots: "4"}));
        const {head, rows} = ordersTable(figures);
        expect(head.slice(1, 3)).to.deep.equal(["pro rata", "per cost"]);
        expect(rows.map(([name]) => name)).to.include.members(["slippage, USD", "spillover"]);
        expect(inWords(figures)).to.contain("3 books fell short").and.contain("health of the cross account");
        for (const {number, family} of figures.scenarios) expect(eachTable(figures)).to.contain(`${number} ${family}`);
    });

    it("should leave with 2 on bad input and name it", () => {
        for (const [args, words] of [
            [["--scenarios", "0"], "option-malformed: --scenarios"],
            [["--vol-spread", "x"], "option-malformed: --vol-spread"],
            [["--scenario", "1"], "unknown option"],
        ] as const) {
            const {status, stderr} = run(...args);
            expect([status, stderr.includes(words)], stderr).to.deep.equal([2, true]);
        }
    });

    it("should explain itself", () => {
        const {status, stdout} = run("--help");
        expect(status).to.equal(0);
        expect(stdout).to.contain("--vol-spread").and.contain("Exit codes");
    });
});
