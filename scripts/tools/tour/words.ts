/** Words of a command line as a shell splits them; quotes hold words together. */
export function wordsOf(line: string): string[] {
    return [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
        word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"),
    );
}
