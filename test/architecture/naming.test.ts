import parser from "@solidity-parser/parser";
import type {ContractDefinition} from "@solidity-parser/parser/dist/src/ast-types.js";
import {expect} from "chai";

import {productionContracts, read} from "../../scripts/tools/repository.js";

type Contract = {readonly file: string; readonly name: string; readonly kind: string};
type Member = {readonly where: string; readonly name: string; readonly visibility: string};

const contracts: Contract[] = [];
const functions: Member[] = [];
const variables: (Member & {readonly isConstant: boolean})[] = [];

function collect(file: string, contract: ContractDefinition): void {
    contracts.push({file, name: contract.name, kind: contract.kind});
    if (contract.kind === "library" || contract.kind === "interface") return;
    const where = `${contract.name} in ${file}`;
    parser.visit(contract, {
        FunctionDefinition({name, visibility}) {
            if (name !== null && name !== "") functions.push({where, name, visibility});
        },
        StateVariableDeclaration(declaration) {
            for (const {name, visibility = "default", isDeclaredConst, isImmutable} of declaration.variables) {
                const isConstant = isDeclaredConst === true || isImmutable;
                variables.push({where, name: name ?? "", visibility, isConstant});
            }
        },
    });
}

for (const file of productionContracts()) {
    parser.visit(parser.parse(read(file)), {ContractDefinition: (contract) => collect(file, contract)});
}

const show = (members: readonly Member[]): string[] => members.map(({where, name}) => `${name}: ${where}`);
const isInner = ({visibility}: Member): boolean => ["internal", "private", "default"].includes(visibility);

describe("architecture: naming", () => {
    it("should name files after their contract, with at most callback interfaces beside it", () => {
        const odd = [...new Set(contracts.map(({file}) => file))].filter((file) => {
            const own = contracts.filter((contract) => contract.file === file);
            const others = own.filter(({name}) => !file.endsWith(`/${name}.sol`));
            return others.length === own.length || others.some(({kind}) => kind !== "interface");
        });
        expect(odd).to.deep.equal([]);
    });

    it("should mark inner functions by an underscore, and only those", () => {
        const odd = functions.filter((member) => member.name.startsWith("_") !== isInner(member));
        expect(show(odd)).to.deep.equal([]);
    });

    it("should write constants and immutables in capitals", () => {
        const odd = variables.filter(({isConstant, name}) => isConstant && !/^[A-Z][A-Z0-9_]*$/.test(name));
        expect(show(odd)).to.deep.equal([]);
    });

    it("should keep state private or public, inner state with an underscore", () => {
        const state = variables.filter(({isConstant}) => !isConstant);
        expect(show(state.filter(({visibility}) => visibility === "internal"))).to.deep.equal([]);
        expect(show(state.filter((member) => member.name.startsWith("_") !== isInner(member)))).to.deep.equal([]);
    });
});
