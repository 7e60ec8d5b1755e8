/**
 * Every action with its outcome, one JSON line each, only ever added to; and before it each transaction that is handed out, so that one
 * whose outcome was not waited for is known too.
 */
import {appendLine} from "../shared/files.js";
import {withoutBigints} from "../shared/logger.js";

export type JournalEntry = {
    readonly action: string;
    readonly account?: string;
    readonly outcome: "simulated" | "sent" | "mined" | "failed";
    readonly details: Readonly<Record<string, unknown>>;
};

export type Journal = {readonly write: (entry: JournalEntry, nowMs: number) => void | Promise<void>};

export const createJournal = (path: string): Journal => ({
    write: (entry, nowMs) => {
        appendLine(path, JSON.stringify(withoutBigints({at: new Date(nowMs).toISOString(), ...entry})));
    },
});
