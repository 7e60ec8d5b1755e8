/** Written by `npm run abi`: every custom error of MarginLens, how its values read, what it means. */
export const MARGIN_LENS_ERRORS = [
    {fragment: "error MarginLens_CoreLocked()", units: [], says: "the core is in the middle of a transaction"},
    {
        fragment: "error MarginLens_PreviewOutdated(address engine, address previewEngine)",
        units: ["plain", "plain"],
        says: "the preview's engine no longer has the parameters of the deployment's engine",
    },
] as const;
