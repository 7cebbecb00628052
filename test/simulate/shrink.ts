// Makes a list that breaks something shorter: pieces are left out, ever smaller ones, as long as it still breaks.

/** The shortest list found for which `breaks` still holds, in at most `most` trials. */
export async function shrink<T>(
  list: readonly T[],
  breaks: (fewer: readonly T[]) => Promise<boolean>,
  most = 120,
): Promise<T[]> {
  let shortest = [...list];
  let trials = 0;
  for (let size = Math.ceil(shortest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < shortest.length && trials < most; ) {
      const fewer = [...shortest.slice(0, at), ...shortest.slice(at + size)];
      trials += 1;
      if (fewer.length > 0 && (await breaks(fewer))) shortest = fewer;
      else at += size;
    }
  }
  return shortest;
}
