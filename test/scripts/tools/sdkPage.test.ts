import {expect} from "chai";

import {filesIn, read} from "../../../scripts/tools/repository.js";
import {EXAMPLES, FOLDER, outputOf, PAGE, withExamples} from "../../../scripts/tools/sdkPage.js";

describe("tools: the page of the kit", () => {
    it("should show the examples and what they print", () => {
        expect(withExamples(read(PAGE)), "run `npm run docs`").to.equal(read(PAGE));
        for (const name of EXAMPLES) expect(read(PAGE), name).to.contain(outputOf(name).trimEnd());
    });

    it("should know every example of the folder", () => {
        const names = filesIn(FOLDER, ".ts").map((path) => path.slice(FOLDER.length + 1, -".ts".length));
        expect(names, "files").to.deep.equal(["setup", ...EXAMPLES].sort());
    });

    it("should write anew what was changed by hand, and miss no marks", () => {
        const changed = read(PAGE).replace("deposited 20,000.00", "deposited 1");
        expect(withExamples(changed), "rewritten").to.equal(read(PAGE));
        expect(() => withExamples("# Nothing"), "no marks").to.throw('docs/sdk.md has no marks of the example "setup"');
    });
});
