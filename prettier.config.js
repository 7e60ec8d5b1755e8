/** @type {import("prettier").Config} */
export default {
    printWidth: 120,
    tabWidth: 4,
    bracketSpacing: false,
    plugins: ["prettier-plugin-solidity"],
    overrides: [{files: ["package.json", "*.yml"], options: {tabWidth: 2}}],
};
