/** The compiled program carries renderer and fonts: alone in a folder it cannot write to, without rights, it draws. */
import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json";
import { pixels, readQr } from "./read.ts";

const card = {
  title: "Северное сияние",
  name: "Анна",
  balance: "1 340",
  unit: "баллов",
  asOf: "на 26 ноября 2026, 14:20",
  digits: "4567",
  link: "https://t.me/some_bot?start=c_Xf93kLq0zT7aPq21VbNw4A",
};

test("the compiled program draws a card from an empty folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "picture-"));
  try {
    const built = join(folder, "built");
    // The very flags of `bun run build`, for another entry.
    const flags = manifest.scripts.build
      .split(" ")
      .filter((word) => word.startsWith("--") && word !== "--outfile");
    const entry = join(import.meta.dir, "probe.ts");
    const build = spawnSync(process.execPath, ["build", ...flags, entry, "--outfile", join(built, "probe")], {
      cwd: join(import.meta.dir, "../.."),
      encoding: "utf8",
    });
    expect({ code: build.status, said: build.status === 0 ? "" : build.stderr }).toEqual({
      code: 0,
      said: "",
    });

    const alone = join(folder, "alone");
    await mkdir(alone);
    await rename(join(built, "probe"), join(alone, "probe"));
    await rm(built, { recursive: true });
    await chmod(folder, 0o755);
    await chmod(alone, 0o555);
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const run = spawnSync("./probe", [JSON.stringify(card)], {
      cwd: alone,
      env: {},
      maxBuffer: 1_000_000,
      ...nobody,
    });
    expect({ code: run.status, said: run.stderr.toString() }).toEqual({
      code: 0,
      said: expect.stringMatching(/^first picture after \d+ ms\n$/),
    });
    expect(readQr(pixels(run.stdout))).toBe(card.link);
  } finally {
    // Whoever is not root cannot empty a folder that may not be written to.
    await chmod(join(folder, "alone"), 0o755).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
});
