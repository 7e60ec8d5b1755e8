import eslint from "@eslint/js";
import {defineConfig, globalIgnores} from "eslint/config";
import tseslint from "typescript-eslint";

/** Programs and tools whose product is what they print; everything else logs through `scripts/shared`. */
const PRINTING = [
    "docs/examples/**",
    "scripts/cli/**",
    "scripts/demo/**",
    "scripts/node/**",
    "scripts/simulators/**",
    "scripts/stress/**",
    "scripts/tools/**",
    "scripts/*.mjs",
    "test/differential/fuzzTwin.ts",
    "test/differential/reference.test.ts",
];

export default defineConfig(
    globalIgnores(["artifacts/", "cache/", "coverage/", "dist/", "node_modules/", "typechain-types/"]),
    eslint.configs.recommended,
    {
        files: ["**/*.ts"],
        extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
        languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
        rules: {
            "@typescript-eslint/consistent-type-imports": "error",
            "@typescript-eslint/consistent-type-definitions": "off",
            "@typescript-eslint/explicit-module-boundary-types": "error",
            "@typescript-eslint/no-confusing-void-expression": ["error", {ignoreArrowShorthand: true}],
            "@typescript-eslint/no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
            "@typescript-eslint/restrict-template-expressions": ["error", {allowNumber: true, allowBoolean: true}],
            "@typescript-eslint/switch-exhaustiveness-check": ["error", {considerDefaultExhaustiveForUnions: true}],
        },
    },
    {
        rules: {
            complexity: ["error", 12],
            eqeqeq: "error",
            "max-lines": ["error", 400],
            "max-lines-per-function": ["error", 80],
            "no-console": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
        },
    },
    {
        files: ["test/**/*.ts"],
        rules: {
            "max-lines-per-function": "off",
            // Property assertions of chai, such as `.to.be.true`, are expressions.
            "@typescript-eslint/no-unused-expressions": "off",
            "@typescript-eslint/no-non-null-assertion": "off",
            "@typescript-eslint/unbound-method": "off",
        },
    },
    {
        files: ["**/*.js", "**/*.mjs"],
        languageOptions: {globals: {console: "readonly", process: "readonly", URL: "readonly"}},
    },
    {files: PRINTING, rules: {"no-console": "off"}},
);
