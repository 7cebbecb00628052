// The page that checks a statement's proof: one file that asks nobody, by Web Crypto, and works when it was saved.

import { createHash } from "node:crypto";
import { proofWords } from "./proof.texts.ts";

/** Where the page stands; null where this service has no address. */
export function proofAddress(publicUrl: string | null): string | null {
  return publicUrl === null ? null : `${publicUrl}/proof`;
}

/** What runs in it: `proofOf` reads a line, `rootOf` follows its steps; the rest shows it. */
const script = String.raw`
"use strict";
const shape = /loyalty-proof 1 (\d{4}-\d\d-\d\d) ([0-9a-f]{64}) (-?\d+\.\d\d) (\d+:(?:[0-9a-f]{64}|-)) ([0-9a-f]{64}) (-|[LR][0-9a-f]{64}(?:,[LR][0-9a-f]{64})*)(?![0-9a-f,])/;
function proofOf(text) {
  const found = shape.exec(text);
  if (!found) return null;
  const [, day, card, points, row, root, steps] = found;
  return { day, card, points, row, root, steps: steps === "-" ? [] : steps.split(",") };
}
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) || [], (two) => parseInt(two, 16));
async function hashOf(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
const textBytes = (text) => new TextEncoder().encode(text);
async function rootOf({ card, points, row, steps }) {
  let hash = await hashOf([0], textBytes(card + " " + points + " " + row));
  for (const step of steps) {
    const [own, other] = [bytesOf(hash), bytesOf(step.slice(1))];
    hash = step[0] === "L" ? await hashOf([1], other, own) : await hashOf([1], own, other);
  }
  return hash;
}
const codeOf = (link) => (/(?:^|[=_/])c_([\w-]{16,62})\s*$/.exec(link) || [])[1] || null;
const cardOf = (code) => hashOf(textBytes("loyalty card " + code));

const at = (id) => document.getElementById(id);
const language = /^en/i.test(navigator.language || "") ? "en" : "ru";
const words = JSON.parse(at("words").textContent)[language];
const say = (key, of) => words[key].replace(/\{(\w+)\}/g, (_, name) => of[name]);
const locale = language === "en" ? "en-GB" : "ru";
const written = ({ day, points }) => ({
  day: new Date(day).toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }),
  points: Number(points).toLocaleString(locale),
});
async function published(day) {
  if (!/^https?:$/.test(location.protocol)) return undefined;
  try {
    const answer = await fetch("proof/roots");
    if (!answer.ok) return null;
    const line = (await answer.text()).split("\n").find((one) => one.startsWith(day + " "));
    return line ? line.slice(day.length + 1) : "";
  } catch {
    return null;
  }
}
let asked = 0;
async function check() {
  const mine = ++asked;
  const lines = await findings(at("text").value, at("code").value.trim());
  if (mine !== asked) return;
  at("found").replaceChildren(...lines.map(([key, of, mark]) => {
    const line = document.createElement("p");
    line.textContent = say(key, of || {});
    if (mark) line.className = mark;
    return line;
  }));
}
async function findings(text, link) {
  if (text.trim() === "") return [];
  if (!crypto.subtle) return [["insecure", null, "bad"]];
  const proof = proofOf(text);
  if (!proof) return [["none", null, "bad"]];
  const found = await rootOf(proof);
  if (found !== proof.root) return [["wrong", { found }, "bad"]];
  const lines = [["right", written(proof), "good"]];
  const code = codeOf(link);
  if (link !== "" && code === null) lines.push(["noCode", null, "bad"]);
  if (code !== null) lines.push((await cardOf(code)) === proof.card ? ["mine", null, "good"] : ["other", null, "bad"]);
  lines.push(["root", proof]);
  const told = await published(proof.day);
  if (told === undefined) lines.push(["compare"]);
  else if (told === null) lines.push(["unasked"], ["compare"]);
  else if (told === "") lines.push(["unpublished"], ["compare"]);
  else lines.push(told === proof.root ? ["same", null, "good"] : ["differs", { found: told }, "bad"]);
  lines.push(["row", proof], ["meaning"]);
  return lines;
}
document.documentElement.lang = language;
document.title = words.title;
for (const one of document.querySelectorAll("[data-words]")) one.textContent = words[one.dataset.words];
at("text").addEventListener("input", check);
at("code").addEventListener("input", check);
at("file").addEventListener("change", async () => {
  const [file] = at("file").files;
  if (!file) return;
  at("text").value = (proofLineOf(await file.text()));
  await check();
});
const proofLineOf = (text) => (shape.exec(text) || [text.slice(0, 100000)])[0];
try {
  at("text").value = decodeURIComponent(location.hash.slice(1));
} catch {}
check();
`;

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff }
  h1 { font-size: 1.5rem }
  label { display: block; margin-top: 1rem }
  textarea, input[type=url], input[type=text] { box-sizing: border-box; width: 100%; font: inherit; padding: .5rem; border: 1px solid #999; border-radius: .4rem }
  textarea { height: 8rem }
  #found p { margin: .75rem 0; overflow-wrap: anywhere }
  .good { color: #06601f; font-weight: 600 }
  .bad { color: #a30000; font-weight: 600 }
  @media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } textarea, input { color: inherit; background: #222 } .good { color: #7fd694 } .bad { color: #ff8f8f } }
`;

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The page as HTML: the same for every reader, so that a copy kept from another day says the same. */
export function proofPage(): string {
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; connect-src 'self'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="ru">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${proofWords.ru.title}</title>
<style>${style}</style>
<h1 data-words="title"></h1>
<p data-words="about"></p>
<label><span data-words="text"></span><textarea id="text" spellcheck="false" autocomplete="off"></textarea></label>
<label><span data-words="file"></span> <input id="file" type="file" accept=".html,.csv,.txt,text/*"></label>
<label><span data-words="code"></span><input id="code" type="text" spellcheck="false" autocomplete="off"></label>
<div id="found" aria-live="polite"></div>
<script type="application/json" id="words">${JSON.stringify(proofWords).replaceAll("<", "\\u003c")}</script>
<script>${script}</script>
</html>
`;
}
