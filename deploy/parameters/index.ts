/** Parameters by network. */
import {arbitrum} from "./arbitrum.js";
import {local} from "./local.js";
import {readParameters} from "./schema.js";
import type {Parameters} from "./schema.js";

const FILES = {local, arbitrum} as const;

export type NetworkName = keyof typeof FILES;
export const NETWORKS = Object.keys(FILES) as readonly NetworkName[];

export const parametersOf = (network: NetworkName): Parameters => readParameters(FILES[network]);

export type {Parameters, ParametersFile} from "./schema.js";
export {readParameters} from "./schema.js";
