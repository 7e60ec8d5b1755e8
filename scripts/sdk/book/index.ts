/** Book files: what `ballast margin --book` reads and answers. */
export * from "./figure.js";
export * from "./question.js";
export * from "./result.js";
export {bookError, bookJsonSchema, bookSchema, readBook} from "./schema.js";
export type {BookFile} from "./schema.js";
