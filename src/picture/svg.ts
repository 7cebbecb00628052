// Makes an SVG from anywhere safe to draw: reads it strictly, and writes anew no more than a logo needs.

import { escapeXml } from "./text.ts";

/** Why an SVG is not drawn; the message goes on from "an SVG that". */
export class SvgRefused extends Error {
  override name = "SvgRefused";
}

interface Element {
  name: string;
  attributes: Map<string, string>;
  children: Element[];
  /** What stands between the tags: a style sheet's is needed, no other. */
  text: string;
}

/** What is inside the `<svg>`, and the part of the plane that it shows: x, y, width and height. */
interface SafeSvg {
  inside: string;
  box: readonly [number, number, number, number];
}

/** Elements that are drawn, each as often as it is referred to, and kilobytes of what they say. */
const mostWork = 2_000;
/** Groups within groups: each may take a layer of its own. */
const deepest = 24;

const drawn = new Set([
  ...["g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"],
  ...["linearGradient", "radialGradient", "stop", "clipPath", "use", "style"],
]);
const leftOut = new Set(["title", "desc", "metadata"]);

const kept = new Set([
  ...[
    "id",
    "class",
    "transform",
    "d",
    "points",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
  ],
  ...["fx", "fy", "width", "height", "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "offset"],
  ...[
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "opacity",
    "color",
    "display",
  ],
  ...["visibility", "clip-path", "clip-rule", "clipPathUnits", "gradientUnits", "gradientTransform"],
  ...["spreadMethod", "stop-color", "stop-opacity", "href", "xlink:href"],
]);
/** What would be missed if it were left out. */
const missed = /^(filter|mask|marker(-\w+)?|stroke-dasharray|mix-blend-mode)$/;

/** Throws an `SvgRefused` for what is no SVG, and for all that a logo does without. */
export function safeSvg(text: string): SafeSvg {
  const root = parse(text);
  const box = boxOf(root);
  // What it says of colours is said for all that is in it.
  root.name = "g";
  const byId = new Map<string, Element>();
  const collect = (element: Element) => {
    const id = element.attributes.get("id");
    if (id !== undefined && byId.has(id)) throw new SvgRefused("gives one id to two parts");
    if (id !== undefined) byId.set(id, element);
    element.children.forEach(collect);
  };
  collect(root);
  spend(root, byId, [], { left: mostWork });
  return { inside: written(root), box };
}

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^[\]>]*>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/** The tree under the root. Elements of other vocabularies (an editor's own) are left out with all that is in them. */
function parse(text: string): Element {
  const whole: Element = { name: "", attributes: new Map(), children: [], text: "" };
  const open: Element[] = [whole];
  token.lastIndex = 0;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    const found = token.exec(text);
    if (!found) throw new SvgRefused(unread(text.slice(at, at + 20)));
    const [, literal, closed, name, attributes, empty, between] = found;
    const inner = open.at(-1) ?? whole;
    if (closed !== undefined) {
      if (inner.name !== closed || open.length === 1) throw new SvgRefused("is not well formed");
      open.pop();
    } else if (name !== undefined) {
      const element = { name, attributes: readAttributes(attributes ?? ""), children: [], text: "" };
      inner.children.push(element);
      if (empty === "") open.push(element);
      if (open.length > deepest) throw new SvgRefused("has too many groups within groups");
    } else inner.text += literal ?? unescaped(between ?? "");
  }
  const [root, second] = whole.children;
  if (!root || second || open.length > 1 || whole.text.trim() !== "" || root.name !== "svg")
    throw new SvgRefused("is not well formed");
  return root;
}

function unread(text: string): string {
  return text.startsWith("<!") ? "declares entities" : "is not well formed";
}

function readAttributes(text: string): Map<string, string> {
  const pairs = text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return new Map([...pairs].map(([, name = "", one, other]) => [name, unescaped(one ?? other ?? "")]));
}

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The five names that XML knows by itself and characters by number; no other has a meaning without a declaration. */
function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));?/gi, (_, decimal, hex, name) => {
    if (name !== undefined) return named[name] ?? "";
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code >= 0x20 && code <= 0xffff ? String.fromCharCode(code) : "";
  });
}

