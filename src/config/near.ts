// Names in the environment that are nearly a setting's: whoever wrote them meant it, and the program reads none of them.

import { type SettingName, settingNames } from "./settings.ts";

/** A name that is set and is none of ours, and which of ours it is likely to be; both with `_FILE` where it has that. */
export interface NearMiss {
  name: string;
  meant: string;
}

/**
 * The near misses in an environment, whose other names are nobody's business. A setting that is set under its right name
 * was not meant by another one.
 */
export function nearMisses(env: Record<string, string | undefined>): NearMiss[] {
  const given = (name: string) => Boolean(env[name]?.trim());
  return Object.keys(env).flatMap((name) => {
    const file = /_FILE$/i.test(name) ? "_FILE" : "";
    const bare = (file === "" ? name : name.slice(0, -file.length)).toUpperCase().replaceAll("-", "_");
    if (!given(name) || isOurs(name)) return [];
    const meant = settingNames.find((one) => isNear(bare, one));
    if (meant === undefined || given(meant) || given(`${meant}_FILE`)) return [];
    return [{ name, meant: `${meant}${file}` }];
  });
}

function isOurs(name: string): boolean {
  const names: readonly string[] = settingNames;
  return names.includes(name) || names.includes(name.replace(/_FILE$/, ""));
}

/** One slip, in a long name two. A name as short as PORT is near too much that is other programs'. */
function isNear(written: string, setting: SettingName): boolean {
  const most = setting.length < 6 ? 0 : setting.length < 10 ? 1 : 2;
  return Math.abs(written.length - setting.length) <= most && slips(written, setting) <= most;
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
