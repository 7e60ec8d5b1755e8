/** Addresses: from a deployment file, or by the name or chain of a network that the kit was built with. */
import {ZodError} from "zod";

import {InputError} from "../sdk/failures.js";
import {ADDRESSES} from "../shared/addresses.js";
import {deploymentSchema} from "../shared/deployment.js";
import type {Deployment} from "../shared/deployment.js";

/** Reads what a deployment file holds (the text, or what `JSON.parse` made of it); names the field that is wrong. */
export function readDeployment(file: unknown): Deployment {
    try {
        return deploymentSchema.parse(typeof file === "string" ? JSON.parse(file) : file);
    } catch (error) {
        if (error instanceof SyntaxError) throw new InputError("file-malformed", `deployment: ${error.message}`);
        if (!(error instanceof ZodError)) throw error;
        const [issue] = error.issues;
        const field = issue?.path.join(".") ?? "";
        throw new InputError("file-malformed", `deployment: ${field}: ${issue?.message ?? ""}`, {field});
    }
}

/** Every deployment that the kit was built with. */
export const knownDeployments = (): readonly Deployment[] => ADDRESSES.map(readDeployment);

/** A deployment by the name of its network or by its chain; refuses what it does not know and says what it knows. */
export function deploymentOf(network: string | number, known: readonly Deployment[] = knownDeployments()): Deployment {
    const found = known.filter((one) => one.network === network || one.chainId === network);
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    const names = known.map((one) => `${one.network} (${one.chainId})`).join(", ");
    const reason = found.length === 0 ? "is not a network of this kit" : "is more than one deployment of this kit";
    const message = `"${network}" ${reason} (${names === "" ? "none" : names}); read a deployment file instead`;
    throw new InputError("network-unknown", message, {network: String(network)});
}
