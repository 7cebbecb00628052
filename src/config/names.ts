// Names that are set and are nearly a setting's: nothing reads them, so they are said. Never what is written in them.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type SettingName, settingNames } from "./settings.ts";

/** A name that is set and is none of ours, and which of ours it is likely to be; both with `_FILE` where it has that. */
export interface NearMiss {
  /** A variable's name, or the path of a secret. */
  name: string;
  meant: string;
}

/**
 * The near misses in an environment and in the folder of secrets, whose other names are nobody's business. A setting that
 * is set under its right name was not meant by another one.
 */
export function nearMisses(
  env: Record<string, string | undefined>,
  secretsFolder = "/run/secrets",
): NearMiss[] {
  const set = Object.keys(env).filter((name) => env[name]?.trim());
  const secrets = namesIn(secretsFolder);
  const given = new Set([...set.map((name) => name.replace(/_FILE$/, "")), ...secrets]);
  const missed = (name: string, place: string): NearMiss[] => {
    const file = place === "" && /_FILE$/i.test(name) ? "_FILE" : "";
    const bare = name.slice(0, name.length - file.length);
    if (isOurs(bare)) return [];
    const meant = likely(bare.toUpperCase().replaceAll("-", "_"));
    if (meant === undefined || given.has(meant)) return [];
    return [{ name: join(place, name.replace(/[^\w-]/g, "?")), meant: meant + file }];
  };
  return [
    ...set.flatMap((name) => missed(name, "")),
    ...secrets.flatMap((name) => missed(name, secretsFolder)),
  ];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not there, or not ours to read: then nothing is taken from it either
  }
}

function isOurs(name: string): boolean {
  return (settingNames as readonly string[]).includes(name);
}

/** The setting that a name is nearest to, where it is near any. */
function likely(written: string): SettingName | undefined {
  const near = settingNames.filter((one) => isSlip(written, one) || isOfTheFamily(written, one));
  return near.sort((one, other) => slips(written, one) - slips(written, other))[0];
}

/** One slip, in a long name two. A name as short as PORT is near too much that is other programs'. */
function isSlip(written: string, setting: SettingName): boolean {
  const maxSlips = setting.length < 6 ? 0 : setting.length < 10 ? 1 : 2;
  return Math.abs(written.length - setting.length) <= maxSlips && slips(written, setting) <= maxSlips;
}

/** It begins as ours does, and the rest is nearly the same (BONUS_PERCENTAGE) or lacks a word (YCLIENTS_TOKEN). */
function isOfTheFamily(written: string, setting: SettingName): boolean {
  const [[family, ...words], [first, ...theirs]] = [written.split("_"), setting.split("_")];
  if (family !== first || words.length === 0 || theirs.length === 0) return false;
  const [rest, wanted] = [words.join("_"), theirs.join("_")];
  const maxSlips = Math.max(rest.length, wanted.length) / 3;
  return words.every((word) => theirs.includes(word)) || slips(rest.slice(0, 60), wanted) <= maxSlips;
}

/** How many letters must be put in, left out, changed, or swapped with the next one, to make the one of the other. */
function slips(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    for (let at = 1; at <= other.length; at++) {
      const same = one[row - 1] === other[at - 1];
      const swapped = row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      now.push(
        Math.min(
          (last[at] ?? 0) + 1,
          (now[at - 1] ?? 0) + 1,
          (last[at - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[at - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, last] = [last, now];
  }
  return last[other.length] ?? 0;
}
