/** The facts behind `docs/architecture.svg`: how many lines each file has, and which room imports which. */
import {codeOnly, filesIn, HALVES, importsOf, isUpward, read, roomOf, TEST_ROOMS} from "./repository.js";
import type {RankedHalf} from "./repository.js";

export type RoomFile = {readonly name: string; readonly weight: number};
export type Room = {readonly name: string; readonly files: readonly RoomFile[]; readonly weight: number};
export type Arrow = {readonly from: string; readonly to: string; readonly count: number; readonly isUpward: boolean};
export type Half = {readonly folder: string; readonly rooms: readonly Room[]; readonly arrows: readonly Arrow[]};

/** Lines that hold code, not comments. */
function linesOfCode(path: string): number {
    return codeOnly(read(path))
        .split("\n")
        .filter((line) => line.trim() !== "").length;
}

/** Rooms of one half from the highest rank to the lowest; rooms for tests are left out. */
function readHalf(half: RankedHalf): Half {
    const paths = filesIn(half.folder, ".sol", ".ts").filter((path) => {
        const room = roomOf(path);
        return room !== undefined && !TEST_ROOMS.includes(room);
    });
    const rank = (room: string): number => half.ranks[room] ?? Infinity;
    const names = [...new Set(paths.map((path) => roomOf(path) ?? ""))];
    const rooms = names
        .sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1))
        .map((name) => {
            const prefix = `${half.folder}/${name}/`;
            const files = paths
                .filter((path) => path.startsWith(prefix))
                .map((path) => ({
                    name: path.slice(prefix.length).replace(/\.(sol|ts)$/, ""),
                    weight: linesOfCode(path),
                }))
                .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
            return {name, files, weight: files.reduce((total, {weight}) => total + weight, 0)};
        });

    const counts = new Map<string, Arrow>();
    for (const edge of paths.flatMap(importsOf)) {
        const from = roomOf(edge.from) ?? "";
        const to = roomOf(edge.to) ?? "";
        if (edge.isPackage || !edge.to.startsWith(`${half.folder}/`) || from === to || !names.includes(to)) continue;
        const key = `${from} -> ${to}`;
        counts.set(key, {from, to, count: (counts.get(key)?.count ?? 0) + 1, isUpward: isUpward(edge, half)});
    }
    return {folder: half.folder, rooms, arrows: [...counts.values()]};
}

export function readArchitecture(): Half[] {
    return HALVES.map(readHalf);
}

/** What the picture states, in one line of text that `differences` can read back. */
export function factsOf(halves: readonly Half[]): string {
    const facts = halves.map(({folder, rooms, arrows}) => ({
        folder,
        files: Object.fromEntries(
            rooms.flatMap(({name, files}) => files.map((file) => [`${name}/${file.name}`, file.weight] as const)),
        ),
        arrows: arrows.map(({from, to}) => `${from} -> ${to}`).sort(),
    }));
    return JSON.stringify(facts);
}

type Facts = readonly {readonly folder: string; readonly files: Record<string, number>; readonly arrows: string[]}[];

/** A picture may lag behind by a few lines of a file, never by a file or an arrow. */
const isClose = (drawn: number, now: number): boolean => Math.abs(drawn - now) <= 15 + now * 0.15;

/** How the facts of a drawn picture differ from those of today. */
export function differences(drawn: string, today: string): string[] {
    const before = JSON.parse(drawn) as Facts;
    const after = JSON.parse(today) as Facts;
    return after.flatMap((half, index) => {
        const old = before[index] ?? {folder: half.folder, files: {}, arrows: []};
        const names = [...new Set([...Object.keys(old.files), ...Object.keys(half.files)])];
        const files = names.filter((name) => {
            const was = old.files[name];
            const is = half.files[name];
            return was === undefined || is === undefined || !isClose(was, is);
        });
        const arrows = [
            ...half.arrows.filter((arrow) => !old.arrows.includes(arrow)),
            ...old.arrows.filter((arrow) => !half.arrows.includes(arrow)),
        ];
        return [...files, ...arrows].map((what) => `${half.folder}: ${what}`);
    });
}
