import {fileURLToPath} from "node:url";

import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import {configVariable, defineConfig} from "hardhat/config";
import type {SolidityCompilerUserConfig} from "hardhat/types/config";

/** The compiler comes from npm like everything else: the same bytes on every machine, nothing downloaded while building. */
const SOLJSON = fileURLToPath(new URL("node_modules/solc/soljson.js", import.meta.url));

/** Only processes that run test files for another load it. */
const FAILURES = fileURLToPath(new URL("test/support/failures.ts", import.meta.url));

/** Blocks of the test network are large so that fixtures fit; tests in `test/gas` hold single transactions to EIP-7825. */
const TEST_BLOCK_GAS_LIMIT = 1_000_000_000;

function solc({viaIR = false, runs = 200}: {viaIR?: boolean; runs?: number} = {}): SolidityCompilerUserConfig {
    return {
        version: "0.8.37",
        path: SOLJSON,
        settings: {
            evmVersion: "cancun",
            viaIR,
            optimizer: {enabled: true, runs},
            metadata: {bytecodeHash: "none"},
            outputSelection: {"*": {"*": ["storageLayout", "devdoc", "userdoc"]}},
        },
    };
}

/** Instrumented code has a place of its own, so that measuring leaves the ordinary build as it is. */
const COVERAGE = process.env["BALLAST_COVERAGE"] === "1";
const BUILD_PATHS = COVERAGE ? {artifacts: "cache/coverage/artifacts", cache: "cache/coverage/cache"} : {};

/** A whole number from the environment, for runs that are longer or shorter than usual. */
function setting(name: string, usual: number): number {
    const value = Number(process.env[name] ?? usual);
    if (!Number.isInteger(value) || value <= 0) throw new Error(`${name} must be a whole number above zero`);
    return value;
}

/** Processes that run TypeScript tests side by side. */
const JOBS = setting("BALLAST_TEST_JOBS", 1);

/** Files worth a slower compile, for example `"contracts/risk/RiskEngine.sol": solc({ viaIR: true, runs: 10_000 })`. */
const OVERRIDES: Record<string, SolidityCompilerUserConfig> = {
    "contracts/risk/RiskEngine.sol": solc({viaIR: true, runs: 20_000}),
    "contracts/risk/RiskModels.sol": solc({viaIR: true}),
    "contracts/risk/LastKnownRisk.sol": solc({viaIR: true}),
    "contracts/risk/RiskGreeks.sol": solc({viaIR: true, runs: 200}),
    "contracts/core/Clearinghouse.sol": solc({viaIR: true}),
    "contracts/liquidation/Liquidator.sol": solc({viaIR: true}),
    "contracts/test/weakened/ForgetfulClearinghouse.sol": solc({viaIR: true}),
    "contracts/test/weakened/AllOrNothingLiquidator.sol": solc({viaIR: true}),
    "contracts/test/weakened/GenerousLiquidator.sol": solc({viaIR: true}),
    "contracts/test/weakened/HastyLiquidator.sol": solc({viaIR: true}),
    "contracts/test/weakened/PerSliceLiquidator.sol": solc({viaIR: true}),
    "contracts/test/RiskBatch.sol": solc({viaIR: true, runs: 200}),
    "contracts/oracle/PriceOracle.sol": solc({viaIR: true, runs: 1_000_000}),
    "contracts/oracle/SurfaceOracle.sol": solc({viaIR: true, runs: 1_000_000}),
};

export default defineConfig({
    plugins: [toolbox],
    paths: {
        sources: "contracts",
        tests: {mocha: "test", solidity: "test"},
        ignition: "deploy",
        ...BUILD_PATHS,
    },
    solidity: {
        profiles: {default: {compilers: [solc()], overrides: OVERRIDES}},
        // Deployed as it is; nothing of ours inherits from it.
        npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
    },
    networks: {
        default: {
            type: "edr-simulated",
            chainType: "l1",
            blockGasLimit: TEST_BLOCK_GAS_LIMIT,
            transactionGasCap: false,
            // Instrumented code is larger than what would be deployed.
            allowUnlimitedContractSize: COVERAGE,
        },
        // Where `npm run deploy` goes; both are read from the environment and only then.
        remote: {
            type: "http",
            chainType: "generic",
            url: configVariable("BALLAST_RPC_URL"),
            accounts: [configVariable("BALLAST_DEPLOYER_KEY")],
        },
    },
    coverage: {skipFiles: ["contracts/mocks/**", "contracts/test/**"]},
    typechain: {outDir: "typechain-types", tsNocheck: true},
    test: {
        mocha: {timeout: 120_000, slow: 10_000, parallel: JOBS > 1, jobs: JOBS, require: [FAILURES]},
        solidity: {
            fuzz: {
                runs: setting("BALLAST_FUZZ_RUNS", 256),
                seed: process.env["BALLAST_FUZZ_SEED"] ?? "0x62616c6c617374",
            },
            invariant: {
                runs: setting("BALLAST_INVARIANT_RUNS", 12),
                depth: setting("BALLAST_INVARIANT_DEPTH", 64),
                failOnRevert: true,
            },
        },
    },
});