/** By its viewBox, or its width and height. */
function boxOf(root: Element): SafeSvg["box"] {
  const length = (name: string) => Number.parseFloat(root.attributes.get(name) ?? "");
  const written = root.attributes
    .get("viewBox")
    ?.trim()
    .split(/[\s,]+/)
    .map(Number);
  const [x = 0, y = 0, width = 0, height = 0] = written ?? [0, 0, length("width"), length("height")];
  const sound = [x, y, width, height].every((number) => Math.abs(number) <= 1e6) && width > 0 && height > 0;
  if (!sound) throw new SvgRefused("does not say how large it is");
  return [x, y, width, height];
}

/** Tidies an element in place, and takes from the budget what it and all that it refers to cost. Throws where that is too much. */
function spend(element: Element, byId: Map<string, Element>, way: Element[], budget: { left: number }): void {
  if (way.includes(element)) throw new SvgRefused("refers to itself");
  tidy(element);
  const { attributes, children, text } = element;
  const said = [text, ...attributes.values()].reduce((sum, one) => sum + one.length, 0);
  budget.left -= 1 + Math.floor(said / 1_000);
  if (budget.left < 0) throw new SvgRefused("has too many parts");
  const targets = referred(element).flatMap((id) => byId.get(id) ?? []);
  for (const one of [...children, ...targets]) spend(one, byId, [...way, element], budget);
}

/** The ids that are drawn once more by this element. A gradient costs what the element costs. */
function referred({ name, attributes }: Element): string[] {
  const clip = /^url\(#(.+)\)$/.exec(attributes.get("clip-path") ?? "")?.[1];
  const href =
    name === "use" ? (attributes.get("href") ?? attributes.get("xlink:href"))?.slice(1) : undefined;
  return [clip, href].filter((id) => id !== undefined);
}

/** Leaves of an element and its children what is known; throws for what would be missed. */
function tidy(element: Element): void {
  const { name, attributes } = element;
  if (!drawn.has(name)) throw new SvgRefused(`has <${name}> in it`);
  if (name === "style") element.text = safeSheet(element.text);
  else element.text = "";
  for (const [property, value] of declarations(attributes.get("style") ?? ""))
    attributes.set(property, value);
  for (const [key, value] of attributes) {
    if (/^on/i.test(key)) throw new SvgRefused("has a script in it");
    if (missed.test(key) && value.trim() !== "none") throw new SvgRefused(`has ${key} in it`);
    if (kept.has(key)) attributes.set(key, safeValue(key, value));
    else attributes.delete(key);
  }
  element.children = element.children.filter(
    (child) => !leftOut.has(child.name) && !child.name.includes(":"),
  );
}

function declarations(style: string): [string, string][] {
  return style.split(";").flatMap((one) => {
    const at = one.indexOf(":");
    return at < 0
      ? []
      : [
          [
            one.slice(0, at).trim(),
            one
              .slice(at + 1)
              .replace(/!.*$/, "")
              .trim(),
          ],
        ];
  });
}

const elsewhere = "refers to something outside itself";

/** A value that refers to nothing but an id of the same file. */
function safeValue(key: string, value: string): string {
  if (/href$/.test(key)) {
    if (!/^#[\w.-]+$/.test(value)) throw new SvgRefused(elsewhere);
    return value;
  }
  const plain = value.replace(/^\s*url\(\s*["']?(#[\w.-]+)["']?\s*\).*$/s, "url($1)");
  if (/\burl\b|[\\]/i.test(plain.replace(/^url\(#[\w.-]+\)$/, ""))) throw new SvgRefused(elsewhere);
  return plain;
}

/** A style sheet of classes: colours and strokes, which may refer to a gradient. */
function safeSheet(sheet: string): string {
  if (sheet.length > 20_000) throw new SvgRefused("has too long a style sheet");
  const css = sheet.replace(/\/\*[\s\S]*?\*\//g, " ");
  const bare = css.replace(/\b(fill|stroke)\s*:\s*url\(\s*["']?#[\w.-]+["']?\s*\)/g, "");
  if (/\burl\b|@|\\/i.test(bare)) throw new SvgRefused(elsewhere);
  const unknown = /\b(filter|mask|marker[\w-]*|clip-path|mix-blend-mode|stroke-dasharray(?!\s*:\s*none))\b/;
  const found = unknown.exec(bare)?.[0];
  if (found !== undefined) throw new SvgRefused(`has ${found} in its style sheet`);
  return css;
}

function written({ name, attributes, children, text }: Element): string {
  const pairs = [...attributes].map(([key, value]) => ` ${key.replace("xlink:", "")}="${escapeXml(value)}"`);
  return `<${name}${pairs.join("")}>${escapeXml(text)}${children.map(written).join("")}</${name}>`;
}
