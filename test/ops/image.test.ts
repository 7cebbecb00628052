// The image: small, without rights, and the whole program in it. Slow, so it runs when LOYALTY_TEST_IMAGE is set.
import { beforeAll, expect, test } from "bun:test";
import manifest from "../../package.json" with { type: "json" };
import { configOf, containerScript } from "../helpers/container.ts";
import { Service, until, world } from "../helpers/program.ts";
import { type Builder, buildImage, findBuilder, imageName, lacksBase, sizeOf } from "../tools/image.ts";

/** Why there is nothing to try here, or null. */
function missing(builder: Builder | null): string | null {
  if (!process.env.LOYALTY_TEST_IMAGE) return "LOYALTY_TEST_IMAGE is not set";
  return builder ? lacksBase(builder) : "no Docker engine, and no buildah that root could run";
}
const builder = findBuilder();
const why = missing(builder);
if (why !== null) process.stdout.write(`skipped: the image (${why})\n`);
const withImage = test.skipIf(why !== null);

beforeAll(() => {
  if (builder && why === null) buildImage(builder);
}, 600_000);

withImage("the image is below 130 MB and says who made it", () => {
  if (!builder) return;
  expect(Number.parseFloat(sizeOf(builder))).toBeWithin(50, 130);
  const { User, Entrypoint, Cmd, Healthcheck, Labels } = configOf(builder);
  expect({ User, Entrypoint, Cmd, health: Healthcheck.Test }).toEqual({
    User: "10001:10001",
    Entrypoint: ["/loyalty-bot"],
    Cmd: ["serve"],
    health: ["CMD", "/loyalty-bot", "health"],
  });
  expect(Labels).toMatchObject({
    "org.opencontainers.image.version": manifest.version,
    "org.opencontainers.image.description": manifest.description,
    "org.opencontainers.image.licenses": manifest.license,
  });
});

withImage("it serves from a read-only root, with secrets as files, and says it is healthy", async () => {
  if (!builder) return;
  await using w = await world({ empty: true });
  const { FATHERBOT_TOKEN = "", YCLIENTS_USER_TOKEN = "", DATABASE_URL = "", ...rest } = w.env;
  const env = { ...rest, ...w.publicUrl };
  using image = containerScript(
    builder,
    { FATHERBOT_TOKEN, YCLIENTS_USER_TOKEN, DATABASE_URL },
    Object.keys(env),
  );
  const health = () => Bun.spawnSync([image.path, "health"], { env }).exitCode;

  expect(Bun.spawnSync([image.path, "--version"], { env }).stdout.toString()).toBe(`${manifest.version}\n`);
  expect(health()).toBe(1);
  const service = new Service(image.path, env, w.port);
  try {
    const ms = await service.ready();
    expect(health()).toBe(0);
    const anna = await w.anna();
    w.pay(3500);
    expect((await anna.waitForMessage("за визит")).text).toContain("+35");
    await anna.say("/card");
    await until(() => w.telegram.messages(501).some((one) => one.photo !== undefined));
    process.stdout.write(`${imageName}: ${sizeOf(builder)}, ready after ${Math.round(ms)} ms\n`);
    expect((await service.stop()).code).toBe(0);
  } finally {
    await service.end();
  }
});
