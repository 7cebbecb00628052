// Row: the size of the image, built here where the machine has something to build it with.

import { buildImage, findBuilder, sizeOf } from "../../tools/image.ts";
import type { Row } from "../row.ts";

export const image: Row = {
  name: "image",
  minutes: 1,
  async measure({ quick }) {
    const builder = quick ? null : findBuilder();
    if (builder) buildImage(builder);
    const size = builder && sizeOf(builder);
    const missing = quick ? "not in a quick run" : "nothing here can build it";
    return [
      {
        ...{ what: "the image", ours: size ?? `not measured: ${missing}`, beside: "", ratio: null },
        ...{ aim: "at most 140 MB", met: size === null ? null : megabytes(size) <= 140 },
      },
    ];
  },
};

/** Of a size as people say it. */
function megabytes(size: string): number {
  const [, number, unit] = /^([\d.]+) (MB|GB)$/.exec(size) ?? [];
  if (unit === undefined) throw new Error(`a size that is not understood: ${size}`);
  return Number(number) * (unit === "GB" ? 1_000 : 1);
}
