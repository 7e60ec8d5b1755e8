import {expect} from "chai";

import {
    CONTRACT_RANKS,
    filesIn,
    HALVES,
    HARDHAT_ROOMS,
    importsOf,
    isUpward,
    roomOf,
    SCRIPT_RANKS,
    TEST_ROOMS,
} from "../../scripts/tools/repository.js";

const show = (edges: ReturnType<typeof importsOf>): string[] => edges.map(({from, to}) => `${from} -> ${to}`);

describe("architecture: layers", () => {
    const contractEdges = filesIn("contracts", ".sol").flatMap(importsOf);
    const scriptEdges = filesIn("scripts", ".ts").flatMap(importsOf);

    it("should know every room", () => {
        const rooms = (folder: string, ending: string): (string | undefined)[] => filesIn(folder, ending).map(roomOf);
        expect(rooms("contracts", ".sol"), "contracts").to.satisfy((found: (string | undefined)[]) =>
            found.every((room) => room !== undefined && (room in CONTRACT_RANKS || TEST_ROOMS.includes(room))),
        );
        expect(rooms("scripts", ".ts"), "scripts").to.satisfy((found: (string | undefined)[]) =>
            found.every((room) => room !== undefined && room in SCRIPT_RANKS),
        );
    });

    for (const half of HALVES) {
        it(`should import downwards only in ${half.folder}/`, () => {
            const edges = half.folder === "contracts" ? contractEdges : scriptEdges;
            expect(show(edges.filter((edge) => isUpward(edge, half)))).to.deep.equal([]);
        });
    }

    it("should keep types free of anything but types", () => {
        const edges = contractEdges.filter(({from, to}) => roomOf(from) === "types" && roomOf(to) !== "types");
        expect(show(edges)).to.deep.equal([]);
    });

    it("should keep the sdk free of files, environment and chain", () => {
        const forbidden = /^(node:|hardhat|pino|prom-client|commander|@nomicfoundation\/)/;
        const edges = scriptEdges.filter(({from, to}) => roomOf(from) === "sdk" && forbidden.test(to));
        expect(show(edges)).to.deep.equal([]);
    });

    it("should start chains only where that is the purpose", () => {
        const isRuntime = (to: string): boolean => /^(hardhat|@nomicfoundation)(\/|$)/.test(to);
        const edges = scriptEdges.filter(({from, to}) => isRuntime(to) && !HARDHAT_ROOMS.includes(roomOf(from) ?? ""));
        expect(show(edges)).to.deep.equal([]);
    });

    it("should keep tests out of everything that ships", () => {
        const edges = [...scriptEdges, ...filesIn("deploy", ".ts").flatMap(importsOf)];
        expect(show(edges.filter(({to}) => to.startsWith("test/")))).to.deep.equal([]);
    });
});
