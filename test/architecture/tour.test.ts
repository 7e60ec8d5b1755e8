import {expect} from "chai";

import {marksOf, replaceBlocks} from "../../scripts/tools/blocks.js";
import {read} from "../../scripts/tools/repository.js";
import {blockOf, PAGE, tourBlocks} from "../../scripts/tools/tour/page.js";
import {SHOCK, steady} from "../../scripts/tools/tour/story.js";
import {commandsOf} from "../support/commands/extract.js";

const page = read(PAGE);

describe("architecture: docs/tour.md", () => {
    let blocks: Readonly<Record<string, string>>;

    before(async () => {
        blocks = await tourBlocks();
    });

    it("should show what the commands print now", () => {
        expect(replaceBlocks(PAGE, page, blocks), "run `npm run docs`").to.equal(page);
    });

    it("should have every block once, and no command besides", () => {
        const begun = [...page.matchAll(/<!-- ([\w-]+): begin/g)].map(([, name]) => name);
        expect(begun, "blocks").to.have.members([...Object.keys(blocks), "demo"]);
        expect(new Set(begun).size, "different blocks").to.equal(begun.length);
        const typed = commandsOf(PAGE, page).filter(({isShown}) => isShown);
        expect(typed.length, "commands").to.equal(begun.length);
        expect(page, "scenario").to.contain(`\`${SHOCK}\``);
    });

    it("should tell the story that it says", () => {
        const {monitor = "", fallen = "", keeper = "", rescued = "", stress = ""} = blocks;
        expect(monitor, "before").to.contain("3 healthy, 0 called, 0 short");
        expect(stress, "the crash that might come").to.match(/below maintenance +1\n/);
        expect(fallen, "after the fall").to.contain("1 short");
        const actions = [...keeper.matchAll(/"event":"action_mined","action":"(\w+)"/g)].map(([, action]) => action);
        expect(actions, "what the keeper did").to.deep.equal(["start", "take"]);
        expect(rescued, "after the keeper").to.contain("4 healthy, 0 called, 0 short");
    });

    it("should show a crash from beginning to end", () => {
        const {begin, end} = marksOf("demo");
        const demo = page.slice(page.indexOf(begin), page.indexOf(end));
        expect(demo, "command").to.contain("```\nnpm run demo\n```");
        for (const words of [
            "margin call: eth-long",
            "auction of dip-buyer started",
            "\n…\n",
            "Solvent: tokens held",
        ]) {
            expect(demo, "output").to.contain(words);
        }
    });

    it("should leave out hashes and the machine's clock, and keep accounts and amounts", () => {
        const hash = `0x${"9f".repeat(32)}`;
        const account = `0x${"9f".repeat(20)}${"0".repeat(24)}`;
        expect(steady(`${hash} ${account}`), "words").to.equal(`0x… ${account}`);
        expect(steady('{"time":17,"ms":3,"timeout":4,"block":5}'), "log").to.equal(
            '{"time":…,"ms":…,"timeout":4,"block":5}',
        );
        expect(blockOf({command: "a", output: ""}), "silent command").to.equal("```\na\n```");
    });
});
