import {existsSync} from "node:fs";
import {join} from "node:path";

import {expect} from "chai";

import {read, ROOT} from "../../scripts/tools/repository.js";

const PAGE = read("docs/requirements.md");
const rows = [...PAGE.matchAll(/^\| ([A-Z]+-\d+|R\d+) \| (.+) \| (.+) \|$/gm)].map(([, id = "", , shown = ""]) => ({
    id,
    shown,
}));
const cited = rows.flatMap(({id, shown}) =>
    [...shown.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)].map(([, file = "", title = ""]) => ({id, file, title})),
);

describe("architecture: requirements", () => {
    it("should state each requirement once, with something that shows it", () => {
        expect(rows.map(({id}) => id)).to.have.lengthOf(new Set(rows.map(({id}) => id)).size);
        expect(rows.filter(({shown}) => !/`test\/|`npm run /.test(shown))).to.deep.equal([]);
        expect(rows).to.have.lengthOf.above(20);
    });

    it("should name tests that there are", () => {
        const gone = cited.filter(({file, title}) => !existsSync(join(ROOT, file)) || !read(file).includes(title));
        expect(gone).to.deep.equal([]);
        expect(cited).to.have.lengthOf.above(rows.length);
    });
});
