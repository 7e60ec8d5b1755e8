/** The commands that pages name: lines of blocks, first cells of tables of commands, and words between backticks. */

export type Command = {
    readonly page: string;
    readonly line: number;
    readonly text: string;
    /** Only what a block shows is meant to be copied as it stands; elsewhere capitals stand for something. */
    readonly isShown: boolean;
};

/** How a line begins that somebody could paste into a terminal; a name alone is none, but for two of npm. */
const BEGINS =
    /^(?:[A-Z][A-Z0-9_]*=\S+ )*(?:npm|npx|node|export|echo|curl|git|docker|bash|yarn|pnpm|forge|anvil|cast) \S/;
const SPAN = /`([^`]+)`/g;
/** Arguments alone, which belong to the command before them: `-- --check`, `--yes`. */
const ARGUMENTS = /^--(?: |\w)/;

export const isCommand = (text: string): boolean => BEGINS.test(text);

const asSpan = (text: string): string => "`" + text + "`";
const spansOf = (line: string): string[] => [...line.matchAll(SPAN)].map(([, span = ""]) => span);

/** The command with arguments added, after the `--` that npm wants before them, or with none for those of npm's own kind. */
function withArguments(command: string, span: string): string {
    const added = span.startsWith("-- ") ? span.slice("-- ".length) : span;
    const isNpm = command.startsWith("npm ");
    if (!isNpm) return `${command} ${added}`;
    return command.includes(" -- ") ? `${command} ${added}` : `${command} -- ${added}`;
}

/** Commands between backticks of one line; arguments alone make another command of the one before. */
function inline(line: string): string[] {
    const found: string[] = [];
    let base: string | undefined;
    for (const span of spansOf(line)) {
        if (isCommand(span)) {
            base = span;
            found.push(span);
        } else if (base !== undefined && ARGUMENTS.test(span) && !base.includes(` ${span} `))
            found.push(withArguments(base, span));
    }
    return found;
}

const cellsOf = (row: string): string[] => row.split(/(?<!\\)\|/).slice(1, -1);

/** A row of a table of commands: `deposit AMOUNT TOKEN` stands for a command of `ballast`. */
function row(line: string): string[] {
    const [first = "", ...rest] = cellsOf(line);
    const named = spansOf(first).map((span) => (isCommand(span) ? span : `npx ballast ${span}`));
    return inline([...named.map(asSpan), ...rest].join(" "));
}

/** A line of a block: what is run, and what its comment adds to it. */
function shown(line: string): string[] {
    const [, text = "", comment = ""] = /^(.*?)(?:\s+#\s(.*))?$/.exec(line) ?? [];
    return inline(`${asSpan(text.trim())} ${comment}`);
}

type Block = {readonly begin: number; readonly info: string; readonly lines: readonly string[]};

/** Text and blocks of a page, in their order. */
function partsOf(page: string): (Block | {readonly begin: number; readonly text: string})[] {
    const parts: (Block | {readonly begin: number; readonly text: string})[] = [];
    let open: {begin: number; info: string; lines: string[]} | undefined;
    for (const [index, line] of page.split("\n").entries()) {
        const fence = /^\s*```(\w*)/.exec(line);
        if (fence !== null && open === undefined) open = {begin: index + 2, info: fence[1] ?? "", lines: []};
        else if (fence !== null && open !== undefined) {
            parts.push(open);
            open = undefined;
        } else if (open !== undefined) open.lines.push(line);
        else parts.push({begin: index + 1, text: line});
    }
    return parts;
}

/** A line and those that it goes on in. */
function joined(lines: readonly string[]): {readonly offset: number; readonly text: string}[] {
    const all: {offset: number; text: string}[] = [];
    let isOpen = false;
    for (const [offset, line] of lines.entries()) {
        const text = line.replace(/\s*\\$/, "");
        const last = all.at(-1);
        if (isOpen && last !== undefined) last.text += ` ${text.trim()}`;
        else all.push({offset, text});
        isOpen = line.endsWith("\\");
    }
    return all;
}

const isTyped = ({info}: Block): boolean => !["", "sh", "bash", "shell", "console"].includes(info);

/** A block is one of commands if its first line is one. */
const isOfCommands = (block: Block): boolean => !isTyped(block) && isCommand(joined(block.lines)[0]?.text ?? "");

function inBlock(page: string, block: Block): Command[] {
    const lines = joined(block.lines).filter(({text}) => text.trim() !== "" && !text.startsWith("#"));
    return lines.flatMap(({offset, text: whole}) => {
        const line = block.begin + offset;
        // A line that is no command stays one that nobody knows.
        const [first = whole, ...more] = shown(whole);
        return [first, ...more].map((text, index) => ({page, line, text, isShown: index === 0}));
    });
}

/** Every command of a page, in the order of the page. */
export function commandsOf(page: string, text: string): Command[] {
    let isTableOfCommands = false;
    return partsOf(text).flatMap((part) => {
        if (!("text" in part)) return isOfCommands(part) ? inBlock(page, part) : [];
        const isRow = part.text.startsWith("|");
        isTableOfCommands = isRow && (isTableOfCommands || /^\|\s*command\s*\|/.test(part.text));
        const commands = isTableOfCommands ? row(part.text) : inline(part.text);
        return commands.map((command) => ({page, line: part.begin, text: command, isShown: false}));
    });
}

/** Lines of blocks of other things that look like a command, and so might be one that is not looked at. */
export function strayCommands(page: string, text: string): string[] {
    return partsOf(text).flatMap((part) =>
        "text" in part || isOfCommands(part)
            ? []
            : part.lines
                  .map((line, offset) => ({line: line.replace(/^\s*\$ /, "").trim(), at: part.begin + offset}))
                  .filter(
                      ({line}) =>
                          /^(?:npm|npx|node|export|curl|git|docker) /.test(line) &&
                          !/^export (?:const|function|type|class|async|\{|\*)/.test(line),
                  )
                  .map(({line, at}) => `${page}:${at}: ${line}`),
    );
}

/** Flags between backticks that stand with no command on their line. */
export function loneFlags(page: string, text: string): {readonly at: string; readonly flag: string}[] {
    return partsOf(text).flatMap((part) => {
        if (!("text" in part)) return [];
        return spansOf(part.text)
            .filter((span) => /^--\w/.test(span))
            .map((span) => ({at: `${page}:${part.begin}`, flag: span.split(/[ =]/)[0] ?? ""}));
    });
}
