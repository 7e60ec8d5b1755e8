/** A few words of SVG: scales, paths, axes. Numbers here are for drawing only. */

export type Scale = (value: number) => number;

export const linear = (domain: readonly [number, number], range: readonly [number, number]): Scale => {
    const span = domain[1] - domain[0] || 1;
    return (value) => range[0] + ((value - domain[0]) / span) * (range[1] - range[0]);
};

/** Equal factors are equally far apart; everything above zero. */
export const logarithmic = (domain: readonly [number, number], range: readonly [number, number]): Scale => {
    const inner = linear([Math.log(domain[0]), Math.log(domain[1])], range);
    return (value) => inner(Math.log(value));
};

const short = (value: number): string => String(Math.round(value * 10) / 10);

export const escape = (text: string): string =>
    text.replace(/[&<>"]/g, (sign) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[sign] ?? sign);

export function tag(name: string, attributes: Readonly<Record<string, string | number>>, ...inner: string[]): string {
    const written = Object.entries(attributes).map(
        ([key, value]) => ` ${key}="${typeof value === "number" ? short(value) : escape(value)}"`,
    );
    return inner.length === 0
        ? `<${name}${written.join("")}/>`
        : `<${name}${written.join("")}>${inner.join("")}</${name}>`;
}

export const text = (
    x: number,
    y: number,
    content: string,
    attributes: Readonly<Record<string, string>> = {},
): string => tag("text", {x, y, ...attributes}, escape(content));

export type Dot = readonly [x: number, y: number];

export const path = (dots: readonly Dot[]): string =>
    dots.map(([x, y], index) => `${index === 0 ? "M" : "L"}${short(x)} ${short(y)}`).join("");

export const line = (dots: readonly Dot[], css: string): string =>
    dots.length === 0 ? "" : tag("path", {d: path(dots), class: css, fill: "none"});

export function area(dots: readonly Dot[], floor: number, css: string): string {
    const [first] = dots;
    const last = dots.at(-1);
    if (first === undefined || last === undefined) return "";
    return tag("path", {
        d: `${path(dots)}L${short(last[0])} ${short(floor)}L${short(first[0])} ${short(floor)}Z`,
        class: css,
    });
}

/** Round figures between two bounds, about as many as asked for; zero has no sign. */
export function ticks(low: number, high: number, count: number): number[] {
    const rough = (high - low) / count || 1;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? power;
    const found: number[] = [];
    for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) found.push(value || 0);
    return found;
}

/** A figure in the width of a label, with a minus that cannot be taken for a hyphen. */
export const compact = (value: number): string => {
    const size = Math.abs(value);
    const sign = value < 0 ? "−" : "";
    if (size >= 1e6) return `${sign}${short(size / 1e6)}M`;
    if (size >= 1e4) return `${sign}${short(size / 1e3)}k`;
    return `${sign}${size.toLocaleString("en-US", {maximumFractionDigits: size < 10 ? 2 : 0})}`;
};

export const svg = (width: number, height: number, label: string, ...inner: string[]): string =>
    tag("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label}, ...inner);
