/** Margin models as files and commands name them. */
import {MARGIN_MODELS} from "../risk/types.js";
import type {MarginModel} from "../risk/types.js";

export type ModelName = Lowercase<MarginModel>;

const NAMES: Readonly<Record<MarginModel, ModelName>> = {
    SCENARIO: "scenario",
    ISOLATED: "isolated",
    DELTA: "delta",
    GREEKS: "greeks",
};
const MODELS: Readonly<Record<ModelName, MarginModel>> = {
    scenario: "SCENARIO",
    isolated: "ISOLATED",
    delta: "DELTA",
    greeks: "GREEKS",
};

export const MODEL_NAMES: readonly ModelName[] = MARGIN_MODELS.map((model) => NAMES[model]);
export const modelName = (model: MarginModel): ModelName => NAMES[model];
export const modelOf = (name: ModelName): MarginModel => MODELS[name];
