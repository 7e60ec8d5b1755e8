/** Written by `npm run abi`: every custom error of FillPreview, how its values read, what it means. */
export const FILL_PREVIEW_ERRORS = [
    {
        fragment: "error FillPreview_ForeignEngine(address engine)",
        units: ["plain"],
        says: "a risk engine reads another market than this one",
    },
    {
        fragment: "error FillPreview_NotInFill(bytes32 account)",
        units: ["account"],
        says: "an account is neither maker nor taker of any of the fills",
    },
    {
        fragment: "error FillPreview_UnknownUnderlying(uint16 underlying)",
        units: ["plain"],
        says: "a leg names an underlying without risk parameters",
    },
] as const;
