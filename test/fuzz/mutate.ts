// Breaks a JSON value as an attacker, a new version of an API or a bad line would: types, sizes, nesting, unicode, bytes.
import type { Random } from "./random.ts";

/** In every text that is made up here: what holds it was taken from a body. */
export const MARK = "zqx7";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

const numbers = [
  0,
  -1,
  1,
  1.5,
  -0.1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  2 ** 63,
  1e308,
] as const;
const texts = [
  ...[
    "",
    " ",
    "0",
    "-1",
    "501",
    "1e3",
    "NaN",
    "true",
    "null",
    "\u0000",
    `a\u0000${MARK}`,
    "\ud800",
    "\udfff x",
  ],
  ...[
    `\u202e${MARK}\u2066`,
    "👩‍👩‍👧‍👦".repeat(40),
    `Z̸̛${"\u0335".repeat(300)}`,
    "\ufeff",
    "\u2028\u2029",
    "İıſK",
  ],
  ...[
    `<b>${MARK}`,
    `</b><a href="tg://user?id=1">${MARK}</a>`,
    `&${MARK};&#0;`,
    `'; drop table clients; --${MARK}`,
  ],
  ...[`\r\nSet-Cookie: ${MARK}=1`, `\n{"level":"error","msg":"${MARK}"}`, `%s%n%d${MARK}`, `=1+1${MARK}`],
  ...[`../../etc/passwd${MARK}`, `\u001b[31m${MARK}`, MARK.repeat(1_500), "1".repeat(400), "/".repeat(200)],
] as const;

/** Something that does not belong where it is put. */
function junk(r: Random): unknown {
  const kinds = [
    () => r.pick(numbers),
    () => r.pick(texts),
    () =>
      r.pick([null, true, false, [], {}, [null], [[]], { [MARK]: MARK }, { id: null }, [{ id: 1 }]] as const),
    () => Array.from({ length: r.pick([2, 100, 5_000]) }, () => r.pick(numbers)),
    () => Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`${MARK}${at}`, at])),
    () => JSON.parse(nested(r.pick([3, 100, 1_000]))) as unknown,
  ] as const;
  return r.pick(kinds)();
}

type Spot = { holder: Record<string, unknown>; key: string };

/** Places in a value that can be changed, the outermost first. Arrays are taken by their places too. */
function spots(value: object): Spot[] {
  const found: Spot[] = [];
  for (const inside: unknown[] = [value]; inside.length > 0 && found.length < 400; ) {
    const holder = inside.shift();
    if (typeof holder !== "object" || holder === null) continue;
    for (const key of Object.keys(holder).slice(0, 100)) {
      found.push({ holder: holder as Record<string, unknown>, key });
      inside.push((holder as Record<string, unknown>)[key]);
    }
  }
  return found;
}

/** One change somewhere in the value, in place. */
function change(value: object, r: Random): void {
  const all = spots(value);
  const [first, ...more] = all;
  if (!first) return;
  const { holder, key } = r.pick([first, ...more]);
  const other = r.pick([first, ...more]);
  const odd = r.pick(["__proto__", "constructor", "toString", "then", "text", "from", "chat"]);
  const changes: [() => [string, unknown], ...(() => [string, unknown])[]] = [
    () => [key, junk(r)],
    () => [key, junk(r)],
    () => [key, undefined], // which JSON leaves out
    () => [key, [holder[key]]],
    () => [key, { [key]: holder[key] }],
    () => [key, JSON.stringify(holder[key])],
    () => [key, JSON.parse(JSON.stringify(other.holder[other.key] ?? null))],
    () => [`${key}${MARK}`, junk(r)],
    () => [odd, junk(r)],
  ];
  const [place, put] = r.pick(changes)();
  // Not by `=`, which would make `__proto__` the holder's prototype here and send nothing of it.
  Object.defineProperty(holder, place, { value: put, enumerable: true, configurable: true, writable: true });
}

/** The value changed in up to four places; every third stays as it is. */
export function mutated<T extends object>(value: T, r: Random): T {
  const copy = JSON.parse(JSON.stringify(value)) as T;
  for (let times = r.pick([0, 0, 1, 1, 2, 4]); times > 0; times--) change(copy, r);
  return copy;
}

/** How bytes go bad on their way: cut off, doubled, too long, in another encoding. One in twelve does. */
export function asBytes(value: unknown, r: Random): { bytes: Uint8Array<ArrayBuffer>; broken: boolean } {
  const text = JSON.stringify(value) ?? "";
  const bytes = new TextEncoder().encode(text);
  if (!r.chance(1 / 12)) return { bytes, broken: false };
  const encode = (words: string) => new TextEncoder().encode(words);
  const broken = r.pick([
    () => bytes.slice(0, r.below(bytes.length)),
    () => encode(text + text),
    () => encode(`\ufeff${text}`),
    () => encode(`${" ".repeat(r.below(2_000))}${text}\n\n`),
    () => encode(text.replace("{", `{"update_id":1,"__proto__":{"${MARK}":1},`)),
    () => encode(text.replaceAll('"', "'")),
    () => Uint8Array.from(bytes, (byte) => (r.chance(0.01) ? 0xff : byte)),
    () => new Uint8Array(Buffer.from(text, "utf16le")),
    () => encode(nested(r.pick([10, 1_000, 200_000]))),
    () => encode(`{"update_id":7,"message":${'{"reply_to_message":'.repeat(3_000)}1${"}".repeat(3_001)}`),
    () => encode(text.replace("}", `,"x":"${"x".repeat(r.pick([900_000, 1_048_576]))}"}`)),
    () => encode(`update=${encodeURIComponent(text)}`),
    () => new Uint8Array(r.below(300)).map(() => r.below(256)),
  ])();
  return { bytes: broken, broken: true };
}
