/** What may be written behind `npm run publisher --`. */
import {parseArgs} from "node:util";
import type {ParseArgsConfig} from "node:util";

import {SENDER_KEY, SettingError, SIGNER_KEYS} from "./config.js";

/** The word that makes the program a co-signer. */
export const SIGN = "sign";

export type Flags = {
    readonly configFile: string;
    readonly once: boolean;
    /** Sends nothing, whatever the file says. */
    readonly dryRun: boolean;
    readonly help: boolean;
};

export const HELP = `npm run publisher -- [CONFIG.json] [options]
npm run publisher -- sign [CONFIG.json] [options]

Reads a market from a file or a stream, fits smiles to its quotes, builds a surface report for each expiry, holds it to the oracle's
rules, has it signed and publishes it. Without CONFIG it reads publisher.json. Nothing is sent unless the file says "dryRun": false.

  --once      one round, then end
  --dry-run   send nothing, whatever the file says
  --help      this text

With "sign" it is a co-signer instead: it holds one key and a market of its own, and answers over HTTP which proposed reports it
signs and why it refuses others. Without CONFIG it reads cosigner.json.

  --port N    where to listen, whatever the file says

environment
  ${SIGNER_KEYS}   private keys of registered signers, separated by commas; a co-signer has one
  ${SENDER_KEY}    private key that pays for gas; without it the first signer pays

exit codes: 0 done or stopped by a signal, 1 failed, 2 wrong flag, file or key, 4 the oracle refused
`;

/** @throws SettingError for what is not a flag. */
export function parseFlags(args: readonly string[]): Flags {
    const {values, positionals} = read(args, {
        once: {type: "boolean", default: false},
        "dry-run": {type: "boolean", default: false},
        help: {type: "boolean", default: false},
    });
    const configFile = oneFile(positionals, "publisher.json");
    return {configFile, once: values.once, dryRun: values["dry-run"], help: values.help};
}

export type SignFlags = {
    readonly configFile: string;
    readonly port: number | undefined;
    readonly help: boolean;
};

/** Flags behind the word `sign`. @throws SettingError for what is not a flag. */
export function parseSignFlags(args: readonly string[]): SignFlags {
    const {values, positionals} = read(args, {port: {type: "string"}, help: {type: "boolean", default: false}});
    const {port} = values;
    if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
        throw new SettingError("usage", `--port must be 0 to 65535, not ${port}`);
    }
    const configFile = oneFile(positionals, "cosigner.json");
    return {configFile, port: port === undefined ? undefined : Number(port), help: values.help};
}

function oneFile([file, ...more]: readonly string[], standard: string): string {
    if (more.length === 0) return file ?? standard;
    throw new SettingError("usage", `One configuration file, not also ${more.join(", ")}`);
}

type Options = NonNullable<ParseArgsConfig["options"]>;
type Read<O extends Options> = ReturnType<typeof parseArgs<{args: string[]; options: O; allowPositionals: true}>>;

function read<const O extends Options>(args: readonly string[], options: O): Read<O> {
    try {
        return parseArgs({args: [...args], options, allowPositionals: true});
    } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw new SettingError("usage", `${error.message} (--help lists what there is)`);
    }
}
