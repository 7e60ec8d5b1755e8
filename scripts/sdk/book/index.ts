/** Book files: what `ballast margin --book` reads and answers. */
export * from "./figure.js";
export {MODEL_NAMES} from "./models.js";
export type {ModelName} from "./models.js";
export * from "./question.js";
export * from "./result.js";
export {bookError, bookJsonSchema, bookSchema, readBook} from "./schema.js";
export type {BookFile} from "./schema.js";
